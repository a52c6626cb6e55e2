"""Look up the units of the house, which form a tree."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.campaigns.models import Position, Unit
from examsite.rules.refusal import NotFound
from examsite.vietnamese import fold, title_sort_key


@dataclass(frozen=True)
class Branch:
    """A unit with its place in the tree: how deep it stands, and how many positions of all campaigns belong to it."""

    unit: Unit
    depth: int
    positions: int


def unit_by_public_id(session: Session, public_id: str) -> Unit:
    """One unit, or NotFound."""
    unit = session.scalar(select(Unit).where(Unit.public_id == public_id))
    if unit is None:
        raise NotFound
    return unit


def tree(session: Session) -> list[Branch]:
    """All units, each after the one it belongs to, neighbours by name."""
    counts = {row[0]: row[1] for row in session.execute(select(Position.unit_id, func.count()).group_by(Position.unit_id))}
    children: dict[int | None, list[Unit]] = {}
    everything = select(Unit).execution_options(populate_existing=True)  # a neighbour may have moved one since it was looked up
    for unit in sorted(session.scalars(everything), key=lambda unit: (title_sort_key(unit.name), unit.code)):
        children.setdefault(unit.parent_id, []).append(unit)
    found: list[Branch] = []
    waiting = [(unit, 0) for unit in reversed(children.get(None, []))]
    while waiting:
        unit, depth = waiting.pop()
        found.append(Branch(unit, depth, counts.get(unit.id, 0)))
        waiting += [(child, depth + 1) for child in reversed(children.get(unit.id, []))]
    return found


def narrowed(branches: Sequence[Branch], text: str) -> list[Branch]:
    """Those whose name or code holds this text, whatever the marks."""
    wanted = fold(text)
    return [branch for branch in branches if wanted in fold(branch.unit.name) or wanted in fold(branch.unit.code)]


def beneath(session: Session, unit: Unit) -> set[int]:
    """The ids of a unit and of all that belong to it, however deep."""
    branches = tree(session)
    place = next(number for number, branch in enumerate(branches) if branch.unit.id == unit.id)
    found = {unit.id}
    for branch in branches[place + 1 :]:
        if branch.depth <= branches[place].depth:
            break
        found.add(branch.unit.id)
    return found
