"""Begin a part, and go on with it: on the same device at once, on another one by a release. The paper was drawn before; this is light."""

from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Dialect, Insert, Table, bindparam, func, or_, select, update
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.util import identity_key

from examsite.accounts.models import Account, LoginSession
from examsite.accounts.operations import actor_of
from examsite.audit.operations import record
from examsite.db import UTCDateTime, insert_once, new_public_id, rows_changed
from examsite.rounds import chain, timeplan
from examsite.rounds.models import RosterEntry, Sitting
from examsite.rounds.operations.access_code import admit
from examsite.rounds.operations.announcing import tell_release_over
from examsite.rounds.operations.ledger import align_one
from examsite.rounds.queries.attendance import Attendance, attendance_of
from examsite.rounds.queries.seen import seen_attendance
from examsite.rounds.queries.sittings import is_closed, my_sitting
from examsite.rules import hashchain, timing
from examsite.rules.refusal import Conflict, Refused

_sitting, _entry = (cast("Table", model.__table__) for model in (Sitting, RosterEntry))
# A whole room begins in one second, so the statements of the beginning are built once and map no objects but the sitting.
_COME = (
    update(_entry)
    .where(_entry.c.id == bindparam("entry"), _entry.c.state.in_(("listed", "started")))
    .values(state="started", started_at=func.coalesce(_entry.c.started_at, bindparam("now", type_=UTCDateTime)))
    .returning(_entry.c.ledger_version, _entry.c.postponements)
)
_OF_PART = (
    select(Sitting)
    .where(Sitting.entry_id == bindparam("entry"), Sitting.part == bindparam("part"))
    .execution_options(populate_existing=True)
)

UNRELEASED = {"released_epoch": None, "released_login_id": None, "released_device": None}
"""The columns of a sitting that no other device may take over."""


def start_part(
    session: Session,
    account: Account,
    login: LoginSession,
    part: str,
    now: datetime,
    device: str | None = None,
    access_code: str | None = None,
) -> Sitting:
    """Begin a part on this device (a hash, see `web.device`), once: however many requests ask, one sitting comes of it.

    A sitting that exists is gone on with after a new sign-in on the device that holds the pen; for any other device it stays as it is, and
    `take_over` decides. Raises NotFound for a candidate on no roster and Refused (`rounds.not_yet`, `rounds.too_late_to_enter`,
    `rounds.part_is_over`, `rounds.papers_not_ready`, `rounds.you_are_absent`, `rounds.you_are_voided`, `rounds.you_are_exempt`,
    `rounds.session_is_closed`) for one who may not begin it now, and as `access_code.admit` for one who is not let in.
    """
    attendance = seen_attendance(session, account, part)
    if sat := attendance.sittings.get(part):
        found = my_sitting(session, account, sat.public_id)
    else:
        if refusal := attendance.refusal_to_start(part, now):
            raise refusal
        admit(session, attendance, access_code, now)
        found = _begin(session, attendance, login, part, now, device)
    if not _settled(found, login, now):
        _come_back(session, found, account, login, device, now)
    return found


def take_over(
    session: Session, account: Account, login: LoginSession, sitting_id: str, now: datetime, device: str | None = None
) -> Sitting:
    """Let this login session hold the pen: at once on the device that holds it, on another one if the invigilator released the sitting.

    A release lets the one device in that asked for it, once; the device that held the pen is told at its next save. Raises NotFound for
    another's sitting and Conflict (`rounds.not_released`) without a release. A closed sitting stays as it is.
    """
    sitting = my_sitting(session, account, sitting_id)
    if _settled(sitting, login, now) or _come_back(session, sitting, account, login, device, now):
        return sitting
    if not _move(session, sitting, account, login, device, now) and not _settled(sitting, login, now):
        raise Conflict("rounds.not_released")
    return sitting


def _settled(sitting: Sitting, login: LoginSession, now: datetime) -> bool:
    """Whether there is nothing to take over: it is over, or this login session holds the pen already."""
    return is_closed(sitting, now) or sitting.login_session_id == login.id


def _begin(session: Session, attendance: Attendance, login: LoginSession, part: str, now: datetime, device: str | None) -> Sitting:
    row, link = _new_sitting(attendance, login, part, now)
    row["device_hash"] = device
    connection, entry = session.connection(), attendance.entry
    created = connection.execute(_begin_once(connection.dialect), row).scalar()
    if created is not None:
        connection.execute(chain.APPEND, link.row(created, row["head"]))
        seen = (entry.ledger_version, entry.postponements)
        if _call_roll(session, entry, now) == seen:
            return _as_stored(session, row | {"id": created})
        _reckon_anew(session, entry.id, part, now)
    return session.scalars(_OF_PART, {"entry": entry.id, "part": part}).one()


def _as_stored(session: Session, row: dict[str, Any]) -> Sitting:
    """The sitting that was just stored; what was not said of it is empty."""
    sitting = Sitting(**dict.fromkeys(_sitting.c.keys()) | row)
    make_transient_to_detached(sitting)
    session.add(sitting)
    return sitting


def _reckon_anew(session: Session, entry_id: int, part: str, now: datetime) -> None:
    """Time was given, or the session postponed, in the very moment of the beginning."""
    entry = session.get_one(RosterEntry, entry_id)
    session.refresh(entry)
    session.refresh(entry.session)
    fresh = attendance_of(session, entry)
    _must_open(fresh, part, now)
    align_one(session, fresh, now)


def _must_open(attendance: Attendance, part: str, now: datetime) -> None:
    """Refuse what does not open any more at `now`, the sitting just made left aside."""
    before = [sitting for sitting in attendance.entry.sittings if sitting.part != part]
    plan = timeplan.plan_of(attendance.rules, attendance.exam, attendance.exempt, before, attendance.ledger, held=False)
    if timeplan.moment_of(plan, part, now).phase in (timing.Phase.WAITING, timing.Phase.NOT_YET):
        raise Refused("rounds.not_yet", part=part)


@cache
def _begin_once(dialect: Dialect) -> Insert:
    """Whoever else begins the same part in the same moment waits for this one, and adds nothing."""
    return insert_once(dialect, _sitting).returning(_sitting.c.id)


def _new_sitting(attendance: Attendance, login: LoginSession, part: str, now: datetime) -> tuple[dict[str, Any], chain.NewLink]:
    window = timeplan.window_of(timeplan.started(attendance.plan, now), part)
    if window.opens_at is None or window.deadline is None or window.closes_at is None:
        raise Refused("rounds.not_yet", part=part)
    sitting_id, paper = new_public_id(), next(paper for paper in attendance.entry.papers if paper.part == part)
    told = {
        "candidate": attendance.entry.candidate_number,
        "closes_at": window.closes_at,
        "deadline": window.deadline,
        "opens_at": window.opens_at,
        "paper": paper.digest,
        "part": part,
    }
    link = chain.new_link(chain.START, sitting_id, 0, 1, now, chain.text_of(told))
    row: dict[str, Any] = {
        "public_id": sitting_id,
        "entry_id": attendance.entry.id,
        "paper_id": paper.id,
        "part": part,
        "login_session_id": login.id,
        "opens_at": window.opens_at,
        "deadline": window.deadline,
        "closes_at": window.closes_at,
        "started_at": now,
        "state": "open",
        "epoch": 1,
        "last_seq": 0,
        "head": hashchain.step(hashchain.GENESIS, link.commitment),
    }
    return row, link


def _call_roll(session: Session, entry: RosterEntry, now: datetime) -> tuple[int, int]:
    """Who begins has come; return how often their ledger of time was written and their session postponed. The statement also waits for
    whoever is marking them absent, voiding them, giving them time or postponing in this very moment."""
    counted = session.connection().execute(_COME, {"entry": entry.id, "now": now}).one_or_none()
    if (loaded := session.identity_map.get(identity_key(RosterEntry, entry.id))) is not None:
        session.expire(loaded, ("state", "started_at"))
    if counted is None:
        state = session.scalar(select(RosterEntry.state).where(RosterEntry.id == entry.id))
        raise Refused(f"rounds.you_are_{state}")
    return counted.ledger_version, counted.postponements


def _come_back(session: Session, sitting: Sitting, account: Account, login: LoginSession, device: str | None, now: datetime) -> bool:
    """After a new sign-in on the device that holds the pen: the epoch stays, so that what this browser still keeps counts. It works again,
    so that a release of this epoch lapses; the log and the candidate learn of it."""
    if device is None or sitting.device_hash != device:
        return False
    same = (Sitting.device_hash == device, Sitting.epoch == sitting.epoch)
    lapses = _locked_release(session, sitting)
    values = {"login_session_id": login.id, **UNRELEASED}
    if not _give_pen(session, sitting, account, now, "rounds:sitting:resumed", same, values):
        return False
    if lapses:
        _record(session, sitting, account, now, "rounds:sitting:release_lapsed")
        tell_release_over(session, sitting, now)
    return True


def _locked_release(session: Session, sitting: Sitting) -> bool:
    """Whether another device was let in and has not come; the row is locked until the end of the transaction, so that none is let in
    meanwhile."""
    held = select(Sitting.released_epoch == Sitting.epoch).where(Sitting.id == sitting.id, Sitting.released_login_id.is_not(None))
    return bool(session.scalar(held.with_for_update()))


def _move(session: Session, sitting: Sitting, account: Account, login: LoginSession, device: str | None, now: datetime) -> bool:
    """Another device, by a release of this very epoch for this very login session, or for this device after a new sign-in; it is used up
    with it."""
    let_in = Sitting.released_login_id == login.id
    if device is not None:
        let_in = or_(let_in, Sitting.released_device == device)
    released = (Sitting.released_epoch == Sitting.epoch, let_in)
    values = {"login_session_id": login.id, "device_hash": device, "epoch": Sitting.epoch + 1, **UNRELEASED}
    return _give_pen(session, sitting, account, now, "rounds:sitting:moved", released, values)


def _give_pen(
    session: Session,
    sitting: Sitting,
    account: Account,
    now: datetime,
    kind: str,
    guard: tuple[ColumnElement[bool], ...],
    values: dict[str, Any],
) -> bool:
    still_open = (Sitting.id == sitting.id, Sitting.state == "open", Sitting.closes_at > now)
    given = rows_changed(session, update(Sitting).where(*still_open, *guard).values(**values)) == 1
    session.refresh(sitting)
    if given:
        _record(session, sitting, account, now, kind)
    return given


def _record(session: Session, sitting: Sitting, account: Account, now: datetime, kind: str) -> None:
    data = {"epoch": sitting.epoch, "last_seq": sitting.last_seq, "part": sitting.part}
    record(session, sitting.entry.session.campaign.chain, kind, f"sitting:{sitting.public_id}", actor_of(account), now, data)
