"""Judging an application: findings with reasons, a decision that fits them, taken back only with a reason."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.audit.models import LogEntry
from examsite.campaigns.models import Application, Campaign, CriterionFinding
from examsite.campaigns.operations import leaving, screening
from examsite.campaigns.operations.closures import close_position
from examsite.campaigns.operations.screening import Found, Verdict
from examsite.campaigns.operations.together import act_on_many
from examsite.campaigns.operations.withdrawals import withdraw
from examsite.campaigns.queries.screening import judged, stamp
from examsite.campaigns.queries.together import Together
from examsite.campaigns.roles import Role, role_of
from examsite.db import open_session
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from tests import databases
from tests.campaigns.intake_file import Desk, make_desk
from tests.factories import appoint, make_application, make_staff
from tests.races import DONE, at_once


@pytest.fixture
def application(desk: Desk) -> Application:
    return make_application(desk.session, desk.position, "Nguyễn Thị Ánh")


def verdict(desk: Desk, application: Application, met: Mapping[int, bool], decision: str = "", reason: str = "") -> Verdict:
    """Findings by the number of the criterion."""
    found = judged(desk.session, application)
    findings = {
        one.criterion.public_id: Found(met[one.criterion.number], f"Seen in document {one.criterion.number}.")
        for one in found
        if one.criterion.number in met
    }
    return Verdict(stamp(application, found), findings, decision, reason)


def screen(desk: Desk, application: Application, met: Mapping[int, bool], decision: str = "", reason: str = "", *, now: datetime) -> None:
    screening.screen(desk.session, desk.role, application, verdict(desk, application, met, decision, reason), now)
    desk.session.expire_all()


def test_all_met_makes_eligible(desk: Desk, application: Application, now: datetime) -> None:
    screen(desk, application, {1: True, 2: True}, "eligible", now=now)
    assert (application.state, application.decided_at, application.decided_by) == ("eligible", now, desk.hr)
    assert [(one.current.met, one.current.found_by) for one in judged(desk.session, application) if one.current] == [(True, desk.hr)] * 2


def test_findings_can_be_stored_before_the_decision(desk: Desk, application: Application, now: datetime, later) -> None:
    screen(desk, application, {1: True}, now=now)
    assert application.state == "received"
    screen(desk, application, {2: False}, "rejected", "No degree.", now=later(days=1))
    assert (application.state, application.decision_reason) == ("rejected", "No degree.")


@pytest.mark.parametrize(
    ("met", "decision", "reason", "code"),
    [
        ({1: True}, "eligible", "", "screening.not_all_met"),
        ({1: True, 2: False}, "eligible", "", "screening.not_all_met"),
        ({}, "eligible", "", "screening.not_all_met"),
        ({1: True, 2: True}, "rejected", "No.", "screening.none_unmet"),
        ({1: True}, "rejected", "No.", "screening.none_unmet"),
        ({1: False}, "rejected", "", "reason_missing"),
        ({1: False}, "rejected", " \u200b ", "reason_missing"),
        ({1: True, 2: True}, "withdrawn", "", "screening.decision_unknown"),
    ],
)
def test_a_decision_has_to_fit_the_findings(
    desk: Desk, application: Application, now: datetime, met: dict[int, bool], decision: str, reason: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        screen(desk, application, met, decision, reason, now=now)
    assert refused.value.code == code


def test_every_finding_says_why(desk: Desk, application: Application, now: datetime) -> None:
    found = judged(desk.session, application)
    wanted = Verdict(stamp(application, found), {found[0].criterion.public_id: Found(True, " \n ")})
    with pytest.raises(Refused) as refused:
        screening.screen(desk.session, desk.role, application, wanted, now)
    assert (refused.value.code, refused.value.field) == ("screening.why_missing", f"why-{found[0].criterion.public_id}")


def test_an_earlier_finding_stays_readable(desk: Desk, application: Application, now: datetime, later) -> None:
    screen(desk, application, {1: False}, now=now)
    screen(desk, application, {1: True}, now=later(hours=1))
    first = judged(desk.session, application)[0]
    assert first.current is not None
    assert (first.current.met, [one.met for one in first.earlier]) == (True, [False])
    assert first.earlier[0].superseded_at == later(hours=1)


def test_the_same_finding_again_changes_nothing(desk: Desk, application: Application, now: datetime, later) -> None:
    screen(desk, application, {1: True, 2: True}, now=now)
    screen(desk, application, {1: True, 2: True}, now=later(hours=1))
    assert len(desk.session.scalars(select(CriterionFinding)).all()) == 2


def test_a_page_that_is_out_of_date_is_refused(desk: Desk, application: Application, now: datetime) -> None:
    old = verdict(desk, application, {1: True})
    screen(desk, application, {1: False}, now=now)
    with pytest.raises(Conflict):
        screening.screen(desk.session, desk.role, application, old, now)


def test_all_met_for_one_common_reason(desk: Desk, application: Application, now: datetime) -> None:
    found = judged(desk.session, application)
    findings = screening.all_met(found, "The whole file was seen.")
    screening.screen(desk.session, desk.role, application, Verdict(stamp(application, found), findings, "eligible"), now)
    desk.session.expire_all()
    assert [one.current.why for one in judged(desk.session, application) if one.current] == ["The whole file was seen."] * 2
    assert application.state == "eligible"


def test_a_decision_is_taken_back_with_a_reason_and_taken_anew(desk: Desk, application: Application, now: datetime, later) -> None:
    screen(desk, application, {1: True, 2: False}, "rejected", "No degree.", now=now)
    with pytest.raises(Refused, match="decided_already"):
        screen(desk, application, {2: True}, now=now)
    with pytest.raises(Refused, match="reason_missing"):
        screening.reopen(desk.session, desk.role, application, " ", now)
    screening.reopen(desk.session, desk.role, application, "The degree was handed in late, and accepted.", later(days=1))
    desk.session.expire_all()
    assert (application.state, application.decided_at, application.decision_reason) == ("received", None, "")
    screen(desk, application, {2: True}, "eligible", now=later(days=1))
    assert application.state == "eligible"
    kinds = list(desk.session.scalars(select(LogEntry.kind).order_by(LogEntry.number)))
    assert [kind.rpartition(":")[2] for kind in kinds] == ["judged", "decided", "reopened", "judged", "decided"]


def test_taking_back_that_somebody_is_eligible_frees_the_seat(desk: Desk, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    gone: list[int] = []
    monkeypatch.setattr(leaving, "_FOLLOWERS", [lambda _session, _campaign, ids, *_more: gone.extend(ids)])
    eligible, rejected = (make_application(desk.session, desk.position, state=state) for state in ("eligible", "rejected"))
    for one in (eligible, rejected):
        screening.reopen(desk.session, desk.role, one, "A slip.", now)
    assert gone == [eligible.id]


@pytest.mark.parametrize("state", ["rejected", "withdrawn", "ended"])
def test_nobody_is_judged_for_a_closed_position(desk: Desk, application: Application, now: datetime, state: str) -> None:
    earlier = make_application(desk.session, desk.position, state=state)
    wanted = verdict(desk, application, {1: True, 2: True}, "eligible")
    close(desk, now)
    with pytest.raises(Refused, match="position_closed"):
        screening.reopen(desk.session, desk.role, earlier, "A slip.", now)
    application.state = "received"
    with pytest.raises(Refused, match="position_closed"):
        screening.screen(desk.session, desk.role, application, wanted, now)
    stamps = {application.public_id: stamp(application, judged(desk.session, application))}
    with pytest.raises(Conflict):
        act_on_many(desk.session, desk.role, [application], Together("all_met", "", "Seen."), stamps, now)


def close(desk: Desk, now: datetime) -> None:
    chair = make_staff(desk.session, "chair")
    appoint(desk.session, desk.campaign, chair, "council", "head")
    close_position(desk.session, role_of(desk.session, chair, desk.campaign), desk.position, "Merged.", "Decision 45", now)


def test_what_was_not_decided_cannot_be_taken_back(desk: Desk, application: Application, now: datetime) -> None:
    with pytest.raises(Refused, match="not_decided"):
        screening.reopen(desk.session, desk.role, application, "Why not.", now)


@pytest.mark.parametrize("stage", ["screened", "round1_held"])
def test_after_screening_nothing_is_judged_or_taken_back(session: Session, now: datetime, stage: str) -> None:
    desk = make_desk(session, stage=stage)
    undecided = make_application(session, desk.position)
    decided = make_application(session, desk.position, state="eligible", number="0001")
    with pytest.raises(Refused, match=r"screening\.over"):
        screen(desk, undecided, {1: True}, now=now)
    with pytest.raises(Refused, match=r"screening\.over"):
        screening.reopen(session, desk.role, decided, "A slip.", now)


@pytest.mark.parametrize(("state", "stage"), [("received", "applications"), ("eligible", "applications"), ("eligible", "round2_held")])
def test_a_person_may_withdraw(session: Session, now: datetime, state: str, stage: str) -> None:
    desk = make_desk(session, stage=stage)
    application = make_application(session, desk.position, state=state)
    withdraw(session, desk.role, application, "A letter of 08/11/2026.", now)
    session.expire_all()
    assert (application.state, application.decision_reason) == ("withdrawn", "A letter of 08/11/2026.")


@pytest.mark.parametrize(
    ("state", "stage", "code"),
    [
        ("rejected", "applications", "cannot_withdraw"),
        ("withdrawn", "applications", "cannot_withdraw"),
        ("eligible", "provisional", "too_late"),
    ],
)
def test_and_then_may_not(session: Session, now: datetime, state: str, stage: str, code: str) -> None:
    desk = make_desk(session, stage=stage)
    application = make_application(session, desk.position, state=state)
    with pytest.raises(Refused, match=code):
        withdraw(session, desk.role, application, "A letter.", now)


@pytest.mark.parametrize("board", ["council", "question", "supervision"])
def test_only_the_hr_board_screens(desk: Desk, application: Application, now: datetime, board: str) -> None:
    other = make_staff(desk.session, "other")
    appoint(desk.session, desk.campaign, other, board)
    role = role_of(desk.session, other, desk.campaign)
    wanted = verdict(desk, application, {1: True})
    for act in (
        lambda: screening.screen(desk.session, role, application, wanted, now),
        lambda: screening.reopen(desk.session, role, application, "Why.", now),
        lambda: withdraw(desk.session, role, application, "Why.", now),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_two_officers_decide_at_once_and_one_is_told(own_database: databases.Copy) -> None:
    now = datetime(2026, 11, 9, tzinfo=UTC)
    with open_session(own_database.engine) as session:
        desk = make_desk(session)
        application = make_application(session, desk.position)
        wanted = [verdict(desk, application, {1: True, 2: True}, "eligible"), verdict(desk, application, {1: False}, "rejected", "No.")]
        session.commit()
        ids = desk.campaign.id, desk.hr.id, application.id

    def load(session: Session) -> tuple[Role, Application]:
        role = role_of(session, session.get_one(Account, ids[1]), session.get_one(Campaign, ids[0]))
        return role, session.get_one(Application, ids[2])

    def deciding(mine: Verdict) -> Callable[[Session, tuple[Role, Application]], object]:
        return lambda session, loaded: screening.screen(session, *loaded, mine, now)

    outcomes = at_once(own_database, load, *map(deciding, wanted))
    assert sorted(outcomes) == [DONE, "screening.decided_already"]
    decided = wanted[outcomes.index(DONE)].decision
    with open_session(own_database.engine) as session:
        assert session.scalars(select(Application.state)).all() == [decided]
