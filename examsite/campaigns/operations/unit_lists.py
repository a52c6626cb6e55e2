"""Take in a list of units."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts import list_uploads
from examsite.accounts.models import Account, ListUpload
from examsite.accounts.operations import actor_of
from examsite.audit.models import HOUSE
from examsite.audit.operations import Actor, Entry, record_all
from examsite.campaigns.models import Unit
from examsite.campaigns.operations.unique import unless_taken
from examsite.campaigns.operations.units import hold_the_tree, must_be_allowed
from examsite.campaigns.queries.unit_lists import UnitIntake, assess, parents_of
from examsite.campaigns.unit_rows import UnitRow
from examsite.db import new_public_id
from examsite.lists import Intake, ListFile
from examsite.rules.refusal import Conflict

KIND = "units"


def take_upload(
    session: Session, kept: ListUpload, file: ListFile[UnitRow], actor: Account, *, good_rows: bool, now: datetime
) -> Intake[UnitRow]:
    """Take in an uploaded list and wipe its content; see `take`."""
    must_be_allowed(actor)
    done = take(session, file, actor_of(actor), good_rows=good_rows, now=now)
    list_uploads.wipe(session, kept)
    return done


def take(session: Session, file: ListFile[UnitRow], actor: Actor, *, good_rows: bool, now: datetime) -> UnitIntake:
    """Add and change the units of a list: all rows or none, unless `good_rows` leaves out those with errors.

    The caller has asked for the permission. The tree is locked, so that no move can close a circle meanwhile; each unit that is new or
    changed leaves its entry in the log, and the list one that names them all. Refuses (`intake.`) `has_errors`, `no_good_rows`, and
    (`changed_meanwhile`) a code that somebody else took at the same moment.
    """
    hold_the_tree(session)
    intake = assess(session, file)
    intake.must_be_takeable(good_rows=good_rows)
    units = {unit.code: unit for unit in session.scalars(select(Unit))}
    rows = intake.in_tree_order(parents_of(units.values()))
    with unless_taken(session, Conflict("changed_meanwhile")):
        entries = [_entry(session, row, intake.parents[row.code], units, now) for row in rows]
    record_all(session, HOUSE, entries, actor, now)
    new, changed = ([one.about.partition(":")[2] for one in entries if one.kind.endswith(end)] for end in (":created", ":changed"))
    list_uploads.tell_taken(session, HOUSE, KIND, file.digest, actor, now, new=new, changed=changed)
    return intake


def _entry(session: Session, row: UnitRow, parent_code: str, units: dict[str, Unit], now: datetime) -> Entry:
    """Store one row; the unit it belongs to was stored before it."""
    parent = units[parent_code] if parent_code else None
    unit = units.get(row.code)
    after = _plain(row.code, row.name, parent)
    if unit is None:
        unit = Unit(public_id=new_public_id(), code=row.code, name=row.name, parent_id=parent.id if parent else None, created_at=now)
        session.add(unit)
        session.flush()  # those beneath it name it
        units[row.code] = unit
        return Entry("campaigns:unit:created", f"unit:{unit.public_id}", after)
    above: Sequence[Unit] = [other for other in units.values() if other.id == unit.parent_id]
    before = _plain(unit.code, unit.name, above[0] if above else None)
    unit.name, unit.parent_id = row.name, parent.id if parent else None
    return Entry("campaigns:unit:changed", f"unit:{unit.public_id}", {"before": before, "after": after})


def _plain(code: str, name: str, parent: Unit | None) -> Mapping[str, object]:
    return {"code": code, "name": name, "parent": parent.public_id if parent else None}
