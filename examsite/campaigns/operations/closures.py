"""Close a position of an announced campaign, and let an application of it go on for another position."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examsite.audit.operations import Entry, record, record_all
from examsite.campaigns.models import Application, Position, PositionClosure
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.operations.entitlements import let_exemptions_lapse
from examsite.campaigns.operations.holding import must_not_be_held
from examsite.campaigns.operations.leaving import left
from examsite.campaigns.operations.life_notices import tell_position_closed
from examsite.campaigns.operations.reception import held_open
from examsite.campaigns.operations.screening import reason_of
from examsite.campaigns.operations.unique import unless_taken
from examsite.campaigns.permissions import may_close_positions, may_screen
from examsite.campaigns.queries.positions import closure_of, why_not_close
from examsite.campaigns.roles import Role
from examsite.db import rows_changed
from examsite.rules.refusal import NotFound, Refused
from examsite.vietnamese import tidy


@dataclass(frozen=True)
class Ending:
    """How applications leave with their position: out of which states, what they become, and what the log says of each."""

    states: Sequence[str]
    becomes: str
    kind: str
    told: Mapping[str, object] = field(default_factory=dict)


WITH_ITS_POSITION = Ending(("received", "eligible"), "ended", "campaigns:application:ended")


def close_position(session: Session, role: Role, position: Position, reason: str, document: str, now: datetime) -> int:
    """Close a position on the decision `document`; its undecided and eligible applications end with it. Return how many these are.

    They keep their numbers, sit nothing any more and are counted in no ranking. Refuses (`closures.`) `not_announced`, `too_late`,
    `document_missing`, `closed_already`.
    """
    role.must(may_close_positions(role))
    if position.campaign_id != role.campaign.id:
        raise NotFound
    campaign = locked(session, role.campaign)
    if refusal := why_not_close(session, position):
        raise Refused(refusal)
    why, paper = reason_of(reason), tidy(document)
    if not paper:
        raise Refused("closures.document_missing", field="document")
    with unless_taken(session, Refused("closures.closed_already")):
        session.add(PositionClosure(position_id=position.id, reason=why, document=paper, closed_at=now, closed_by_id=role.account.id))
    ended = turn_out(session, role, position, WITH_ITS_POSITION, why, now)
    data = {"reason": why, "document": paper, "ended": [public_id for _key, public_id in ended]} | role.as_deputy()
    record(session, campaign.chain, "campaigns:position:closed", f"position:{position.public_id}", role.actor, now, data)
    return len(ended)


def move_application(session: Session, role: Role, application: Application, target: Position, reason: str, now: datetime) -> None:
    """Let an application go on for another position of the campaign, undecided: what was found about the criteria of the former one stays
    in its history, and exemptions lapse where the language is another. For somebody who applied a second time this is
    one way, `intake.take_instead` the other.

    Refuses as `reception.held_open` and `holding.must_not_be_held`, (`closures.`) `move_eligible`, `move_nowhere`, `move_closed`, and
    `screening.applied_again` where the person has another application since.
    """
    role.must(may_screen(role))
    if application.campaign_id != role.campaign.id or target.campaign_id != role.campaign.id:
        raise NotFound
    why = reason_of(reason)
    held_open(session, role.campaign)
    must_not_be_held(session, application)
    if target.id == application.position_id:
        raise Refused("closures.move_nowhere", field="position")
    if closure_of(session, target) is not None:
        raise Refused("closures.move_closed", field="position")
    former = application.position
    free = update(Application).where(Application.id == application.id, Application.state != "eligible")
    values = {"position_id": target.id, "state": "received", "decision_reason": "", "decided_at": None, "decided_by_id": None}
    with unless_taken(session, Refused("screening.applied_again")):
        moved = rows_changed(session, free.values(**values))
    if moved != 1:
        raise Refused("closures.move_eligible")
    session.expire(application, ["position", "position_id", "state"])
    let_exemptions_lapse(session, role, application, former, now)
    data = {"from": former.code, "to": target.code, "reason": why}
    record(session, role.campaign.chain, "campaigns:application:moved", f"application:{application.public_id}", role.actor, now, data)


def turn_out(session: Session, role: Role, position: Position, ending: Ending, reason: str, now: datetime) -> list[tuple[int, str]]:
    """Let the applications of a position that is closed leave the running: each gets its entry in the log, their seats are free and
    they are told. Return their ids and public ids."""
    leaving = (Application.position_id == position.id, Application.state.in_(ending.states))
    found = session.execute(select(Application.id, Application.public_id).where(*leaving).order_by(Application.id)).all()
    values = {"state": ending.becomes, "decision_reason": reason, "decided_at": now, "decided_by_id": role.account.id}
    session.execute(update(Application).where(*leaving).values(**values))
    left(session, role.campaign, [row.id for row in found], role.actor, now)
    told = {**ending.told, "reason": reason}
    record_all(session, role.campaign.chain, [Entry(ending.kind, f"application:{row.public_id}", told) for row in found], role.actor, now)
    ended = [(row.id, row.public_id) for row in found]
    tell_position_closed(session, position, ended, reason, now)
    return ended
