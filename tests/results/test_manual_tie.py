"""A tie that no step separates: the chair records the decision, another member of the council signs it."""

from typing import Any

import pytest
from sqlalchemy import select

from examsite.accounts.models import Account
from examsite.audit.models import LogEntry
from examsite.campaigns.models import Membership
from examsite.results.models import TieDecision
from examsite.results.operations.ties import propose_tie, sign_tie, take_back_tie
from examsite.results.queries.drafts import sections_of
from examsite.results.queries.ties import tie_of, waiting_tie
from examsite.rules.refusal import Conflict, NotPermitted
from tests.factories import PASSWORD, appoint, make_staff
from tests.results.ground import Ground, refused


@pytest.fixture
def tied(ground: Ground) -> Ground:
    """Two candidates with the same scores for one seat."""
    for number in ("001", "002"):
        ground.candidate(number)
        ground.enters(number)
        ground.scores(number, ("30", "20", "20"))
    ground.opens()
    ground.campaign.stage = "round2_held"
    ground.session.flush()
    return ground


def propose(ground: Ground, ordered: list[str], by: Account | None = None, document: str = "27/BB", reason: str = "A vote, 4 to 1.") -> Any:
    return propose_tie(ground.session, ground.position(), ordered, document, reason, ground.role(by or ground.chair), ground.now)


def decide(ground: Ground, ordered: list[str]) -> TieDecision:
    act = propose(ground, ordered)
    return sign_tie(ground.session, ground.position(), act.digest, ground.role(ground.council), ground.now)


def test_two_people_settle_it_and_the_ranking_says_by_which_document(tied: Ground) -> None:
    decision = decide(tied, ["002", "001"])
    assert (decision.first_id, decision.second_id, decision.decider) == (tied.chair.id, tied.council.id, "council")
    found = sections_of(tied.draft("provisional"))[0]
    assert [(line["candidate_number"], line["place"], line["reason"]["code"]) for line in found["lines"]] == [
        ("002", [1, 1], "inside_by_decision"),
        ("001", [2, 2], "outside_by_decision"),
    ]
    assert found["lines"][0]["reason"]["params"]["document"] == "27/BB"
    assert found["pending"] == []
    assert "results:tie:decided" in tied.session.scalars(select(LogEntry.kind)).all()


@pytest.mark.parametrize("ordered", [["001"], ["001", "001"], ["001", "003"], ["001", "002", "003"], []])
def test_other_names_than_the_tied_ones_are_refused(tied: Ground, ordered: list[str]) -> None:
    with refused("tie_decision_wrong_people"):
        propose(tied, ordered)


@pytest.mark.parametrize(("document", "reason"), [(" ", "A vote."), ("27/BB", " ")])
def test_a_decision_needs_its_document_and_its_reason(tied: Ground, document: str, reason: str) -> None:
    with refused("tie_decision_incomplete"):
        propose(tied, ["001", "002"], document=document, reason=reason)


def test_only_the_chair_proposes_and_only_another_member_of_the_council_signs(tied: Ground) -> None:
    for account in (tied.council, tied.hr, tied.supervisor):
        with pytest.raises(NotPermitted):
            propose(tied, ["001", "002"], by=account)
    act = propose(tied, ["001", "002"])
    with refused("acts.same_person"):
        sign_tie(tied.session, tied.position(), act.digest, tied.role(tied.chair), tied.now)
    for account in (tied.hr, tied.supervisor):
        with pytest.raises(NotPermitted):
            sign_tie(tied.session, tied.position(), act.digest, tied.role(account), tied.now)


def test_a_deputy_records_it_where_the_chair_declared_a_conflict_with_one_of_them(tied: Ground, browse: Any) -> None:
    tied.conflict("001", tied.chair)
    deputy = tied.deputy()
    with pytest.raises(NotPermitted):
        propose(tied, ["001", "002"])
    act = propose(tied, ["001", "002"], by=deputy)
    with pytest.raises(NotPermitted):
        sign_tie(tied.session, tied.position(), act.digest, tied.role(tied.chair), tied.now)
    third = make_staff(tied.session, "third")
    appoint(tied.session, tied.campaign, third, "council")
    tied.session.commit()
    address = f"/campaigns/{tied.campaign.public_id}/ties/{tied.position().public_id}"
    sentence = "Anh/chị đã khai báo xung đột lợi ích với một người trong số họ."
    assert [sentence in browse(who).get(address).text for who in (tied.chair, third)] == [True, False]
    assert sign_tie(tied.session, tied.position(), act.digest, tied.role(third), tied.now).first_id == deputy.id
    logged = tied.session.scalars(select(LogEntry.content).where(LogEntry.kind == "results:tie:decided")).one()
    assert '"in_place":"conflict"' in (logged or "")


def test_the_log_says_that_a_deputy_recorded_it_also_where_the_chair_was_filled_before_the_second_signature(
    tied: Ground, browse: Any
) -> None:
    seat = tied.session.scalars(select(Membership).where(Membership.account_id == tied.chair.id)).one()
    seat.ended_at = tied.now
    deputy = tied.deputy()
    third = make_staff(tied.session, "third")
    appoint(tied.session, tied.campaign, third, "council")
    act = propose(tied, ["001", "002"], by=deputy)
    appoint(tied.session, tied.campaign, make_staff(tied.session, "new-chair"), "council", "head")
    tied.session.commit()
    page = browse(third).get(f"/campaigns/{tied.campaign.public_id}/ties/{tied.position().public_id}").text
    assert "hội đồng chưa có Chủ tịch" in page
    sign_tie(tied.session, tied.position(), act.digest, tied.role(third), tied.now)
    logged = tied.session.scalars(select(LogEntry.content).where(LogEntry.kind == "results:tie:decided")).one()
    assert '"in_place":"vacant"' in (logged or "")


@pytest.mark.parametrize("lost", ["seat", "account", "trust"])
def test_a_decision_of_somebody_who_is_chair_no_more_is_recorded_anew(tied: Ground, lost: str) -> None:
    act = propose(tied, ["001", "002"])
    if lost == "account":
        tied.chair.disabled_at = tied.now
    elif lost == "seat":
        tied.session.scalars(select(Membership).where(Membership.account_id == tied.chair.id)).one().ended_at = tied.now
    else:
        tied.conflict("001", tied.chair)
    tied.session.flush()
    with refused("acts.first_gone", Conflict):
        sign_tie(tied.session, tied.position(), act.digest, tied.role(tied.council), tied.now)
    take_back_tie(tied.session, tied.position(), "Recorded anew.", tied.role(tied.council), tied.now)
    third = make_staff(tied.session, "third")
    appoint(tied.session, tied.campaign, third, "council")
    again = propose(tied, ["001", "002"], by=tied.deputy())
    assert sign_tie(tied.session, tied.position(), again.digest, tied.role(third), tied.now).second_id == third.id


def test_what_the_second_saw_must_still_hold(tied: Ground) -> None:
    act = propose(tied, ["001", "002"])
    with refused("acts.changed_since", Conflict):
        sign_tie(tied.session, tied.position(), "0" * 64, tied.role(tied.council), tied.now)
    tied.entitle("002", "priority", "service")
    with refused("results.no_tie"):
        sign_tie(tied.session, tied.position(), act.digest, tied.role(tied.council), tied.now)


def test_without_a_tie_there_is_nothing_to_decide(ground: Ground) -> None:
    ground.ranked(("001", "70"), ("002", "60"))
    ground.campaign.stage = "round2_held"
    ground.session.flush()
    with refused("results.no_tie"):
        propose(ground, ["001", "002"])


def test_a_decision_that_names_others_than_are_tied_later_does_not_count(tied: Ground) -> None:
    decide(tied, ["002", "001"])
    tied.candidate("003")
    tied.enters("003")
    tied.scores("003", ("30", "20", "20"))
    tied.opens()
    found = sections_of(tied.draft("provisional"))[0]
    assert found["pending"][0]["numbers"] == ["001", "002", "003"]
    assert [decision["document"] for decision in found["unfit"]] == ["27/BB"]


def test_a_later_decision_supersedes_and_both_stay(tied: Ground) -> None:
    first, second = decide(tied, ["002", "001"]), decide(tied, ["001", "002"])
    tied.session.refresh(first)
    assert (first.superseded_at, second.superseded_at) == (tied.now, None)
    assert sections_of(tied.draft("provisional"))[0]["lines"][0]["candidate_number"] == "001"


def test_it_can_be_taken_back_with_a_reason(tied: Ground) -> None:
    propose(tied, ["001", "002"])
    with refused("reason_missing"):
        take_back_tie(tied.session, tied.position(), " ", tied.role(tied.council), tied.now)
    take_back_tie(tied.session, tied.position(), "A slip of the pen.", tied.role(tied.council), tied.now)
    assert waiting_tie(tied.session, tied.position()) is None
    with refused("results.tie_not_proposed"):
        sign_tie(tied.session, tied.position(), "0" * 64, tied.role(tied.council), tied.now)


def test_on_the_pages(tied: Ground, browse: Any) -> None:
    address = f"/campaigns/{tied.campaign.public_id}/ties/{tied.position().public_id}"
    tied.session.commit()
    chair, member = browse(tied.chair), browse(tied.council)
    wrong = chair.post(address, {"order-0": "001", "order-1": "001", "document": "27/BB", "reason": "A vote."})
    assert wrong.status_code == 422
    assert "mỗi thí sinh bằng điểm đúng một lần" in wrong.text
    assert chair.post(address, {"order-0": "002", "order-1": "001", "document": "27/BB", "reason": "A vote."}).status_code == 303
    act = waiting_tie(tied.session, tied.position())
    assert act is not None
    assert "Ký quyết định" not in chair.get(address).text
    assert "Ký quyết định" in member.get(address).text
    mistaken = member.post(f"{address}/sign", {"digest": act.digest, "password": "not mine"})
    assert mistaken.status_code == 422
    assert "Mật khẩu không đúng" in mistaken.text
    assert member.post(f"{address}/sign", {"digest": act.digest, "password": PASSWORD}).status_code == 303
    assert tied.session.scalars(select(TieDecision)).one().ordered == ["002", "001"]
    assert tie_of(tied.session, tied.position()).pending is not None
