"""An exam session with sealed papers, and candidates who can sit it: what tests of this room begin with."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account, LoginSession
from examsite.accounts.operations import open_login
from examsite.accounts.passwords import hash_token
from examsite.campaigns.models import Application, Campaign, Entitlement, Position
from examsite.campaigns.roles import Role, role_of
from examsite.questions.queries import blueprint_cells, pool
from examsite.rounds.models import ExamSession, Paper, RosterEntry, Sitting
from examsite.rounds.operations import sittings
from examsite.rounds.queries.sittings import paper_items
from examsite.rules import drawing
from tests import factories
from tests.conftest import NOW

SEED = bytes(range(32))
GENERAL = (("law", "easy", 3), ("law", "hard", 1))
LANGUAGE = (("reading", "easy", 2),)
CHANGES: dict[
    str, object
] = {  # beside them the rule set's own: 60 and 30 minutes, a break of 10, a grace of 30 seconds, late entry 10 minutes
    "parts.general.questions": 4,
    "parts.language.questions": 2,
}
MINUTE = timedelta(minutes=1)
DEVICE, OTHER_DEVICE = "d" * 64, "e" * 64
"""Hashes of two browsers."""


@dataclass
class World:
    """One campaign with a bank, one sealed exam session that begins at NOW, its candidates by number."""

    session: Session
    campaign: Campaign
    exam: ExamSession
    position: Position
    candidates: dict[str, Account]

    def entry(self, number: str = "001") -> RosterEntry:
        found = select(RosterEntry).where(RosterEntry.session_id == self.exam.id, RosterEntry.candidate_number == number)
        return self.session.scalars(found.execution_options(populate_existing=True)).one()

    def sign_in(self, number: str = "001", now: datetime = NOW) -> tuple[LoginSession, str]:
        """A login session of this candidate, and its token."""
        token = open_login(self.session, self.candidates[number], now)
        return self.session.scalars(select(LoginSession).where(LoginSession.token_hash == hash_token(token))).one(), token

    def start(self, number: str = "001", part: str = "general", now: datetime = NOW, device: str | None = DEVICE) -> tuple[Sitting, str]:
        """A sitting under way, and the hash of the login token of a new sign-in, which holds the pen if the device does."""
        login, token = self.sign_in(number)
        return sittings.start_part(self.session, self.candidates[number], login, part, now, device), hash_token(token)

    def role(self, board: str, duty: str = "member") -> Role:
        """Somebody of their own on this board."""
        account = factories.make_staff(self.session, f"{board}-{duty}", password=True)
        factories.appoint(self.session, self.campaign, account, board, duty)
        return role_of(self.session, account, self.campaign)

    def reload(self, sitting: Sitting) -> Sitting:
        return self.session.scalars(select(Sitting).where(Sitting.id == sitting.id).execution_options(populate_existing=True)).one()


def make_world(session: Session, changes: dict[str, object] | None = None, numbers: tuple[str, ...] = ("001", "002"), **exam: Any) -> World:
    """A world of candidates `numbers`; `changes` are values of the rule set, `exam` columns of the exam session. Papers are sealed."""
    campaign = factories.make_campaign(session, stage="round1_timetable", changes=CHANGES | (changes or {}))
    position = factories.make_position(session, campaign)
    fill_banks(session, campaign)
    columns: dict[str, Any] = {"name": "Ca 1", "place": "Room 12", "opens_at": NOW, "state": "planned"} | exam
    planned = ExamSession(campaign_id=campaign.id, **columns)
    session.add(planned)
    session.flush()
    candidates = {number: list_candidate(session, planned, position, number) for number in numbers}
    if planned.state == "planned" and "state" not in exam:
        seal_by_hand(session, planned)
    return World(session, campaign, planned, position, candidates)


def find_world(session: Session) -> World:
    """The usual world, where it was made before."""
    exam = session.scalars(select(ExamSession)).one()
    entries = session.scalars(select(RosterEntry).order_by(RosterEntry.candidate_number)).all()
    candidates = {entry.candidate_number: entry.application.account for entry in entries if entry.application.account}
    return World(session, exam.campaign, exam, session.scalars(select(Position)).one(), candidates)


def fill_banks(session: Session, campaign: Campaign, multiple: int = 3) -> None:
    """Banks and blueprints of both parts, with `multiple` times what a paper needs."""
    factories.make_bank(session, campaign, "general", GENERAL, multiple)
    factories.make_blueprint(session, campaign, "general", GENERAL)
    factories.make_bank(session, campaign, "language", LANGUAGE, multiple, language="en")
    factories.make_blueprint(session, campaign, "language", LANGUAGE, language="en")


def exempt_from_language(session: Session, application: Application) -> None:
    """A granted exemption from the language part."""
    session.add(
        Entitlement(
            application_id=application.id,
            kind="exemption",
            ground="language_degree",
            part="language",
            granted=True,
            evidence="A degree.",
            decided_at=NOW,
            decided_by_id=application.campaign.created_by_id,
        )
    )
    session.flush()


def list_candidate(session: Session, exam: ExamSession, position: Position, number: str, *, exempt: bool = False) -> Account:
    """Put a new candidate on the roster, exempted from the language part if wanted; return the account."""
    application = factories.make_application(session, position, f"Nguyễn Văn {number}", "eligible", number, account=True)
    if exempt:
        exempt_from_language(session, application)
    session.add(RosterEntry(session_id=exam.id, application_id=application.id, candidate_number=number))
    session.flush()
    assert application.account is not None
    return application.account


def seal_by_hand(session: Session, exam: ExamSession, without: frozenset[tuple[str, str]] = frozenset()) -> None:
    """Draw and store the papers of everybody on the roster, leaving out (number, part) pairs."""
    banks = {
        part: (pool(session, exam.campaign, part, language), blueprint_cells(session, exam.campaign, part, language))
        for part, language in (("general", None), ("language", "en"))
    }
    for entry in session.scalars(select(RosterEntry).where(RosterEntry.session_id == exam.id)).all():
        for part, (items, cells) in banks.items():
            if (entry.candidate_number, part) in without:
                continue
            paper = drawing.draw_paper(SEED, entry.candidate_number, part, items, cells)
            stored = [[item.item, item.version, list(item.options)] for item in paper]
            session.add(Paper(entry_id=entry.id, part=part, items=stored, digest=drawing.paper_digest(paper), drawn_at=NOW))
    exam.state, exam.seed, exam.seed_commitment = "sealed", SEED.hex(), drawing.seed_commitment(SEED)
    exam.sealed_at, exam.papers_digest = NOW, "0" * 64
    session.flush()


def options_of(sitting: Sitting) -> list[tuple[str, ...]]:
    """The option ids of each item of a paper, in its order."""
    return [item.options for item in paper_items(sitting.paper)]
