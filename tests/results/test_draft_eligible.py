"""The list of those who are eligible."""

import pytest
from sqlalchemy.orm import Session

from examsite.results.models import Draft
from examsite.results.operations.drafts import make_draft
from examsite.results.queries.drafts import view_of
from examsite.rules.refusal import NotPermitted
from tests.factories import make_application
from tests.results.ground import Ground, make_ground, refused


def listed(draft: Draft) -> list[str]:
    return [line["who"]["number"] for position in draft.outcome["positions"] for line in position["lines"]]  # type: ignore[index]


def test_eligible_candidates_stand_on_it_with_their_exemption_and_rejected_ones_beside_it(ground: Ground) -> None:
    ground.candidate("002")
    ground.candidate("001")
    ground.entitle("001", "exemption", "language_degree")
    make_application(ground.session, ground.position(), "Đỗ Văn Mười", "rejected", workplace="Kim Son School")
    draft = ground.draft("eligible")
    view = view_of(ground.session, draft, ground.now)
    assert [(line["candidate_number"], line["exempt"]) for line in view.sections[0]["lines"]] == [("001", ["language"]), ("002", [])]
    assert [(line["name"], line["reason"]) for line in view.rejected] == [("Đỗ Văn Mười", "Decided for the test.")]


def test_an_undecided_application_and_a_missing_number_are_refused(ground: Ground) -> None:
    waiting = ground.candidate("001", state="received")
    with refused("results.undecided_applications"):
        ground.draft("eligible")
    waiting.state, waiting.candidate_number = "eligible", None
    with refused("results.numbers_missing"):
        ground.draft("eligible")


def test_withdrawn_ones_are_not_listed(ground: Ground) -> None:
    ground.candidate("001")
    ground.candidate("002", state="withdrawn")
    assert listed(ground.draft("eligible")) == ["001"]


def test_a_draft_that_still_holds_is_kept_and_one_that_does_not_is_superseded(ground: Ground) -> None:
    ground.candidate("001")
    first = ground.draft("eligible")
    assert ground.draft("eligible") is first
    ground.candidate("002")
    assert not view_of(ground.session, first, ground.now).holds
    second = ground.draft("eligible")
    assert (first.state, second.state, second.number) == ("superseded", "open", 2)
    assert [(change["number"], change["what"]) for change in view_of(ground.session, second, ground.now).changes] == [("002", "added")]


def test_only_hr_drafts_and_only_under_frozen_rules(ground: Ground, session: Session) -> None:
    for account in (ground.chair, ground.supervisor):
        with pytest.raises(NotPermitted):
            make_draft(session, "eligible", ground.role(account), ground.now)
    other = make_ground(session, ground.now, code="LA-2026-09")
    other.campaign.rules_hash = None
    with refused("results.rules_not_frozen"):
        other.draft("eligible")


def test_the_digest_does_not_depend_on_rows_or_time_but_on_every_value(ground: Ground) -> None:
    ground.candidate("001", workplace="Office")
    first = ground.draft("eligible").digest
    application = ground.application("001")
    application.workplace = "Another office"
    assert ground.draft("eligible").digest != first
    application.workplace = "Office"
    assert ground.draft("eligible").digest == first
