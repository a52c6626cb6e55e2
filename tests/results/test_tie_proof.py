"""A decision of a tie counts only as two people signed it and the log took it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete

from examsite.accounts.models import TwoPersonAct
from examsite.cli.walks import walk_log
from examsite.results.models import TieDecision
from examsite.results.queries.drafts import sections_of
from examsite.results.queries.fresh import fresh
from examsite.results.queries.tie_proof import tie_gaps
from tests.results.ground import Ground, refused
from tests.results.test_tie_stage import decide, tie_up

ORDER = ["002", "001"]


def stored(ground: Ground, **columns: object) -> TieDecision:
    """A decision that stands in the table alone."""
    told = {"ordered": ORDER, "decider": "council", "document_number": "27/BB", "reason": "A vote.", "decided_at": ground.now, **columns}
    row = TieDecision(position=ground.position(), first=ground.chair, second=ground.council, **told)
    ground.session.add(row)
    ground.session.flush()
    return row


def gaps(ground: Ground) -> list[str]:
    return [gap.code for gap in tie_gaps(ground.session, ground.campaign)]


def test_what_two_people_signed_holds(ground: Ground) -> None:
    tie_up(ground)
    decide(ground, ["001", "002"])
    ground.now += timedelta(minutes=1)
    decide(ground, ORDER)
    ground.session.expire_all()
    assert sections_of(ground.draft("provisional"))[0]["lines"][0]["candidate_number"] == "002"
    assert gaps(ground) == []


def test_one_that_nobody_signed_is_computed_with_by_no_ranking_and_a_signed_one_takes_its_place(ground: Ground) -> None:
    tie_up(ground)
    stored(ground)
    with refused("results.tie_unsigned"):
        fresh(ground.session, ground.campaign, "provisional")
    assert gaps(ground) == ["results.gap_tie_unsigned"]
    assert any(sentence.startswith(ground.campaign.code) and "27/BB" in sentence for sentence in walk_log(ground.session).broken)
    ground.now += timedelta(minutes=1)
    decide(ground, ["001", "002"])
    assert sections_of(ground.draft("provisional"))[0]["lines"][0]["candidate_number"] == "001"


def turn(row: TieDecision, act: TwoPersonAct) -> None:
    row.ordered = ORDER


def turn_both(row: TieDecision, act: TwoPersonAct) -> None:
    row.ordered = ORDER
    act.content = {**act.content, "ordered": ORDER}  # type: ignore[dict-item]


def other_reason(row: TieDecision, act: TwoPersonAct) -> None:
    row.reason = "Another vote."


def unsign(row: TieDecision, act: TwoPersonAct) -> None:
    act.state = "withdrawn"


def other_signer(row: TieDecision, act: TwoPersonAct) -> None:
    row.first_id, act.first_id = row.position.campaign.created_by_id, row.position.campaign.created_by_id


@pytest.mark.parametrize("change", [turn, turn_both, other_reason, unsign, other_signer])
def test_one_that_was_changed_behind_the_log_is_named(ground: Ground, change: Callable[[TieDecision, TwoPersonAct], None]) -> None:
    tie_up(ground)
    row = decide(ground, ["001", "002"])
    act = ground.session.query(TwoPersonAct).filter_by(kind="results:tie").one()
    change(row, act)
    ground.session.flush()
    ground.session.expire_all()
    with refused("results.tie_unsigned"):
        fresh(ground.session, ground.campaign, "provisional")
    assert gaps(ground) == ["results.gap_tie_unsigned"]


def test_one_that_was_taken_away_or_revived_is_named(ground: Ground) -> None:
    tie_up(ground)
    first = decide(ground, ["001", "002"])
    ground.now += timedelta(minutes=1)
    second = decide(ground, ORDER)
    ground.session.refresh(first)
    first.superseded_at, second.superseded_at = None, ground.now
    ground.session.flush()
    assert gaps(ground) == ["results.gap_tie_order"]
    ground.session.execute(delete(TieDecision).where(TieDecision.id == second.id))
    assert gaps(ground) == ["results.gap_tie_gone"]
