"""The door of the room: nobody begins who was not checked in, or who does not know the code on the board."""

import hmac
import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts import delays
from examsite.accounts.models import Account
from examsite.audit.operations import record
from examsite.campaigns.roles import Role
from examsite.rounds.models import ExamSession, RosterEntry
from examsite.rounds.operations.sessions import about, hold
from examsite.rounds.permissions import may_open_room
from examsite.rounds.queries.attendance import Attendance
from examsite.rules.refusal import Refused

LETTERS = "ACDEFHJKLMNPRTUVWXY3479"
"""Letters and digits that nobody takes for one another, on a board seen from the last row."""
LENGTH = 6
WRONG = "rounds.access_code_wrong"
"""The one refusal that counts towards the delay; the route commits that count with `count_wrong_code`."""
AT_THE_DOOR = frozenset({WRONG, "rounds.access_code_missing", "rounds.access_code_wait"})
"""Refusals that lead back to the waiting room, where the code can be typed again."""


def open_room(session: Session, exam: ExamSession, role: Role, now: datetime) -> str:
    """Make the access code of a sealed session, or a new one in its place; the log says that it was made, never the code itself."""
    role.must(may_open_room(role))
    hold(session, exam, "sealed")
    done = "code_renewed" if exam.access_code else "opened"
    exam.access_code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    record(session, role.campaign.chain, f"rounds:room:{done}", about(exam), role.actor, now, {"name": exam.name})
    return exam.access_code


def admit(session: Session, attendance: Attendance, code: str | None, now: datetime) -> None:
    """Let a candidate begin a part, or refuse: `rounds.not_checked_in`, `rounds.access_code_missing`, `rounds.access_code_wrong`, and
    `rounds.access_code_wait` while the growing delay after wrong codes runs. Asked at every beginning, never when coming back."""
    exam, entry = attendance.exam, attendance.entry
    if not exam.needs_check_in:
        return
    if not _is_here(session, entry):
        raise Refused("rounds.not_checked_in")
    if exam.access_code is None:
        return
    keys = _keys(entry.application.account_id)
    if seconds := delays.seconds_to_wait(session, keys, now):
        raise Refused("rounds.access_code_wait", seconds=seconds)
    typed = tidy(code or "")
    if not typed:
        raise Refused("rounds.access_code_missing")
    if not hmac.compare_digest(typed.encode(), exam.access_code.encode()):
        raise Refused(WRONG)
    delays.forget(session, keys[0])


def count_wrong_code(session: Session, account: Account, now: datetime) -> None:
    """Count one wrong code of this candidate; the beginning itself was refused and rolled back."""
    delays.add_failure(session, _keys(account.id), now)


def tidy(code: str) -> str:
    """A code as typed, without blanks and hyphens, in capitals."""
    return "".join(character for character in code.upper() if character.isalnum())


def _is_here(session: Session, entry: RosterEntry) -> bool:
    """Whether the candidate is checked in; the row is held, so that no check-in is undone in the moment of the beginning."""
    here = select(RosterEntry.id).where(RosterEntry.id == entry.id, RosterEntry.checked_in_at.is_not(None))
    return session.scalar(here.with_for_update()) is not None


def _keys(account_id: int | None) -> tuple[str, ...]:
    return (delays.keys_for(f"access code of {account_id}", "")[0],)
