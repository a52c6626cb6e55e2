"""A panel at its table: three members, two candidates, and everybody around them. What tests of this room begin with."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.audit.models import LogEntry
from examsite.campaigns.models import Application, Campaign
from examsite.campaigns.roles import Role, role_of
from examsite.grading.models import Interview, Panel, PanelMember, ScoreSheet
from examsite.grading.operations import attendance, closing, conflicts, lots, opening, sheets
from examsite.grading.queries.outcomes import opening_content
from examsite.rules import canonical
from tests import factories
from tests.conftest import NOW

COMPONENTS = ("presentation", "defence", "answers")
MEMBERS = ("head", "binh", "chi")
MINUTE = timedelta(minutes=1)
FAIR = ("30", "20", "25")
"""A sheet of 75 points; the maxima are 40, 30 and 30, the bands 5 (above) and 10 (from)."""


@dataclass
class World:
    """One campaign with a panel, people by name, candidates 001 and 002 (unless told otherwise)."""

    session: Session
    campaign: Campaign
    panel: Panel
    people: dict[str, Account]
    applications: dict[str, Application] = field(default_factory=dict)

    def role(self, name: str) -> Role:
        return role_of(self.session, self.people[name], self.campaign)

    def member(self, name: str) -> PanelMember:
        found = select(PanelMember).where(PanelMember.panel_id == self.panel.id, PanelMember.account_id == self.people[name].id)
        return self.session.scalars(found).one()

    def interview(self, number: str = "001") -> Interview:
        found = select(Interview).where(Interview.application_id == self.applications[number].id)
        return self.session.scalars(found.execution_options(populate_existing=True)).one()

    def draw(self) -> None:
        lots.draw_lots(self.session, self.role("hr"), self.panel, NOW)

    def declare(self, *names: str, relations: dict[str, str] | None = None) -> None:
        """`relations` maps candidate numbers to relations."""
        named = {self.applications[number].public_id: (relation, "as said") for number, relation in (relations or {}).items()}
        for name in names or MEMBERS:
            conflicts.declare(self.session, self.role(name), self.panel, named, NOW)

    def call(self, *numbers: str) -> None:
        """Record candidates as present."""
        for number in numbers or self.applications:
            attendance.record_presence(self.session, self.role("hr"), self.panel, self.interview(number), "present", "", NOW)

    def begin(self) -> None:
        """Lots drawn, conflicts declared, both candidates there."""
        self.draw()
        self.declare()
        self.call()

    def newest(self, name: str, number: str = "001") -> ScoreSheet | None:
        found = select(ScoreSheet).where(ScoreSheet.interview_id == self.interview(number).id, ScoreSheet.member_id == self.member(name).id)
        return self.session.scalars(found.order_by(ScoreSheet.version.desc()).execution_options(populate_existing=True)).first()

    def save(
        self, name: str, scores: Sequence[str | None] = FAIR, number: str = "001", now: datetime = NOW, comment: str = ""
    ) -> ScoreSheet:
        return sheets.save_sheet(
            self.session, self.role(name), self.panel, self.interview(number), of(scores), comment, self._base(name, number), now
        )

    def lock(
        self, name: str, scores: Sequence[str | None] = FAIR, number: str = "001", now: datetime = NOW, comment: str = ""
    ) -> ScoreSheet:
        return sheets.lock_sheet(
            self.session, self.role(name), self.panel, self.interview(number), of(scores), comment, self._base(name, number), now
        )

    def lock_all(self, *wanted: Sequence[str], number: str = "001") -> None:
        """Lock a sheet of every member, each with its scores or all with the same."""
        for name, scores in zip(MEMBERS, wanted or [FAIR] * len(MEMBERS), strict=True):
            self.lock(name, scores, number)

    def reopen(self, name: str, by: str = "head", number: str = "001", now: datetime = NOW) -> None:
        sheet = self.newest(name, number)
        assert sheet is not None
        sheets.reopen_sheet(self.session, self.role(by), self.panel, sheet, "A slip of the pen.", now)

    def finish(self) -> None:
        """Both interviews scored by all, the panel closed."""
        self.begin()
        for number in self.applications:
            self.lock_all(number=number)
        closing.close_panel(self.session, self.role("head"), self.panel, NOW)

    def open_codes(self, first: str = "coder", second: str = "watcher") -> None:
        shown = self.digest()
        act = opening.propose_opening(self.session, self.role(first), shown, NOW)
        opening.sign_opening(self.session, self.role(second), act, shown, NOW)

    def digest(self) -> str:
        return canonical.digest(opening_content(self.session, self.campaign))

    def log(self, kind: str) -> list[LogEntry]:
        return list(self.session.scalars(select(LogEntry).where(LogEntry.kind == kind).order_by(LogEntry.number)))

    def _base(self, name: str, number: str) -> int:
        last = self.newest(name, number)
        return last.version if last else 0


def of(scores: Sequence[str | None]) -> dict[str, Decimal | None]:
    """Scores by criterion; a blank is unscored."""
    return {component: None if score is None else Decimal(score) for component, score in zip(COMPONENTS, scores, strict=True)}


def seen_on(page: str) -> str:
    """The digest that the first form of a page carries of what the page shows."""
    found = re.search(r'name="seen"[^>]* value="([0-9a-f]{64})"', page)
    assert found, page
    return found[1]


def make_world(
    session: Session, numbers: Sequence[str] = ("001", "002"), code: str = "LA-2026-01", changes: Mapping[str, object] | None = None
) -> World:
    """A world whose panel has not drawn its lots yet."""
    people = {name: _make_staff(session, name, code) for name in CAST}
    campaign = factories.make_campaign(session, code=code, stage="round2_timetable", hr=people["hr"], changes=changes)
    for name, board, duty in SEATS:
        factories.appoint(session, campaign, people[name], board, duty)
    position = factories.make_position(session, campaign)
    applications = {
        number: factories.make_application(session, position, f"Nguyễn Thị {'ABCDEFGH'[place]}", "eligible", number)
        for place, number in enumerate(numbers)
    }
    panel = factories.make_panel(session, campaign, [people[name] for name in MEMBERS], list(applications.values()))
    world = World(session, campaign, panel, people, applications)
    session.commit()
    return world


def find_world(session: Session) -> World:
    """The usual world, where it was made before."""
    panel = session.scalars(select(Panel)).one()
    people = {account.sign_in_name: account for account in session.scalars(select(Account).where(Account.sign_in_name.in_(CAST)))}
    applications = session.scalars(select(Application).order_by(Application.candidate_number))
    return World(session, panel.campaign, panel, people, {str(found.candidate_number): found for found in applications})


def _make_staff(session: Session, name: str, code: str) -> Account:
    sign_in_name = name if code == "LA-2026-01" else f"{name}-{code.lower()}"
    return factories.make_staff(session, sign_in_name, name.title(), password=name in {"watcher", "chair", "coder"})


CAST = ("hr", "head", "binh", "chi", "dung", "chair", "council", "coder", "watcher", "asker", "outsider")
SEATS = (
    ("dung", "panel", "member"),
    ("chair", "council", "head"),
    ("council", "council", "member"),
    ("coder", "code", "head"),
    ("watcher", "supervision", "member"),
    ("asker", "question", "member"),
)
