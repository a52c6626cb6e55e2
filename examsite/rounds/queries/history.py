"""Everything a candidate did in one sitting, with what it takes to compute the chain again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.rounds import chain
from examsite.rounds.models import LateEvidence, Sitting, SittingEvent
from examsite.rounds.queries.evidence import folder_of


@dataclass(frozen=True)
class HistoryEvent:
    """One link of the chain: the start (seq 0), each save that was acknowledged, the sealing.

    `body` is the text that was committed to and `salt` what it was hashed with; both are None where they were destroyed for privacy.
    """

    seq: int
    epoch: int
    kind: str
    committed_as: str
    body: str | None
    received_at: datetime
    salt: bytes | None
    commitment: bytes
    head: bytes


@dataclass(frozen=True)
class Decision:
    """What the chair of the council decided about a piece, in the order of `number`; `event_seq` is the link that it added, if it did."""

    number: int
    counts: bool
    reason: str
    decided_at: datetime
    event_seq: int | None


@dataclass(frozen=True)
class Uncounted:
    """What came too late, or from a device that no longer held the pen: kept, in the order in which it came.

    `state`: kept (nothing was decided), counted, not_counted, or lapsed (it counted, and the sitting was opened again after that).
    """

    seq: int
    epoch: int
    why: str
    body: str
    received_at: datetime
    state: str
    decisions: tuple[Decision, ...]


@dataclass(frozen=True)
class History:
    """One sitting from its first link to its newest. `head` is that of the newest link shown here."""

    sitting: str
    part: str
    candidate_number: str
    events: tuple[HistoryEvent, ...]
    uncounted: tuple[Uncounted, ...]
    receipt_code: str | None

    @property
    def head(self) -> bytes:
        """The head after the newest link."""
        return self.events[-1].head


def history(session: Session, sitting: Sitting) -> History:
    """The history of one's own sitting, which is loaded already."""
    return History(
        sitting=sitting.public_id,
        part=sitting.part,
        candidate_number=sitting.entry.candidate_number,
        events=_events(session, sitting),
        uncounted=_uncounted(session, sitting),
        receipt_code=sitting.receipt_code,
    )


def _events(session: Session, sitting: Sitting) -> tuple[HistoryEvent, ...]:
    columns = ("seq", "epoch", "kind", "body", "received_at", "salt", "commitment", "head")
    wanted = select(*(getattr(SittingEvent, name) for name in columns)).where(SittingEvent.sitting_id == sitting.id)
    return tuple(
        HistoryEvent(**row, committed_as=chain.commitment_kind(row["kind"]))
        for row in session.execute(wanted.order_by(SittingEvent.seq)).mappings()
    )


def _uncounted(session: Session, sitting: Sitting) -> tuple[Uncounted, ...]:
    folder = folder_of(session, sitting)
    return tuple(_piece(piece, folder.state(piece)) for piece in folder.pieces)


def _piece(piece: LateEvidence, state: str) -> Uncounted:
    decided = tuple(Decision(one.number, one.counts, one.reason, one.decided_at, one.event_seq) for one in piece.decisions)
    return Uncounted(piece.seq, piece.epoch, piece.why, piece.body, piece.received_at, state, decided)
