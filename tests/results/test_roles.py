"""Who may open which page: the right role 200, another 403, an outsider 404, nobody signed in 303."""

from collections.abc import Callable
from typing import Any

import pytest

from examsite.accounts.models import Account
from tests.factories import appoint, make_staff
from tests.results.ground import Ground, make_ground

READERS = {"hr", "hr_second", "chair", "council", "supervisor"}


@pytest.fixture
def pages(ground: Ground) -> dict[str, tuple[str, set[str]]]:
    """Every GET page of the room about staff, with those who may open it."""
    for number in ("001", "002"):
        ground.candidate(number)
        ground.enters(number)
        ground.scores(number, ("30", "20", "20"))
    ground.opens()
    ground.published("eligible")
    draft = ground.draft("provisional")
    base = f"/campaigns/{ground.campaign.public_id}"
    return {
        "lists": (f"{base}/lists", READERS),
        "draft": (f"{base}/drafts/{draft.public_id}", READERS),
        "preview": (f"{base}/drafts/{draft.public_id}/preview", READERS),
        "tie": (f"{base}/ties/{ground.position().public_id}", READERS),
        "appeals": (f"{base}/appeals", READERS),
        "new appeal": (f"{base}/appeals/new", {"hr", "hr_second"}),
    }


@pytest.fixture
def cast(ground: Ground) -> dict[str, Account]:
    """Everybody in the campaign, somebody of another one with the same duties, a candidate."""
    people = {name: getattr(ground, name) for name in READERS}
    for board in ("question", "invigilation", "code", "panel"):
        people[board] = make_staff(ground.session, f"only-{board}")
        appoint(ground.session, ground.campaign, people[board], board)
    return people


def test_the_matrix(ground: Ground, pages: dict[str, tuple[str, set[str]]], cast: dict[str, Account], browse: Callable[..., Any]) -> None:
    ground.session.commit()
    for name, (address, allowed) in pages.items():
        for who, account in cast.items():
            assert (name, who, browse(account).get(address).status_code) == (name, who, 200 if who in allowed else 403)


def test_outsiders_candidates_and_strangers(ground: Ground, pages: dict[str, tuple[str, set[str]]], browse: Callable[..., Any]) -> None:
    other = make_ground(ground.session, ground.now, "LA-2026-08")
    candidate = ground.application("001").account
    ground.session.commit()
    for address, _allowed in pages.values():
        assert browse(other.hr).get(address).status_code == 404
        assert browse(candidate).get(address).status_code == 403
        assert browse().get(address).status_code == 303


def test_a_draft_of_another_campaign_is_not_found_through_ones_own(ground: Ground, browse: Callable[..., Any]) -> None:
    ground.candidate("001")
    draft = ground.draft("eligible")
    other = make_ground(ground.session, ground.now, "LA-2026-08")
    ground.session.commit()
    assert browse(other.hr).get(f"/campaigns/{other.campaign.public_id}/drafts/{draft.public_id}").status_code == 404


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("lists/eligible/drafts", {"hr", "hr_second"}),
        ("drafts/{draft}/put-forward", {"hr", "hr_second"}),
        ("drafts/{draft}/take-back", {"hr", "hr_second", "chair", "council"}),
        ("drafts/{draft}/publish", {"chair", "council"}),
        ("ties/{position}", {"chair"}),
        ("ties/{position}/sign", {"chair", "council"}),
        ("ties/{position}/take-back", {"chair", "council"}),
        ("appeals/new", {"hr", "hr_second"}),
    ],
)
def test_who_may_send_each_form(ground: Ground, cast: dict[str, Account], browse: Callable[..., Any], path: str, allowed: set[str]) -> None:
    for number in ("001", "002"):
        ground.candidate(number)
        ground.enters(number)
        ground.scores(number, ("30", "20", "20"))
    ground.opens()
    draft = ground.draft("eligible").public_id
    ground.session.commit()
    address = f"/campaigns/{ground.campaign.public_id}/{path.format(draft=draft, position=ground.position().public_id)}"
    for who, account in cast.items():
        status = browse(account).post(address).status_code
        assert (who, status == 403) == (who, who not in allowed)


def test_a_kind_that_the_rules_do_not_have_is_not_found(ground: Ground, browse: Callable[..., Any]) -> None:
    ground.session.commit()
    assert browse(ground.hr).post(f"/campaigns/{ground.campaign.public_id}/lists/shortlist/drafts").status_code == 404
