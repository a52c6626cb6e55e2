"""Begin a part, and move it to another device. The paper was drawn before; beginning is one light act."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from examsite.accounts.models import Account, LoginSession
from examsite.accounts.operations import actor_of
from examsite.audit.operations import record
from examsite.db import insert_once, new_public_id, rows_changed
from examsite.rounds import chain, timeplan
from examsite.rounds.models import Paper, RosterEntry, Sitting, SittingEvent
from examsite.rounds.queries.attendance import Attendance, my_attendance
from examsite.rounds.queries.sittings import is_closed, my_sitting
from examsite.rules import hashchain
from examsite.rules.refusal import Conflict, Refused


def start_part(session: Session, account: Account, login: LoginSession, part: str, now: datetime) -> Sitting:
    """Begin a part, once: however many requests ask, one sitting comes of it.

    A sitting that exists and is still open is taken over by this login session. Raises NotFound for a candidate on no roster and
    Refused (`rounds.not_yet`, `rounds.too_late_to_enter`, `rounds.part_is_over`, `rounds.papers_not_ready`, `rounds.you_are_absent`,
    `rounds.you_are_voided`, `rounds.you_are_exempt`, `rounds.session_is_closed`) for one who may not begin it now.
    """
    attendance = my_attendance(session, account, part)
    found = attendance.sittings.get(part)
    if found is None:
        if refusal := attendance.refusal_to_start(part, now):
            raise refusal
        found = _begin(session, attendance, login, part, now)
    if not is_closed(found, now) and found.login_session_id != login.id:
        _move(session, found, account, login, now)
    return found


def take_over(session: Session, account: Account, login: LoginSession, sitting_id: str, now: datetime) -> Sitting:
    """Let this login session hold the pen; the device that held it is told so at its next save. Raises NotFound for another's sitting."""
    sitting = my_sitting(session, account, sitting_id)
    if not is_closed(sitting, now) and sitting.login_session_id != login.id:
        _move(session, sitting, account, login, now)
    return sitting


def _begin(session: Session, attendance: Attendance, login: LoginSession, part: str, now: datetime) -> Sitting:
    row, link = _new_sitting(session, attendance, login, part, now)
    statement = insert_once(session.get_bind().dialect, Sitting).values(**row).returning(Sitting.id)
    created = session.scalar(statement)
    if created is not None:
        session.execute(insert(SittingEvent).values(**link.row(created, row["head"])))
        _call_roll(session, attendance.entry, now)
    again = select(Sitting).where(Sitting.entry_id == attendance.entry.id, Sitting.part == part)
    return session.scalars(again.execution_options(populate_existing=True)).one()


def _new_sitting(
    session: Session, attendance: Attendance, login: LoginSession, part: str, now: datetime
) -> tuple[dict[str, Any], chain.NewLink]:
    window = timeplan.window_of(timeplan.started(attendance.plan, now), part)
    if window.opens_at is None or window.deadline is None or window.closes_at is None:
        raise Refused("rounds.not_yet", part=part)
    sitting_id, paper = new_public_id(), attendance.papers[part]
    told = {
        "candidate": attendance.entry.candidate_number,
        "closes_at": window.closes_at,
        "deadline": window.deadline,
        "opens_at": window.opens_at,
        "paper": session.scalar(select(Paper.digest).where(Paper.id == paper)),
        "part": part,
    }
    link = chain.new_link(chain.START, sitting_id, 0, 1, now, chain.text_of(told))
    row: dict[str, Any] = {
        "public_id": sitting_id,
        "entry_id": attendance.entry.id,
        "paper_id": paper,
        "part": part,
        "login_session_id": login.id,
        "opens_at": window.opens_at,
        "deadline": window.deadline,
        "closes_at": window.closes_at,
        "started_at": now,
        "head": hashchain.step(hashchain.GENESIS, link.commitment),
    }
    return row, link


def _call_roll(session: Session, entry: RosterEntry, now: datetime) -> None:
    """Who begins has come. The statement also waits for whoever is marking them absent or voiding them in this very moment."""
    come = update(RosterEntry).where(RosterEntry.id == entry.id, RosterEntry.state.in_(("listed", "started")))
    if not rows_changed(session, come.values(state="started", started_at=func.coalesce(RosterEntry.started_at, now))):
        state = session.scalar(select(RosterEntry.state).where(RosterEntry.id == entry.id))
        raise Refused(f"rounds.you_are_{state}")


def _move(session: Session, sitting: Sitting, account: Account, login: LoginSession, now: datetime) -> None:
    """Give the pen to another login session. Of two devices that ask in the same moment the one that saw the other's move tries anew."""
    moved = rows_changed(
        session,
        update(Sitting)
        .where(Sitting.id == sitting.id, Sitting.epoch == sitting.epoch, Sitting.state == "open", Sitting.closes_at > now)
        .values(login_session_id=login.id, epoch=Sitting.epoch + 1),
    )
    session.refresh(sitting)
    if moved:
        campaign = sitting.entry.session.campaign
        data = {"epoch": sitting.epoch, "last_seq": sitting.last_seq, "part": sitting.part}
        record(session, campaign.chain, "rounds:sitting:moved", f"sitting:{sitting.public_id}", actor_of(account), now, data)
    elif not is_closed(sitting, now) and sitting.login_session_id != login.id:
        raise Conflict("rounds.moved_meanwhile")
