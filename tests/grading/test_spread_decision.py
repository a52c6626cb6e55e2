"""What happens when members differ: the bands at their edges, who decides, and that decisions supersede."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import select

from examsite.grading.models import SpreadDecision
from examsite.grading.operations import decisions
from examsite.grading.queries.progress import Progress, progress_of
from examsite.rules.policy import Decider
from examsite.rules.refusal import NotPermitted, Refused
from examsite.rules.scoring import Agreed, NeedsDecision
from tests.client import Browser
from tests.conftest import NOW
from tests.grading.world import FAIR, World

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
    for data, sentence in (
        ({"score": "101", "reason": "Vì sao."}, "Điểm phải từ 0 đến 100"),
        ({"score": "77,5", "reason": ""}, "Cần nêu lý do"),
    ):
        answer = head.post(url("/decision", "001"), data)
        assert answer.status_code == 422
        assert sentence in answer.text
    assert head.post(url("/decision", "001"), {"score": "77,5", "reason": "Sau đối thoại."}).status_code == 303
    page = head.get(url("/discrepancies")).text
    assert "77,5" in page
    assert "Sau đối thoại." in page
    assert browse(begun.people["binh"]).get(url("/decision", "001")).status_code == 403
    assert browse(begun.people["binh"]).get(url("/discrepancies")).status_code == 403
