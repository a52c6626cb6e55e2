"""End sittings, handed in by the candidate or closed by the deadline, which the server alone decides; and end whole sessions."""

from collections import Counter
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session, contains_eager, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from examsite.accounts.models import Account, LoginSession
from examsite.audit.operations import record
from examsite.campaigns.models import Application
from examsite.campaigns.roles import Role
from examsite.rounds import chain, timeplan
from examsite.rounds.models import ExamSession, RosterEntry, Sitting
from examsite.rounds.operations.ledger import align_one
from examsite.rounds.operations.marking import mark_sitting
from examsite.rounds.operations.sessions import about, hold
from examsite.rounds.permissions import may_close
from examsite.rounds.queries.attendance import Attendance, attendance_of, attendances_in
from examsite.rounds.queries.marking import marks_digest, root_of
from examsite.rounds.queries.marks import marks_of
from examsite.rounds.queries.sittings import answers_of, is_closed
from examsite.rules import hashchain
from examsite.rules.refusal import Conflict, NotFound, Refused

NAMED_AT_MOST = 10


def submit(
    session: Session,
    account: Account,
    login: LoginSession,
    sitting_id: str,
    last_seq: int | None,
    now: datetime,
    *,
    automatic: bool = False,
) -> Sitting:
    """Hand in one's own sitting, or, past its deadline, write down that it is closed; repeating it changes nothing.

    `last_seq` is what the page believes to be stored. `automatic`: the page hands in by itself because its time is up; where the ledger
    says that time is left, or that it stands still, the sitting is given back open, as it is. Raises NotFound for another's sitting,
    Conflict (`rounds.moved`) from a device that does not hold the pen, Conflict (`rounds.answers_wait`) when the page and the server
    differ on what is stored.
    """
    sitting = _lock_mine(session, account, sitting_id)
    if is_closed(sitting, now):
        return seal_if_due(session, sitting, now)
    if sitting.login_session_id != login.id:
        raise Conflict("rounds.moved")
    if automatic and (now < sitting.deadline or sitting.paused_since is not None):
        return sitting
    if last_seq is not None and last_seq != sitting.last_seq:
        raise Conflict("rounds.answers_wait", stored=sitting.last_seq, page=last_seq)
    sealed = _seal(session, sitting, "submitted", now, now)
    if sitting.entry.ledger_version:  # it may have been opened again, which had moved the parts behind it
        align_one(session, attendance_of(session, sitting.entry), now, behind=sitting.id)
    return sealed


def seal_if_due(session: Session, sitting: Sitting, now: datetime) -> Sitting:
    """Write down that a sitting is past its close; one that is sealed, or still has time, stays as it is."""
    if sitting.state == "open" and now >= sitting.closes_at:
        locked = _lock(session, sitting.id)
        if now >= locked.closes_at:  # time may have been given between the look and the lock
            return _seal(session, locked, "closed", locked.closes_at, now)
    return sitting


def end_early(session: Session, sitting: Sitting, now: datetime) -> Sitting:
    """Close an open sitting before its time, because its candidate was voided."""
    return _seal(session, _lock(session, sitting.id), "closed", now, now)


def due_sittings(session: Session, now: datetime, limit: int) -> list[Sitting]:
    """Sittings that are past their close and still stand open in the table, oldest first."""
    due = select(Sitting).where(Sitting.state == "open", Sitting.closes_at <= now).order_by(Sitting.closes_at, Sitting.id)
    return list(session.scalars(due.limit(limit)))


def close_due_sittings(session: Session, now: datetime, limit: int = 100) -> int:
    """Write down at most `limit` sittings that are past their close; return how many. Safe to repeat, and nothing depends on it."""
    due = due_sittings(session, now, limit)
    for sitting in due:
        seal_if_due(session, sitting, now)
    return len(due)


def close_session(session: Session, exam: ExamSession, role: Role, now: datetime) -> None:
    """Close an exam session: every sitting sealed, every candidate started, absent or voided, the heads of all chains and all marks bound
    by the log.

    Refuses (`rounds.still_running`) while somebody can still work or come in, (`rounds.still_paused`) while a pause has no end, and
    (`rounds.roster_open`) while somebody is neither.
    """
    role.must(may_close(role))
    hold(session, exam, "sealed")
    for sitting in _open_sittings(session, exam, now):
        seal_if_due(session, sitting, now)
    roll = attendances_in(session, exam)
    _refuse("rounds.still_paused", [one for one in roll if one.pause is not None])
    _refuse(
        "rounds.still_running", [one for one in roll if one.entry.state in ("listed", "started") and not timeplan.all_over(one.plan, now)]
    )
    _refuse("rounds.roster_open", [one for one in roll if one.entry.state == "listed"])
    exam.state, exam.closed_at = "closed", now
    record(session, role.campaign.chain, "rounds:session:closed", about(exam), role.actor, now, _closing_account(session, roll))


def _refuse(code: str, waiting: list[Attendance]) -> None:
    if waiting:
        numbers = ", ".join(one.entry.candidate_number for one in waiting[:NAMED_AT_MOST])
        raise Refused(code, count=len(waiting), numbers=numbers + (" …" if len(waiting) > NAMED_AT_MOST else ""))


def _closing_account(session: Session, roll: list[Attendance]) -> dict[str, object]:
    """How the count closes, and the roots over the heads and over the marks of all sittings."""
    sittings = [sitting for one in roll for sitting in one.sittings.values()]
    marks = marks_of(session, sittings)
    states = Counter(one.entry.state for one in roll)
    count = {state: states[state] for state in ("absent", "started", "voided")}
    roots = {
        "sittings_root": root_of(sitting.head for sitting in sittings),
        "marks_root": root_of(marks_digest(sitting, marks[sitting.id]) for sitting in sittings if sitting.id in marks),
    }
    return {**count, "listed": len(roll), "sittings": len(sittings), **roots}


def _open_sittings(session: Session, exam: ExamSession, now: datetime) -> list[Sitting]:
    due = select(Sitting).join(Sitting.entry).where(RosterEntry.session_id == exam.id, Sitting.state == "open", Sitting.closes_at <= now)
    return list(session.scalars(due.order_by(Sitting.id)))


# A room hands in in one second, so these are built once. Those that look hold the row until the end of the transaction, so that no save
# slips in between counting and sealing.
_table = cast("Table", Sitting.__table__)
_SEALED = (
    update(_table)
    .where(_table.c.id == bindparam("of_sitting"))
    .values({name: bindparam(name) for name in ("answered", "blank", "closed_at", "state", "head", "receipt_code")})
)
_HELD = (
    select(Sitting).options(joinedload(Sitting.paper, innerjoin=True)).with_for_update(of=Sitting).execution_options(populate_existing=True)
)
_ONE = _HELD.where(Sitting.id == bindparam("sitting"))
_MINE = (
    _HELD.join(Sitting.entry)
    .join(RosterEntry.application)
    .options(contains_eager(Sitting.entry))
    .where(Sitting.public_id == bindparam("sitting"), Application.account_id == bindparam("account"))
)


def _lock(session: Session, sitting_id: int) -> Sitting:
    return session.scalars(_ONE, {"sitting": sitting_id}).one()


def _lock_mine(session: Session, account: Account, sitting_id: str) -> Sitting:
    """Whose it is and the lock in one journey; NotFound for another's."""
    found = session.scalars(_MINE, {"sitting": sitting_id, "account": account.id}).one_or_none()
    if found is None:
        raise NotFound
    return found


def _seal(session: Session, sitting: Sitting, state: str, closed_at: datetime, now: datetime) -> Sitting:
    """Count, append the sealing, give the receipt, mark. The row is locked; one that was sealed meanwhile stays as it is."""
    if sitting.state != "open":
        return sitting
    answers = answers_of(session, sitting)
    answered = answers.answered()
    told = {"answered": answered, "blank": len(sitting.paper.items) - answered, "closed_at": closed_at, "state": state}
    link = chain.new_link(chain.SEAL, sitting.public_id, sitting.last_seq + 1, sitting.epoch, now, chain.text_of(told))
    head = hashchain.step(sitting.head, link.commitment)
    sealed = told | {"head": head, "receipt_code": hashchain.receipt_code(head)}
    connection = session.connection()
    connection.execute(_SEALED, {"of_sitting": sitting.id, **sealed})
    connection.execute(chain.APPEND, link.row(sitting.id, head))
    for name, value in sealed.items():
        set_committed_value(sitting, name, value)
    mark_sitting(session, sitting, answers, now)
    return sitting
