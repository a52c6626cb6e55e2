"""Give time: grants, corrections, postponed starts, accommodations. Every act is a batch of entries in the ledger of time.

What is done is what was previewed: the confirmation carries the preview's digest, and the preview is made again under lock. Locks are taken
in one order, session, roster entries, sittings, so that two deciders follow each other; a save or a hand-in meets the sitting before or
after, never in between; and whoever begins a part in the same moment sees by the counters of the entry that times have to be reckoned
again. Sittings that were begun move in the same transaction, by statements that only lengthen.

Time given to a part that its deadline closed opens it again: the link `reopened` follows the sealing in its chain, counts and receipt code
are taken back, and the next sealing gives new ones. A part that the candidate handed in stays as it is, unless the decider names that
candidate and says so: handing in is the candidate's own declaration.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, insert, select, update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.roles import Role
from examsite.db import new_public_id, rows_changed
from examsite.rounds import chain, timeplan
from examsite.rounds.models import CAUSES, ExamSession, RosterEntry, Sitting, SittingEvent, TimeEntry
from examsite.rounds.operations.sessions import about, hold
from examsite.rounds.permissions import may_accommodate, may_give_time
from examsite.rounds.queries.attendance import Attendance, attendances_in
from examsite.rounds.queries.ledger import Preview, PreviewRow, Want, preview
from examsite.rules import hashchain
from examsite.rules.refusal import Conflict, Refused
from examsite.rules.timing import TimeKind

MOST_SECONDS = 4 * 60 * 60
"""What one act gives at most: a slip of the finger (minutes for seconds) is refused, and two acts can still give more."""
MOST_PERCENT = 100
ENTITLED = "entitled"


def give_time(
    session: Session,
    exam: ExamSession,
    entries: Collection[str] | None,
    want: Want,
    shown: str,
    cause: str,
    reason: str,
    role: Role,
    now: datetime,
) -> Preview:
    """Give a grant, a correction or a postponed start to the candidates with these public ids (None: the room); return what was done.

    `shown` is the digest of the preview that was confirmed. Refuses less than a second or more than `MOST_SECONDS`, a missing reason, an
    unknown cause, an act that gives nobody anything (`rounds.time_for_nobody`), opening a whole room's handed-in parts
    (`rounds.choose_reopened`), and Conflict (`rounds.preview_changed`) when the preview is no longer what was shown.
    """
    role.must(may_give_time(role))
    check_seconds(want.seconds)
    check_words(cause, reason)
    if want.kind not in (TimeKind.GRANT, TimeKind.CORRECTION, TimeKind.START):
        raise Refused("rounds.time_kind")
    if want.reopen_handed_in and entries is None:
        raise Refused("rounds.choose_reopened", field="reopen_handed_in")
    hold(session, exam, "sealed")
    lock(session, exam, entries)
    return decide(session, exam, preview(session, exam, entries, want, now), shown, cause, reason, role, now)


def record_accommodation(
    session: Session, exam: ExamSession, entries: Collection[str], want: Want, shown: str, evidence: str, role: Role, now: datetime
) -> Preview:
    """Record time that candidates are entitled to, in seconds or percent, with the evidence, before they begin. Refuses as above."""
    role.must(may_accommodate(role))
    check_accommodation(want, evidence)
    if want.kind is not TimeKind.ACCOMMODATION:
        raise Refused("rounds.time_kind")
    hold(session, exam, "planned" if exam.state == "planned" else "sealed")
    lock(session, exam, entries)
    return decide(session, exam, preview(session, exam, entries, want, now), shown, ENTITLED, evidence, role, now)


def check_accommodation(want: Want, evidence: str) -> None:
    """Refuse an accommodation that takes time back, gives none or too much, or names no evidence."""
    if want.seconds < 0 or want.percent < 0:
        raise Refused("timing.taken_back", field="minutes")
    if not want.seconds and not want.percent:
        raise Refused("rounds.time_missing", field="minutes")
    if want.seconds > MOST_SECONDS or want.percent > MOST_PERCENT:
        raise Refused("rounds.accommodation_much", field="minutes", hours=MOST_SECONDS // 3600, percent=MOST_PERCENT)
    if not evidence.strip():
        raise Refused("rounds.evidence_missing", field="reason")


def check_seconds(seconds: int) -> None:
    """Refuse time taken back, no time, and more than one act gives."""
    if seconds < 0:
        raise Refused("timing.taken_back", field="minutes")
    if seconds == 0:
        raise Refused("rounds.time_missing", field="minutes")
    if seconds > MOST_SECONDS:
        raise Refused("rounds.time_much", field="minutes", hours=MOST_SECONDS // 3600)


def check_words(cause: str, reason: str) -> None:
    """Refuse an act that does not say why."""
    if cause not in CAUSES:
        raise Refused("rounds.cause_unknown", field="cause")
    if not reason.strip():
        raise Refused("reason_missing", field="reason")


def lock(session: Session, exam: ExamSession, entries: Collection[str] | None, counting: str = "ledger_version") -> None:
    """Lock roster entries (by counting up what `counting` names) and then their sittings, until the end of the transaction."""
    mine = [RosterEntry.session_id == exam.id]
    if entries is not None:
        mine.append(RosterEntry.public_id.in_(entries))
    ordered = select(RosterEntry.id).where(*mine).order_by(RosterEntry.id).with_for_update(key_share=True)
    ids = list(session.scalars(ordered))
    session.execute(
        update(RosterEntry).where(RosterEntry.id.in_(ids)).values({counting: getattr(RosterEntry, counting) + 1}),
        execution_options={"synchronize_session": False},
    )
    session.execute(select(Sitting.id).where(Sitting.entry_id.in_(ids)).order_by(Sitting.id).with_for_update(key_share=True))


def decide(session: Session, exam: ExamSession, fresh: Preview, shown: str, cause: str, reason: str, role: Role, now: datetime) -> Preview:
    """Write what a preview made under lock says, move the sittings, leave one entry in the log."""
    if not fresh.given:
        raise Refused("rounds.time_for_nobody")
    if fresh.digest != shown:
        raise Conflict("rounds.preview_changed")
    batch = new_public_id()
    ids = _rows_of(session, fresh.given)
    for row in fresh.given:
        session.execute(insert(TimeEntry), [_entry(line, ids[row.entry], batch, cause, reason, role, now) for line in row.lines])
    reopened = {ids[row.entry]: row.reopened for row in fresh.given}
    align(session, exam, reopened.keys(), now, reopened.get)
    told = {"batch": batch, "candidates": [_told(row) for row in fresh.given], "cause": cause, "reason": reason.strip()}
    record(session, exam.campaign.chain, f"rounds:time:{fresh.given[0].lines[-1].kind}", about(exam), role.actor, now, told)
    return fresh


def align(
    session: Session,
    exam: ExamSession,
    entries: Collection[int],
    now: datetime,
    reopening: Callable[[int], frozenset[str] | None] = lambda _entry: None,
) -> None:
    """Move the sittings of these entries (rows) to what the ledger says; `reopening` names the parts of an entry that are open again."""
    for one in attendances_in(session, exam):
        if one.entry.id in entries:
            align_one(session, one, now, reopening(one.entry.id) or frozenset())


def align_one(session: Session, attendance: Attendance, now: datetime, reopened: frozenset[str] = frozenset(), *, behind: int = 0) -> None:
    """The same for one candidate, whose rows are locked and freshly read.

    `behind`: the sitting with this row was handed in, perhaps after it had been opened again; so those begun after it come nearer once more
    under a personal clock, and no other is looked at.
    """
    ledger, pause = attendance.ledger, attendance.pause
    given = (attendance.rules, attendance.exam, attendance.exempt, attendance.entry.sittings, ledger)
    exact = timeplan.plan_of(*given, held=False, reopened=reopened)
    held = timeplan.plan_of(*given, reopened=reopened)
    for sitting in (one for one in attendance.entry.sittings if one.id > behind):
        until, window = timeplan.window_of(held, sitting.part).closes_at, timeplan.window_of(exact, sitting.part)
        paused_since = pause.began_at if pause is not None and pause.part == sitting.part else None
        times = {"opens_at": window.opens_at, "deadline": window.deadline, "closes_at": until, "paused_since": paused_since}
        if sitting.state == "open":
            _move(session, sitting, times, nearer=behind > 0)
        elif sitting.part in reopened:
            _reopen(session, sitting, times, now)


def _move(session: Session, sitting: Sitting, times: dict[str, Any], *, nearer: bool) -> None:
    """Only ever lengthen; the close alone comes back from where a pause had put it. `nearer`: as `align_one`."""
    lengthens = and_(Sitting.deadline <= times["deadline"], (Sitting.closes_at <= times["closes_at"]) | Sitting.paused_since.is_not(None))
    moved = update(Sitting).where(Sitting.id == sitting.id, Sitting.state == "open")
    rows_changed(session, (moved if nearer else moved.where(lengthens)).values(**times))
    session.refresh(sitting)


def _reopen(session: Session, sitting: Sitting, times: dict[str, Any], now: datetime) -> None:
    """Open a sealed sitting again. Its next save takes the place after the link `reopened`, so the page asks what is stored first."""
    last = session.scalar(select(func.max(SittingEvent.seq)).where(SittingEvent.sitting_id == sitting.id)) or 0
    told = {"closes_at": times["closes_at"], "deadline": times["deadline"], "was": sitting.state}
    link = chain.new_link(chain.REOPENED, sitting.public_id, last + 1, sitting.epoch, now, chain.text_of(told))
    head = hashchain.step(sitting.head, link.commitment)
    cleared: dict[str, Any] = {"closed_at": None, "answered": None, "blank": None, "receipt_code": None}
    opened = rows_changed(
        session,
        update(Sitting)
        .where(
            Sitting.id == sitting.id, Sitting.state == sitting.state, Sitting.head == sitting.head, Sitting.deadline <= times["deadline"]
        )
        .values(state="open", last_seq=link.seq, head=head, **cleared, **times),
    )
    if opened != 1:
        raise Conflict("rounds.preview_changed")
    session.execute(insert(SittingEvent).values(**link.row(sitting.id, head)))
    session.refresh(sitting)


def _rows_of(session: Session, rows: Iterable[PreviewRow]) -> dict[str, int]:
    wanted = select(RosterEntry.public_id, RosterEntry.id).where(RosterEntry.public_id.in_([row.entry for row in rows]))
    return {row.public_id: row.id for row in session.execute(wanted)}


def _entry(line: timeplan.NewLine, entry: int, batch: str, cause: str, reason: str, role: Role, now: datetime) -> dict[str, Any]:
    return {
        "public_id": new_public_id(),
        "entry_id": entry,
        "batch": batch,
        "kind": line.kind,
        "part": line.part,
        "seconds": line.seconds,
        "percent": line.percent,
        "cause": cause,
        "reason": reason.strip(),
        "decided_by_id": role.account.id,
        "decided_at": now,
        "began_at": line.began_at,
        "ended_at": line.ended_at,
    }


def _told(row: PreviewRow) -> dict[str, object]:
    lines = [[line.kind, line.part, line.seconds, line.percent] for line in row.lines]
    ends = [[change.part, change.old_end, change.new_end] for change in row.changes]
    return {"ends": ends, "lines": lines, "number": row.number, "reopened": sorted(row.reopened)}
