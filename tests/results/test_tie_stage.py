"""When a tie can be decided: while a ranking that it orders can be published or corrected, and never beside a publication."""

from datetime import datetime
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.audit.models import LogEntry
from examsite.campaigns.models import Campaign, Position
from examsite.campaigns.roles import Role, role_of
from examsite.db import open_session
from examsite.results.models import Draft, TieDecision
from examsite.results.operations import publishing
from examsite.results.operations.ties import propose_tie, sign_tie
from tests.databases import Copy
from tests.results.ground import Ground, make_ground, refused

ORDER = ["002", "001"]


def tie_up(ground: Ground) -> Ground:
    """Two candidates with the same scores for one seat."""
    for number in ("001", "002"):
        ground.candidate(number)
        ground.enters(number)
        ground.scores(number, ("30", "20", "20"))
    ground.opens()
    ground.campaign.stage = "round2_held"
    ground.session.flush()
    return ground


def propose(ground: Ground, ordered: list[str], document: str = "27/BB") -> str:
    role = ground.role(ground.chair)
    return propose_tie(ground.session, ground.position(), ordered, document, "A vote, 4 to 1.", role, ground.now).digest


def decide(ground: Ground, ordered: list[str], document: str = "27/BB") -> TieDecision:
    digest = propose(ground, ordered, document)
    return sign_tie(ground.session, ground.position(), digest, ground.role(ground.council), ground.now)


def stand_at(ground: Ground, stage: str) -> None:
    ground.campaign.stage = stage
    ground.session.flush()


@pytest.mark.parametrize(
    ("stage", "code"),
    [
        ("round2_timetable", "results.tie_too_early"),
        ("round2_held", None),
        ("provisional", None),
        ("appeals", None),
        ("official", None),
        ("recommendations", "results.tie_too_late"),
        ("closed", "results.tie_too_late"),
    ],
)
def test_it_is_decided_while_a_ranking_can_be_published_or_corrected(ground: Ground, stage: str, code: str | None) -> None:
    tie_up(ground)
    decide(ground, ["001", "002"])
    ground.published("provisional")
    ground.published("official")
    stand_at(ground, stage)
    if code is None:
        assert decide(ground, ORDER, "99/BB").ordered == ORDER
        return
    with refused(code):
        propose(ground, ORDER, "99/BB")


def test_what_waited_when_the_stage_went_on_is_signed_no_more(ground: Ground, browse: Any) -> None:
    tie_up(ground)
    decide(ground, ["001", "002"])
    ground.published("provisional")
    ground.published("official")
    digest = propose(ground, ORDER, "99/BB")
    stand_at(ground, "recommendations")
    with refused("results.tie_too_late"):
        sign_tie(ground.session, ground.position(), digest, ground.role(ground.council), ground.now)
    ground.session.commit()
    page = browse(ground.council).get(f"/campaigns/{ground.campaign.public_id}/ties/{ground.position().public_id}").text
    assert "Việc bằng điểm được quyết định chậm nhất ở giai đoạn" in page
    assert "Ký quyết định" not in page
    assert "Rút lại" in page


def test_the_page_offers_no_decision_where_it_would_be_refused(ground: Ground, browse: Any) -> None:
    tie_up(ground)
    address = f"/campaigns/{ground.campaign.public_id}/ties/{ground.position().public_id}"
    ground.session.commit()
    assert 'name="document"' in browse(ground.chair).get(address).text
    stand_at(ground, "closed")
    ground.session.commit()
    page = browse(ground.chair).get(address).text
    assert "Việc bằng điểm được quyết định chậm nhất ở giai đoạn" in page
    assert 'name="document"' not in page


def test_a_tie_is_not_decided_between_the_last_look_at_a_ranking_and_its_publication(
    own_database: Copy, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_session(own_database.engine) as session:
        ground = tie_up(make_ground(session, now))
        decide(ground, ["001", "002"])
        ground.published("provisional")
        ground.waits_out_appeals()
        draft = ground.draft("official")
        shown = publishing.put_forward(session, draft, "", ground.role(ground.hr), ground.now).digest
        tie_shown = propose(ground, ORDER, "99/BB")
        session.commit()
        draft_id, position_id, campaign_id = draft.id, ground.position().id, ground.campaign.id
        chair_id, council_id, later = ground.chair.id, ground.council.id, ground.now

    def role(own: Session, account_id: int) -> Role:
        return role_of(own, own.get_one(Account, account_id), own.get_one(Campaign, campaign_id))

    signed = Event()

    def sign() -> None:
        with open_session(own_database.engine) as own:
            sign_tie(own, own.get_one(Position, position_id), tie_shown, role(own, council_id), later)
            own.commit()
        signed.set()

    beside, early = Thread(target=sign), []
    last_look = publishing._checked

    def checked(session: Session, draft: Draft, when: datetime) -> Any:
        found = last_look(session, draft, when)
        beside.start()
        early.append(signed.wait(timeout=1))
        return found

    monkeypatch.setattr(publishing, "_checked", checked)
    with open_session(own_database.engine) as session:
        publishing.publish(session, session.get_one(Draft, draft_id), shown, role(session, chair_id), later)
        session.commit()
    beside.join(timeout=60)
    assert (early, signed.is_set()) == ([False], True)
    with open_session(own_database.engine) as session:
        last = select(LogEntry.kind).where(LogEntry.kind.in_(["results:tie:decided", "results:publication:published"]))
        assert session.scalars(last.order_by(LogEntry.number.desc()).limit(2)).all() == [
            "results:tie:decided",
            "results:publication:published",
        ]
