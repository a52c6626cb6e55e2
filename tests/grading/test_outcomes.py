"""What the results room gets: frozen, exact, keyed by candidate number, and only once the codes are open."""

from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import update

from examsite.grading.models import Interview, ScoreSheet, SpreadDecision
from examsite.grading.operations import attendance, closing, decisions
from examsite.grading.queries import InterviewOutcome, interview_outcomes
from examsite.rules.policy import Decider
from examsite.rules.refusal import Refused
from examsite.rules.scoring import ComponentScore
from tests.conftest import NOW
from tests.grading.world import FAIR, World, make_world


@pytest.fixture
def opened(session: object) -> World:
    """001 by the mean, 002 decided by the head, 003 did not come."""
    world = make_world(session, numbers=("001", "002", "003"))  # type: ignore[arg-type]
    world.draw()
    world.declare()
    world.call("001", "002")
    attendance.record_presence(world.session, world.role("hr"), world.panel, world.interview("003"), "no_show", "Ill.", NOW)
    world.lock_all(("30", "20", "25"), ("31", "20", "25"), ("31", "20", "25.5"))
    world.lock_all(FAIR, FAIR, ("36.5", "20", "25"), number="002")
    decisions.decide_spread(world.session, world.role("head"), world.panel, world.interview("002"), Decimal("78.3"), "Talked over.", NOW)
    closing.close_panel(world.session, world.role("head"), world.panel, NOW)
    return world


def outcomes(world: World) -> dict[str, InterviewOutcome]:
    return interview_outcomes(world.session, world.campaign)


def test_while_the_codes_are_closed_there_is_a_reason_and_no_value(opened: World) -> None:
    with pytest.raises(Refused, match="codes_closed"):
        outcomes(opened)


def test_a_mean_is_exact_in_total_and_by_criterion(opened: World) -> None:
    opened.open_codes()
    found = outcomes(opened)["001"]
    assert (found.position, found.panel, found.code) == ("VT01", "Panel 1", opened.interview("001").code)
    assert (found.no_show, found.decider) == (False, None)
    agreed = found.agreed
    assert agreed is not None
    assert (agreed.score, agreed.by, agreed.spread) == (Fraction(455, 6), Decider.MEAN, Fraction(3, 2))
    assert agreed.components == (
        ComponentScore("presentation", Fraction(92, 3), Fraction(1)),
        ComponentScore("defence", Fraction(20), Fraction(0)),
        ComponentScore("answers", Fraction(151, 6), Fraction(1, 2)),
    )
    assert sum(score.mean for score in agreed.components) == agreed.score


def test_a_decision_comes_with_decider_and_reason(opened: World) -> None:
    opened.open_codes()
    found = outcomes(opened)["002"]
    assert found.agreed is not None
    assert (found.agreed.score, found.agreed.by, found.agreed.reason) == (Fraction("78.3"), Decider.BOARD_HEAD, "Talked over.")
    assert (found.decider, found.agreed.spread) == ("Head", Fraction("6.5"))


def test_a_no_show_has_no_score_and_not_zero(opened: World) -> None:
    opened.open_codes()
    found = outcomes(opened)["003"]
    assert (found.no_show, found.agreed, found.note) == (True, None, "Ill.")


def test_they_come_by_candidate_number(opened: World) -> None:
    opened.open_codes()
    assert {number: found.candidate_number for number, found in outcomes(opened).items()} == {"001": "001", "002": "002", "003": "003"}


@pytest.mark.parametrize("what", ["score", "decision", "absence", "code"])
def test_rows_that_no_longer_give_what_was_signed_are_refused(opened: World, what: str) -> None:
    opened.open_codes()
    interview = opened.interview("002")
    sheet = update(ScoreSheet).where(ScoreSheet.interview_id == interview.id, ScoreSheet.member_id == opened.member("binh").id)
    changes = {
        "score": sheet.values(scores={"presentation": "32", "defence": "20", "answers": "25"}),
        "decision": update(SpreadDecision).values(score=Decimal("99")),
        "absence": update(Interview).where(Interview.id == interview.id).values(state="no_show"),
        "code": update(Interview).where(Interview.id == interview.id).values(code="ZZ99"),
    }
    opened.session.execute(changes[what])
    opened.session.expire_all()
    with pytest.raises(Refused, match="opened_differs"):
        outcomes(opened)
