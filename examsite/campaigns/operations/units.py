"""Create and change the units of the house."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.accounts.operations import actor_of
from examsite.audit.models import HOUSE
from examsite.audit.operations import record
from examsite.campaigns.models import Unit
from examsite.campaigns.operations.unique import unless_taken
from examsite.campaigns.permissions import may_edit_units
from examsite.campaigns.queries.units import beneath
from examsite.rules import canonical
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from examsite.vietnamese import tidy


def create(session: Session, code: str, name: str, parent: Unit | None, actor: Account, now: datetime) -> Unit:
    """Add a unit beneath `parent`, or at the top. Refuses (`campaigns.`): `text_missing`, `unit_code_taken`."""
    must_be_allowed(actor)
    code, name = _checked(code, name)
    unit = Unit(code=code, name=name, parent_id=parent.id if parent else None, created_at=now)
    with unless_taken(session, _code_taken(code)):
        session.add(unit)
    data = {"code": code, "name": name, "parent": parent.public_id if parent else None}
    record(session, HOUSE, "campaigns:unit:created", f"unit:{unit.public_id}", actor_of(actor), now, data)
    return unit


def edit(
    session: Session, unit: Unit, code: str, name: str, parent: Unit | None, actor: Account, now: datetime, *, seen: str | None = None
) -> None:
    """Rename or move a unit; it cannot be moved beneath itself (`campaigns.unit_in_itself`).

    `seen` is the `shown` of the page on which somebody filled this in: refused where it is no longer so (Conflict
    `campaigns.changed_meanwhile`).
    """
    must_be_allowed(actor)
    code, name = _checked(code, name)
    if parent is not None:
        hold_the_tree(session)
        if parent.id in beneath(session, unit):
            raise Refused("campaigns.unit_in_itself", field="parent")
    session.refresh(unit, with_for_update=True)
    before = _plain(unit)
    if seen not in (None, shown(unit)):
        raise Conflict("campaigns.changed_meanwhile")
    after = {"code": code, "name": name, "parent": parent.public_id if parent else None}
    if before == after:
        return
    with unless_taken(session, _code_taken(code)):
        unit.code, unit.name, unit.parent_id = code, name, parent.id if parent else None
    record(session, HOUSE, "campaigns:unit:changed", f"unit:{unit.public_id}", actor_of(actor), now, {"before": before, "after": after})


def shown(unit: Unit) -> str:
    """What a page showed of a unit, in one short text."""
    return canonical.digest(_plain(unit))[:16]


def _plain(unit: Unit) -> dict[str, object]:
    return {"code": unit.code, "name": unit.name, "parent": unit.parent.public_id if unit.parent else None}


def must_be_allowed(actor: Account) -> None:
    """Refuse whoever may not change the units of the house."""
    if not may_edit_units(actor):
        raise NotPermitted("access.wrong_role")


def _checked(code: str, name: str) -> tuple[str, str]:
    code, name = tidy(code).upper(), tidy(name)
    for field, text in (("code", code), ("name", name)):
        if not text:
            raise Refused("campaigns.text_missing", field=field)
    return code, name


def hold_the_tree(session: Session) -> None:
    """Lock every unit, so that two moves at the same moment cannot close a circle between them."""
    session.execute(select(Unit.id).order_by(Unit.id).with_for_update()).all()


def _code_taken(code: str) -> Refused:
    return Refused("campaigns.unit_code_taken", field="code", unit=code)
