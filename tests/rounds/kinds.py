"""An exam session whose general part has one question of each kind."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.questions.models import Blueprint, BlueprintCell
from examsite.rounds.models import Sitting
from examsite.rounds.queries.sittings import kinds_of, paper_items
from tests import factories
from tests.rounds.world import World, make_world, seal_by_hand

KINDS = ("single_choice", "multiple_response", "short_text", "numeric", "essay")


def make_kinds_world(session: Session, kinds: Sequence[str] = KINDS, **exam: Any) -> World:
    """A world whose general part holds one item of each of `kinds`, each under a topic that is called like its kind."""
    changes: dict[str, object] = {"parts.general.questions": len(kinds), "parts.general.kind": "mixed"}
    world = make_world(session, changes, state="planned", **exam)
    for kind in kinds:
        if kind == "single_choice":
            factories.make_item(session, world.campaign, topic=kind)
        else:
            factories.make_item_of_kind(session, world.campaign, kind)
    wanted = select(Blueprint).where(Blueprint.campaign_id == world.campaign.id, Blueprint.part == "general")
    cells = [BlueprintCell(number=place, topic=kind, difficulty="easy", count=1) for place, kind in enumerate(kinds, start=1)]
    session.scalars(wanted).one().cells = cells
    session.flush()
    seal_by_hand(session, world.exam)
    return world


def places_of(sitting: Sitting, session: Session) -> dict[str, int]:
    """The number of the item of each kind on this candidate's paper."""
    items = paper_items(sitting.paper)
    kinds = kinds_of(session, items)
    return {kinds[item.item]: number for number, item in enumerate(items, start=1)}
