"""A recruitment of the size of the benchmark: one bank, and as many exam sessions with sealed papers of 90 items as there are phases."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examsite import clock
from examsite.accounts.operations import open_login
from examsite.app import create_app
from examsite.campaigns.models import Campaign, Position
from examsite.config import Settings
from examsite.db import open_session
from examsite.questions.queries import blueprint_cells, pool
from examsite.rounds.models import ExamSession, Paper, RosterEntry, Sitting
from examsite.rules import drawing
from tests import databases, factories
from tests.bench import machine
from tests.conftest import NOW
from tests.rounds.world import SEED, list_candidate

QUESTIONS = 90
CELLS = (("law", "easy", 50), ("law", "medium", 25), ("law", "hard", 15))
KEY = "a key of the benchmark that nobody else will ever use"
STEM = "Theo quy định hiện hành, trường hợp nào sau đây thuộc thẩm quyền quyết định của người đứng đầu cơ quan, tổ chức, đơn vị? ({})"
OPTION = "Trường hợp được nêu tại khoản {} của điều này, trừ trường hợp pháp luật có quy định khác"
EARLY = timedelta(seconds=5)


@dataclass(frozen=True)
class Person:
    """A candidate: the name to sign in with, and the cookie of a login session."""

    name: str
    cookie: str


@dataclass(frozen=True)
class Site:
    """A database that can be served. `roots` are processes of the database server, none for SQLite."""

    name: str
    database: databases.Copy
    roots: tuple[int, ...]

    @property
    def environment(self) -> dict[str, str]:
        url = self.database.engine.url.render_as_string(hide_password=False)
        return {"DATABASE_URL": url, "EXAMSITE_SECRET_KEY": KEY}


@contextmanager
def database(name: str) -> Iterator[Site]:
    """An empty migrated database: `sqlite` in a file, `postgresql` on a server of its own."""
    with tempfile.TemporaryDirectory(prefix="examsite-bench-") as scratch:
        folder = Path(scratch)
        if name == "sqlite":
            sqlite = databases.Sqlite(folder)
            copy = sqlite.copy()
            yield Site(name, copy, ())
            sqlite.drop(copy)
        else:
            postgresql = databases.Postgresql(databases.start_postgresql(folder / "server"))
            copy = postgresql.copy()
            yield Site(name, copy, (machine.postmaster(folder / "server"),))
            postgresql.drop(copy)


def build(site: Site, groups: dict[str, int]) -> dict[str, list[Person]]:
    """A session with this many candidates for each group, all signed in, with sealed papers."""
    found = {}
    with open_session(site.database.engine) as session:
        campaign = factories.make_campaign(session, stage="round1_timetable", changes={"parts.general.questions": QUESTIONS})
        position = factories.make_position(session, campaign)
        _fill_bank(session, campaign)
        for number, (group, count) in enumerate(groups.items(), start=1):
            found[group] = _session(session, campaign, position, number, group, count)
        session.commit()
    return found


def open_now(site: Site, group: str) -> None:
    """Let the session of this group have begun a few seconds ago."""
    with open_session(site.database.engine) as session:
        session.execute(update(ExamSession).where(ExamSession.name == group).values(opens_at=clock.now() - EARLY))
        session.commit()


def end_at(site: Site, group: str, moment: datetime) -> None:
    """Let all sittings of this group reach their deadline at one moment."""
    with open_session(site.database.engine) as session:
        of_group = select(RosterEntry.id).join(ExamSession, ExamSession.id == RosterEntry.session_id).where(ExamSession.name == group)
        ending = update(Sitting).where(Sitting.entry_id.in_(of_group))
        session.execute(ending.values(deadline=moment, closes_at=moment + timedelta(seconds=30)))
        session.commit()


def _session(session: Session, campaign: Campaign, position: Position, number: int, group: str, count: int) -> list[Person]:
    exam = ExamSession(campaign_id=campaign.id, name=group, place="Room 1", opens_at=clock.now() + timedelta(hours=2))
    session.add(exam)
    session.flush()
    accounts = [list_candidate(session, exam, position, f"{number}{place:05d}", exempt=True) for place in range(count)]
    _seal(session, campaign, exam)
    return [Person(account.sign_in_name, _cookie(open_login(session, account, clock.now()))) for account in accounts]


def _seal(session: Session, campaign: Campaign, exam: ExamSession) -> None:
    items, cells = pool(session, campaign, "general", None), blueprint_cells(session, campaign, "general", None)
    for entry in session.scalars(select(RosterEntry).where(RosterEntry.session_id == exam.id)).all():
        paper = drawing.draw_paper(SEED, entry.candidate_number, "general", items, cells)
        stored = [[item.item, item.version, list(item.options)] for item in paper]
        session.add(Paper(entry_id=entry.id, part="general", items=stored, digest=drawing.paper_digest(paper), drawn_at=NOW))
    exam.state, exam.seed, exam.seed_commitment = "sealed", SEED.hex(), drawing.seed_commitment(SEED)
    exam.sealed_at, exam.papers_digest = NOW, "0" * 64
    session.flush()


def _fill_bank(session: Session, campaign: Campaign) -> None:
    """Three times what a paper needs, with stems and options of the length that real ones have."""
    for topic, difficulty, count in CELLS:
        for place in range(3 * count):
            options = [OPTION.format(number) for number in range(1, 5)]
            factories.make_item(session, campaign, "general", topic, difficulty, key=place % 4, options=options, stem=STEM.format(place))
    factories.make_blueprint(session, campaign, "general", CELLS)


@cache
def _signer() -> Callable[[object], str]:
    app = create_app(Settings("sqlite://", KEY))
    return app.session_interface.get_signing_serializer(app).dumps  # type: ignore[attr-defined, no-any-return]


def _cookie(token: str) -> str:
    return _signer()({"_user_id": token, "_fresh": True})
