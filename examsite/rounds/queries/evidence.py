"""What came late to the sittings of a session or of one candidate, and what each piece would change if it counted."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, bindparam, exists, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from examsite.audit.queries import LogFilter, entries_of
from examsite.campaigns.models import STAGES, Application, Campaign
from examsite.campaigns.queries.steps import stepped_back_since
from examsite.rounds import chain
from examsite.rounds.models import EvidenceDecision, ExamSession, LateEvidence, RosterEntry, Sitting, SittingEvent
from examsite.rounds.queries.sittings import Answers, fold
from examsite.rules import evidence as rules
from examsite.rules.refusal import NotFound

Change = list[Any]
"""One answer as a save holds it: `[item number, kind, value]`."""


@dataclass(frozen=True)
class Saved:
    """One acknowledged save, with its text as it was stored."""

    place: rules.Place
    body: str


@dataclass(frozen=True)
class Folder:
    """All of one sitting that a decision on its evidence rests on; `pieces` in the order of their arrival.

    `reopened` is the place of the link with which the sitting was opened again, 0 where it never was: what was decided to count before
    lapses with it, because the candidate had time again.
    """

    sitting: Sitting
    saves: tuple[Saved, ...]
    pieces: tuple[LateEvidence, ...]
    reopened: int = 0

    @property
    def counted(self) -> tuple[LateEvidence, ...]:
        """The pieces that count now."""
        return tuple(piece for piece in self.pieces if self.state(piece) == "counted")

    def state(self, piece: LateEvidence) -> str:
        """kept (nothing was decided), counted, not_counted, or lapsed (it counted, and the sitting was opened again after that)."""
        if not piece.decisions:
            return "kept"
        last = piece.decisions[-1]
        if not last.counts:
            return "not_counted"
        return "counted" if last.event_seq is None or last.event_seq > self.reopened else "lapsed"

    def before(self, seq: int) -> "Folder":
        """The same as it stood at one link of the chain, with all pieces."""
        return Folder(self.sitting, tuple(save for save in self.saves if save.place.seq < seq), self.pieces)

    def effects(self, pieces: Iterable[LateEvidence]) -> dict[str, dict[int, rules.Effect]]:
        """What becomes of each answer if these pieces count, in the order in which they take effect."""
        saves = [rules.Save(save.place, _items(chain.value_of(save.body))) for save in self.saves]
        return rules.effects(saves, [_piece(piece) for piece in pieces])

    def changes(self, pieces: Iterable[LateEvidence]) -> list[Change]:
        """The answers that take effect if these pieces count, in their order."""
        by_name = {piece.public_id: piece for piece in pieces}
        found = self.effects(by_name.values())
        return [change for name, effect in found.items() for change in _answers(by_name[name]) if effect[change[0]] is rules.Effect.COUNTS]

    def answers(self, pieces: Iterable[LateEvidence]) -> Answers:
        """The answers of the sitting if these pieces count."""
        return fold([*(save.body for save in self.saves), _text(self.changes(pieces))])


@dataclass(frozen=True)
class Difference:
    """What one piece would change if it counted beside those that count already; never a value, only the numbers of items."""

    fills: tuple[int, ...]
    replaces: tuple[int, ...]
    same: tuple[int, ...]
    newer: tuple[int, ...]
    unfounded: tuple[int, ...]

    @property
    def something(self) -> bool:
        """Whether anything of it would count."""
        return bool(self.fills or self.replaces)


@dataclass(frozen=True)
class EvidenceRow:
    """One piece as it is shown; `state` as `Folder.state`. `after_close`: since the close of the sitting; None for what came before it."""

    piece: LateEvidence
    state: str
    after_close: timedelta | None
    difference: Difference


@dataclass(frozen=True)
class CandidateEvidence:
    """All pieces of one sitting; `answered` and `blank` as sealed, then as they are with what counts (the same while nothing does)."""

    sitting: Sitting
    candidate_number: str
    name: str
    rows: tuple[EvidenceRow, ...]
    answered: int | None
    blank: int | None
    answered_now: int
    blank_now: int

    @property
    def counts(self) -> bool:
        """Whether anything of it counts."""
        return any(row.state == "counted" for row in self.rows)


def evidence_in(session: Session, exam: ExamSession, public_id: str) -> LateEvidence:
    """The piece of this public id, of a sitting of this session, or NotFound."""
    found = session.scalar(_pieces(LateEvidence.public_id == public_id, RosterEntry.session_id == exam.id))
    if found is None:
        raise NotFound
    return found


def undecided(session: Session, exam: ExamSession) -> int:
    """How many pieces of a session nobody has decided on."""
    return session.scalar(_undecided(func.count()).where(RosterEntry.session_id == exam.id)) or 0


def sessions_with_undecided(session: Session, campaign: Campaign) -> set[int]:
    """The sessions of a campaign with such pieces, by id."""
    found = _undecided(RosterEntry.session_id).join(ExamSession, ExamSession.id == RosterEntry.session_id)
    return set(session.scalars(found.where(ExamSession.campaign_id == campaign.id)))


def _undecided(what: Any) -> Select[Any]:
    joined = select(what).select_from(LateEvidence).join(Sitting, Sitting.id == LateEvidence.sitting_id)
    here = joined.join(RosterEntry, RosterEntry.id == Sitting.entry_id)
    return here.where(~exists().where(EvidenceDecision.evidence_id == LateEvidence.id))


def has_evidence(session: Session, exam: ExamSession) -> bool:
    """Whether anything came late to this session."""
    found = exists().where(LateEvidence.sitting_id == Sitting.id, Sitting.entry_id == RosterEntry.id, RosterEntry.session_id == exam.id)
    return bool(session.scalar(select(found)))


def session_evidence(session: Session, exam: ExamSession) -> list[CandidateEvidence]:
    """What came late to a session, by candidate number and part."""
    folders = _folders(session, session.scalars(_pieces(RosterEntry.session_id == exam.id)).all())
    shown = [_candidate(folder) for folder in folders]
    return sorted(shown, key=lambda one: (one.candidate_number, one.sitting.id))


def folder_of(session: Session, sitting: Sitting) -> Folder:
    """All that came late to one sitting, beside its saves."""
    pieces = session.scalars(_pieces(LateEvidence.sitting_id == sitting.id)).all()
    found = _folders(session, pieces)
    return found[0] if found else Folder(sitting, (), ())


_late = cast("Table", LateEvidence.__table__)
_ANYTHING = select(_late.c.id).where(_late.c.sitting_id == bindparam("sitting")).limit(1)


def late_of(session: Session, sitting: Sitting) -> CandidateEvidence | None:
    """What came late to one sitting; None where nothing did, which every receipt asks."""
    session.flush()  # a plain statement sees what is written
    if session.connection().execute(_ANYTHING, {"sitting": sitting.id}).first() is None:
        return None
    return _candidate(folder_of(session, sitting))


def difference(folder: Folder, piece: LateEvidence) -> Difference:
    """What this piece would change if it counted beside the others that count."""
    others = [one for one in folder.counted if one is not piece]
    both = [one for one in folder.pieces if one in others or one is piece]
    before, after = folder.answers(others), folder.answers(both)
    held = before.answered_items()
    groups: dict[str, list[int]] = {name: [] for name in ("fills", "replaces", "same", "newer", "unfounded")}
    for item, effect in folder.effects(both)[piece.public_id].items():
        changed = before.values().get(item) != after.values().get(item)
        kind = effect.value if effect is not rules.Effect.COUNTS else "same" if not changed else "replaces" if item in held else "fills"
        groups[kind].append(item)
    return Difference(**{name: tuple(items) for name, items in groups.items()})


def told(decision: EvidenceDecision) -> dict[str, object]:
    """What the link of a decision says of the decision itself."""
    return {
        "decided_by": decision.decided_by.public_id,
        "evidence": decision.evidence.public_id,
        "number": decision.number,
        "reason": decision.reason,
    }


def admitted_body(folder: Folder, counted: Sequence[LateEvidence], decision: Mapping[str, object]) -> str:
    """The text of the link that says what counts from now on: pieces by digest, their answers in order, the counts, and who decided."""
    answered = folder.answers(counted).answered()
    pieces = [{"digest": one.body_digest, "epoch": one.epoch, "evidence": one.public_id, "seq": one.seq} for one in counted]
    blank = len(folder.sitting.paper.items) - answered
    return _text({**decision, "answered": answered, "blank": blank, "changes": folder.changes(counted), "counted": pieces})


def round1_published(session: Session, campaign: Campaign) -> bool:
    """Whether the result of round 1 is published, and no step back has reopened what it was made from."""
    told = entries_of(session, campaign.chain, LogFilter(kind="rounds:round2:entered"))
    before = STAGES[: STAGES.index("round1_result")]
    return bool(told) and not stepped_back_since(session, campaign, before, told[0].at)


def _candidate(folder: Folder) -> CandidateEvidence:
    sitting, entry = folder.sitting, folder.sitting.entry
    answered = folder.answers(folder.counted).answered()
    return CandidateEvidence(
        sitting=sitting,
        candidate_number=entry.candidate_number,
        name=entry.application.person.full_name,
        rows=tuple(_row(folder, piece) for piece in folder.pieces),
        answered=sitting.answered,
        blank=sitting.blank,
        answered_now=answered,
        blank_now=len(sitting.paper.items) - answered,
    )


def _row(folder: Folder, piece: LateEvidence) -> EvidenceRow:
    return EvidenceRow(piece, folder.state(piece), _after(folder.sitting, piece.received_at), difference(folder, piece))


def _after(sitting: Sitting, received_at: datetime) -> timedelta | None:
    closed_at = sitting.closed_at or sitting.closes_at
    return received_at - closed_at if received_at >= closed_at else None


def _folders(session: Session, pieces: Sequence[LateEvidence]) -> list[Folder]:
    by_sitting: dict[int, list[LateEvidence]] = {}
    for piece in pieces:
        by_sitting.setdefault(piece.sitting_id, []).append(piece)
    events = _events(session, by_sitting)
    return [_folder(found, events.get(sitting_id, [])) for sitting_id, found in by_sitting.items()]


def _folder(pieces: Sequence[LateEvidence], events: Iterable[SittingEvent]) -> Folder:
    saves, reopened = [], 0
    for event in events:
        if event.kind == chain.REOPENED:
            reopened = event.seq
        elif event.body is not None:
            saves.append(Saved(rules.Place(event.epoch, event.seq), event.body))
    return Folder(pieces[0].sitting, tuple(saves), tuple(pieces), reopened)


def _events(session: Session, sittings: Iterable[int]) -> dict[int, list[SittingEvent]]:
    """Saves and openings of these sittings, in their order."""
    wanted = select(SittingEvent).where(SittingEvent.sitting_id.in_(list(sittings)), SittingEvent.kind.in_((chain.SAVE, chain.REOPENED)))
    found: dict[int, list[SittingEvent]] = {}
    for event in session.scalars(wanted.order_by(SittingEvent.sitting_id, SittingEvent.seq)):
        found.setdefault(event.sitting_id, []).append(event)
    return found


def _pieces(*where: ColumnElement[bool]) -> Select[LateEvidence]:
    return (
        select(LateEvidence)
        .join(LateEvidence.sitting)
        .join(Sitting.entry)
        .join(RosterEntry.application)
        .where(*where)
        .options(
            contains_eager(LateEvidence.sitting).options(
                joinedload(Sitting.paper),
                contains_eager(Sitting.entry).contains_eager(RosterEntry.application).joinedload(Application.person),
            ),
            joinedload(LateEvidence.login_session),
            selectinload(LateEvidence.decisions).joinedload(EvidenceDecision.decided_by),
        )
        .order_by(LateEvidence.received_at, LateEvidence.id)
        .execution_options(populate_existing=True)
    )


def _piece(piece: LateEvidence) -> rules.Piece:
    changes = _answers(piece)
    differences = frozenset(item for item, kind, _value in changes if kind == "splice")
    return rules.Piece(piece.public_id, rules.Came(piece.why), piece.epoch, piece.seq, piece.held_epoch, _items(changes), differences)


def _answers(piece: LateEvidence) -> list[Change]:
    """What a piece answers; a flag is for the candidate's own eyes while the time runs, and no answer."""
    return [change for change in chain.value_of(piece.body) if change[1] != "flag"]


def _items(changes: Iterable[Change]) -> frozenset[int]:
    return frozenset(change[0] for change in changes if change[1] != "flag")


def _text(value: object) -> str:
    """JSON with nothing exchanged inside the answers: a difference counts characters as the page typed them."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
