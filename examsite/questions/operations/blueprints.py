"""Decide what a paper of one part must contain."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.models import Campaign
from examsite.campaigns.roles import Role
from examsite.questions.models import DIFFICULTIES, Blueprint, BlueprintCell
from examsite.questions.permissions import may_edit_blueprint
from examsite.questions.queries.banks import Bank
from examsite.questions.queries.paper import blueprint_cells, check_sum
from examsite.questions.writing import LONGEST_TOPIC
from examsite.rules import canonical
from examsite.rules.drawing import Cell
from examsite.rules.refusal import Conflict, Refused


def set_blueprint(session: Session, role: Role, bank: Bank, cells: Sequence[Cell], seen: str, now: datetime) -> None:
    """Replace the blueprint of a bank; `seen` is the digest of the one that the person was shown.

    Refuses cells that do not add up to the questions of the part, a cell that stands twice, and one that somebody changed meanwhile.
    A blueprint that the bank cannot fill yet is kept: what it lacks is shown, and papers are not drawn before it is there.
    """
    role.must(may_edit_blueprint(role))
    _check(cells, bank)
    # Two people saving at once would each delete only what they saw; the lock lets the second see what the first left.
    session.execute(select(Campaign.id).where(Campaign.id == role.campaign.id).with_for_update(key_share=True))
    if cells_digest(blueprint_cells(session, role.campaign, bank.part.id, bank.language)) != seen:
        raise Conflict("questions.blueprint_changed")
    blueprint = _blueprint(session, role, bank, now)
    session.execute(delete(BlueprintCell).where(BlueprintCell.blueprint_id == blueprint.id))
    session.add_all(
        BlueprintCell(blueprint_id=blueprint.id, number=number, topic=cell.topic, difficulty=cell.difficulty, count=cell.count)
        for number, cell in enumerate(cells, start=1)
    )
    session.flush()
    session.expire(blueprint)
    data = {"cells": [[cell.topic, cell.difficulty, cell.count] for cell in cells], "digest": cells_digest(cells)}
    record(session, role.campaign.chain, "questions:blueprint:set", f"blueprint:{bank.key}", role.actor, now, data)


def cells_digest(cells: Sequence[Cell]) -> str:
    """SHA-256 over the lines of a blueprint in their order."""
    return canonical.digest(tuple(cells))


def _check(cells: Sequence[Cell], bank: Bank) -> None:
    if any(cell.difficulty not in DIFFICULTIES for cell in cells):
        raise Refused("questions.difficulty_unknown")
    if any(len(cell.topic) > LONGEST_TOPIC for cell in cells):
        raise Refused("questions.topic_long", longest=LONGEST_TOPIC)
    twice = [cell for place, cell in enumerate(cells) if (cell.topic, cell.difficulty) in {(c.topic, c.difficulty) for c in cells[:place]}]
    if twice:
        raise Refused("questions.cell_twice", topic=twice[0].topic)
    check_sum(cells, bank.part.questions)


def _blueprint(session: Session, role: Role, bank: Bank, now: datetime) -> Blueprint:
    found = session.scalar(
        select(Blueprint).where(
            Blueprint.campaign_id == role.campaign.id, Blueprint.part == bank.part.id, Blueprint.language == (bank.language or "")
        )
    )
    if found is None:
        found = Blueprint(campaign_id=role.campaign.id, part=bank.part.id, language=bank.language or "")
        session.add(found)
    found.changed_at, found.changed_by_id = now, role.account.id
    session.flush()
    return found
