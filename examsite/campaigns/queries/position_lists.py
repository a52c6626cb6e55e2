"""A list of positions against those of the campaign: which are new, which change, which are there already, which cannot be and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.campaigns.models import Campaign, Position, Unit
from examsite.campaigns.position_rows import PositionRow
from examsite.campaigns.queries import rule_set
from examsite.campaigns.queries.positions import positions_of
from examsite.lists import Finding, Intake, ListFile, ListReading
from examsite.lists.findings import in_order
from examsite.vietnamese import fold

FIELDS = ("title", "level", "quota")
NOTHING = "–"
SHOWN = 120


@dataclass(frozen=True)
class PositionIntake(Intake[PositionRow]):
    """What a list of positions comes to; `units` has the unit of each good row by its code, `standing` the position it changes."""

    units: Mapping[str, Unit] = field(default_factory=dict)
    standing: Mapping[str, Position] = field(default_factory=dict)


def assess(session: Session, campaign: Campaign, file: ListFile[PositionRow]) -> PositionIntake:
    """Hold the rows that were read against the units of the house, the rules and the positions of the campaign.

    A position is known by its code: where everything the row says is so already, it is passed over, else what changes is told. A file
    that says nothing about standards leaves those that stand.
    """
    reading = file.reading
    finder = UnitFinder(session)
    standing = {position.code: position for position in positions_of(session, campaign)}
    needed = any(part.by_language for part in rule_set(campaign).round1.parts)
    errors, known, changed, good = list(reading.errors), [], [], []
    units: dict[str, Unit] = {}
    for row in reading.rows:
        found = finder.find(row.unit)
        wrong = _wrong(reading, row, found, language_needed=needed)
        if wrong:
            errors += wrong
            continue
        units[row.code] = found[0]
        changes = _changes(reading, row, standing[row.code], found[0]) if row.code in standing else []
        if row.code in standing and not changes:
            known.append(reading.about(row, "code", "positions.same", row.code, title=row.title))
        else:
            good.append(row)
            changed += changes
    return PositionIntake(
        good, known, in_order(file.book, errors), reading.notes, file.book.notes, reading.rows_seen, changed, units, standing
    )


class UnitFinder:
    """The units of the house by their code, their name, or both as `CODE – Name`."""

    def __init__(self, session: Session) -> None:
        self._by_words: dict[str, list[Unit]] = {}
        for unit in session.scalars(select(Unit).order_by(Unit.code)):
            for words in {fold(unit.code), fold(unit.name), fold(unit_words(unit))}:
                self._by_words.setdefault(words, []).append(unit)

    def find(self, words: str) -> list[Unit]:
        """The units that somebody may have meant; a code as it stands counts before a name."""
        found = self._by_words.get(fold(words), [])
        exact = [unit for unit in found if words.upper() == unit.code or words == unit_words(unit)]
        return exact or found


def unit_words(unit: Unit) -> str:
    """A unit as a list offers it."""
    return f"{unit.code} – {unit.name}"


def _wrong(reading: ListReading[PositionRow], row: PositionRow, found: list[Unit], *, language_needed: bool) -> list[Finding]:
    wrong = []
    if not found:
        wrong.append(reading.about(row, "unit", "positions.unit_unknown", row.unit))
    elif len(found) > 1:
        wrong.append(reading.about(row, "unit", "positions.unit_several", row.unit, known=", ".join(unit.code for unit in found)))
    if language_needed and row.language is None:
        wrong.append(reading.about(row, "language", "campaigns.language_missing"))
    criteria = row.criteria or ()
    if len(set(criteria)) != len(criteria):
        wrong.append(reading.about(row, "criteria", "campaigns.criterion_twice"))
    return wrong


def _changes(reading: ListReading[PositionRow], row: PositionRow, position: Position, unit: Unit) -> list[Finding]:
    """What a row says otherwise than the position with its code."""
    before: dict[str, object] = {name: getattr(position, name) for name in FIELDS}
    after: dict[str, object] = {name: getattr(row, name) for name in FIELDS}
    before |= {"unit": position.unit.name, "language": position.language or NOTHING}
    after |= {"unit": unit.name, "language": row.language or NOTHING}
    found = [
        reading.about(row, name, "positions.changed", str(after[name]), code=row.code, before=str(before[name]), after=str(after[name]))
        for name in after
        if before[name] != after[name]
    ]
    texts = [criterion.text for criterion in position.criteria]
    if row.criteria is not None and set(row.criteria) != set(texts):
        gone, added = [text for text in texts if text not in row.criteria], [text for text in row.criteria if text not in texts]
        told = {"code": row.code, "gone": _told(gone), "added": _told(added)}
        found.append(reading.about(row, "criteria", "positions.criteria_changed", "", **told))
    return found


def _told(texts: list[str]) -> str:
    words = "; ".join(texts)
    return (words if len(words) <= SHOWN else words[: SHOWN - 1] + "…") or NOTHING
