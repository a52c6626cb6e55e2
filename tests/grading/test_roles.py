"""The same page with the same object: the right role first, then everybody else."""

from collections.abc import Callable

import pytest

from tests import factories
from tests.client import Browser
from tests.grading.world import CAST, World

Browse = Callable[..., Browser]
Address = Callable[..., str]
PAGES = (
    # path below the panel, with an interview, who may read it, what the others are told
    ("", None, {"hr", "watcher"}),
    ("/lots", None, {"hr", "watcher"}),
    ("/change", None, {"hr"}),
    ("/presence", "001", {"head"}),
    ("/room", None, {"head", "binh", "chi", "chair"}),
    ("/sheet", "001", {"head", "binh", "chi"}),
    ("", "001", {"head", "chair"}),
    ("/discrepancies", None, {"head", "chair"}),
    ("/reopen", None, {"head", "chair"}),
    ("/step-back", "001", {"head", "binh", "chi", "chair"}),
)
CAMPAIGN_PAGES = (
    ("/panels", {"hr", "head", "binh", "chi", "dung", "chair", "council", "coder", "watcher"}),
    ("/panels/new", {"hr"}),
    ("/codes", {"hr", "chair", "council", "coder", "watcher"}),
    ("/codes/withdraw", {"chair", "coder"}),
)


@pytest.fixture
def table(begun: World) -> World:
    """The chair has declared too."""
    begun.declare("chair")
    begun.session.commit()
    return begun


@pytest.mark.parametrize(("path", "number", "allowed"), PAGES)
def test_pages_of_a_panel(table: World, browse: Browse, url: Address, path: str, number: str | None, allowed: set[str]) -> None:
    address = url(path, number)
    answers = {name: browse(table.people[name]).get(address).status_code for name in CAST}
    assert {name for name, status in answers.items() if status == 200} == allowed
    assert all(status in {403, 404} for name, status in answers.items() if name not in allowed)
    assert browse().get(address).status_code == 303


def test_the_page_of_one_candidate_by_name(table: World, browse: Browse, by_name: Address) -> None:
    address = by_name("/presence", "001")
    answers = {name: browse(table.people[name]).get(address).status_code for name in CAST}
    assert {name for name, status in answers.items() if status == 200} == {"hr"}
    assert all(status in {403, 404} for name, status in answers.items() if name != "hr")
    assert browse().get(address).status_code == 303


def test_the_two_names_of_an_interview_are_not_one_another(table: World, browse: Browse, url: Address, by_name: Address) -> None:
    interview = table.interview("001")
    hr, head = browse(table.people["hr"]), browse(table.people["head"])
    for path in ("/presence", "/planned", "/move"):
        assert hr.post(by_name(path, "001").replace(interview.application.public_id, interview.public_id), {}).status_code == 404
    assert hr.get(url("/presence", "001")).status_code == 403
    for path in ("/presence", "/sheet", "/step-back", ""):
        assert head.get(url(path, "001").replace(interview.public_id, interview.application.public_id)).status_code == 404


@pytest.mark.parametrize(("path", "allowed"), CAMPAIGN_PAGES)
def test_pages_of_a_campaign(table: World, browse: Browse, path: str, allowed: set[str]) -> None:
    address = f"/campaigns/{table.campaign.public_id}{path}"
    answers = {name: browse(table.people[name]).get(address).status_code for name in CAST}
    assert {name for name, status in answers.items() if status == 200} == allowed
    assert all(status in {403, 404} for name, status in answers.items() if name not in allowed)
    assert browse().get(address).status_code == 303


@pytest.mark.parametrize("path", ["/lots", "/assign", "/members", "/room", "/reopen", "/conflicts"])
def test_writes_are_closed_to_whoever_may_not_read(table: World, browse: Browse, url: Address, path: str) -> None:
    for name in ("asker", "outsider", "coder"):
        assert browse(table.people[name]).post(url(path), {}).status_code in {403, 404}
    assert browse().post(url(path), {}).status_code == 303


def test_an_hr_officer_of_another_campaign_finds_nothing(table: World, browse: Browse, url: Address) -> None:
    elsewhere = factories.make_campaign(table.session, code="LA-2026-09", hr=table.people["outsider"])
    table.session.commit()
    assert browse(table.people["outsider"]).get(url()).status_code == 404
    assert browse(table.people["outsider"]).get(url().replace(table.campaign.public_id, elsewhere.public_id)).status_code == 404


def test_a_candidate_finds_nothing(table: World, browse: Browse, url: Address) -> None:
    candidate = factories.make_candidate(table.session, "an", password=False)
    table.session.commit()
    for path in ("", "/room", "/lots"):
        assert browse(candidate).get(url(path)).status_code in {403, 404}
