"""Add, change and remove days of the house. Due dates follow at once; what a published list promised stays as it was published."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, select, update
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
from examsite.rules import canonical
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from examsite.vietnamese import tidy

_FRIDAY = 4


def add(session: Session, day: date, name: str, kind: str, confirmed: bool, actor: Account, now: datetime) -> Holiday:
    """Enter a day. Refuses (`holidays.`): `name_missing`, `kind_unknown`, `weekday_in_lieu` (a weekday is worked anyway), `day_taken`."""
    _must_be_allowed(actor)
    holiday = Holiday(public_id=new_public_id(), day=day, name=tidy(name), kind=kind, confirmed=confirmed, changed_at=now)
    _check(day, holiday.name, kind)
    try:
        with session.begin_nested():
            session.add(holiday)
    except IntegrityError as fault:
        raise _taken(day) from fault
    record(session, HOUSE, "holidays:day:added", _about(holiday), actor_of(actor), now, _told(holiday))
    return holiday


def change(
    session: Session, holiday: Holiday, seen: str, day: date, name: str, kind: str, confirmed: bool, actor: Account, now: datetime
) -> None:
    """Put other values in the place of those that were `seen` (see `seen_as`).

    Refuses as `add`; Conflict (`holidays.`) where somebody else was quicker: `changed_by_other`, which says what the day is now, or `gone`.
    """
    _must_be_allowed(actor)
    if seen_as(holiday) != seen:
        raise _changed(holiday)
    _check(day, tidy(name), kind)
    before, after = _told(holiday), _as_told(day, tidy(name), kind, confirmed)
    if after == before:
        return
    values = {"day": day, "name": tidy(name), "kind": kind, "confirmed": confirmed, "changed_at": now}
    try:
        with session.begin_nested():
            changed = rows_changed(session, update(Holiday).where(*_unchanged(holiday)).values(values))
    except IntegrityError as fault:
        raise _taken(day) from fault
    if changed != 1:
        raise _quicker(session, holiday)
    told = {"before": before, "after": after}
    record(session, HOUSE, "holidays:day:changed", _about(holiday), actor_of(actor), now, told)


def seen_as(holiday: Holiday) -> str:
    """What a form remembers of the values that it showed."""
    return canonical.digest(_told(holiday))


def remove(session: Session, holiday: Holiday, actor: Account, now: datetime) -> None:
    """Take a day out; the log keeps what it was. Conflict where somebody else was quicker."""
    _must_be_allowed(actor)
    told = _told(holiday)
    if rows_changed(session, delete(Holiday).where(*_unchanged(holiday))) != 1:
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


def _check(day: date, name: str, kind: str) -> None:
    if not name:
        raise Refused("holidays.name_missing", field="name")
    if kind not in KINDS:
        raise Refused("holidays.kind_unknown", field="kind")
    if kind == IN_LIEU and day.weekday() <= _FRIDAY:
        raise Refused("holidays.weekday_in_lieu", field="day")


def _taken(day: date) -> Refused:
    return Refused("holidays.day_taken", field="day", day=f"{day:%d/%m/%Y}")


def _unchanged(holiday: Holiday) -> tuple[ColumnElement[bool], ...]:
    """The row as it was read: what the log says of the values before is what they were."""
    values = (Holiday.day == holiday.day, Holiday.name == holiday.name, Holiday.kind == holiday.kind)
    return (Holiday.id == holiday.id, *values, Holiday.confirmed.is_(holiday.confirmed))


def _quicker(session: Session, holiday: Holiday) -> Conflict:
    """Why the row is no more as it was read."""
    now_there = select(Holiday).where(Holiday.id == holiday.id).execution_options(populate_existing=True)
    found = session.scalar(now_there)
    return _changed(found) if found else Conflict("holidays.gone")


def _changed(holiday: Holiday) -> Conflict:
    told = {"day": f"{holiday.day:%d/%m/%Y}", "name": holiday.name, "kind": f"holidays.kind_{holiday.kind}"}
    return Conflict("holidays.changed_by_other", **told)


def _must_be_allowed(actor: Account) -> None:
    if not may_edit_holidays(actor):
        raise NotPermitted("access.wrong_role")


def _about(holiday: Holiday) -> str:
    return f"holiday:{holiday.public_id}"


def _told(holiday: Holiday) -> dict[str, object]:
    return _as_told(holiday.day, holiday.name, holiday.kind, holiday.confirmed)


def _as_told(day: date, name: str, kind: str, confirmed: bool) -> dict[str, object]:
    return {"day": day.isoformat(), "name": name, "kind": kind, "confirmed": confirmed}
