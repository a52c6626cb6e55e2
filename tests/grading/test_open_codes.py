"""Opening the codes: two people, for all panels together, on what stands afresh."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from examsite.accounts.models import SignInDelay
from examsite.grading.models import ScoreSheet, SpreadDecision
from examsite.grading.operations import closing, decisions, opening
from examsite.grading.queries import missing_before_opening
from examsite.grading.queries.outcomes import opening_content, waiting_opening
from examsite.grading.sheet_values import codes_commitment
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from tests import factories
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import PASSWORD
from tests.grading.world import FAIR, World

Browse = Callable[..., Browser]


@pytest.fixture
def closed(world: World) -> World:
    """Every interview scored, the panel closed."""
    world.finish()
    world.session.commit()
    return world


@pytest.fixture
def codes(world: World) -> str:
    """The address of the page of codes."""
    return f"/campaigns/{world.campaign.public_id}/codes"


def propose(world: World, by: str = "coder") -> None:
    opening.propose_opening(world.session, world.role(by), world.digest(), NOW)
    world.session.commit()


def sign(world: World, by: str = "watcher", shown: str | None = None) -> None:
    act = waiting_opening(world.session, world.campaign)
    assert act is not None
    opening.sign_opening(world.session, world.role(by), act, shown or world.digest(), NOW)


def test_an_open_panel_or_a_candidate_without_one_holds_it_up(begun: World) -> None:
    factories.make_panel(begun.session, begun.campaign, name="Panel 2")
    late = factories.make_application(begun.session, begun.applications["001"].position, "Lê Văn C", "eligible", "003")
    factories.make_entrant(begun.session, late)
    found = [gap.code for gap in missing_before_opening(begun.session, begun.campaign)]
    assert sorted(found) == ["grading.gap_panel_open", "grading.gap_panel_open", "grading.gap_unplaced"]
    with pytest.raises(Refused, match="not_ready"):
        propose(begun)


def test_two_people_open_and_the_log_says_so(closed: World) -> None:
    propose(closed)
    sign(closed)
    closed.session.refresh(closed.panel)
    assert (closed.panel.state, closed.panel.opened_at) == ("opened", NOW)
    assert [len(closed.log(f"grading:codes:{step}")) for step in ("proposed", "signed", "opened")] == [1, 1, 1]


def test_a_first_signature_counts_no_more_once_its_account_is_closed_and_the_opening_is_put_forward_anew(closed: World) -> None:
    propose(closed)
    act = waiting_opening(closed.session, closed.campaign)
    assert act is not None
    act.first.disabled_at = NOW
    closed.session.flush()
    with pytest.raises(Conflict, match="first_gone"):
        sign(closed)
    opening.withdraw_opening(closed.session, closed.role("chair"), act, "Put forward anew.", NOW)
    propose(closed, "chair")
    sign(closed)
    assert len(closed.log("grading:codes:opened")) == 1


@pytest.mark.parametrize("name", ["council", "watcher", "hr", "head", "asker"])
def test_only_the_code_boards_head_or_the_chair_proposes(closed: World, name: str) -> None:
    with pytest.raises(NotPermitted):
        propose(closed, name)


@pytest.mark.parametrize(("first", "second"), [("coder", "chair"), ("coder", "council"), ("chair", "coder"), ("chair", "watcher")])
def test_who_may_sign_as_the_second(closed: World, first: str, second: str) -> None:
    propose(closed, first)
    sign(closed, second)
    assert waiting_opening(closed.session, closed.campaign) is None


@pytest.mark.parametrize("name", ["hr", "head", "binh", "asker", "outsider"])
def test_who_may_not(closed: World, name: str) -> None:
    propose(closed)
    with pytest.raises(NotPermitted):
        sign(closed, name)


def test_one_person_is_not_two(closed: World) -> None:
    propose(closed)
    with pytest.raises(Refused, match="same_person"):
        sign(closed, "coder")


def test_another_digest_than_the_one_shown_is_refused(closed: World) -> None:
    with pytest.raises(Conflict, match="changed_since"):
        opening.propose_opening(closed.session, closed.role("coder"), "0" * 64, NOW)
    propose(closed)
    with pytest.raises(Conflict, match="changed_since"):
        sign(closed, shown="0" * 64)


def bend_score(world: World) -> None:
    of_binh = (ScoreSheet.member_id == world.member("binh").id, ScoreSheet.interview_id == world.interview("001").id)
    scores = {"presentation": "40", "defence": "30", "answers": "30"}
    world.session.execute(update(ScoreSheet).where(*of_binh, ScoreSheet.state == "locked").values(scores=scores))


def swap_codes(world: World) -> None:
    first, second = world.interview("001"), world.interview("002")
    codes = (first.code, second.code)
    for interview, code in ((first, "XX00"), (second, codes[0]), (first, codes[1])):
        interview.code = code
        world.session.flush()


@pytest.mark.parametrize(("bend", "gap"), [(bend_score, "grading.gap_seal_sheet"), (swap_codes, "grading.gap_seal_codes")])
def test_what_was_changed_behind_the_applications_back_is_named_and_stops_both_signatures(
    closed: World, bend: Callable[[World], None], gap: str
) -> None:
    propose(closed)
    bend(closed)
    assert [found.code for found in missing_before_opening(closed.session, closed.campaign)] == [gap]
    with pytest.raises(Refused, match="not_ready"):
        sign(closed)
    with pytest.raises(Refused, match="not_ready"):
        propose(closed, "chair")


def test_a_decided_score_changed_behind_the_back_is_named(begun: World) -> None:
    begun.lock_all(FAIR, FAIR, ("36", "20", "25"))
    begun.lock_all(number="002")
    decisions.decide_spread(begun.session, begun.role("head"), begun.panel, begun.interview("001"), Decimal("78"), "Talked over.", NOW)
    closing.close_panel(begun.session, begun.role("head"), begun.panel, NOW)
    assert missing_before_opening(begun.session, begun.campaign) == []
    begun.session.execute(update(SpreadDecision).values(score=Decimal("98")))
    begun.session.expire_all()
    assert [found.code for found in missing_before_opening(begun.session, begun.campaign)] == ["grading.gap_seal_decision"]


def test_what_is_signed_shows_neither_code_nor_candidate_nor_score(closed: World) -> None:
    text = str(opening_content(closed.session, closed.campaign))
    assert not [number for number in closed.applications if (closed.interview(number).code or "") in text or f"'{number}'" in text]
    assert "75" not in [part.strip(" ,'}") for part in text.split(":")]


def test_withdrawn_it_can_be_proposed_anew(closed: World) -> None:
    propose(closed)
    with pytest.raises(Conflict, match="already_open"):
        propose(closed, "chair")
    closed.session.rollback()
    act = waiting_opening(closed.session, closed.campaign)
    assert act is not None
    with pytest.raises(NotPermitted):
        opening.withdraw_opening(closed.session, closed.role("watcher"), act, "Why.", NOW)
    opening.withdraw_opening(closed.session, closed.role("chair"), act, "A panel has to be opened again.", NOW)
    propose(closed, "chair")
    sign(closed, "coder")


def test_in_the_browser_with_ones_own_password(closed: World, browse: Browse, codes: str) -> None:
    coder, watcher = browse(closed.people["coder"]), browse(closed.people["watcher"])
    code = closed.interview("001").code or ""
    assert code not in coder.get(codes).text
    assert coder.post(f"{codes}/propose", {"digest": closed.digest()}).status_code == 303
    assert "Ký và mở mã phách" not in coder.get(codes).text
    assert "Ký và mở mã phách" in watcher.get(codes).text
    for password, sentence in (("", "nhập lại mật khẩu"), ("not mine at all", "Mật khẩu không đúng")):
        answer = watcher.post(f"{codes}/sign", {"digest": closed.digest(), "password": password})
        assert answer.status_code == 422
        assert sentence in answer.text
    assert closed.session.scalars(select(SignInDelay.key)).all()
    assert watcher.post(f"{codes}/sign", {"digest": closed.digest(), "password": PASSWORD}).status_code == 303
    page = watcher.get(codes).text
    for number in closed.applications:
        assert number in page
        assert (closed.interview(number).code or "") in page


def test_the_opened_page_shows_what_checks_the_codes(closed: World, browse: Browse, codes: str) -> None:
    closed.open_codes()
    closed.session.commit()
    closed.session.refresh(closed.panel)
    page = browse(closed.people["hr"]).get(codes).text
    assert closed.panel.codes_salt in page
    mapping = {number: closed.interview(number).code or "" for number in closed.applications}
    assert codes_commitment(closed.panel.codes_salt or "", mapping) == closed.panel.codes_commitment
    assert closed.panel.codes_commitment in page


def test_a_late_candidate_does_not_slip_in_between_the_signatures(closed: World) -> None:
    propose(closed)
    late = factories.make_application(closed.session, closed.applications["001"].position, "Lê Văn C", "eligible", "003")
    factories.make_entrant(closed.session, late)
    with pytest.raises(Refused, match="not_ready"):
        sign(closed)
