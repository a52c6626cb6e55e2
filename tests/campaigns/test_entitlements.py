"""Exemptions and priority groups: granted or refused on evidence, by the rule set's own grounds and points."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.campaigns.models import Application, Entitlement
from examsite.campaigns.operations import entitlements
from examsite.campaigns.operations.closures import move_application
from examsite.campaigns.operations.screening import Verdict, all_met, screen
from examsite.campaigns.queries import rule_set
from examsite.campaigns.queries.screening import claims, grounds, history, judged, stamp
from examsite.campaigns.queries.together import Together, plan
from examsite.campaigns.roles import Role, role_of
from examsite.rounds.queries.attendance import exemptions
from examsite.rules.refusal import NotPermitted, Refused
from tests.campaigns.intake_file import Desk
from tests.factories import appoint, make_application, make_campaign, make_position, make_staff


@dataclass(frozen=True)
class Case:
    """One application, and the HR officer who looks at its evidence."""

    session: Session
    role: Role
    application: Application

    def decide(self, kind: str, ground: str, granted: bool, now: datetime, evidence: str = "Paper 1.") -> Entitlement:
        return entitlements.decide(self.session, self.role, self.application, kind, ground, granted, evidence, now)


def make_case(session: Session, language: str | None = "en", changes: dict[str, object] | None = None) -> Case:
    hr = make_staff(session, "hr", house_role="hr_officer")
    campaign = make_campaign(session, "cs-138-2020", "CC-2026", "applications", hr, changes)
    return Case(session, role_of(session, hr, campaign), make_application(session, make_position(session, campaign, language=language)))


@pytest.fixture
def case(session: Session) -> Case:
    return make_case(session)


def test_priority_points_are_those_of_the_rule_set(case: Case, now: datetime) -> None:
    granted = case.decide("priority", "merit", True, now, "Thẻ thương binh số 123.")
    assert (granted.points, granted.part, granted.evidence) == (Decimal("7.5"), None, "Thẻ thương binh số 123.")


def test_what_is_refused_carries_no_points(case: Case, now: datetime) -> None:
    assert case.decide("priority", "merit", False, now).points is None


def test_several_groups_may_stand_beside_each_other(case: Case, now: datetime) -> None:
    case.decide("priority", "merit", True, now)
    case.decide("priority", "service", True, now)
    standing = [claim.current.points for claim in claims(case.session, case.application) if claim.current]
    assert standing == [Decimal("7.5"), Decimal("2.5")]


def test_an_exemption_names_its_part(case: Case, now: datetime) -> None:
    granted = case.decide("exemption", "language_degree", True, now)
    assert (granted.part, granted.points) == ("language", None)


def test_a_later_decision_supersedes_and_the_earlier_stays_readable(case: Case, now: datetime, later) -> None:
    case.decide("priority", "merit", True, now, "Paper 1.")
    case.decide("priority", "merit", False, later(hours=1), "The paper is a copy without a stamp.")
    (claim,) = [claim for claim in claims(case.session, case.application) if claim.ground.id == "merit"]
    assert claim.current is not None
    assert (claim.current.granted, [(one.granted, one.superseded_at) for one in claim.earlier]) == (False, [(True, later(hours=1))])


@pytest.mark.parametrize(("language", "lapses"), [("en", False), ("fr", True), (None, True)])
def test_an_exemption_is_decided_anew_where_the_language_changes(case: Case, now: datetime, language: str | None, lapses: bool) -> None:
    session, role, one = case.session, case.role, case.application
    case.decide("exemption", "language_degree", True, now)
    case.decide("priority", "merit", True, now)
    move_application(session, role, one, make_position(session, role.campaign, "VT02", language=language), "A letter.", now)
    covered = exemptions(session, rule_set(role.campaign), [one.id])
    assert (covered == {}) is lapses
    kinds = [entry.kind for entry in history(session, one)]
    assert ("campaigns:entitlement:lapsed" in kinds) is lapses
    assert any(claim.current for claim in claims(session, one) if claim.ground.kind == "priority")
    waits = lapses and language is not None
    assert [claim.lapsed for claim in claims(session, one) if claim.ground.id == "language_degree"] == ([waits] if language else [])
    found = judged(session, one)
    planned = plan(session, [one], Together("all_met", "", "Seen."))
    assert [line.changes for line in planned] == [not waits]
    if waits:
        with pytest.raises(Refused, match="exemption_open"):
            screen(session, role, one, Verdict(stamp(one, found), all_met(found, "Seen."), "eligible"), now)
        case.decide("exemption", "language_degree", False, now)
        found = judged(session, one)
    screen(session, role, one, Verdict(stamp(one, found), all_met(found, "Seen."), "eligible"), now)


def test_the_same_decision_twice_is_told(case: Case, now: datetime) -> None:
    case.decide("priority", "merit", True, now)
    with pytest.raises(Refused, match="as_before"):
        case.decide("priority", "merit", True, now.replace(second=5))
    assert len(case.session.scalars(select(Entitlement)).all()) == 1


@pytest.mark.parametrize(
    ("kind", "ground"), [("priority", "nobody"), ("exemption", "merit"), ("priority", "language_degree"), ("x", "merit")]
)
def test_only_grounds_of_the_rule_set(case: Case, now: datetime, kind: str, ground: str) -> None:
    with pytest.raises(Refused, match=r"entitlements\.unknown"):
        case.decide(kind, ground, True, now)


def test_no_exemption_where_the_position_needs_no_language(session: Session, now: datetime) -> None:
    case = make_case(session, language=None)
    assert {ground.kind for ground in grounds(rule_set(case.role.campaign), case.application.position)} == {"priority"}
    with pytest.raises(Refused, match=r"entitlements\.no_language"):
        case.decide("exemption", "language_degree", True, now)


def test_no_exemption_on_a_ground_that_the_campaign_took_out(session: Session, now: datetime) -> None:
    case = make_case(session, changes={"round1.exemptions": []})
    with pytest.raises(Refused, match=r"entitlements\.unknown"):
        case.decide("exemption", "language_degree", True, now)


def test_evidence_is_needed(case: Case, now: datetime) -> None:
    with pytest.raises(Refused, match="evidence_missing"):
        case.decide("priority", "merit", True, now, "  ")


def test_not_after_screening(case: Case, now: datetime) -> None:
    case.role.campaign.stage = "screened"
    case.session.flush()
    with pytest.raises(Refused, match=r"screening\.over"):
        case.decide("priority", "merit", True, now)


def test_only_the_hr_board_grants(desk: Desk, now: datetime) -> None:
    panel = make_staff(desk.session, "panel")
    appoint(desk.session, desk.campaign, panel, "panel")
    application = make_application(desk.session, desk.position)
    with pytest.raises(NotPermitted):
        entitlements.decide(
            desk.session, role_of(desk.session, panel, desk.campaign), application, "exemption", "language_degree", True, "Paper.", now
        )
