"""Who may do what: each address that takes a form is tried by staff of the same campaign; who has no right to it changes nothing.

The addresses are listed from the site itself. A view names the boards it is for: one person from another board is refused, and of these
boards those in `REFUSED`; all the others get as far as the form, so that a refusal means something. Each try happens inside a transaction
that is rolled back, and without form tokens, so that nothing else refuses.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

import pytest
from sqlalchemy import Connection, Select, func, select
from werkzeug.routing import Rule

from examsite.accounts.models import Account
from examsite.audit.models import LogEntry
from examsite.campaigns.models import Application, Campaign, Membership, Position, Unit
from examsite.demo.posts import PUBLISHED
from examsite.grading.models import Interview, Panel, PanelMember, ScoreSheet, SpreadDecision
from examsite.holidays.models import Holiday
from examsite.questions.models import Item, ItemVersion
from examsite.results.models import Draft
from examsite.rounds.models import Allocation, ExamRoom, ExamSession, RosterEntry, Sitting, SpecialNeed
from tests.demo.conftest import PEOPLE, World


class Tried(NamedTuple):
    """What came of one try: the status, how many entries it left in the log, and where the answer sends the browser."""

    status: int
    entries: int
    way: str | None


Try = Callable[[str, Rule], Tried]

BOARDS = {
    "hr": {"officer", "hr"},
    "council": {"chair", "council"},
    "question": {"question head", "question"},
    "invigilation": {"invigilator"},
    "code": {"code head", "code"},
    "panel": {"panel head", "panel"},
    "supervision": {"supervisor"},
}
"""Who of each board tries; all of them sit in the campaign whose objects are used."""

SEATED = set[str]().union(*BOARDS.values())

REFUSED = {
    "campaigns.appoint": {"council"},
    "campaigns.close_position": {"council"},
    "campaigns.boards_drop": {"council"},
    "campaigns.boards_import": {"council"},
    "campaigns.boards_upload": {"council"},
    "campaigns.boards_workbook": {"council"},
    "campaigns.decide_shortage": {"council"},
    "campaigns.document_content": {"council"},
    "campaigns.end_seat": {"council"},
    "documents.document_file": {"invigilator", *BOARDS["code"], *BOARDS["panel"]},
    "documents.protocol_file": {"invigilator", "panel"},
    "desk.advance": SEATED - {"officer", "hr", "chair"},
    "desk.step_back": SEATED - {"chair"},
    "grading.absence": {"chair", "council", "panel"},
    "grading.decision": {"council", "panel head", "panel"},
    "grading.decide_sanction": {"chair", "council"},
    "grading.declaration": {"council"},
    "grading.lots": {"supervisor"},
    "grading.presence": {"panel"},
    "grading.propose_opening": {"council", "code"},
    "grading.record_sanction": {"panel"},
    "grading.reopen_panel": {"chair", "council", "panel"},
    "grading.reopen_sheet": {"chair", "council", "panel"},
    "grading.room": {"council", "panel"},
    "grading.step_back": {"council"},
    "grading.withdraw_opening": {"council", "code"},
    "holidays.holiday": SEATED - {"officer"},
    "holidays.new_holiday": SEATED - {"officer"},
    "holidays.remove_holiday": SEATED - {"officer"},
    "holidays.take_known": SEATED - {"officer"},
    "questions.approve": {"question"},
    "questions.edit_blueprint": {"question", "supervisor"},
    "questions.restore": {"question"},
    "questions.retire": {"question"},
    "questions.send_back": {"question"},
    "questions.submit": {"question head"},
    "results.tie": {"officer", "hr", "council", "supervisor"},
    "rounds.decline_outage": {"council"},
    "rounds.give_time": {"council"},
    "rounds.grant_outage": {"council"},
    "rounds.pause": {"council"},
    "rounds.postpone_session": {"officer", "hr", "council"},
    "rounds.propose_sealing": {"council", "question"},
    "rounds.resume": {"council"},
    "rounds.sign_sealing": {"council", "question"},
    "rounds.unseal": {"council", "question"},
    "rounds.void": {"council"},
    "rounds.withdraw_sealing": {"council", "question"},
}
"""Who sits on a board that the view is for and still may not: another duty, another person's object, a reader only."""

NOT_THERE = {
    "campaigns.drop_view": "nobody keeps a view",
    "campaigns.document_content": "no application has a document",
    "campaigns.replace_document": "no application has a document",
    "campaigns.second_application": "no file waits",
    "campaigns.set_evidence": "no application has a document",
    "campaigns.withdraw_document": "no application has a document",
    "accounts.disable": "the administrator's own list has it, tests/accounts",
    "accounts.enable": "the administrator's own list has it, tests/accounts",
    "accounts.reissue": "the administrator's own list has it, tests/accounts",
    "questions.dry_run": "no upload waits",
    "questions.drop": "no upload waits",
    "questions.remove_image": "no item has a picture",
    "results.appeal": "no appeal was made",
    "results.carry_out_appeal": "no appeal was made",
    "rounds.decline_outage": "nothing was ever out",
    "rounds.evidence_piece": "nothing came late",
    "rounds.grant_outage": "nothing was ever out",
    "rounds.violation": "nobody broke a rule",
}
"""Whose object the demonstration does not have: 404 for everybody."""


def test_the_lists_name_acts_that_exist(acts: list[Rule]) -> None:
    assert set(REFUSED) | set(NOT_THERE) <= {rule.endpoint for rule in acts}


def test_whoever_has_no_right_to_an_act_is_refused_and_writes_nothing(world: World, acts: list[Rule], tried: Try) -> None:
    wrong = []
    for place, rule in enumerate(acts):
        others = sorted(SEATED - _for_whom(world, rule))
        refused = REFUSED.get(rule.endpoint, set()) | set(others[place % len(others) :][:1] if others else ())
        for person in refused:
            status, entries, _way = tried(person, rule)
            if status not in {403, 404} or entries:
                wrong.append(f"{person} got {status} from {rule.endpoint} and left {entries} entries")
    assert not wrong


def test_everybody_else_gets_as_far_as_the_form(world: World, acts: list[Rule], tried: Try) -> None:
    wrong = []
    for rule in acts:
        for person in _for_whom(world, rule) - REFUSED.get(rule.endpoint, set()):
            status = tried(person, rule).status
            if (status == 404) != (rule.endpoint in NOT_THERE) or status in {400, 403, 500}:
                wrong.append(f"{person} got {status} from {rule.endpoint}")
    assert not wrong


def test_no_act_is_open_to_strangers(world: World, acts: list[Rule], acts_of_candidates: list[Rule], tried: Try) -> None:
    """Staff without a seat, a candidate of another campaign and the public, each with real ids: refused or sent to sign in."""
    wrong = []
    for rule in (*acts, *acts_of_candidates):
        about_something = rule.arguments - {"part"}
        for person in ("outsider", "public", *(["another candidate"] if rule in acts or about_something else [])):
            status, entries, way = tried(person, rule)
            to_sign_in = person == "public" and status == 303 and (way or "").startswith("/sign-in")
            if not (to_sign_in or status in {403, 404}) or entries:
                wrong.append(f"{person} got {status} from {rule.endpoint}, was sent to {way} and left {entries} entries")
    assert not wrong


def test_candidates_are_refused_nothing_for_want_of_an_id(acts_of_candidates: list[Rule], tried: Try) -> None:
    """The ids above are real: the candidate whose sitting it is comes further."""
    owners = [rule for rule in acts_of_candidates if "sitting_id" in rule.arguments]
    assert owners
    assert all(tried("candidate", rule).status not in {403, 404} for rule in owners)


def _for_whom(world: World, rule: Rule) -> set[str]:
    """Those whom the view lets in before anything is looked up."""
    access = world.app.view_functions[rule.endpoint].access  # type: ignore[attr-defined]
    house = {"administrator": {"administrator"}, "hr_officer": {"officer"}}
    return house.get(access.kind) or set[str]().union(*(BOARDS[board] for board in access.boards or BOARDS))


@pytest.fixture(scope="module")
def acts(world: World) -> list[Rule]:
    """Every address of staff that takes a form."""
    return _acts_of(world, {"staff", "hr_officer", "administrator"})


@pytest.fixture(scope="module")
def acts_of_candidates(world: World) -> list[Rule]:
    """Every address of candidates that takes a form; what the room's program saves has its own token, tests/rounds."""
    return _acts_of(world, {"candidate"})


def _acts_of(world: World, kinds: set[str]) -> list[Rule]:
    rules = [rule for rule in world.app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    return [rule for rule in rules if world.app.view_functions[rule.endpoint].access.kind in kinds]  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def tried(world: World) -> Iterator[Try]:
    """`tried(person, rule)`: what comes of an empty form sent there."""
    engine = world.app.extensions["examsite.engine"]
    world.app.config["WTF_CSRF_ENABLED"] = False
    with engine.connect() as connection:
        known = _known_ids(connection)
        world.app.extensions["examsite.engine"] = connection
        yield partial(_try, world, connection, known)
    world.app.extensions["examsite.engine"] = engine
    world.app.config["WTF_CSRF_ENABLED"] = True


def _try(world: World, connection: Connection, known: dict[str, object], person: str, rule: Rule) -> Tried:
    values = {name: known.get(name, "x" * 22) for name in rule.arguments}
    address = world.app.url_map.bind("localhost").build(rule.endpoint, values, "POST")
    with _undone(connection):
        before = connection.scalar(select(func.count()).select_from(LogEntry))
        answer = world.clients[person].post(address)
        after = connection.scalar(select(func.count()).select_from(LogEntry))
        return Tried(answer.status_code, (after or 0) - (before or 0), answer.location)


@contextmanager
def _undone(connection: Connection) -> Iterator[None]:
    connection.rollback()
    with connection.begin() as outer:
        yield
        outer.rollback()


def _known_ids(connection: Connection) -> dict[str, object]:
    """One object of the published campaign for each name that addresses use."""
    campaign = select(Campaign.id).where(Campaign.code == PUBLISHED.code).scalar_subquery()
    panel = select(Panel.id).where(Panel.campaign_id == campaign).order_by(Panel.id).limit(1).scalar_subquery()
    session = select(ExamSession.id).where(ExamSession.campaign_id == campaign).scalar_subquery()
    undivided = ~select(SpreadDecision.id).where(SpreadDecision.interview_id == Interview.id).exists()
    wanted: dict[str, Select[tuple[str]]] = {
        "allocation_id": select(Allocation.public_id).where(Allocation.campaign_id == campaign),
        "need_id": select(SpecialNeed.public_id).join(Application).where(Application.campaign_id == campaign),
        "room_id": select(ExamRoom.public_id),
        "campaign_id": select(Campaign.public_id).where(Campaign.id == campaign),
        "application_id": select(Application.public_id).where(Application.campaign_id == campaign),
        "candidate_id": select(Application.public_id).join(Interview).where(Interview.panel_id == panel, Interview.state == "present"),
        "draft_id": select(Draft.public_id).where(Draft.campaign_id == campaign),
        "entry_id": select(RosterEntry.public_id).where(RosterEntry.session_id == session),
        "interview_id": select(Interview.public_id).where(Interview.panel_id == panel, Interview.state == "present", undivided),
        "holiday_id": select(Holiday.public_id),
        "item_id": select(Item.public_id).where(Item.campaign_id == campaign),
        "member_id": select(PanelMember.public_id).where(PanelMember.panel_id == panel),
        "panel_id": select(Panel.public_id).where(Panel.id == panel),
        "position_id": select(Position.public_id).where(Position.campaign_id == campaign),
        "seat_id": select(Membership.public_id).where(Membership.campaign_id == campaign),
        "session_id": select(ExamSession.public_id).where(ExamSession.id == session),
        "sitting_id": _sitting_of(PEOPLE["candidate"]),
        "sheet_id": select(ScoreSheet.public_id).join(Interview).where(Interview.panel_id == panel),
        "unit_id": select(Unit.public_id),
        "version_id": select(ItemVersion.public_id).join(Item).where(Item.campaign_id == campaign),
    }
    plain: dict[str, object] = {"bank_key": "general", "chapter": 1, "kind": "recommendations", "number": 1, "part": "general"}
    return plain | {name: connection.scalars(_first(query)).one() for name, query in wanted.items()}


def _first(query: Select[tuple[str]]) -> Select[tuple[str]]:
    """The oldest of them, so that each run tries the same one."""
    return query.order_by(query.selected_columns[0].table.c.id).limit(1)


def _sitting_of(sign_in_name: str) -> Select[tuple[str]]:
    entries = select(RosterEntry.id).join(Application).join(Account, Application.account_id == Account.id)
    return select(Sitting.public_id).where(Sitting.entry_id.in_(entries.where(Account.sign_in_name == sign_in_name)))
