"""Acts that wait for a second signature stand on the first page of everybody who may sign, and lead to the page where it is done."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from examsite.accounts import acts
from examsite.desk.signing import PAGES
from examsite.grading.queries.outcomes import OPENING
from examsite.results.queries.putting_forward import PUBLICATION
from examsite.results.queries.tie_proof import TIE
from examsite.rounds.operations.sealing import ACT
from examsite.wording import SENTENCES
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import appoint, make_campaign, make_staff


def test_every_kind_of_act_has_its_page_and_its_words() -> None:
    assert set(PAGES) == {ACT, OPENING, TIE, PUBLICATION}
    assert all(f"act.{kind}" in SENTENCES for kind in PAGES)


def test_it_waits_for_others_and_not_for_the_first_person(session: Session, browse: Callable[..., Browser]) -> None:
    campaign = make_campaign(session)
    first, second = make_staff(session, "first", "Lê Hữu Phúc"), make_staff(session, "second")
    for account in (first, second):
        appoint(session, campaign, account, "council")
    about = f"campaign:{campaign.public_id}"
    acts.propose(session, chain=campaign.chain, kind=OPENING, about=about, content={"a": 1}, actor=first, now=NOW)
    session.commit()
    page = browse(second).get("/home").text
    assert "Lê Hữu Phúc" in page
    assert f"/campaigns/{campaign.public_id}/codes" in page
    assert "Không có việc nào chờ ký" in browse(first).get("/home").text
