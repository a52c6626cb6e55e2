"""A list of units against the tree that stands: which are new, which change, which are there already, which cannot be and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.campaigns.models import Unit
from examsite.campaigns.unit_rows import UnitRow
from examsite.lists import Finding, Intake, ListFile, ListReading
from examsite.lists.findings import in_order
from examsite.vietnamese import fold

NO_PARENT = "–"


@dataclass(frozen=True)
class UnitIntake(Intake[UnitRow]):
    """What a list of units comes to; `parents` has the code of the unit that each good row belongs to, empty at the top."""

    parents: Mapping[str, str] = field(default_factory=dict)

    def in_tree_order(self, standing: Mapping[str, str]) -> list[UnitRow]:
        """The good rows, each after the unit it belongs to; `standing` are the parents of the units that stand."""
        tree = {**standing, **self.parents}
        return sorted(self.good, key=lambda row: _depth(row.code, tree))


def assess(session: Session, file: ListFile[UnitRow]) -> UnitIntake:
    """Hold the rows that were read against the units of the house.

    A unit is known by its code: one with the same name and place is passed over, another one is told as a change. A row whose unit
    above is neither in the house nor in a good row of the file is an error, and so is a circle.
    """
    reading = file.reading
    units = {unit.code: unit for unit in session.scalars(select(Unit).execution_options(populate_existing=True))}
    standing = parents_of(units.values())
    errors = list(reading.errors)
    rows: Sequence[UnitRow] = reading.rows
    while True:  # a row that falls may be the unit above another one
        parents, wrong = _placed(reading, rows, units, standing)
        if not wrong:
            break
        errors += wrong
        faulty = {(one.sheet, one.row) for one in wrong}
        rows = [row for row in rows if (row.sheet, row.row) not in faulty]
    known, changed, good = _sorted_out(reading, rows, units, standing, parents)
    parents = {row.code: parents[row.code] for row in good}
    return UnitIntake(good, known, in_order(file.book, errors), reading.notes, file.book.notes, reading.rows_seen, changed, parents)


def parents_of(units: Iterable[Unit]) -> dict[str, str]:
    """The code of the unit above each unit, empty at the top."""
    found = list(units)
    codes = {unit.id: unit.code for unit in found}
    return {unit.code: codes[unit.parent_id] if unit.parent_id else "" for unit in found}


def _placed(
    reading: ListReading[UnitRow], rows: Sequence[UnitRow], units: Mapping[str, Unit], standing: Mapping[str, str]
) -> tuple[dict[str, str], list[Finding]]:
    """The code of the unit above for each row, and the rows that have none that could be."""
    names = {unit.code: unit.name for unit in units.values()} | {row.code: row.name for row in rows}
    by_name: dict[str, list[str]] = {}
    for code, name in names.items():
        by_name.setdefault(fold(name), []).append(code)
    parents: dict[str, str] = {}
    wrong: list[Finding] = []
    for row in rows:
        fitting = [""] if not row.parent else [row.parent.upper()] if row.parent.upper() in names else by_name.get(fold(row.parent), [])
        if len(fitting) == 1:
            parents[row.code] = fitting[0]
        else:
            code = "units.parent_several" if fitting else "units.parent_unknown"
            wrong.append(reading.about(row, "parent", code, row.parent, known=", ".join(sorted(fitting))))
    tree = {**standing, **parents}
    circles = [row for row in rows if row.code in parents and _in_circle(row.code, tree)]
    return parents, wrong + [reading.about(row, "parent", "units.circle", row.parent) for row in circles]


def _in_circle(code: str, tree: Mapping[str, str]) -> bool:
    above, seen = tree.get(code, ""), set()
    while above and above not in seen:
        if above == code:
            return True
        seen.add(above)
        above = tree.get(above, "")
    return False


def _depth(code: str, tree: Mapping[str, str]) -> int:
    depth = 0
    while code := tree.get(code, ""):
        depth += 1
    return depth


def _sorted_out(
    reading: ListReading[UnitRow],
    rows: Sequence[UnitRow],
    units: Mapping[str, Unit],
    standing: Mapping[str, str],
    parents: Mapping[str, str],
) -> tuple[list[Finding], list[Finding], list[UnitRow]]:
    known: list[Finding] = []
    changed: list[Finding] = []
    good: list[UnitRow] = []
    for row in rows:
        unit = units.get(row.code)
        if unit is not None and (unit.name, standing[row.code]) == (row.name, parents[row.code]):
            known.append(reading.about(row, "code", "units.same", row.code, name=row.name))
            continue
        good.append(row)
        if unit is not None and unit.name != row.name:
            changed.append(reading.about(row, "name", "units.renamed", row.name, before=unit.name, after=row.name))
        if unit is not None and standing[row.code] != parents[row.code]:
            places = {"before": standing[row.code] or NO_PARENT, "after": parents[row.code] or NO_PARENT}
            changed.append(reading.about(row, "parent", "units.moved", row.parent, name=row.name, **places))
    return known, changed, good
