"""Close a position of an announced campaign, and let an application of it go on for another position."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.models import Application, Position, PositionClosure
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.operations.leaving import left
from examsite.campaigns.operations.life_notices import tell_position_closed
from examsite.campaigns.operations.reception import held_open
from examsite.campaigns.operations.screening import reason_of
from examsite.campaigns.operations.unique import unless_taken
from examsite.campaigns.permissions import may_close_positions, may_screen
from examsite.campaigns.queries.positions import closure_of
from examsite.campaigns.roles import Role
from examsite.db import rows_changed
from examsite.rules.refusal import NotFound, Refused
from examsite.vietnamese import tidy

ENDED = "ended"


def close_position(session: Session, role: Role, position: Position, reason: str, document: str, now: datetime) -> int:
    """Close a position on the decision `document`; its undecided and eligible applications end with it. Return how many these are.

    They keep their numbers, sit nothing any more and are counted in no ranking. Refuses (`closures.`) `not_announced`, `too_late`,
    `document_missing`, `closed_already`.
    """
    role.must(may_close_positions(role))
    if position.campaign_id != role.campaign.id:
        raise NotFound
    campaign = locked(session, role.campaign)
    if campaign.stage == "draft":
        raise Refused("closures.not_announced")
    if campaign.reached("provisional"):
        raise Refused("closures.too_late")
    why, paper = reason_of(reason), tidy(document)
    if not paper:
        raise Refused("closures.document_missing", field="document")
    with unless_taken(session, Refused("closures.closed_already")):
        session.add(PositionClosure(position_id=position.id, reason=why, document=paper, closed_at=now, closed_by_id=role.account.id))
    ended = _end(session, role, position, why, now)
    tell_position_closed(session, position, ended, why, now)
    data = {"reason": why, "document": paper, "ended": [public_id for _key, public_id in ended]}
    record(session, campaign.chain, "campaigns:position:closed", f"position:{position.public_id}", role.actor, now, data)
    return len(ended)


def move_application(session: Session, role: Role, application: Application, target: Position, reason: str, now: datetime) -> None:
    """Let an application go on for another position of the campaign, undecided: what was found about the criteria of the former one stays
    in its history. A person has one application in a campaign, so a second one becomes this.

    Refuses as `reception.held_open`, and (`closures.`) `move_eligible`, `move_nowhere`, `move_closed`.
    """
    role.must(may_screen(role))
    if application.campaign_id != role.campaign.id or target.campaign_id != role.campaign.id:
        raise NotFound
    why = reason_of(reason)
    held_open(session, role.campaign)
    if target.id == application.position_id:
        raise Refused("closures.move_nowhere", field="position")
    if closure_of(session, target) is not None:
        raise Refused("closures.move_closed", field="position")
    before = application.position.code
    free = update(Application).where(Application.id == application.id, Application.state != "eligible")
    values = {"position_id": target.id, "state": "received", "decision_reason": "", "decided_at": None, "decided_by_id": None}
    if rows_changed(session, free.values(**values)) != 1:
        raise Refused("closures.move_eligible")
    session.expire(application, ["position", "position_id", "state"])
    data = {"from": before, "to": target.code, "reason": why}
    record(session, role.campaign.chain, "campaigns:application:moved", f"application:{application.public_id}", role.actor, now, data)


def _end(session: Session, role: Role, position: Position, reason: str, now: datetime) -> list[tuple[int, str]]:
    """End the applications that were still in the running, each with its own entry in the log; return their ids and public ids."""
    running = (Application.position_id == position.id, Application.state.in_(("received", "eligible")))
    found = session.execute(select(Application.id, Application.public_id).where(*running).order_by(Application.id)).all()
    values = {"state": ENDED, "decision_reason": reason, "decided_at": now, "decided_by_id": role.account.id}
    session.execute(update(Application).where(*running).values(**values))
    left(session, role.campaign, [row.id for row in found], role.actor, now)
    for row in found:
        about = f"application:{row.public_id}"
        record(session, role.campaign.chain, "campaigns:application:ended", about, role.actor, now, {"reason": reason})
    return [(row.id, row.public_id) for row in found]
