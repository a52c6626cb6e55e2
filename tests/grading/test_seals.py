"""What a database owner changes in round 2 behind the application's back is named, and opens no code; every honest history holds."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text, update

from examsite.accounts.models import TwoPersonAct
from examsite.campaigns.operations.withdrawals import withdraw
from examsite.campaigns.roles import role_of
from examsite.cli.walks import walk_log
from examsite.grading.models import Panel, Sanction
from examsite.grading.operations import attendance, closing, conflicts, decisions, lots, opening, panels, sanctions
from examsite.grading.queries import Gap, interview_outcomes, missing_before_opening, seals
from examsite.grading.queries.panels import interviews_of
from examsite.grading.queries.seals import broken_seals
from examsite.rules.refusal import Refused
from tests import factories
from tests.client import Browser
from tests.conftest import NOW
from tests.grading.test_spread_decision import VERY_WIDE
from tests.grading.world import FAIR, MEMBERS, World

Browse = Callable[..., Browser]
LOW = ("26", "20", "25")
WIDE = (FAIR, FAIR, VERY_WIDE)


def gaps(world: World) -> list[str]:
    """The codes of what is found, whatever the session has in memory."""
    world.session.flush()
    world.session.expire_all()
    return [gap.code.removeprefix("grading.gap_seal_") for gap in broken_seals(world.session, world.campaign)]


def bend(world: World, *statements: str, **named: object) -> None:
    """Change rows as somebody with full rights on the database does. `{i}`, `{m}`, `{p}` stand for candidate 001's interview, chi's seat,
    the panel."""
    world.session.flush()
    ids = {"i": world.interview().id, "j": world.interview("002").id, "m": world.member("chi").id, "p": world.panel.id}
    for statement in statements:
        world.session.execute(
            text(statement.format(**ids)),
            {"now": "2026-03-02 01:00:00", "by": world.people["head"].id, "other": world.people["hr"].id, **named},
        )
    world.session.expire_all()


def close(world: World) -> World:
    closing.close_panel(world.session, world.role("head"), world.panel, NOW)
    world.session.commit()
    return world


def sanction(world: World, kind: str = "reprimand", number: str = "001") -> Sanction:
    return sanctions.record_sanction(world.session, world.role("head"), world.panel, world.interview(number), kind, "A telephone.", NOW)


def judge(world: World, found: Sanction, outcome: str = "imposed", reason: str = "Seen.", number: str = "001") -> None:
    sanctions.decide_sanction(world.session, world.role("chair"), world.panel, world.interview(number), found, outcome, reason, NOW)


@pytest.fixture
def closed(begun: World) -> World:
    """A panel with a harsh member, a version that was opened again, a decided score and an imposed sanction; all of it closed."""
    begun.declare("chair")
    begun.lock_all(FAIR, FAIR, ("34", "20", "25"))
    begun.reopen("chi")
    begun.lock("chi", LOW)
    begun.lock_all(*WIDE, number="002")
    judge(begun, sanction(begun))
    decide(begun, "002")
    return close(begun)


def decide(world: World, number: str, by: str = "chair") -> None:
    decisions.decide_spread(world.session, world.role(by), world.panel, world.interview(number), Decimal("70"), "Talked over.", NOW)


DROP = "DELETE FROM score_sheet WHERE interview_id = {i} AND member_id = {m}"
ABSENT = (
    "INSERT INTO recusal (interview_id, member_id, kind, reason, recorded_at, recorded_by_id) VALUES ({i}, {m}, 'absent', 'x', :now, :by)"
)
RECORDED = (
    "INSERT INTO sanction (public_id, interview_id, kind, reason, recorded_at, recorded_by_id, decision, in_place)"
    " VALUES ('xxxxxxxxxxxxxxxxxxxxxx', {j}, 'warning', 'x', :now, :by, '', '')"
)
OTHERWISE = {
    "a harsh member's sheet is gone, and an absence in its place": ((DROP, ABSENT), ["sheet_gone", "recusal_new"]),
    "the version that was opened again counts": (
        (f"{DROP} AND state = 'locked'", "UPDATE score_sheet SET state = 'locked' WHERE interview_id = {i} AND member_id = {m}"),
        ["sheet"],
    ),
    "a locked sheet counts no more": (
        ("UPDATE score_sheet SET state = 'draft' WHERE interview_id = {i} AND state = 'locked'",),
        ["sheet_gone"] * 3,
    ),
    "an earlier version was opened for another reason": (
        ("UPDATE score_sheet SET reopened_why = 'x' WHERE member_id = {m}",),
        ["versions"],
    ),
    "an earlier version is gone": ((f"{DROP} AND state = 'reopened'",), ["versions"]),
    "a member's seat gives no scores": (("UPDATE panel_member SET duty = 'decider' WHERE id = {m}",), ["sheet_gone"] * 2),
    "a sheet shows another seal": (("UPDATE score_sheet SET seal = '00' WHERE interview_id = {i} AND version = 2",), ["sheet"]),
    "scores are rewritten": (
        ("UPDATE score_sheet SET scores = replace(scores, '26', '36') WHERE interview_id = {i} AND state = 'locked'",),
        ["sheet"],
    ),
    "scores are no numbers": (
        ("UPDATE score_sheet SET scores = replace(scores, '26', 'many') WHERE interview_id = {i} AND version = 2",),
        ["sheet"],
    ),
    "the salt of a sheet is no salt": (("UPDATE score_sheet SET salt = 'xy' WHERE interview_id = {i} AND version = 2",), ["sheet"]),
    "a sanction is gone": (("DELETE FROM sanction",), ["sanction_gone"]),
    "a sanction is dropped": (("UPDATE sanction SET outcome = 'dropped'",), ["sanction"]),
    "a sanction is another one": (("UPDATE sanction SET kind = 'warning'",), ["sanction"]),
    "somebody else recorded it": (("UPDATE sanction SET recorded_by_id = :other",), ["sanction"]),
    "somebody else decided it": (("UPDATE sanction SET decided_by_id = :by",), ["sanction"]),
    "a sanction nobody recorded": ((RECORDED,), ["sanction_new"]),
    "who was there did not come": (("UPDATE interview SET state = 'no_show' WHERE id = {j}",), ["presence"]),
    "who was there is awaited": (("UPDATE interview SET state = 'waiting' WHERE id = {j}",), ["presence"]),
    "a reason is put to it": (("UPDATE interview SET state_reason = 'late' WHERE id = {j}",), ["presence"]),
    "a decided score is gone": (("DELETE FROM spread_decision",), ["decision_gone"]),
    "a decided score is superseded": (("UPDATE spread_decision SET superseded_at = :now",), ["decision_gone"]),
    "somebody else decided the score": (("UPDATE spread_decision SET decided_by_id = :by",), ["decision"]),
    "the seed is another": (("UPDATE panel SET lot_seed = '00'",), ["lots"]),
    "the seed is missing": (("UPDATE panel SET lot_seed = NULL",), ["lots"]),
    "the order is another": (("UPDATE interview SET number = 3 - number + 4", "UPDATE interview SET number = number - 4"), ["lots"]),
    "the panel shows another commitment": (("UPDATE panel SET codes_commitment = '00'",), ["codes"]),
    "the panel is said to be open": (("UPDATE panel SET state = 'drawn'",), ["panel"]),
    "its lots are made undrawn": (("UPDATE panel SET state = 'planned'",), ["panel"]),
}


@pytest.mark.parametrize("what", OTHERWISE)
def test_what_was_changed_is_named_and_no_code_opens(closed: World, what: str) -> None:
    assert gaps(closed) == []
    statements, named = OTHERWISE[what]
    bend(closed, *statements)
    assert gaps(closed) == named
    with pytest.raises(Refused, match="not_ready"):
        opening.propose_opening(closed.session, closed.role("coder"), "", NOW)
    assert [sentence for sentence in walk_log(closed.session).broken if sentence.startswith(closed.campaign.code)]


def test_candidates_who_change_places_with_code_and_number_are_named(closed: World) -> None:
    """Codes still fit their candidates and sheets their interviews; only which interview was whose is another."""
    spare = factories.make_application(closed.session, closed.applications["001"].position, "Lê Văn C", "withdrawn")
    first, second = closed.interview(), closed.interview("002")
    places = [(one.application_id, one.code, one.number) for one in (first, second)]
    for interview, (application, code, number) in ((first, (spare.id, "XX99", 9)), (second, places[0]), (first, places[1])):
        interview.application_id, interview.code, interview.number = application, code, number
        closed.session.flush()
    assert gaps(closed) == ["interviews"]


def test_a_fault_names_panel_code_and_member_and_no_score(closed: World) -> None:
    bend(closed, DROP, ABSENT, "UPDATE interview SET state = 'no_show' WHERE id = {j}")
    code = closed.interview().code
    checked = " Have the log and a backup checked."
    assert walk_log(closed.session).broken == [
        f"LA-2026-01: Panel 1: whether candidate 002 came, or why not, is not what the log says.{checked}",
        f"LA-2026-01: {code}: the log says that Chi has locked a sheet, and none of theirs counts.{checked}",
        f"LA-2026-01: {code}: an absence or a conflict of Chi stands of which the log knows nothing.{checked}",
    ]


def test_interviews_that_are_gone_leave_nothing_unsaid(begun: World) -> None:
    begun.session.commit()
    bend(begun, "DELETE FROM interview WHERE id = {i}")
    assert gaps(begun) == ["lots", "codes", "interviews", "presence"]


def test_a_panel_that_is_gone_is_one_fault(begun: World) -> None:
    begun.session.commit()
    bend(begun, "DELETE FROM interview", "DELETE FROM panel_member", "DELETE FROM panel")
    assert gaps(begun) == ["panel_gone"]


@pytest.fixture
def opened(world: World) -> World:
    """Codes that two people opened."""
    world.finish()
    world.open_codes()
    world.session.commit()
    return world


def test_after_the_opening_a_new_digest_for_other_scores_opens_nothing(opened: World) -> None:
    """What no signature covers any more: the seed nulled, so that nothing is compared, the sheets rewritten, the act signed anew."""
    assert gaps(opened) == []
    bend(opened, "UPDATE score_sheet SET scores = replace(scores, '30', '40') WHERE interview_id = {i}", "UPDATE panel SET lot_seed = NULL")
    opened.session.execute(update(TwoPersonAct).where(TwoPersonAct.kind == "grading:codes").values(digest=opened.digest()))
    opened.session.commit()
    assert gaps(opened) == ["lots", "sheet", "sheet", "sheet", "opening"]
    with pytest.raises(Refused, match="opened_differs"):
        interview_outcomes(opened.session, opened.campaign)
    assert walk_log(opened.session).broken[-1].startswith("LA-2026-01: What the database holds of round 2 is not what two people signed")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE two_person_act SET digest = '00'",
        "UPDATE two_person_act SET state = 'withdrawn'",
        "UPDATE two_person_act SET second_id = :by",
    ],
)
def test_the_act_of_opening_is_the_one_in_the_log(opened: World, statement: str) -> None:
    bend(opened, statement)
    assert gaps(opened) == ["opening"]


def test_an_opening_of_which_the_log_knows_nothing_opens_nothing(closed: World) -> None:
    digest = closed.digest()
    by = {"first": closed.people["coder"].id, "second": closed.people["watcher"].id, "chain": closed.campaign.chain}
    bend(
        closed,
        "INSERT INTO two_person_act (public_id, chain, kind, about, digest, content, state, first_id, first_at, second_id, second_at)"
        " VALUES ('xxxxxxxxxxxxxxxxxxxxxx', :chain, 'grading:codes', :about, :digest, '{{}}', 'signed', :first, :now, :second, :now)",
        digest=digest,
        about=f"campaign:{closed.campaign.public_id}",
        **by,
    )
    assert gaps(closed) == ["opening"]
    with pytest.raises(Refused, match="opened_differs"):
        interview_outcomes(closed.session, closed.campaign)


def test_lots_written_before_the_log_bound_interviews_are_not_called_changed(closed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def older(entry: object) -> dict[str, object]:
        return {name: value for name, value in data_of(entry).items() if name != "interviews"}

    data_of: Callable[..., dict[str, object]] = seals.data_of  # type: ignore[assignment]
    monkeypatch.setattr(seals, "data_of", older)
    assert gaps(closed) == []


def reopen_and_relock(world: World) -> None:
    world.declare("chair")
    world.save("binh", ("30", None, None))
    world.lock_all()
    world.lock_all(*WIDE, number="002")
    decide(world, "002")
    world.reopen("binh", number="002")
    world.save("binh", FAIR, number="002")
    world.lock("binh", FAIR, number="002")
    decide(world, "002")


def late_member(world: World) -> None:
    world.lock("binh")
    panels.seat_member(world.session, world.role("hr"), world.panel, world.people["dung"].public_id, "member", "Chi fell ill.", NOW)
    world.declare("dung")
    world.lock_all(number="002")
    world.lock("dung", number="002")
    world.lock("head")
    world.lock("chi")


def absence_corrected(world: World) -> None:
    at = (world.panel, world.interview(), world.member("chi"))
    attendance.record_absence(world.session, world.role("head"), *at, "Ill.", NOW)
    attendance.lift_absence(world.session, world.role("head"), *at, "Came after all.", NOW)
    attendance.record_absence(world.session, world.role("head"), world.panel, world.interview("002"), world.member("chi"), "Ill.", NOW)
    world.lock_all()
    world.lock("head", number="002")
    world.lock("binh", number="002")


def conflict_after_sheets(world: World) -> None:
    world.declare("chair")
    world.lock_all(*WIDE)
    decide(world, "001")
    world.reopen("chi")
    conflicts.recuse_self(world.session, world.role("chi"), world.panel, world.interview(), "sibling", "Recognised.", NOW)
    world.lock_all(number="002")


def conflict_after_an_absence(world: World) -> None:
    """A conflict takes the place of what kept somebody from scoring only: an absence, or a seat taken late."""
    world.lock("binh")
    attendance.record_absence(world.session, world.role("head"), world.panel, world.interview(), world.member("chi"), "Late.", NOW)
    panels.seat_member(world.session, world.role("hr"), world.panel, world.people["dung"].public_id, "member", "For Chi.", NOW)
    world.declare("dung", relations={"001": "sibling"})
    conflicts.recuse_self(world.session, world.role("chi"), world.panel, world.interview(), "sibling", "Recognised.", NOW)
    world.lock_all(number="002")


def sanction_decided_twice(world: World) -> None:
    world.declare("chair")
    found = sanction(world)
    judge(world, found)
    judge(world, found, "dropped", "On second thoughts.")
    judge(world, sanction(world, "warning", "002"), number="002")
    world.lock_all()
    world.lock_all(number="002")


def sanction_waits_again(world: World) -> None:
    world.declare("chair")
    judge(world, sanction(world))
    conflicts.recuse_self(world.session, world.role("chair"), world.panel, world.interview(), "sibling", "Recognised.", NOW)
    world.lock_all()


def no_show_corrected(world: World) -> None:
    for state, reason in (
        ("no_show", "Not there."),
        ("no_show", "Ill, as a letter says."),
        ("present", "Came late."),
        ("no_show", "Left."),
    ):
        attendance.record_presence(world.session, world.role("hr"), world.panel, world.interview(), state, reason, NOW)
    world.lock_all(number="002")


def candidate_leaves(world: World) -> None:
    world.lock("binh")
    withdraw(world.session, world.role("hr"), world.applications["001"], "A letter.", NOW)
    world.lock_all(number="002")


def head_handed_over(world: World) -> None:
    panels.hand_over_head(world.session, world.role("hr"), world.panel, world.member("binh"), "The head fell ill.", NOW)
    world.lock_all()
    world.lock_all(number="002")


def closed_and_opened_again(world: World) -> None:
    for number in world.applications:
        world.lock_all(number=number)
    close(world)
    closing.reopen_panel(world.session, world.role("head"), world.panel, "A slip.", NOW)


def panels_in_several_states(world: World) -> None:
    other = factories.make_application(world.session, world.applications["001"].position, "Lê Văn C", "eligible", "003")
    factories.make_entrant(world.session, other)
    role = world.role("hr")
    for name, drawn in (("Panel 2", True), ("Panel 3", False)):
        panel = panels.create_panel(world.session, role, name, "Room C", NOW + timedelta(days=2), NOW, pause_minutes=5)
        for who in MEMBERS:
            duty = "head" if who == "binh" else "member"
            panels.seat_member(world.session, role, panel, world.people[who].public_id, duty, "", NOW)
        panels.hand_over_head(world.session, role, panel, next(seat for seat in panel.members if seat.duty == "member"), "Better so.", NOW)
        if drawn:
            panels.assign_position(world.session, role, panel, other.position, NOW)
            lots.draw_lots(world.session, role, panel, NOW)
            world.session.expire_all()
            conflicts.declare(world.session, role_of(world.session, world.people["chair"], world.campaign), panel, {}, NOW)
            [interview] = interviews_of(world.session, panel)
            attendance.record_presence(world.session, role, panel, interview, "present", "", NOW)
    world.lock_all(number="002")


HONEST = [
    reopen_and_relock,
    late_member,
    absence_corrected,
    conflict_after_sheets,
    conflict_after_an_absence,
    sanction_decided_twice,
    sanction_waits_again,
    no_show_corrected,
    candidate_leaves,
    head_handed_over,
    closed_and_opened_again,
    panels_in_several_states,
]


@pytest.mark.parametrize("history", HONEST)
def test_an_honest_history_holds(begun: World, history: Callable[[World], None]) -> None:
    history(begun)
    assert gaps(begun) == []
    assert walk_log(begun.session).broken == []


@pytest.mark.parametrize("history", [reopen_and_relock, late_member, no_show_corrected, candidate_leaves, sanction_decided_twice])
def test_an_honest_history_opens(begun: World, history: Callable[[World], None]) -> None:
    history(begun)
    close(begun)
    assert missing_before_opening(begun.session, begun.campaign) == []
    begun.open_codes()
    assert interview_outcomes(begun.session, begun.campaign).keys() == {"001", "002"}
    assert gaps(begun) == []
    assert walk_log(begun.session).broken == []


def test_a_seat_that_was_given_behind_the_back_is_named(begun: World) -> None:
    """Of a panel that was made by the application the log knows every seat."""
    panels_in_several_states(begun)
    begun.session.commit()
    assert gaps(begun) == []
    bend(begun, "UPDATE panel_member SET duty = 'member' WHERE duty = 'head' AND panel_id <> {p}")
    found = broken_seals(begun.session, begun.campaign)
    assert [(gap.code, gap.params) for gap in found] == [("grading.gap_seal_seat", {"panel": "Panel 2", "member": "Head"})]


def test_a_panel_that_never_drew_lots_and_is_past_them_is_named(world: World) -> None:
    world.session.execute(update(Panel).values(state="closed"))
    assert gaps(world) == ["panel", "lots", "codes", "interviews"]


def test_a_declared_conflict_that_is_gone_is_named(world: World) -> None:
    world.draw()
    world.declare("head", "binh")
    world.declare("chi", relations={"001": "sibling"})
    assert gaps(world) == []
    bend(world, "UPDATE recusal SET relation = NULL, kind = 'absent'")
    assert gaps(world) == ["recusal"]
    bend(world, "DELETE FROM recusal")
    assert gaps(world) == ["recusal_gone"]


def test_an_act_between_the_reading_of_log_and_rows_is_no_fault(begun: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy site the log may be read before somebody's act and the rows after it."""
    compared = seals._compared

    def in_between(*of: Any) -> list[Gap]:
        if begun.newest("binh") is None:
            begun.lock("binh")
            return [Gap("grading.gap_seal_sheet_new", {})]
        return compared(*of)

    monkeypatch.setattr(seals, "_compared", in_between)
    assert gaps(begun) == []


def test_rows_of_which_nothing_can_be_computed_are_a_fault_like_others(opened: World) -> None:
    bend(opened, "UPDATE score_sheet SET scores = replace(scores, '30', 'many')")
    assert any("not what two people signed" in sentence for sentence in walk_log(opened.session).broken)
    with pytest.raises(Refused, match="opened_differs"):
        interview_outcomes(opened.session, opened.campaign)


@pytest.mark.parametrize(
    "what", ["a member's seat gives no scores", "scores are no numbers", "a harsh member's sheet is gone, and an absence in its place"]
)
def test_the_page_of_the_codes_names_it_even_where_nothing_can_be_computed(closed: World, browse: Browse, what: str) -> None:
    bend(closed, *OTHERWISE[what][0])
    closed.session.commit()
    page = browse(closed.people["coder"]).get(f"/campaigns/{closed.campaign.public_id}/codes")
    assert page.status_code == 200
    assert "Hãy kiểm tra nhật ký và bản sao lưu." in page.text
    assert "/codes/propose" not in page.text
