"""What happens when members differ: the bands at their edges, who decides, and that decisions supersede."""

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.campaigns.roles import role_of
from examsite.db import open_session
from examsite.grading.models import Interview, Panel, SpreadDecision
from examsite.grading.operations import closing, decisions
from examsite.grading.queries.decisions import shown
from examsite.grading.queries.progress import Progress, progress_of
from examsite.rules.policy import Decider
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from examsite.rules.scoring import Agreed, NeedsDecision
from tests.client import Browser
from tests.conftest import NOW
from tests.databases import Copy
from tests.grading.world import FAIR, World, make_world, seen_on
from tests.races import DONE, at_once

Browse = Callable[..., Browser]
Address = Callable[..., str]
WIDE = ("36", "20", "25")
VERY_WIDE = ("40", "20", "25")


def progress(world: World) -> Progress:
    return progress_of(world.session, world.interview("001"))


def decide(world: World, by: str, score: str = "78", reason: str = "Talked over with the members.") -> SpreadDecision:
    return decisions.decide_spread(world.session, world.role(by), world.panel, world.interview("001"), Decimal(score), reason, NOW)


@pytest.mark.parametrize(
    ("highest", "outcome"),
    [
        ("30", Fraction(75)),
        ("35", Fraction(230, 3)),  # 5 points apart: the mean of 75, 75 and 80
        ("35.5", Decider.BOARD_HEAD),
        ("39.5", Decider.BOARD_HEAD),  # 9.5 apart
        ("40", Decider.COUNCIL_CHAIR),  # 10 apart
    ],
)
def test_the_bands_of_circular_6_2020_at_their_edges(begun: World, highest: str, outcome: Fraction | Decider) -> None:
    begun.lock_all(FAIR, FAIR, (highest, "20", "25"))
    found = progress(begun).outcome
    if isinstance(outcome, Fraction):
        assert isinstance(found, Agreed)
        assert (found.by, found.score) == (Decider.MEAN, outcome)
    else:
        assert isinstance(found, NeedsDecision)
        assert found.by is outcome


def test_the_head_decides_the_middle_band_and_the_log_holds_no_score(begun: World) -> None:
    begun.lock_all(FAIR, FAIR, WIDE)
    decision = decide(begun, "head", "77.5")
    found = progress(begun).outcome
    assert isinstance(found, Agreed)
    assert (found.score, found.by, found.spread, found.reason) == (Fraction("77.5"), Decider.BOARD_HEAD, 6, "Talked over with the members.")
    assert (decision.spread, decision.role, decision.decided_by.sign_in_name) == (Decimal(6), "board_head", "head")
    content = begun.log("grading:spread:decided")[0].content or ""
    assert decision.seal in content
    assert "77.5" not in content


def test_the_councils_chair_decides_the_wide_band_after_declaring(begun: World) -> None:
    begun.lock_all(FAIR, FAIR, VERY_WIDE)
    for name in ("head", "binh", "council", "hr", "chair"):
        with pytest.raises(NotPermitted, match="not_decider"):
            decide(begun, name)
    begun.declare("chair")
    decide(begun, "chair")
    assert progress(begun).settled


def test_a_chair_with_a_conflict_decides_nothing(begun: World) -> None:
    begun.lock_all(FAIR, FAIR, VERY_WIDE)
    begun.declare("chair", relations={"001": "work"})
    with pytest.raises(NotPermitted, match="not_decider"):
        decide(begun, "chair")


def test_the_chair_does_not_decide_for_the_head(begun: World) -> None:
    begun.lock_all(FAIR, FAIR, WIDE)
    begun.declare("chair")
    with pytest.raises(NotPermitted, match="not_decider"):
        decide(begun, "chair")


@pytest.mark.parametrize(
    ("score", "reason", "code"),
    [("100.5", "Why.", "out_of_range"), ("-1", "Why.", "out_of_range"), ("78", "  ", "reason_missing"), ("NaN", "Why.", "out_of_range")],
)
def test_a_score_out_of_range_or_without_a_reason_is_refused(begun: World, score: str, reason: str, code: str) -> None:
    begun.lock_all(FAIR, FAIR, WIDE)
    with pytest.raises(Refused, match=code):
        decide(begun, "head", score, reason)
    assert begun.session.scalars(select(SpreadDecision)).all() == []


@pytest.mark.parametrize("score", ["0", "100"])
def test_the_edges_of_the_scale_can_be_decided(begun: World, score: str) -> None:
    begun.lock_all(FAIR, FAIR, WIDE)
    assert decide(begun, "head", score).score == Decimal(score)


def test_there_is_nothing_to_decide_where_the_mean_holds_or_sheets_are_awaited(begun: World) -> None:
    begun.lock("head")
    begun.lock("binh", VERY_WIDE)
    with pytest.raises(Refused, match="too_early"):
        decide(begun, "head")
    begun.reopen("binh")
    begun.lock("binh")
    begun.lock("chi")
    with pytest.raises(Refused, match="no_decision_asked"):
        decide(begun, "head")


def test_a_later_decision_supersedes_and_both_stay(begun: World) -> None:
    begun.lock_all(FAIR, FAIR, WIDE)
    decide(begun, "head", "77")
    decide(begun, "head", "78.5", "On reflection.")
    found = begun.session.scalars(select(SpreadDecision).order_by(SpreadDecision.id)).all()
    assert [(row.score, row.superseded_at is None) for row in found] == [(Decimal(77), False), (Decimal("78.5"), True)]


def test_the_page_lists_spread_band_and_rule_and_takes_the_decision(begun: World, browse: Browse, url: Address) -> None:
    begun.lock_all(FAIR, FAIR, WIDE)
    begun.lock_all(number="002")
    begun.session.commit()
    head = browse(begun.people["head"])
    page = head.get(url("/discrepancies")).text
    assert "/rules#spread.wide.decided_by" in page
    assert begun.interview("001").code in page
    assert begun.interview("002").code not in page
    seen = seen_on(head.get(url("/decision", "001")).text)
    for data, sentence in (
        ({"score": "101", "reason": "Vì sao."}, "Điểm phải từ 0 đến 100"),
        ({"score": "77,5", "reason": ""}, "Cần nêu lý do"),
    ):
        answer = head.post(url("/decision", "001"), data | {"seen": seen})
        assert answer.status_code == 422
        assert sentence in answer.text
    assert head.post(url("/decision", "001"), {"score": "77,5", "reason": "Sau đối thoại.", "seen": seen}).status_code == 303
    page = head.get(url("/discrepancies")).text
    assert "77,5" in page
    assert "Sau đối thoại." in page
    assert browse(begun.people["binh"]).get(url("/decision", "001")).status_code == 403
    assert browse(begun.people["binh"]).get(url("/discrepancies")).status_code == 403


def test_nobody_decides_over_sheets_they_never_saw(begun: World, browse: Browse, url: Address) -> None:
    begun.lock_all(FAIR, FAIR, WIDE)
    begun.session.commit()
    head = browse(begun.people["head"])
    page = head.get(url("/decision", "001")).text
    begun.reopen("chi")
    begun.lock("chi", ("38", "20", "25"))
    begun.session.commit()
    typed = {"score": "77,5", "reason": "Hai trên ba cho 75."}
    answer = head.post(url("/decision", "001"), typed | {"seen": seen_on(page)})
    assert answer.status_code == 422
    assert "Người khác vừa thay đổi" in answer.text
    assert 'value="77,5"' in answer.text
    assert "Hai trên ba cho 75." in answer.text
    totals = [bool(re.search(r">\s*83\s*<", text)) for text in (page, answer.text)]
    assert totals == [False, True], "the new total stands where the old one stood"
    assert begun.session.scalars(select(SpreadDecision)).all() == []
    assert head.post(url("/decision", "001"), typed).status_code == 422, "nor without a digest"
    assert head.post(url("/decision", "001"), typed | {"seen": seen_on(answer.text)}).status_code == 303


def test_a_decision_taken_meanwhile_is_seen_before_the_next(begun: World, browse: Browse, url: Address) -> None:
    begun.lock_all(FAIR, FAIR, WIDE)
    begun.session.commit()
    head = browse(begun.people["head"])
    page = head.get(url("/decision", "001")).text
    decide(begun, "head", "76.5")
    begun.session.commit()
    answer = head.post(url("/decision", "001"), {"score": "77", "reason": "Vì sao.", "seen": seen_on(page)})
    assert answer.status_code == 422
    assert "76,5" in answer.text


@pytest.mark.parametrize("again", [False, True])
def test_what_was_typed_stays_where_no_decision_is_asked_any_more(begun: World, browse: Browse, url: Address, again: bool) -> None:
    begun.lock_all(FAIR, FAIR, WIDE)
    begun.session.commit()
    head = browse(begun.people["head"])
    seen = seen_on(head.get(url("/decision", "001")).text)
    begun.reopen("chi")
    if again:
        begun.lock("chi", FAIR)
    begun.session.commit()
    answer = head.post(url("/decision", "001"), {"score": "77", "reason": "Sau đối thoại.", "seen": seen})
    assert answer.status_code == 422
    assert ("Còn phiếu chưa khóa" in answer.text) != again
    assert "Sau đối thoại." in answer.text
    assert "Ghi quyết định</button>" not in answer.text
    assert (">75<" in answer.text) == again, "no sheet shows while another is awaited"
    assert head.get(url("/decision", "001")).status_code == 403


def test_what_was_typed_stays_where_the_panel_was_closed(begun: World, browse: Browse, url: Address) -> None:
    begun.lock_all(FAIR, FAIR, WIDE)
    begun.lock_all(number="002")
    decide(begun, "head")
    begun.session.commit()
    head = browse(begun.people["head"])
    seen = seen_on(head.get(url("/decision", "001")).text)
    closing.close_panel(begun.session, begun.role("head"), begun.panel, NOW)
    begun.session.commit()
    answer = head.post(url("/decision", "001"), {"score": "77", "reason": "Sau đối thoại.", "seen": seen})
    assert answer.status_code == 422
    assert "Tổ này đã khóa điểm" in answer.text
    assert "Sau đối thoại." in answer.text


def test_two_decisions_over_the_same_sheets_at_once(own_database: Copy) -> None:
    with open_session(own_database.engine) as session:
        world = make_world(session)
        world.begin()
        world.lock_all(FAIR, FAIR, WIDE)
        seen = shown(progress(world))
        panel_id, interview_id, head_id = world.panel.id, world.interview().id, world.people["head"].id
        session.commit()

    def load(session: Session) -> tuple[Panel, Interview]:
        return session.get_one(Panel, panel_id), session.get_one(Interview, interview_id)

    def act(session: Session, loaded: tuple[Panel, Interview]) -> None:
        role = role_of(session, session.get_one(Account, head_id), loaded[0].campaign)
        decisions.decide_spread(session, role, *loaded, Decimal("77"), "Talked over.", NOW, seen=seen)

    assert sorted(at_once(own_database, load, act, act)) == sorted([DONE, "changed_meanwhile"])
    with open_session(own_database.engine) as session:
        assert len(session.scalars(select(SpreadDecision)).all()) == 1


def test_the_digest_is_about_what_the_page_shows(begun: World) -> None:
    begun.lock_all(FAIR, FAIR, WIDE)
    first = shown(progress(begun))
    assert shown(progress(begun)) == first
    arguments = (begun.session, begun.role("head"), begun.panel, begun.interview("001"), Decimal("77"), "Why.", NOW)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        decisions.decide_spread(*arguments, seen="")
    decide(begun, "head")
    second = shown(progress(begun))
    begun.reopen("chi")
    begun.lock("chi", WIDE)
    assert len({first, second, shown(progress(begun))}) == 3, "a version with the same scores is another one"
