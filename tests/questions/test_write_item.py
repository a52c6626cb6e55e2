"""Writing items: cleaned, whole, kept as drafts of their author, handed over for review; and the pages that do it."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite import richtext
from examsite.audit.models import LogEntry
from examsite.questions.models import Item, ItemVersion
from examsite.questions.operations import writing
from examsite.questions.writing import Choice, Written, as_plain, checked, with_option_ids
from examsite.rules.refusal import Conflict, NotFound, NotPermitted, Refused
from tests.client import Browser
from tests.questions.conftest import Cast
from tests.questions.typed import form, wording

Browse = Callable[..., Browser]


@pytest.mark.parametrize(
    ("written", "code", "field"),
    [
        (wording(topic="  "), "questions.topic_missing", "topic"),
        (wording(topic="x" * 121), "questions.too_long", "topic"),
        (wording(difficulty="brutal"), "questions.difficulty_unknown", "difficulty"),
        (wording(stem="<p> </p>"), "questions.stem_missing", "stem"),
        (wording(stem="<p>See <img src=x></p>"), "questions.foreign_tags", "stem"),
        (wording(stem="x" * (richtext.LONGEST + 1)), "questions.too_long", "stem"),
        (wording(options=("one",)), "questions.options_few", "options"),
        (wording(options=tuple("abcdefg")), "questions.options_many", "options"),
        (wording(options=("a", "<b> </b>")), "questions.option_blank", "options"),
        (wording(options=("a", "b", "a")), "questions.options_alike", "options"),
        (wording(options=("a", "<p>a</p>")), "questions.options_alike", "options"),
        (wording(options=("a", "b"), key=5), "questions.one_key", "key"),
        (replace(wording(), options=(Choice("a", True), Choice("b", True))), "questions.one_key", "key"),
        (wording(basis="x" * 4_001), "questions.too_long", "basis"),
    ],
)
def test_a_wording_that_is_not_whole_is_refused_at_its_field(written: Written, code: str, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        checked(written)
    assert (refusal.value.code, refusal.value.field) == (code, field)


@pytest.mark.parametrize("count", [2, 6])
def test_two_to_six_options_are_taken(count: int) -> None:
    assert len(checked(wording(options=tuple("abcdef"[:count]))).options) == count


def test_options_that_differ_in_case_or_marking_alone_are_two() -> None:
    assert len(checked(wording(options=("polish", "Polish", "H<sub>2</sub>O", "H<sup>2</sup>O"))).options) == 4


def test_a_wording_is_cleaned_and_folded_for_search() -> None:
    ready = checked(wording(stem="<p onclick='x()'>Hà Nội <b>là</b> gì?</p>", topic="  Địa  lý "))
    assert ready.stem == "<p>Hà Nội <b>là</b> gì?</p>"
    assert (ready.topic, ready.stem_fold) == ("Địa lý", "ha noi la gi?")


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n&<>"), max_size=80))
def test_simple_text_comes_back_as_it_was_typed_or_as_html(text: str) -> None:
    html = richtext.from_plain(text)
    plain = as_plain(html)
    assert plain is not None
    assert richtext.from_plain(plain) == html


@pytest.mark.parametrize("html", ["<p>a <b>b</b></p>", "<ul><li>a</li></ul>", "<p>a</p><table></table>", '<p lang="en">a</p>'])
def test_what_simple_text_cannot_say_is_shown_as_html(html: str) -> None:
    assert as_plain(html) is None


def test_an_option_keeps_its_id_when_edited_in_place_moved_or_typed_again() -> None:
    before = with_option_ids([Choice("a"), Choice("b"), Choice("c")])
    ids = [option.option_id for option in before]
    moved = with_option_ids([Choice("c"), Choice("a, better", option_id=ids[0]), Choice("new"), Choice("b", option_id="foreign")], before)
    assert [option.option_id for option in moved[:2]] == [ids[2], ids[0]]
    assert moved[3].option_id == ids[1]
    assert moved[2].option_id not in ids
    assert len({option.option_id for option in moved}) == 4


def test_an_id_sent_twice_is_given_once() -> None:
    before = with_option_ids([Choice("a"), Choice("b")])
    twice = with_option_ids([Choice("x", option_id=before[0].option_id), Choice("y", option_id=before[0].option_id)], before)
    assert twice[0].option_id == before[0].option_id != twice[1].option_id


def test_a_new_item_is_a_numbered_draft_and_the_log_holds_no_word_of_it(session: Session, cast: Cast, now: datetime) -> None:
    role = cast.role(session, cast.author)
    first = writing.write_item(session, role, "general", None, wording(), now)
    second = writing.write_item(session, role, "language", "en", wording(), now)
    assert [(item.number, item.versions[0].number, item.versions[0].state) for item in (first, second)] == [
        (1, 1, "draft"),
        (2, 1, "draft"),
    ]
    assert len({option.option_id for item in (first, second) for option in item.versions[0].options}) == 8
    entries = session.scalars(select(LogEntry).where(LogEntry.kind == "questions:item:written")).all()
    assert [entry.about for entry in entries] == [f"item:{first.public_id}", f"item:{second.public_id}"]
    logged = " ".join(entry.content or "" for entry in entries)
    assert not re.search("sky|blue|Look up|is_key", logged)
    assert json.loads(entries[0].content or "")["data"] == {"version": 1, "digest": writing.version_digest(first.versions[0])}


def test_the_digest_in_the_log_cannot_be_guessed_from_the_words(session: Session, cast: Cast, now: datetime) -> None:
    version = writing.write_item(session, cast.role(session, cast.author), "general", None, wording(), now).versions[0]
    before = writing.version_digest(version)
    version.salt = "0" * 32
    assert writing.version_digest(version) != before


@pytest.mark.parametrize(("part", "language"), [("nonsense", None), ("general", "en"), ("language", None), ("language", "tlh")])
def test_a_part_or_language_that_the_rules_do_not_know_is_refused(
    session: Session, cast: Cast, now: datetime, part: str, language: str | None
) -> None:
    with pytest.raises(NotFound, match="no_such_bank"):
        writing.write_item(session, cast.role(session, cast.author), part, language, wording(), now)


def test_a_draft_is_changed_by_its_author_alone_and_frozen_once_handed_over(session: Session, cast: Cast, now: datetime) -> None:
    role = cast.role(session, cast.author)
    version = writing.write_item(session, role, "general", None, wording(), now).versions[0]
    ids = [option.option_id for option in version.options]
    writing.change_draft(session, role, version, wording(options=("blue", "grey"), key=1), now)
    assert [(option.option_id == old, option.is_key) for option, old in zip(version.options, ids, strict=False)] == [
        (True, False),
        (False, True),
    ]
    with pytest.raises(NotPermitted, match="not_your_draft"):
        writing.change_draft(session, cast.role(session, cast.head), version, wording(), now)
    writing.submit(session, role, version, now)
    with pytest.raises(Conflict, match="not_a_draft"):
        writing.change_draft(session, role, version, wording(), now)
    with pytest.raises(Conflict, match="not_a_draft"):
        writing.submit(session, role, version, now)
    assert (version.state, version.submitted_at) == ("in_review", now)


@pytest.mark.parametrize("who", ["supervisor", "council", "hr", "administrator", "stranger"])
def test_nobody_off_the_board_writes(session: Session, cast: Cast, now: datetime, who: str) -> None:
    with pytest.raises(NotPermitted):
        writing.write_item(session, cast.role(session, getattr(cast, who)), "general", None, wording(), now)


def test_typing_simple_text_saves_a_draft_and_leads_to_it(session: Session, browse: Browse, cast: Cast) -> None:
    answer = browse(cast.author).post(f"{cast.address}/new", form("First.\r\n\r\nIs 1 < 2?", ("yes & no", "no"), key="1", draft="1"))
    assert answer.status_code == 303
    version = session.scalars(select(ItemVersion)).one()
    assert version.stem == "<p>First.</p><p>Is 1 &lt; 2?</p>"
    assert [(option.text, option.is_key) for option in version.options] == [("yes &amp; no", False), ("no", True)]
    page = browse(cast.author).get(answer.location)
    assert page.status_code == 200
    assert "Is 1 &lt; 2?" in page.text


def test_handing_over_at_once_is_one_transaction(session: Session, browse: Browse, cast: Cast) -> None:
    browse(cast.author).post(f"{cast.address}/new", form(submit="1"))
    assert session.scalars(select(ItemVersion.state)).one() == "in_review"


def test_html_is_cleaned_and_a_foreign_tag_is_named_beside_its_field(session: Session, browse: Browse, cast: Cast) -> None:
    author = browse(cast.author)
    refused = author.post(f"{cast.address}/new", form("<p>See <img src=x></p>", typed_as="html", draft="1"))
    assert refused.status_code == 422
    assert "img" in refused.text
    assert "See &lt;img src=x&gt;" in refused.text, "what was typed stays"
    author.post(f"{cast.address}/new", form("<p>H<sub>2</sub>O<script>alert(1)</script></p>", typed_as="html", draft="1"))
    assert session.scalars(select(Item)).all() == []
    author.post(f"{cast.address}/new", form("<p>H<sub onclick='x()'>2</sub>O</p>", typed_as="html", draft="1"))
    assert session.scalars(select(ItemVersion.stem)).one() == "<p>H<sub>2</sub>O</p>"


def test_a_preview_saves_nothing(session: Session, browse: Browse, cast: Cast) -> None:
    answer = browse(cast.author).post(f"{cast.address}/new", form("A stem to look at", preview="1"))
    assert answer.status_code == 200
    assert "<p>A stem to look at</p>" in answer.text
    assert session.scalars(select(Item)).all() == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (form(key=None), "Đánh dấu đúng một phương án"),
        (form(key="4"), "Đánh dấu đúng một phương án"),
        (form(options=("blue",)), "ít nhất 2 phương án"),
        (form(topic=" "), "chủ đề"),
    ],
)
def test_a_form_that_is_not_whole_says_so_in_vietnamese(browse: Browse, cast: Cast, typed: dict[str, str], sentence: str) -> None:
    answer = browse(cast.author).post(f"{cast.address}/new", typed)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_the_editor_shows_a_draft_as_it_was_typed(session: Session, browse: Browse, cast: Cast, now: datetime) -> None:
    item = writing.write_item(
        session, cast.role(session, cast.author), "general", None, wording(stem="<p>One<br>two</p><p>Three &lt; 4</p>"), now
    )
    session.commit()
    page = browse(cast.author).get(f"{cast.address}/{item.public_id}/edit").text
    assert "One\r\ntwo\r\n\r\nThree &lt; 4</textarea>" in page.replace("\r\n", "\n").replace("\n", "\r\n")
    assert item.versions[0].options[0].option_id in page
    refused = browse(cast.reviewer).get(f"{cast.address}/{item.public_id}/edit")
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("author", 200),
        ("reviewer", 200),
        ("head", 200),
        ("supervisor", 403),
        ("council", 403),
        ("hr", 403),
        ("administrator", 403),
        ("stranger", 404),
    ],
)
def test_only_the_question_board_sees_items(session: Session, browse: Browse, cast: Cast, now: datetime, who: str, status: int) -> None:
    item = writing.write_item(session, cast.role(session, cast.author), "general", None, wording(), now)
    session.commit()
    browser = browse(getattr(cast, who))
    for page in ("", "/new", f"/{item.public_id}", "/review", "/import", "/template.xlsx"):
        assert browser.get(cast.address + page).status_code == status, page
    assert browse().get(cast.address).status_code == 303


def test_an_item_is_found_in_its_own_campaign_alone(session: Session, browse: Browse, cast: Cast, now: datetime) -> None:
    other = session.get_one(type(cast.campaign), cast.campaign.id + 1)
    item = writing.write_item(session, cast.role(session, cast.author), "general", None, wording(), now)
    session.commit()
    assert browse(cast.stranger).get(f"/campaigns/{other.public_id}/questions/{item.public_id}").status_code == 404
