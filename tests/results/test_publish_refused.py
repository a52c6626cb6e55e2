"""What keeps a list from being published: the same person, no role, a change, an open tie, an open appeal, a lost race."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account, TwoPersonAct
from examsite.campaigns.models import Membership
from examsite.campaigns.roles import role_of
from examsite.db import open_session
from examsite.grading.models import ScoreSheet
from examsite.results.models import Draft, Publication
from examsite.results.operations.publishing import publish, put_forward, take_back
from examsite.rules.refusal import Conflict, NotPermitted
from tests.databases import Copy
from tests.factories import appoint
from tests.races import DONE, at_once
from tests.results.ground import Ground, make_ground, refused


@pytest.fixture
def ready(ground: Ground) -> Ground:
    """A ranking that can be drafted."""
    ground.ranked(("001", "70"), ("002", "60"))
    return ground


def forward(ground: Ground, draft: Draft, by: Account | None = None) -> TwoPersonAct:
    return put_forward(ground.session, draft, "", ground.role(by or ground.hr), ground.now)


def sign(ground: Ground, draft: Draft, shown: str, by: Account) -> Publication:
    return publish(ground.session, draft, shown, ground.role(by), ground.now)


@pytest.mark.parametrize("lost", ["seat", "account"])
def test_one_who_has_lost_the_seat_or_the_account_since_is_no_first_signature_and_it_is_put_forward_anew(ready: Ground, lost: str) -> None:
    draft = ready.draft("provisional")
    act = forward(ready, draft, ready.hr_second)
    if lost == "account":
        ready.hr_second.disabled_at = ready.now
    else:
        ready.session.scalars(select(Membership).where(Membership.account_id == ready.hr_second.id)).one().ended_at = ready.now
    ready.session.flush()
    with refused("acts.first_gone", Conflict):
        sign(ready, draft, act.digest, ready.chair)
    take_back(ready.session, draft, "Put forward anew.", ready.role(ready.council), ready.now)
    assert sign(ready, draft, forward(ready, draft).digest, ready.chair).drafted_by_id == ready.hr.id


def test_the_one_who_signed_first_cannot_sign_second(ready: Ground) -> None:
    appoint(ready.session, ready.campaign, ready.hr_second, "council")
    draft = ready.draft("provisional")
    act = forward(ready, draft, by=ready.hr_second)
    with refused("acts.same_person"):
        sign(ready, draft, act.digest, ready.hr_second)


def test_the_one_who_computed_it_cannot_publish_it_though_another_put_it_forward(ready: Ground) -> None:
    appoint(ready.session, ready.campaign, ready.hr, "council")
    draft = ready.draft("provisional")
    act = forward(ready, draft, by=ready.hr_second)
    with refused("results.drafter_signs"):
        sign(ready, draft, act.digest, ready.hr)


@pytest.mark.parametrize("who", ["chair", "supervisor"])
def test_only_hr_puts_forward(ready: Ground, who: str) -> None:
    draft = ready.draft("provisional")
    with pytest.raises(NotPermitted):
        forward(ready, draft, by=getattr(ready, who))


@pytest.mark.parametrize("who", ["hr_second", "supervisor"])
def test_only_the_council_publishes(ready: Ground, who: str) -> None:
    draft = ready.draft("provisional")
    act = forward(ready, draft)
    with pytest.raises(NotPermitted):
        sign(ready, draft, act.digest, getattr(ready, who))


def test_nothing_is_published_that_was_not_put_forward(ready: Ground) -> None:
    with refused("results.not_put_forward"):
        sign(ready, ready.draft("provisional"), "0" * 64, ready.chair)


def test_the_digest_that_was_shown_must_be_the_one_that_is_signed(ready: Ground) -> None:
    draft = ready.draft("provisional")
    forward(ready, draft)
    with refused("acts.changed_since", Conflict):
        sign(ready, draft, "0" * 64, ready.chair)


def test_a_changed_score_between_draft_and_publication_is_refused(ready: Ground) -> None:
    draft = ready.draft("provisional")
    act = forward(ready, draft)
    sheets = ready.session.scalars(select(ScoreSheet)).all()
    sheets[0].scores = {**sheets[0].scores, "presentation": "40"}
    ready.session.flush()
    with refused("grading.opened_differs"):  # behind the application's back: the rows are no longer what was opened
        sign(ready, draft, act.digest, ready.chair)
    ready.opens()
    with refused("results.input_changed", Conflict):
        sign(ready, draft, act.digest, ready.chair)


def test_a_changed_quota_name_or_entitlement_is_refused_at_either_signature(ready: Ground) -> None:
    draft = ready.draft("provisional")
    ready.position().quota = 2
    with refused("results.input_changed", Conflict):
        forward(ready, draft)
    ready.position().quota = 1
    act = forward(ready, draft)
    ready.entitle("002", "priority", "merit")
    with refused("results.input_changed", Conflict):
        sign(ready, draft, act.digest, ready.chair)


def test_an_open_tie_is_refused_in_words(ground: Ground, browse: Any) -> None:
    for number in ("001", "002"):
        ground.candidate(number)
        ground.enters(number)
        ground.scores(number, ("30", "20", "20"))
    ground.opens()
    draft = ground.draft("provisional")
    with refused("results.tie_pending"):
        forward(ground, draft)
    ground.session.commit()
    answer = browse(ground.hr).post(f"/campaigns/{ground.campaign.public_id}/drafts/{draft.public_id}/put-forward")
    assert answer.status_code == 422
    assert "Chưa trình công bố được" in answer.text


def test_a_superseded_draft_cannot_be_put_forward(ready: Ground) -> None:
    draft = ready.draft("provisional")
    ready.entitle("002", "priority", "service")
    ready.draft("provisional")
    with refused("results.draft_closed", Conflict):
        forward(ready, draft)


def test_an_official_ranking_waits_for_the_provisional_one(ready: Ground) -> None:
    with refused("results.provisional_first"):
        forward(ready, ready.draft("official"))


def test_a_page_kept_open_while_the_input_changed_says_so(ready: Ground, browse: Any) -> None:
    draft = ready.draft("provisional")
    ready.entitle("002", "priority", "merit")
    ready.session.commit()
    page = browse(ready.hr).get(f"/campaigns/{ready.campaign.public_id}/drafts/{draft.public_id}").text
    assert "Dữ liệu của dự thảo này đã thay đổi" in page
    assert "Ký và trình công bố" not in page


def test_of_two_who_publish_at_once_one_does_and_the_other_is_told(own_database: Copy, now: datetime) -> None:
    with open_session(own_database.engine) as session:
        ground = make_ground(session, now)
        ground.ranked(("001", "70"), ("002", "60"))
        draft = ground.draft("provisional")
        digest = put_forward(session, draft, "", ground.role(ground.hr), now).digest
        session.commit()
        signers = [ground.chair.id, ground.council.id]
        draft_id = draft.id

    def signing(signer: int) -> Callable[[Session, Draft], object]:
        return lambda own, mine: publish(own, mine, digest, role_of(own, own.get_one(Account, signer), mine.campaign), now)

    outcomes = at_once(own_database, lambda own: own.get_one(Draft, draft_id), *(signing(signer) for signer in signers))
    outcomes.sort(key=lambda outcome: outcome != DONE)
    assert outcomes[0] == DONE
    assert outcomes[1] in {"acts.no_longer_open", "results.draft_closed", "results.not_put_forward", "acts.changed_since"}
    with open_session(own_database.engine) as session:
        assert len(session.scalars(select(Publication)).all()) == 1


def test_a_draft_that_cannot_be_computed_any_more_says_why_and_offers_no_signature(ready: Ground, browse: Any) -> None:
    draft = ready.draft("provisional")
    sheet = ready.session.scalars(select(ScoreSheet)).first()
    assert sheet is not None
    sheet.scores = {**sheet.scores, "answers": "30"}
    ready.session.commit()
    answer = browse(ready.hr).get(f"/campaigns/{ready.campaign.public_id}/drafts/{draft.public_id}")
    assert answer.status_code == 200
    assert "is-stop" in answer.text
    assert "Ký và trình công bố" not in answer.text
