"""How much a bank holds and lacks, in figures alone: what a supervisor may see too."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.campaigns.models import Campaign, Position
from examsite.questions.models import Item, ItemVersion
from examsite.questions.queries.banks import Bank, banks_of, language_is
from examsite.questions.queries.paper import blueprint_cells, pool
from examsite.rules import drawing

CellKey = tuple[str, str]


@dataclass(frozen=True)
class Figures:
    """One bank: items by state, approved and waiting items by topic and difficulty, the blueprint, and what is lacking.

    `asked` is whether any position needs this bank at all; a language that no position names need not be filled.
    """

    bank: Bank
    asked: bool
    states: Mapping[str, int]
    approved: Mapping[CellKey, int]
    waiting: Mapping[CellKey, int]
    cells: tuple[drawing.Cell, ...]
    shortages: tuple[drawing.Shortage, ...]

    @property
    def total(self) -> int:
        """Approved items in all."""
        return sum(self.approved.values())

    @property
    def planned(self) -> int:
        """Items of one paper, as the blueprint adds up."""
        return sum(cell.count for cell in self.cells)

    @property
    def fits(self) -> bool:
        """Whether the blueprint adds up to the questions of the part."""
        return self.planned == self.bank.part.questions

    @property
    def ready(self) -> bool:
        """Whether papers can be drawn now."""
        return self.fits and not self.shortages

    @property
    def topics(self) -> list[str]:
        """Topics in the order of the blueprint, then those that only the bank has."""
        found = [cell.topic for cell in self.cells] + sorted(topic for topic, _ in {**self.approved, **self.waiting})
        return list(dict.fromkeys(found))

    @property
    def wanted(self) -> Mapping[CellKey, int]:
        """The blueprint by topic and difficulty."""
        return {(cell.topic, cell.difficulty): cell.count for cell in self.cells}


def figures(session: Session, campaign: Campaign, bank: Bank) -> Figures:
    """The figures of one bank as they are now."""
    rows = session.execute(
        select(ItemVersion.state, ItemVersion.topic, ItemVersion.difficulty, func.count())
        .join(Item)
        .where(Item.campaign_id == campaign.id, Item.part == bank.part.id, language_is(bank.language), Item.retired_at.is_(None))
        .group_by(ItemVersion.state, ItemVersion.topic, ItemVersion.difficulty)
    )
    states: Counter[str] = Counter()
    by_cell: dict[str, dict[CellKey, int]] = {"approved": {}, "in_review": {}}
    for state, topic, difficulty, count in rows:
        states[state] += count
        by_cell.setdefault(state, {})[topic, difficulty] = count
    cells = blueprint_cells(session, campaign, bank.part.id, bank.language)
    return Figures(
        bank=bank,
        asked=bank.language is None or bank.language in _languages_of_positions(session, campaign),
        states=states,
        approved=by_cell["approved"],
        waiting=by_cell["in_review"],
        cells=cells,
        shortages=lacking(session, campaign, bank, cells),
    )


def all_figures(session: Session, campaign: Campaign) -> list[Figures]:
    """The figures of every bank that a position needs or that holds anything, in the order of parts and languages."""
    found = [figures(session, campaign, bank) for bank in banks_of(campaign)]
    return [one for one in found if one.asked or one.states or one.cells]


def lacking(session: Session, campaign: Campaign, bank: Bank, cells: Sequence[drawing.Cell]) -> tuple[drawing.Shortage, ...]:
    """What the bank lacks for these cells and for the part as a whole, also while the cells do not add up yet."""
    items = pool(session, campaign, bank.part.id, bank.language)
    short = [line for line in drawing.shortage(items, cells, bank.part.bank_multiple) if line.cell is not None]
    if len(items) < bank.part.bank_minimum:
        short.append(drawing.Shortage(None, bank.part.bank_minimum, len(items)))
    return tuple(short)


def told(bank: Bank, shortage: drawing.Shortage) -> tuple[str, dict[str, object]]:
    """A shortage as the code of its sentence and the parameters that fill it, for `wording.say`."""
    figures: dict[str, object] = {"needed": shortage.needed, "have": shortage.have, "lacking": shortage.needed - shortage.have}
    if shortage.cell is None:
        return "questions.short_part", {**figures, "multiple": bank.part.bank_multiple, "questions": bank.part.questions}
    difficulty = f"questions.difficulty.{shortage.cell.difficulty}"
    return "questions.short_cell", {**figures, "topic": shortage.cell.topic, "difficulty": difficulty}


def _languages_of_positions(session: Session, campaign: Campaign) -> set[str]:
    found = session.scalars(select(Position.language).where(Position.campaign_id == campaign.id).distinct())
    return {language for language in found if language is not None}
