"""A candidate's listing and sittings for pages that only look: one plain statement, and objects that belong to no session.

When a session begins and when it ends, a whole room asks for these pages in one second, and loading the six kinds of rows as objects of a
session would cost more than all else on such a page. What is made here holds the columns that pages show and rules ask for; reading
anything else of it fails loudly, and what is changed on it is written nowhere. Whoever acts loads with `attendance.py` and `sittings.py`.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any, cast

from sqlalchemy import Column, Select, Table, bindparam, select
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import manager_of_class, set_committed_value

from examsite.accounts.models import Account
from examsite.campaigns.models import Application, Campaign
from examsite.campaigns.queries import rules_are_known
from examsite.rounds import timeplan
from examsite.rounds.models import ExamSession, Paper, RosterEntry, Sitting
from examsite.rounds.queries.attendance import Attendance, attendance_of, in_turn
from examsite.rules import timing
from examsite.rules.refusal import NotFound

_SHOWN: dict[Any, tuple[str, ...]] = {
    RosterEntry: (
        "id", "session_id", "application_id", "candidate_number", "state", "ledger_version", "postponements", "checked_in_at", "room_id",
        "seat",
    ),
    Application: ("id", "account_id", "state"),
    ExamSession: ("id", "campaign_id", "name", "place", "opens_at", "closes_at", "state", "needs_check_in", "access_code"),
    Campaign: ("id", "public_id", "title", "time_zone", "rules_hash"),
    Paper: ("id", "part", "digest"),
    Sitting: (
        "id", "public_id", "entry_id", "paper_id", "part", "login_session_id", "epoch", "device_hash", "released_epoch",
        "released_login_id", "released_device", "state", "opens_at", "deadline", "closes_at", "last_seq", "last_saved_at", "paused_since",
        "head", "closed_at", "answered", "blank", "receipt_code",
    ),
}  # fmt: skip
_PLACES = tuple(pairwise(accumulate((len(names) for names in _SHOWN.values()), initial=0)))
_entry, _application, _exam, _campaign, _paper, _sitting = (cast("Table", model.__table__) for model in _SHOWN)
_mine = _sitting.alias("mine")


def _columns() -> Iterator[Column[Any]]:
    for model, names in _SHOWN.items():
        yield from (model.__table__.c[name] for name in names)


def _listings() -> Select[Any]:
    """A row for each paper and each sitting of a listing."""
    listed = _entry.join(_application, _application.c.id == _entry.c.application_id).join(_exam, _exam.c.id == _entry.c.session_id)
    drawn = listed.join(_campaign, _campaign.c.id == _exam.c.campaign_id).outerjoin(_paper, _paper.c.entry_id == _entry.c.id)
    whole = drawn.outerjoin(_sitting, _sitting.c.entry_id == _entry.c.id)
    return select(*_columns()).select_from(whole).order_by(_sitting.c.id, _paper.c.id)


_OF_ACCOUNT = _listings().where(_application.c.account_id == bindparam("account"))
_OF_SITTING = _OF_ACCOUNT.where(_entry.c.id == select(_mine.c.entry_id).where(_mine.c.public_id == bindparam("sitting")).scalar_subquery())


def seen_attendances(session: Session, account: Account) -> list[Attendance]:
    """All listings of a candidate as `attendance.attendances` orders them, to look at."""
    return [_seen(session, entry) for entry in in_turn(_entries(session, _OF_ACCOUNT, {"account": account.id}))]


def seen_attendance(session: Session, account: Account, part: str) -> Attendance:
    """The listing for which a candidate would start `part` now, to decide whether they may; or NotFound."""
    for attendance in seen_attendances(session, account):
        if part in timeplan.parts_by_id(attendance.rules):
            return attendance
    raise NotFound


def seen_sitting(session: Session, account: Account, sitting_id: str) -> Sitting:
    """The sitting of this public id with all beside it, to look at, if it is the candidate's own; or NotFound."""
    for entry in _entries(session, _OF_SITTING, {"account": account.id, "sitting": sitting_id}):
        for sitting in entry.sittings:
            if sitting.public_id == sitting_id:
                return sitting
    raise NotFound


class SeenAttendance(Attendance):
    """A listing that does not change any more, so that its plan is reckoned once."""

    @cached_property
    def plan(self) -> timing.TimePlan:
        """As of any attendance."""
        return super().plan


def _seen(session: Session, entry: RosterEntry) -> SeenAttendance:
    found = attendance_of(session, entry)
    return SeenAttendance(found.entry, found.rules, found.exempt, found.papers, found.ledger)


def _entries(session: Session, statement: Select[Any], asked: Mapping[str, object]) -> list[RosterEntry]:
    session.flush()  # what this session has changed is looked at as it stands
    by_entry: dict[int, list[Any]] = {}
    for row in session.connection().execute(statement, asked):
        by_entry.setdefault(row[0], []).append([row[first:last] for first, last in _PLACES])
    return [_entry_of(session, rows) for rows in by_entry.values()]


def _entry_of(session: Session, rows: list[Any]) -> RosterEntry:
    """One listing of its rows, each cut into the kinds of `_SHOWN`."""
    entry, application, exam, campaign = (_object(model, values) for model, values in zip(_SHOWN, rows[0][:4], strict=False))
    if not rules_are_known(campaign):  # asked once for each set of rules, or while it is not frozen
        campaign = session.get_one(Campaign, campaign.id)
    papers = _different(Paper, (row[4] for row in rows))
    sittings = _different(Sitting, (row[5] for row in rows))
    set_committed_value(exam, "campaign", campaign)
    for name, value in (("application", application), ("session", exam), ("papers", papers), ("sittings", sittings)):
        set_committed_value(entry, name, value)
    for sitting in sittings:
        set_committed_value(sitting, "entry", entry)
    return cast("RosterEntry", entry)


def _different(model: Any, rows: Iterable[Any]) -> list[Any]:
    """Each row once, in their order; an outer join gives an empty one where there is none."""
    return [_object(model, values) for key, values in {values[0]: values for values in rows}.items() if key is not None]


def _object(model: Any, values: Any) -> Any:
    found = manager_of_class(model).new_instance()
    found.__dict__.update(zip(_SHOWN[model], values, strict=True))
    make_transient_to_detached(found)
    return found
