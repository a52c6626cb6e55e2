"""Whether papers can be drawn: the exact shortage at each boundary, in figures and in words."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.campaigns.models import Campaign
from examsite.questions import queries
from examsite.questions.models import Item
from examsite.rules.drawing import Cell, Shortage
from examsite.rules.refusal import NotFound, Refused
from tests.client import Browser
from tests.factories import CREATED, make_bank, make_blueprint, make_campaign, make_item, make_position
from tests.questions.conftest import Cast

Browse = Callable[..., Browser]
CELLS = [("law", "easy", 2), ("law", "hard", 1)]


@pytest.fixture
def small(session: Session) -> Campaign:
    """A part of three questions, whose bank has to hold nine."""
    campaign = make_campaign(session, changes={"parts.general.questions": 3})
    make_blueprint(session, campaign, "general", CELLS)
    return campaign


def _short(session: Session, campaign: Campaign) -> tuple[Shortage, ...]:
    return queries.feasibility(session, campaign, "general", None)


@pytest.mark.parametrize(
    ("easy", "hard", "shortages"),
    [
        (0, 0, (Shortage(Cell("law", "easy", 2), 2, 0), Shortage(Cell("law", "hard", 1), 1, 0), Shortage(None, 9, 0))),
        (1, 1, (Shortage(Cell("law", "easy", 2), 2, 1), Shortage(None, 9, 2))),
        (2, 1, (Shortage(None, 9, 3),)),
        (7, 1, (Shortage(None, 9, 8),)),
        (8, 1, ()),
        (9, 0, (Shortage(Cell("law", "hard", 1), 1, 0),)),
    ],
)
def test_cells_are_counted_one_by_one_and_the_multiple_over_the_part(
    session: Session, small: Campaign, easy: int, hard: int, shortages: tuple[Shortage, ...]
) -> None:
    make_bank(session, small, "general", [("law", "easy", easy), ("law", "hard", hard)])
    assert _short(session, small) == shortages


def test_only_approved_items_in_use_of_this_bank_count(session: Session, small: Campaign) -> None:
    make_bank(session, small, "general", CELLS, multiple=3)
    assert _short(session, small) == ()
    one, other = session.scalars(select(Item).order_by(Item.number)).all()[:2]
    one.retired_at = CREATED
    other.versions[0].state = "superseded"
    make_item(session, small, "general", "law", "easy", approved=False)
    make_item(session, small, "language", "law", "easy", language="en")
    session.flush()
    assert _short(session, small) == (Shortage(None, 9, 7),)


def test_without_a_blueprint_there_is_no_answer(session: Session) -> None:
    with pytest.raises(Refused, match="no_blueprint"):
        _short(session, make_campaign(session))


def test_a_blueprint_that_no_longer_fits_the_rules_is_refused(session: Session) -> None:
    campaign = make_campaign(session)
    make_blueprint(session, campaign, "general", CELLS)
    with pytest.raises(Refused, match="blueprint_sum"):
        _short(session, campaign)


def test_an_unknown_part_is_not_found(session: Session, small: Campaign) -> None:
    with pytest.raises(NotFound, match="no_such_bank"):
        queries.feasibility(session, small, "general", "en")


def test_figures_follow_the_languages_that_positions_need(session: Session, small: Campaign) -> None:
    assert [one.bank.key for one in queries.all_figures(session, small)] == ["general"]
    make_position(session, small, language="en")
    make_item(session, small, "language", language="fr")
    assert [(one.bank.key, one.asked) for one in queries.all_figures(session, small)] == [
        ("general", True),
        ("language:en", True),
        ("language:fr", False),
    ]


def test_the_page_says_the_shortage_in_exact_words(session: Session, browse: Browse, cast: Cast) -> None:
    make_bank(session, cast.campaign, "general", [("pháp luật", "hard", 5)])
    make_item(session, cast.campaign, "general", "pháp luật", "hard", approved=False)
    make_blueprint(session, cast.campaign, "general", [("pháp luật", "hard", 6), ("pháp luật", "easy", 54)])
    session.commit()
    page = browse(cast.supervisor).get(f"/campaigns/{cast.campaign.public_id}/blueprints/general").text
    assert "pháp luật, khó: đề thi cần 6 câu, ngân hàng có 5 câu đã duyệt, còn thiếu 1 câu." in page
    assert "pháp luật, dễ: đề thi cần 54 câu, ngân hàng có 0 câu đã duyệt, còn thiếu 54 câu." in page
    assert "Phần thi cần 180 câu đã duyệt, gấp 3 lần số 60 câu của một đề; ngân hàng có 5 câu, còn thiếu 175 câu." in page
    assert "có 5 đã duyệt" in page
    assert "1 chờ thẩm định" in page


def test_the_page_says_when_papers_can_be_drawn(session: Session, browse: Browse, cast: Cast) -> None:
    cells = [("law", "easy", 60)]
    make_bank(session, cast.campaign, "general", cells, multiple=3)
    make_blueprint(session, cast.campaign, "general", cells)
    session.commit()
    assert queries.figures(session, cast.campaign, queries.bank_of(cast.campaign, "general", None)).ready
    assert "Có thể rút đề thi" in browse(cast.head).get(f"/campaigns/{cast.campaign.public_id}/blueprints/general").text
