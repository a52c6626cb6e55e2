"""Violations: reported in the room, decided by the chair, taken off the paper as the rule set says."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.audit.models import LogEntry
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role, role_of
from examsite.desk.tasks.mine import waiting_for
from examsite.rounds.models import Sitting, SittingMark, Violation
from examsite.rounds.operations import closing, roll
from examsite.rounds.operations.entrants import enter_round2
from examsite.rounds.operations.violations import Report, decide_violation, report_violation
from examsite.rounds.queries import round1_outcomes
from examsite.rounds.queries.incidents import undecided_violations
from examsite.rounds.queries.marks import Results
from examsite.rounds.queries.waiting import waiting_room
from examsite.rules.marking import PartResult
from examsite.rules.policy import Base, Combine
from examsite.rules.refusal import Conflict, NotFound, NotPermitted, Refused
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import appoint, make_campaign, make_staff
from tests.rounds.test_outcomes import sit
from tests.rounds.test_roll import END
from tests.rounds.world import MINUTE, World, list_candidate, make_world, seal_by_hand

REPORT = Report("general", "reprimand", NOW, "Talked to the neighbour after a reminder.", "I asked for a pen.")


@pytest.fixture
def invigilator(world: World) -> Role:
    return world.role("invigilation")


@pytest.fixture
def chair(world: World) -> Role:
    return world.role("council", "head")


def reported(world: World, role: Role, **changes: object) -> Violation:
    return report_violation(world.session, world.exam, world.entry(), replace(REPORT, **changes), role, NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("right", "sanctions", "combine", "counted", "passed"),
    [
        (20, (), Combine.HIGHEST, Fraction(20), True),
        (20, ("reprimand",), Combine.HIGHEST, Fraction(15), True),
        (19, ("reprimand",), Combine.HIGHEST, Fraction(57, 4), False),
        (30, ("warning",), Combine.HIGHEST, Fraction(15), True),
        (29, ("warning",), Combine.HIGHEST, Fraction(29, 2), False),
        (30, ("reprimand", "warning"), Combine.HIGHEST, Fraction(15), True),
        (30, ("reprimand", "warning"), Combine.SUM, Fraction(15, 2), False),
        (30, ("reprimand", "reprimand"), Combine.HIGHEST, Fraction(45, 2), True),
        (30, ("warning", "warning", "reprimand"), Combine.SUM, Fraction(0), False),
    ],
)
def test_what_a_sanction_leaves_of_thirty(
    world: World, right: int, sanctions: tuple[str, ...], combine: Combine, counted: Fraction, passed: bool
) -> None:
    rules = rule_set(world.campaign)
    mark = SittingMark(correct=right, wrong=30 - right, blank=0, questions=30, unmarked=0)
    results = Results({7: mark}, {(3, "general"): sanctions}, replace(rules.penalties, combine=combine))
    found = results.of(rules.round1.parts[0], Sitting(id=7, entry_id=3, part="general"))
    assert found is not None
    assert (found.counted, found.share, found.passed) == (counted, counted / 30, passed)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("reprimand", "warning"),
    [
        (Base.CORRECT_ANSWERS, Base.CORRECT_ANSWERS),
        (Base.SCORE, Base.SCORE),
        (Base.SCORE, Base.CORRECT_ANSWERS),
        (Base.CORRECT_ANSWERS, Base.SCORE),
    ],
)
@pytest.mark.parametrize(("combine", "share"), [(Combine.HIGHEST, Fraction(1, 3)), (Combine.SUM, Fraction(1, 6))])
def test_a_share_of_the_score_is_a_share_of_its_right_answers(
    world: World, reprimand: Base, warning: Base, combine: Combine, share: Fraction
) -> None:
    """20 of 30 are right: the score is 2/3, whatever is taken off is taken of that."""
    rules = rule_set(world.campaign)
    bases = {"reprimand": reprimand, "warning": warning}
    kinds = tuple(replace(kind, of=bases.get(kind.id, kind.of)) for kind in rules.penalties.kinds)
    mark = SittingMark(correct=20, wrong=10, blank=0, questions=30, unmarked=0)
    results = Results({7: mark}, {(3, "general"): ("reprimand", "warning")}, replace(rules.penalties, kinds=kinds, combine=combine))
    found = results.of(rules.round1.parts[0], Sitting(id=7, entry_id=3, part="general"))
    assert isinstance(found, PartResult)
    assert (found.correct, found.share, found.counted, found.passed) == (20, share, share * 30, False)


def words(page: str) -> str:
    """The text of a page with plain blanks alone."""
    return " ".join(page.split())


def test_a_sanction_of_the_score_is_told_as_one(session: Session, browse: Callable[..., Browser]) -> None:
    world = make_world(session, {"penalties.reprimand.of": "score"})
    sit(world, "001", "general", 2)
    chair = world.role("council", "head")
    violation = reported(world, world.role("invigilation"))
    session.commit()
    page = f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}/violations/{violation.public_id}"
    browser = browse(chair.account)
    assert "trừ 25 % điểm của bài thi này" in words(browser.get(page).text)
    decide_violation(session, violation, "reprimand", "Seen by two.", chair, NOW + MINUTE)
    session.commit()
    assert "trừ 25 % điểm của bài thi này" in words(browser.get(page).text)
    assert "Khiển trách: trừ 25 % điểm bài thi." in words(browse(world.candidates["001"]).get("/exam").text)


def test_a_confirmed_reprimand_is_taken_off_that_paper_alone_and_told(world: World, invigilator: Role, chair: Role) -> None:
    sit(world, "001", "general", 2)
    sit(world, "001", "language", 2)
    violation = reported(world, invigilator)
    assert undecided_violations(world.session, world.campaign) == 1
    general = round1_outcomes(world.session, world.campaign)[0].parts[0]
    assert (general.share, general.passed, general.sanctions) == (Fraction(1, 2), True, ())
    decide_violation(world.session, violation, "reprimand", "Seen by two.", chair, NOW + MINUTE)
    general, language = round1_outcomes(world.session, world.campaign)[0].parts
    assert (general.correct, general.share, general.passed, general.sanctions) == (2, Fraction(3, 8), False, ("reprimand",))
    assert (language.share, language.sanctions) == (Fraction(1), ())
    view = waiting_room(world.session, world.candidates["001"], NOW + MINUTE)
    assert view is not None
    shown = view.results[0]
    assert (shown.counted, shown.passed, [one.share for one in shown.sanctions]) == (Fraction(3, 2), False, [Fraction(1, 4)])
    assert undecided_violations(world.session, world.campaign) == 0


def test_a_dismissed_report_takes_nothing_off(world: World, invigilator: Role, chair: Role) -> None:
    sit(world, "001", "general", 2)
    violation = reported(world, invigilator)
    decide_violation(world.session, violation, None, "Not proven.", chair, NOW + MINUTE)
    assert (violation.state, violation.level) == ("dismissed", None)
    assert round1_outcomes(world.session, world.campaign)[0].parts[0].share == Fraction(1, 2)


@pytest.mark.parametrize("closed", [False, True])
def test_a_suspension_voids_the_exam_also_after_the_session(world: World, invigilator: Role, chair: Role, closed: bool) -> None:
    sitting, _ = world.start()
    violation = reported(world, invigilator)
    if closed:
        roll.mark_all_absent(world.session, world.exam, invigilator, END)
        closing.close_session(world.session, world.exam, world.role("hr"), END)
    decide_violation(world.session, violation, "suspension", "Used a telephone.", chair, END)
    assert (world.entry().state, world.entry().reason) == ("voided", "Used a telephone.")
    assert world.reload(sitting).state == "closed"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"proposed": "exile"}, "sanction_missing"),
        ({"part": "dancing"}, "no_such_part"),
        ({"facts": "  "}, "facts_missing"),
        ({"happened_at": NOW + MINUTE}, "not_happened_yet"),
        ({"statement": ""}, "witness_missing"),
    ],
)
def test_half_a_report_is_refused(world: World, invigilator: Role, changes: dict[str, object], said: str) -> None:
    with pytest.raises(Refused, match=said):
        reported(world, invigilator, **changes)


def test_a_part_that_the_candidate_does_not_sit_has_no_violations(session: Session) -> None:
    world = make_world(session, numbers=(), state="planned")
    world.candidates["005"] = list_candidate(session, world.exam, world.position, "005", exempt=True)
    seal_by_hand(session, world.exam, without=frozenset({("005", "language")}))
    invigilator, entry = world.role("invigilation"), world.entry("005")
    with pytest.raises(Refused, match="violation_exempt"):
        report_violation(session, world.exam, entry, replace(REPORT, part="language"), invigilator, NOW)
    assert report_violation(session, world.exam, entry, REPORT, invigilator, NOW).part == "general"


def test_the_witness_is_another_member_of_the_board(world: World, invigilator: Role, chair: Role) -> None:
    with pytest.raises(Refused, match="witness_same"):
        reported(world, invigilator, statement="", witness=invigilator.account)
    with pytest.raises(Refused, match="witness_stranger"):
        reported(world, invigilator, statement="", witness=chair.account)
    second = world.role("invigilation", "head").account
    assert reported(world, invigilator, statement="", witness=second).witness_id == second.id


def test_only_the_chair_decides_once_and_not_about_an_own_report(world: World, invigilator: Role, chair: Role) -> None:
    violation = reported(world, invigilator)
    for board, duty in (("council", "member"), ("invigilation", "head"), ("hr", "head")):
        with pytest.raises(NotPermitted):
            decide_violation(world.session, violation, "warning", "No.", world.role(board, duty), NOW)
    with pytest.raises(Refused, match="reason_missing"):
        decide_violation(world.session, violation, "warning", " ", chair, NOW)
    with pytest.raises(Refused, match="sanction_missing"):
        decide_violation(world.session, violation, "exile", "Yes.", chair, NOW)
    decide_violation(world.session, violation, "warning", "Yes.", chair, NOW)
    with pytest.raises(Conflict, match="violation_decided"):
        decide_violation(world.session, violation, None, "Yes.", chair, NOW)
    with pytest.raises(NotPermitted):
        reported(world, chair)


def test_a_chair_who_also_keeps_watch_does_not_decide_an_own_report(world: World, chair: Role) -> None:
    appoint(world.session, world.campaign, chair.account, "invigilation")
    both = role_of(world.session, chair.account, world.campaign)
    violation = reported(world, both)
    with pytest.raises(Refused, match="own_report"):
        decide_violation(world.session, violation, "warning", "Yes.", both, NOW)
    with pytest.raises(Refused, match="own_report"):
        roll.void(world.session, world.exam, world.entry(), "Impersonation.", both, NOW)
    deputy = world.role("council", "deputy")
    tasks = waiting_for(world.session, deputy.account, NOW, "Asia/Ho_Chi_Minh").tasks
    assert [(task.code, task.count) for task in tasks] == [("violations", 1)]
    decide_violation(world.session, violation, "suspension", "Yes.", deputy, NOW)
    assert violation.decided_by_id == deputy.account.id
    told = world.session.scalars(select(LogEntry.content).where(LogEntry.actor == deputy.account.public_id)).all()
    assert ['"in_place":"reported"' in (content or "") for content in told] == [True, True]
    with pytest.raises(NotPermitted):  # where the chair can decide, no deputy does
        decide_violation(world.session, reported(world, world.role("invigilation")), "warning", "Yes.", deputy, NOW)


def test_from_the_report_to_the_decision_by_page(world: World, invigilator: Role, chair: Role, browse: Callable[..., Browser]) -> None:
    world.session.commit()
    base = f"/campaigns/{world.campaign.public_id}/sessions/{world.exam.public_id}"
    form = {"level": "warning", "part": "general", "facts": "Copied.", "statement": "No.", "happened_at": "09/11/2026 08:00"}
    browser = browse(invigilator.account)
    address = f"{base}/roster/{world.entry().public_id}/violation"
    assert browser.get(address).status_code == 200
    assert browser.post(address, form | {"facts": ""}).status_code == 422
    page = browser.post(address, form).location
    assert browser.post(page, {"level": "warning", "reason": "Mine."}).status_code == 403
    deciding = browse(chair.account)
    assert "Copied." in deciding.get(page).text
    assert "Copied." in deciding.get(f"/campaigns/{world.campaign.public_id}/violations").text
    assert deciding.post(page, {"reason": "No level."}).status_code == 422
    assert deciding.post(page, {"level": "dismiss", "reason": "Not proven."}).status_code == 303
    assert "Not proven." in browser.get(page).text
    assert browse(world.candidates["001"]).get(page).status_code == 403


def test_the_working_of_a_deduction_stands_on_the_receipt(
    session: Session, world: World, invigilator: Role, chair: Role, browse: Callable[..., Browser]
) -> None:
    sitting = sit(world, "001", "general", 4)
    decide_violation(session, reported(world, invigilator), "reprimand", "Seen.", chair, NOW)
    session.commit()
    page = browse(world.candidates["001"]).get(f"/exam/{sitting.public_id}/receipt").text
    assert "trừ 25 % số câu trả lời đúng" in page
    assert f"/campaigns/{world.campaign.public_id}/rules#penalties.reprimand.percent" in page


def test_after_the_result_of_round_1_no_sanction_is_added_but_a_report_can_be_dismissed(
    world: World, invigilator: Role, chair: Role
) -> None:
    sit(world, "001", "general", 2)
    before = round1_outcomes(world.session, world.campaign)
    violations = [reported(world, invigilator) for _ in range(2)]
    enter_round2(world.session, [], "nobody", chair, NOW)
    for level in ("reprimand", "suspension"):
        with pytest.raises(Refused, match="violation_published"):
            decide_violation(world.session, violations[0], level, "Seen by two.", chair, NOW + MINUTE)
    assert round1_outcomes(world.session, world.campaign) == before
    decide_violation(world.session, violations[1], None, "Too late.", chair, NOW + MINUTE)
    assert violations[1].state == "dismissed"


def test_the_chair_of_another_campaign_decides_nothing(world: World, invigilator: Role) -> None:
    stranger = make_staff(world.session, "stranger")
    other = make_campaign(world.session, code="LA-2026-02")
    appoint(world.session, other, stranger, "council", "head")
    with pytest.raises(NotFound):
        decide_violation(world.session, reported(world, invigilator), "warning", "Mine.", role_of(world.session, stranger, other), NOW)
