"""A sitting for another device: its candidate asks, the invigilator releases. What the device then does is `sittings.take_over`."""

from datetime import datetime

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from examsite.accounts.models import Account, LoginSession
from examsite.accounts.operations import actor_of
from examsite.audit.operations import record
from examsite.campaigns.roles import Role
from examsite.db import insert_once, rows_changed
from examsite.rounds.models import ReleaseRequest, Sitting
from examsite.rounds.operations.announcing import tell_released
from examsite.rounds.permissions import may_release
from examsite.rounds.queries.sittings import is_closed, my_sitting
from examsite.rules.refusal import Conflict, NotFound, Refused


def ask_release(session: Session, account: Account, login: LoginSession, sitting_id: str, now: datetime) -> Sitting:
    """Ask the invigilator for one's own sitting from a device that does not hold the pen; asking again changes nothing.

    Raises NotFound for another's sitting and Refused (`rounds.sitting_over`) for one that is closed.
    """
    sitting = my_sitting(session, account, sitting_id)
    if is_closed(sitting, now):
        raise Refused("rounds.sitting_over")
    if sitting.login_session_id != login.id and _ask(session, sitting, login, now):
        data = {"epoch": sitting.epoch, "numbers": [sitting.entry.candidate_number], "part": sitting.part}
        chain = sitting.entry.session.campaign.chain
        record(session, chain, "rounds:sitting:release_asked", _about(sitting), actor_of(account), now, data)
    return sitting


def release(session: Session, sitting: Sitting, reason: str, role: Role, now: datetime) -> bool:
    """Let one other device take this sitting over, with a reason; False when it was released before and nobody has taken it over since.

    For members of the invigilation board (NotPermitted otherwise). Refuses a missing reason (`reason_missing`) and a closed sitting
    (`rounds.sitting_over`); Conflict (`changed_meanwhile`) when a device took it over in this very moment. The pen stays where it is until
    a device takes it, so that nothing is lost when the first device comes back after all.
    """
    role.must(may_release(role))
    if sitting.entry.session.campaign_id != role.campaign.id:
        raise NotFound
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    if is_closed(sitting, now):
        raise Refused("rounds.sitting_over")
    held = (Sitting.id == sitting.id, Sitting.state == "open", Sitting.closes_at > now, Sitting.epoch == sitting.epoch)
    unreleased = or_(Sitting.released_epoch.is_(None), Sitting.released_epoch != Sitting.epoch)
    released = rows_changed(session, update(Sitting).where(*held, unreleased).values(released_epoch=Sitting.epoch)) == 1
    epoch = sitting.epoch
    session.refresh(sitting)
    if not released:
        return _not_released(sitting, epoch, now)
    told = {"epoch": epoch, "numbers": [sitting.entry.candidate_number], "part": sitting.part, "reason": reason.strip()}
    record(session, role.campaign.chain, "rounds:sitting:released", _about(sitting), role.actor, now, told)
    tell_released(session, sitting, reason.strip(), now)
    return True


def _not_released(sitting: Sitting, epoch: int, now: datetime) -> bool:
    if is_closed(sitting, now):
        raise Refused("rounds.sitting_over")
    if sitting.epoch != epoch or sitting.released_epoch != epoch:
        raise Conflict("changed_meanwhile")
    return False


def _ask(session: Session, sitting: Sitting, login: LoginSession, now: datetime) -> bool:
    """Write the request down; True when it is a new one for this epoch."""
    row = {"sitting_id": sitting.id, "login_session_id": login.id, "epoch": sitting.epoch, "asked_at": now}
    if session.scalar(insert_once(session.get_bind().dialect, ReleaseRequest).values(**row).returning(ReleaseRequest.id)) is not None:
        return True
    again = update(ReleaseRequest).where(ReleaseRequest.sitting_id == sitting.id, ReleaseRequest.login_session_id == login.id)
    return rows_changed(session, again.where(ReleaseRequest.epoch < sitting.epoch).values(epoch=sitting.epoch, asked_at=now)) == 1


def _about(sitting: Sitting) -> str:
    return f"sitting:{sitting.public_id}"
