"""Blueprints: who sets them, what they must add up to, and what two people saving at once come to."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.audit.models import LogEntry
from examsite.questions import queries
from examsite.questions.operations.blueprints import cells_digest, set_blueprint
from examsite.questions.queries.banks import bank_of
from examsite.rules.drawing import Cell
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from tests.client import Browser
from tests.factories import make_bank, make_blueprint
from tests.questions.conftest import Cast

Browse = Callable[..., Browser]
EMPTY = cells_digest(())


def _set(session: Session, cast: Cast, cells: list[Cell], now: datetime, seen: str = EMPTY) -> None:
    set_blueprint(session, cast.role(session, cast.head), bank_of(cast.campaign, "general", None), cells, seen, now)


def test_a_blueprint_that_adds_up_is_kept_in_its_order(session: Session, cast: Cast, now: datetime) -> None:
    cells = [Cell("z", "hard", 20), Cell("a", "easy", 40)]
    _set(session, cast, cells, now)
    assert queries.blueprint_cells(session, cast.campaign, "general", None) == tuple(cells)
    assert queries.blueprint_cells(session, cast.campaign, "language", "en") == ()
    entry = session.scalars(select(LogEntry).where(LogEntry.kind == "questions:blueprint:set")).one()
    assert entry.about == "blueprint:general"


def test_each_language_has_a_blueprint_of_its_own(session: Session, cast: Cast, now: datetime) -> None:
    for language in ("en", "fr"):
        cells = [Cell(language, "easy", 30)]
        set_blueprint(session, cast.role(session, cast.head), bank_of(cast.campaign, "language", language), cells, EMPTY, now)
    assert queries.blueprint_cells(session, cast.campaign, "language", "fr") == (Cell("fr", "easy", 30),)


@pytest.mark.parametrize("count", [59, 61])
def test_one_question_too_few_or_too_many_is_refused(session: Session, cast: Cast, now: datetime, count: int) -> None:
    with pytest.raises(Refused) as refusal:
        _set(session, cast, [Cell("law", "easy", count)], now)
    assert (refusal.value.code, refusal.value.params) == ("questions.blueprint_sum", {"asked": count, "questions": 60})


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ([], "questions.blueprint_sum"),
        ([Cell("law", "easy", 30), Cell("law", "easy", 30)], "questions.cell_twice"),
        ([Cell("law", "brutal", 60)], "questions.difficulty_unknown"),
        ([Cell("x" * 121, "easy", 60)], "questions.topic_long"),
    ],
)
def test_what_cannot_be_a_blueprint_is_refused(session: Session, cast: Cast, now: datetime, cells: list[Cell], code: str) -> None:
    with pytest.raises(Refused, match=code):
        _set(session, cast, cells, now)


def test_what_somebody_changed_meanwhile_is_not_overwritten(session: Session, cast: Cast, now: datetime) -> None:
    first = [Cell("law", "easy", 60)]
    _set(session, cast, first, now)
    with pytest.raises(Conflict, match="blueprint_changed"):
        _set(session, cast, [Cell("law", "hard", 60)], now, EMPTY)
    _set(session, cast, [Cell("law", "hard", 60)], now, cells_digest(first))
    assert queries.blueprint_cells(session, cast.campaign, "general", None) == (Cell("law", "hard", 60),)


@pytest.mark.parametrize("who", ["author", "supervisor", "council", "hr", "administrator", "stranger"])
def test_head_and_secretary_alone_set_it(session: Session, cast: Cast, now: datetime, who: str) -> None:
    role = cast.role(session, getattr(cast, who))
    with pytest.raises(NotPermitted):
        set_blueprint(session, role, bank_of(cast.campaign, "general", None), [Cell("law", "easy", 60)], EMPTY, now)


def _typed(seen: str, *rows: tuple[str, str, str, str]) -> dict[str, str]:
    data = {"seen": seen}
    for place, row in enumerate(rows):
        data |= {f"rows-{place}-{name}": text for name, text in zip(("topic", "easy", "medium", "hard"), row, strict=True)}
    return data


def test_the_page_saves_rows_and_leaves_out_empty_ones(session: Session, browse: Browse, cast: Cast) -> None:
    address = f"/campaigns/{cast.campaign.public_id}/blueprints/general"
    head = browse(cast.head)
    assert f'value="{EMPTY}"' in head.get(address).text
    answer = head.post(address, _typed(EMPTY, (" law ", "20", "", "0"), ("", "", "", ""), ("facts", "", "40", "")))
    assert answer.status_code == 303
    expected = (Cell("law", "easy", 20), Cell("facts", "medium", 40))
    assert queries.blueprint_cells(session, cast.campaign, "general", None) == expected
    page = head.get(address).text
    assert 'value="facts"' in page
    assert cells_digest(expected) in page


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("law", "59", "", ""), "cộng lại được 59 câu, phần thi có 60 câu"),
        (("law", "sixty", "", ""), "Số câu là số nguyên từ 0 đến 500"),
        (("law", "-60", "", ""), "Số câu là số nguyên"),
        (("law", "60.0", "", ""), "Số câu là số nguyên"),
        (("law", "501", "", ""), "Số câu là số nguyên"),
        (("law", "٦٠", "", ""), "Số câu là số nguyên"),
        (("", "60", "", ""), "không ghi chủ đề"),
    ],
)
def test_the_page_says_what_does_not_fit_and_keeps_what_was_typed(
    browse: Browse, cast: Cast, row: tuple[str, str, str, str], sentence: str
) -> None:
    answer = browse(cast.head).post(f"/campaigns/{cast.campaign.public_id}/blueprints/general", _typed(EMPTY, row))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{row[1]}"' in answer.text


def test_the_page_tells_of_a_change_by_somebody_else(session: Session, browse: Browse, cast: Cast) -> None:
    make_blueprint(session, cast.campaign, "general", [("law", "easy", 60)])
    session.commit()
    address, head, rows = f"/campaigns/{cast.campaign.public_id}/blueprints/general", browse(cast.head), ("law", "40", "20", "")
    answer = head.post(address, _typed(EMPTY, rows))
    assert answer.status_code == 422
    for words in ("Người khác vừa lưu ma trận này", "law, dễ: Hiện tại: 60", 'value="40"'):
        assert words in answer.text
    (fresh,) = re.findall(r'name="seen" type="hidden" value="([^"]*)"', answer.text)
    assert head.post(address, _typed(fresh, rows)).status_code == 303


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [
        ("head", 200, 303),
        ("author", 200, 403),
        ("supervisor", 200, 403),
        ("council", 403, 403),
        ("hr", 403, 403),
        ("administrator", 403, 403),
        ("stranger", 404, 404),
    ],
)
def test_the_board_and_the_supervisors_read_the_figures(browse: Browse, cast: Cast, who: str, reads: int, writes: int) -> None:
    browser, base = browse(getattr(cast, who)), f"/campaigns/{cast.campaign.public_id}/blueprints"
    assert browser.get(base).status_code == reads
    assert browser.get(f"{base}/general").status_code == reads
    assert browser.post(f"{base}/general", _typed(EMPTY, ("law", "60", "", ""))).status_code == writes
    assert browse().get(base).status_code == 303


def test_a_supervisor_sees_figures_and_no_word_of_a_question(session: Session, browse: Browse, cast: Cast) -> None:
    make_bank(session, cast.campaign, "general", [("law", "easy", 4)])
    session.commit()
    pages = [browse(cast.supervisor).get(f"/campaigns/{cast.campaign.public_id}/blueprints{end}").text for end in ("", "/general")]
    assert all("4" in page and "law" in page for page in pages[1:])
    assert all("Question" not in page and "one" not in page.split("<main")[1] for page in pages)
    assert browse(cast.supervisor).get(f"/campaigns/{cast.campaign.public_id}/blueprints/nothing").status_code == 404
