"""The log is read by supervisors and the council's chair, narrowed by filters, and by nobody else."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.audit.operations import SYSTEM, Entry, record, record_all
from examsite.audit.queries import PAGE
from examsite.campaigns.models import Campaign, Membership
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import appoint, make_campaign, make_staff


@pytest.fixture
def campaign(session: Session) -> Campaign:
    campaign = make_campaign(session)
    for board, duty in (("supervision", "member"), ("council", "head"), ("council", "member"), ("panel", "member")):
        appoint(session, campaign, make_staff(session, f"{board}-{duty}"), board, duty)
    record(session, campaign.chain, "campaigns:position:added", "position:abc", SYSTEM, NOW, {"code": "VT01"})
    record(session, campaign.chain, "questions:item:written", "item:xyz", SYSTEM, NOW, {"digest": "9f2c"})
    session.commit()
    return campaign


@pytest.mark.parametrize(
    ("name", "status"), [("supervision-member", 200), ("council-head", 200), ("council-member", 403), ("panel-member", 403)]
)
def test_who_may_read_it(session: Session, campaign: Campaign, browse: Callable[..., Browser], name: str, status: int) -> None:
    account = next(seat.account for seat in _seats(session, campaign) if seat.account.sign_in_name == name)
    assert browse(account).get(f"/campaigns/{campaign.public_id}/log").status_code == status


def test_the_filter_narrows_it(session: Session, campaign: Campaign, browse: Callable[..., Browser]) -> None:
    reader = browse(next(seat.account for seat in _seats(session, campaign) if seat.board == "supervision"))
    first = make_staff(session, "oanh", "Đinh Thị Oanh")
    record(session, campaign.chain, "results:publication:signed", "draft:abc", SYSTEM, NOW, {"first": first.public_id})
    session.commit()
    everything = reader.get(f"/campaigns/{campaign.public_id}/log").text
    assert "position:abc" in everything
    assert "item:xyz" in everything
    assert first.display_name in everything
    assert first.public_id not in everything
    narrowed = reader.get(f"/campaigns/{campaign.public_id}/log?kind=questions:item:written").text
    assert "position:abc" not in narrowed
    assert "item:xyz" in narrowed
    assert "Không có mục nào khớp" in reader.get(f"/campaigns/{campaign.public_id}/log?until=2020-01-01").text


def test_the_log_of_the_house_is_the_administrators(session: Session, browse: Callable[..., Browser]) -> None:
    administrator = make_staff(session, "admin", house_role="administrator")
    officer = make_staff(session, "officer", house_role="hr_officer")
    session.commit()
    assert browse(administrator).get("/house-log").status_code == 200
    assert browse(officer).get("/house-log").status_code == 403


def _seats(session: Session, campaign: Campaign) -> list[Membership]:
    return list(session.scalars(select(Membership).where(Membership.campaign_id == campaign.id)))


def test_it_is_told_in_words_and_the_kinds_stand_in_groups(session: Session, campaign: Campaign, browse: Callable[..., Browser]) -> None:
    record(session, campaign.chain, "grading:codes:opened", "campaign:c", SYSTEM, NOW, {"panels": 2})
    session.commit()
    page = browse(next(seat.account for seat in _seats(session, campaign) if seat.board == "supervision")).get(
        f"/campaigns/{campaign.public_id}/log", headers={"Accept-Language": "en"}
    )
    assert (
        '<optgroup label="Panels and score sheets"><option value="grading:codes:opened">Opened the codes</option></optgroup>' in page.text
    )
    assert "<dt>Panels</dt><dd>2</dd>" in page.text
    assert "campaigns:position:added" in page.text  # no version knows this kind: its code is all there is


def test_older_entries_stay_within_the_filter(session: Session, campaign: Campaign, browse: Callable[..., Browser]) -> None:
    record_all(session, campaign.chain, [Entry("desk:stage:moved", f"campaign:{number}", {}) for number in range(PAGE + 1)], SYSTEM, NOW)
    session.commit()
    reader = browse(next(seat.account for seat in _seats(session, campaign) if seat.board == "supervision"))
    asked = "kind=desk:stage:moved&since=2020-01-01&until=2090-12-31"
    page = reader.get(f"/campaigns/{campaign.public_id}/log?{asked}").text
    link = re.search(r'href="(\?[^"]*before=[^"]*)"', page)
    assert link
    query = dict(parse_qsl(unescape(link[1])[1:]))
    assert (query["kind"], query["since"], query["until"]) == ("desk:stage:moved", "2020-01-01", "2090-12-31")
    older = reader.get(f"/campaigns/{campaign.public_id}/log{unescape(link[1])}").text
    assert reader.get(f"/campaigns/{campaign.public_id}/log?before={10**30}").status_code == 200
    for query, found in (("since=0001-01-01", True), ("until=9999-12-31", True), ("since=9999-12-31", False), ("until=0001-01-01", False)):
        page = reader.get(f"/campaigns/{campaign.public_id}/log?{query}")
        assert (page.status_code, "<tr role" in page.text) == (200, found), query
    assert older.count("<tr role") == 2
