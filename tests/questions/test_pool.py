"""What the rooms above read of the bank: only approved wording is drawn, and wording and key never travel together."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from examsite.campaigns.models import Campaign
from examsite.questions import queries
from examsite.questions.models import ItemVersion
from examsite.rules import drawing, marking
from tests.factories import CREATED, make_bank, make_blueprint, make_campaign, make_item


@pytest.fixture
def campaign(session: Session) -> Campaign:
    return make_campaign(session)


def test_pool_holds_the_approved_version_with_its_options_in_stored_order(session: Session, campaign: Campaign) -> None:
    item = make_item(session, campaign, "general", "law", "hard", options=("a", "b", "c"))
    assert queries.pool(session, campaign, "general", None) == [
        drawing.PoolItem(item.public_id, 1, "law", "hard", tuple(option.option_id for option in item.versions[0].options))
    ]


def test_pool_leaves_out_what_is_not_approved_or_was_retired(session: Session, campaign: Campaign) -> None:
    make_item(session, campaign, approved=False)
    retired = make_item(session, campaign)
    retired.retired_at = CREATED
    session.flush()
    assert queries.pool(session, campaign, "general", None) == []


def test_pool_is_of_one_part_one_language_and_one_campaign(session: Session, campaign: Campaign) -> None:
    english = make_item(session, campaign, "language", language="en")
    make_item(session, campaign, "language", language="fr")
    make_item(session, campaign, "general")
    make_item(session, make_campaign(session, code="OTHER"), "language", language="en")
    assert [item.item for item in queries.pool(session, campaign, "language", "en")] == [english.public_id]


def test_pool_holds_only_the_newest_approval_of_an_item(session: Session, campaign: Campaign) -> None:
    item = make_item(session, campaign)
    first = item.versions[0]
    first.state = "superseded"
    session.flush()
    second = ItemVersion(
        item_id=item.id, number=2, topic="law", difficulty="medium", stem="<p>Two?</p>", stem_fold="two?", state="approved",
        author_id=first.author_id, reviewer_id=first.reviewer_id, written_at=CREATED, options=[],
    )  # fmt: skip
    session.add(second)
    session.flush()
    second.options = [type(first.options[0])(number=1, option_id="x", text="x", is_key=True)]
    session.flush()
    assert [(found.version, found.difficulty) for found in queries.pool(session, campaign, "general", None)] == [(2, "medium")]


def test_a_paper_can_be_drawn_shown_and_marked_from_the_bank(session: Session, campaign: Campaign) -> None:
    cells = [("law", "easy", 3), ("law", "hard", 2)]
    make_bank(session, campaign, "general", cells, multiple=3)
    make_blueprint(session, campaign, "general", cells)
    blueprint = queries.blueprint_cells(session, campaign, "general", None)
    paper = drawing.draw_paper(bytes(32), "001", "general", queries.pool(session, campaign, "general", None), blueprint)
    ids = queries.version_public_ids(session, [(item.item, item.version) for item in paper])
    assert len(ids) == 5
    wording = queries.versions_for_paper(session, ids.values())
    keys = queries.keys_for(session, ids.values())
    for item in paper:
        version = ids[item.item, item.version]
        assert set(wording[version].options) == set(item.options) == set(keys[version].options)
        right = next(iter(keys[version].key))
        assert marking.mark(keys[version], marking.Answer((right,))).outcome is marking.Outcome.CORRECT


def test_wording_never_holds_the_key(session: Session, campaign: Campaign) -> None:
    version = make_item(session, campaign, key=2).versions[0]
    wording = queries.versions_for_paper(session, [version.public_id])[version.public_id]
    assert "key" not in repr(wording)
    assert list(wording.options.values()) == ["<p>one</p>", "<p>two</p>", "<p>three</p>", "<p>four</p>"]


def test_a_superseded_version_is_still_given_out_and_one_in_review_never(session: Session, campaign: Campaign) -> None:
    old, waiting = make_item(session, campaign).versions[0], make_item(session, campaign, approved=False).versions[0]
    session.execute(update(ItemVersion).where(ItemVersion.id == old.id).values(state="superseded"))
    wanted = [old.public_id, waiting.public_id]
    assert queries.versions_for_paper(session, wanted).keys() == queries.keys_for(session, wanted).keys() == {old.public_id}
