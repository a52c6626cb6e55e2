"""Add, change and remove days of the house. Due dates follow at once; what a published list promised stays as it was published."""

from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.accounts.operations import actor_of
from examsite.audit.models import HOUSE
from examsite.audit.operations import SYSTEM, Actor, record
from examsite.db import insert_once, new_public_id, rows_changed
from examsite.holidays.known import known_days
from examsite.holidays.models import IN_LIEU, KINDS, Holiday
from examsite.holidays.permissions import may_edit_holidays
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from examsite.vietnamese import tidy

_FRIDAY = 4


def add(session: Session, day: date, name: str, kind: str, confirmed: bool, actor: Account, now: datetime) -> Holiday:
    """Enter a day. Refuses (`holidays.`): `name_missing`, `kind_unknown`, `weekday_in_lieu` (a weekday is worked anyway), `day_taken`."""
    _must_be_allowed(actor)
    holiday = Holiday(public_id=new_public_id(), day=day, name=tidy(name), kind=kind, confirmed=confirmed, changed_at=now)
    _keep(session, holiday, day)
    record(session, HOUSE, "holidays:day:added", _about(holiday), actor_of(actor), now, _told(holiday))
    return holiday


def change(session: Session, holiday: Holiday, day: date, name: str, kind: str, confirmed: bool, actor: Account, now: datetime) -> None:
    """Put other values in the place of a day's. Refuses as `add`."""
    _must_be_allowed(actor)
    before = _told(holiday)
    holiday.day, holiday.name, holiday.kind, holiday.confirmed = day, tidy(name), kind, confirmed
    if _told(holiday) == before:
        return
    holiday.changed_at = now
    _keep(session, holiday, day)
    told = {"before": before, "after": _told(holiday)}
    record(session, HOUSE, "holidays:day:changed", _about(holiday), actor_of(actor), now, told)


def remove(session: Session, holiday: Holiday, actor: Account, now: datetime) -> None:
    """Take a day out; the log keeps what it was. Conflict where somebody else was quicker."""
    _must_be_allowed(actor)
    told = _told(holiday)
    if rows_changed(session, delete(Holiday).where(Holiday.id == holiday.id)) != 1:
        raise Conflict("changed_meanwhile")
    record(session, HOUSE, "holidays:day:removed", _about(holiday), actor_of(actor), now, told)


def take_known(session: Session, actor: Account, now: datetime) -> int:
    """Enter those public holidays that the program knows and the house does not have yet; return how many came in."""
    _must_be_allowed(actor)
    return _take_known(session, actor_of(actor), now)


def take_known_at_set_up(session: Session, now: datetime) -> int:
    """The same for a new site, by the operator's command."""
    return _take_known(session, SYSTEM, now)


def _take_known(session: Session, actor: Actor, now: datetime) -> int:
    there = set(session.scalars(select(Holiday.day)))
    missing = [known for known in known_days() if known.day not in there]
    if not missing:
        return 0
    rows = [
        {
            "public_id": new_public_id(),
            "day": known.day,
            "name": known.name,
            "kind": known.kind,
            "confirmed": known.confirmed,
            "changed_at": now,
        }
        for known in missing
    ]
    session.execute(insert_once(session.get_bind().dialect, Holiday).values(rows))
    data = {"days": [known.day.isoformat() for known in missing]}
    record(session, HOUSE, "holidays:known:taken", "holidays:known", actor, now, data)
    return len(missing)


def _keep(session: Session, holiday: Holiday, day: date) -> None:
    if not holiday.name:
        raise Refused("holidays.name_missing", field="name")
    if holiday.kind not in KINDS:
        raise Refused("holidays.kind_unknown", field="kind")
    if holiday.kind == IN_LIEU and day.weekday() <= _FRIDAY:
        raise Refused("holidays.weekday_in_lieu", field="day")
    try:
        with session.begin_nested():
            session.add(holiday)
    except IntegrityError as fault:
        raise Refused("holidays.day_taken", field="day", day=f"{day:%d/%m/%Y}") from fault


def _must_be_allowed(actor: Account) -> None:
    if not may_edit_holidays(actor):
        raise NotPermitted("access.wrong_role")


def _about(holiday: Holiday) -> str:
    return f"holiday:{holiday.public_id}"


def _told(holiday: Holiday) -> dict[str, object]:
    return {"day": holiday.day.isoformat(), "name": holiday.name, "kind": holiday.kind, "confirmed": holiday.confirmed}
