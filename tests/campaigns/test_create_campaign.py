"""Open a campaign, and change its facts while it is a draft."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite import policies
from examsite.campaigns.models import Campaign
from examsite.campaigns.operations import campaigns as operations
from examsite.campaigns.operations.campaigns import CampaignFacts
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import role_of
from examsite.rules.refusal import NotPermitted, Refused
from tests.campaigns.house import ENGLISH, House, build, log_kinds
from tests.campaigns.page_form import shown_form
from tests.client import Browser
from tests.factories import make_staff

FACTS = CampaignFacts("LA-2026-09", "Leadership posts, September", "City of Lac An", "Asia/Ho_Chi_Minh")
FORM = {
    "code": "la-2026-09",
    "title": "Thi tuyển tháng 9",
    "organisation": "UBND thành phố Lạc An",
    "time_zone": "Asia/Ho_Chi_Minh",
    "rule_set": "leader-screening",
}


def test_an_hr_officer_opens_one_and_heads_its_hr_board(session: Session, browse: Callable[..., Browser]) -> None:
    officer = make_staff(session, "hang", house_role="hr_officer")
    session.commit()
    answer = browse(officer).post("/campaigns/new", FORM)
    campaign = session.scalars(select(Campaign)).one()
    assert answer.status_code == 303
    assert answer.location == f"/campaigns/{campaign.public_id}"
    assert (campaign.code, campaign.title, campaign.stage) == ("LA-2026-09", "Thi tuyển tháng 9", "draft")
    assert rule_set(campaign) == policies.load("leader-screening").rules
    assert campaign.rules_hash is None
    assert role_of(session, officer, campaign).duties == {"hr": "head"}
    assert log_kinds(session, campaign.chain) == ["campaigns:campaign:created"]


@pytest.mark.parametrize("house_role", [None, "administrator"])
def test_nobody_else_may(session: Session, now: datetime, browse: Callable[..., Browser], house_role: str | None) -> None:
    other = make_staff(session, "other", house_role=house_role)
    session.commit()
    assert browse(other).get("/campaigns/new").status_code == 403
    assert browse(other).post("/campaigns/new", FORM).status_code == 403
    with pytest.raises(NotPermitted):
        operations.create(session, FACTS, "leader-screening", other, now)
    assert session.scalar(select(func.count()).select_from(Campaign)) == 0


def test_not_signed_in_leads_to_the_sign_in_page(browse: Callable[..., Browser]) -> None:
    answer = browse().get("/campaigns/new")
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")


@pytest.mark.parametrize(
    ("change", "rules", "code", "field"),
    [
        ({"code": "LA 2026"}, "leader-screening", "campaigns.code_form", "code"),
        ({"code": "ĐỢT-1"}, "leader-screening", "campaigns.code_form", "code"),
        ({"code": "-1"}, "leader-screening", "campaigns.code_form", "code"),
        ({"code": "LA-2026-01"}, "leader-screening", "campaigns.code_taken", "code"),
        ({"code": "la-2026-01"}, "leader-screening", "campaigns.code_taken", "code"),
        ({"title": " \u200b "}, "leader-screening", "campaigns.text_missing", "title"),
        ({"organisation": ""}, "leader-screening", "campaigns.text_missing", "organisation"),
        ({"time_zone": "Asia/Atlantis"}, "leader-screening", "campaigns.time_zone_unknown", "time_zone"),
        ({"time_zone": "../etc/passwd"}, "leader-screening", "campaigns.time_zone_unknown", "time_zone"),
        ({"time_zone": ""}, "leader-screening", "campaigns.time_zone_unknown", "time_zone"),
        ({}, "no-such-set", "campaigns.set_unknown", "rule_set"),
        ({}, "", "campaigns.set_unknown", "rule_set"),
        ({}, "leader-generic", "campaigns.set_waits", "rule_set"),
    ],
)
def test_what_is_refused(session: Session, house: House, now: datetime, change: dict[str, str], rules: str, code: str, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        operations.create(session, replace(FACTS, **change), rules, house.hr, now)
    assert (refusal.value.code, refusal.value.field) == (code, field)


@pytest.mark.parametrize("rules", [set_id for set_id in policies.available() if policies.load(set_id).rules.waits_for])
def test_no_set_that_waits_can_be_chosen(session: Session, house: House, now: datetime, rules: str) -> None:
    with pytest.raises(Refused, match=r"campaigns\.set_waits"):
        operations.create(session, FACTS, rules, house.hr, now)


def test_a_set_that_cannot_run_is_shown_with_what_it_waits_for_and_not_offered(house: House, browse: Callable[..., Browser]) -> None:
    page = browse(house.hr).get("/campaigns/new", headers=ENGLISH).text
    assert 'value="leader-screening"' in page
    assert 'value="leader-generic"' not in page
    assert page.count("Its text was in force until 30/06/2025.") == 1  # of those that can be chosen, only cs-138-2020
    assert "It waits for: test on paper; written papers and their marking; marking again on appeal." in page


def test_what_was_typed_stays_beside_its_fault(house: House, browse: Callable[..., Browser]) -> None:
    answer = browse(house.hr).post("/campaigns/new", {**FORM, "code": "LA-2026-01"})
    assert answer.status_code == 422
    assert "Một kỳ thi khác đã có mã LA-2026-01" in answer.text
    assert "Thi tuyển tháng 9" in answer.text
    assert 'id="set-leader-screening" value="leader-screening" required checked' in answer.text


def test_a_draft_can_be_renamed(session: Session, house: House, now: datetime, browse: Callable[..., Browser]) -> None:
    hr = browse(house.hr)
    typed = {**FORM, "title": "Another name", "seen": operations.shown(house.campaign)}
    house.campaign.organisation = "Changed by a colleague"
    session.commit()
    refused = hr.post(f"{house.address}/edit", typed, headers=ENGLISH)
    assert refused.status_code == 422
    assert "Now it says: Changed by a colleague" in refused.text
    assert hr.post(f"{house.address}/edit", shown_form(refused.text)).status_code == 303
    session.expire_all()
    assert (house.campaign.title, house.campaign.code) == ("Another name", "LA-2026-09")
    assert log_kinds(session, house.campaign.chain) == ["campaigns:campaign:changed"]
    operations.edit(
        session, house.role(session), CampaignFacts("LA-2026-09", "Another name", FORM["organisation"], "Asia/Ho_Chi_Minh"), now
    )
    assert log_kinds(session, house.campaign.chain) == ["campaigns:campaign:changed"]  # nothing changed, nothing to tell


def test_a_rename_to_a_code_that_is_taken_is_refused(house: House, browse: Callable[..., Browser]) -> None:
    answer = browse(house.hr).post(f"{house.address}/edit", {**FORM, "code": "ELSEWHERE-1", "seen": operations.shown(house.campaign)})
    assert answer.status_code == 422
    assert "ELSEWHERE-1" in answer.text


def test_after_the_announcement_it_stands_as_published(session: Session, now: datetime, browse: Callable[..., Browser]) -> None:
    house = build(session, stage="announced")
    assert browse(house.hr).get(f"{house.address}/edit").status_code == 422
    assert "đã công bố" in browse(house.hr).post(f"{house.address}/edit", FORM).text
    with pytest.raises(Refused, match=r"campaigns\.no_draft"):
        operations.edit(session, house.role(session), FACTS, now)


def test_only_the_hr_board_renames(session: Session, house: House, now: datetime, browse: Callable[..., Browser]) -> None:
    assert browse(house.author).get(f"{house.address}/edit").status_code == 403
    assert browse(house.supervisor).get(f"{house.address}/edit").status_code == 403
    assert browse(house.outsider).get(f"{house.address}/edit").status_code == 404
    with pytest.raises(NotPermitted):
        operations.edit(session, house.role(session, house.chair), FACTS, now)


def test_an_empty_form_marks_every_field_and_the_rule_set_too(session: Session, browse: Callable[..., Browser]) -> None:
    officer = make_staff(session, "hang", house_role="hr_officer")
    session.commit()
    page = browse(officer).post("/campaigns/new", {"title": "", "code": "", "organisation": "", "time_zone": "Asia/Saigon"})
    assert '<option selected value="Asia/Saigon">Giờ Việt Nam, GMT+7</option>' in page.text
    assert "Asia/Ho_Chi_Minh" not in page.text
    assert page.status_code == 422
    for name in ("title", "code", "organisation", "rule_set"):
        assert f'id="{name}-error"' in page.text
        assert f'href="#{name}"' in page.text
