"""A sitting for another device: its candidate asks, the invigilator releases. What the device then does is `sittings.take_over`."""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from examsite.accounts.models import Account, LoginSession
from examsite.accounts.operations import actor_of
from examsite.audit.operations import record
from examsite.campaigns.roles import Role
from examsite.db import insert_once, new_public_id, rows_changed
from examsite.rounds.models import ReleaseRequest, Sitting
from examsite.rounds.operations.announcing import tell_release_over, tell_released
from examsite.rounds.operations.sittings import UNRELEASED
from examsite.rounds.permissions import may_release
from examsite.rounds.queries.sittings import is_closed, my_sitting
from examsite.rules.refusal import Conflict, NotFound, Refused


def ask_release(
    session: Session, account: Account, login: LoginSession, sitting_id: str, now: datetime, device: str | None = None
) -> Sitting:
    """Ask the invigilator for one's own sitting from a device (a hash, see `web.device`) that does not hold the pen; asking again changes
    nothing.

    Raises NotFound for another's sitting and Refused (`rounds.sitting_over`) for one that is closed.
    """
    sitting = my_sitting(session, account, sitting_id)
    if is_closed(sitting, now):
        raise Refused("rounds.sitting_over")
    if sitting.login_session_id != login.id and _ask(session, sitting, login, device, now):
        chain = sitting.entry.session.campaign.chain
        record(session, chain, "rounds:sitting:release_asked", _about(sitting), actor_of(account), now, _facts(sitting))
    return sitting


def release(session: Session, sitting: Sitting, asked: str, reason: str, role: Role, now: datetime) -> bool:
    """Let the device of one request (its public id) take this sitting over, with a reason, in place of any released before; False when it
    is the one released and has not come yet.

    For members of the invigilation board (NotPermitted otherwise). Refuses a missing reason (`reason_missing`), a closed sitting
    (`rounds.sitting_over`), no request (`rounds.choose_request`) and one that no longer stands (`rounds.request_over`); Conflict
    (`changed_meanwhile`) when a device took it over in this very moment. The pen stays where it is until the device takes it, so that
    nothing is lost when the first device comes back after all.
    """
    _must_release(sitting, role)
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    if is_closed(sitting, now):
        raise Refused("rounds.sitting_over")
    request = _standing_request(session, sitting, asked)
    login, epoch = request.login_session_id, sitting.epoch
    held = (Sitting.id == sitting.id, Sitting.state == "open", Sitting.closes_at > now, Sitting.epoch == epoch)
    other = or_(Sitting.released_epoch.is_(None), Sitting.released_epoch != epoch, Sitting.released_login_id != login)
    values = {"released_epoch": epoch, "released_login_id": login, "released_device": request.device_hash}
    released = rows_changed(session, update(Sitting).where(*held, other).values(**values)) == 1
    session.refresh(sitting)
    if not released:
        return _not_released(sitting, epoch, login, now)
    told = {"device": request.code, "reason": reason.strip()}
    record(session, role.campaign.chain, "rounds:sitting:released", _about(sitting), role.actor, now, _facts(sitting) | told)
    tell_released(session, sitting, reason.strip(), now)
    return True


def withdraw_release(session: Session, sitting: Sitting, role: Role, now: datetime) -> None:
    """Take a release back that no device has used, by the same board; its request stands again, and the candidate is told.

    Conflict (`rounds.no_release`) when there is none, or a device was quicker.
    """
    _must_release(sitting, role)
    stands = (Sitting.id == sitting.id, Sitting.epoch == sitting.epoch, Sitting.released_epoch == Sitting.epoch)
    if rows_changed(session, update(Sitting).where(*stands, Sitting.released_login_id.is_not(None)).values(**UNRELEASED)) != 1:
        raise Conflict("rounds.no_release")
    session.refresh(sitting)
    record(session, role.campaign.chain, "rounds:sitting:release_withdrawn", _about(sitting), role.actor, now, _facts(sitting))
    tell_release_over(session, sitting, now)


def _not_released(sitting: Sitting, epoch: int, login: int, now: datetime) -> bool:
    if is_closed(sitting, now):
        raise Refused("rounds.sitting_over")
    if (sitting.epoch, sitting.released_epoch, sitting.released_login_id) != (epoch, epoch, login):
        raise Conflict("changed_meanwhile")
    return False


def _must_release(sitting: Sitting, role: Role) -> None:
    role.must(may_release(role))
    if sitting.entry.session.campaign_id != role.campaign.id:
        raise NotFound


def _standing_request(session: Session, sitting: Sitting, asked: str) -> ReleaseRequest:
    """The request of this public id, of a device that still asks in the present epoch."""
    if not asked:
        raise Refused("rounds.choose_request", field="asked")
    standing = (ReleaseRequest.epoch == sitting.epoch, ReleaseRequest.login_session_id != sitting.login_session_id)
    wanted = select(ReleaseRequest).join(ReleaseRequest.login_session).where(LoginSession.ended_at.is_(None), *standing)
    found = session.scalar(wanted.where(ReleaseRequest.sitting_id == sitting.id, ReleaseRequest.public_id == asked))
    if found is None:
        raise Refused("rounds.request_over", field="asked")
    return found


def _facts(sitting: Sitting) -> dict[str, object]:
    return {"epoch": sitting.epoch, "numbers": [sitting.entry.candidate_number], "part": sitting.part}


def _ask(session: Session, sitting: Sitting, login: LoginSession, device: str | None, now: datetime) -> bool:
    """Write the request down; True when it is a new one for this epoch."""
    told = {"epoch": sitting.epoch, "asked_at": now, "device_hash": device}
    row = {"public_id": new_public_id(), "sitting_id": sitting.id, "login_session_id": login.id, **told}
    if session.scalar(insert_once(session.get_bind().dialect, ReleaseRequest).values(**row).returning(ReleaseRequest.id)) is not None:
        return True
    again = update(ReleaseRequest).where(ReleaseRequest.sitting_id == sitting.id, ReleaseRequest.login_session_id == login.id)
    return rows_changed(session, again.where(ReleaseRequest.epoch < sitting.epoch).values(**told)) == 1


def _about(sitting: Sitting) -> str:
    return f"sitting:{sitting.public_id}"
