"""Files with items beyond single choice: what our kinds can hold is taken, the rest is listed with its place and reason."""

from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.campaigns.roles import role_of
from examsite.questions.formats import ItemReading, ReadAnswer, ReadItem, ReadOption
from examsite.questions.formats.gift import read_gift
from examsite.questions.formats.xlsx import question_template, read_questions, read_xlsx
from examsite.questions.formats.xlsx_columns import COLUMNS
from examsite.questions.intake import Source
from examsite.questions.models import Item
from examsite.questions.operations.importing import take
from examsite.questions.queries.banks import bank_of
from examsite.rules.keys import ItemKind
from examsite.sheets import Book, Cell, Kind, Sheet
from tests.factories import appoint, make_campaign, make_staff


def gift(text: str, kinds: tuple[ItemKind, ...] = tuple(ItemKind)) -> ItemReading:
    return read_gift(text.encode(), kinds, ("True", "False"))


def one(reading: ItemReading) -> ReadItem:
    assert reading.rejected == ()
    [item] = reading.items
    return item


@pytest.mark.parametrize(
    ("text", "kind", "accepted"),
    [
        ("Capital? {=Hà Nội =Thủ đô}", ItemKind.SHORT_TEXT, [("Hà Nội", None), ("Thủ đô", None)]),
        ("Capital? {=%100%Hà Nội#good}", ItemKind.SHORT_TEXT, [("Hà Nội", None)]),
        ("Mark? {=a\\=b}", ItemKind.SHORT_TEXT, [("a=b", None)]),
        ("Pi? {#3.14:0.01}", ItemKind.NUMERIC, [("3.14", Decimal("0.01"))]),
        ("Pi? {#3.14}", ItemKind.NUMERIC, [("3.14", Decimal(0))]),
        ("Pi? {#3.1..3.2}", ItemKind.NUMERIC, [("3.15", Decimal("0.05"))]),
        ("Which? {#=3:0.5 =10}", ItemKind.NUMERIC, [("3", Decimal("0.5")), ("10", Decimal(0))]),
        ("Half? {#1.500}", ItemKind.NUMERIC, [("1.5000", Decimal(0))]),
        ("Write. {}", ItemKind.ESSAY, []),
        ("Write. {####Three thoughts.}", ItemKind.ESSAY, []),
    ],
)
def test_typed_answers_of_gift(text: str, kind: ItemKind, accepted: list[tuple[str, Decimal | None]]) -> None:
    item = one(gift(text))
    assert (item.kind, item.accepted, item.options) == (kind, tuple(ReadAnswer(*answer) for answer in accepted), ())


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("Two? {~%50%a ~%50%b ~%-50%c}", []),
        ("Two? {=%50%a =%50%b ~%-50%c ~%-50%d}", []),
        ("Two? {~%50%a ~%50%b ~c}", ["items.wrong_weights_by_rule"]),
        ("Two? {~%50%a ~%50%b ~%-100%c#no}", ["items.wrong_weights_by_rule", "items.option_feedback_left_out"]),
        ("Three? {~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-33.33333%d}", []),
        ("Three? {~%33.3%a ~%33.3%b ~%33.3%c ~%-33.3%d}", []),
    ],
)
def test_several_right_options_of_gift(text: str, notes: list[str]) -> None:
    reading = gift(text)
    item = one(reading)
    assert (item.kind, item.rule) == (ItemKind.MULTIPLE_RESPONSE, "partial")
    assert [option.text for option in item.options if not option.is_key] in (["c"], ["c", "d"], ["d"])
    assert [note.code for note in reading.notes] == notes


@pytest.mark.parametrize(("text", "right"), [("a {T}", "True"), ("a {TRUE}", "True"), ("a {F#no}", "False"), ("a {FALSE}", "False")])
def test_true_or_false_is_a_choice_of_two_in_every_part(text: str, right: str) -> None:
    item = one(gift(text, (ItemKind.SINGLE_CHOICE,)))
    assert (item.kind, item.options) == (
        ItemKind.SINGLE_CHOICE,
        (ReadOption("True", right == "True"), ReadOption("False", right == "False")),
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a {~%60%x ~%40%y ~z}", "weights_unequal"),
        ("a {~%50%x ~%40%y ~z}", "weights_unequal"),
        ("a {~%-50%x ~%-50%y}", "weights_unequal"),
        ("a {=*}", "wildcard"),
        ("a {=%50%x}", "key_missing"),
        ("a {#}", "number_unreadable"),
        ("a {#1,5}", "number_unreadable"),
        ("a {#1e3}", "number_unreadable"),
        ("a {#5..1}", "number_unreadable"),
        ("a {#=%50%1}", "key_missing"),
        ("a {=x->1 =y->2}", "kind_match"),
        ("only words", "kind_description"),
    ],
)
def test_what_our_kinds_cannot_hold_is_listed(text: str, code: str) -> None:
    reading = gift(f"first {{=a}}\n\n{text}")
    assert len(reading.items) == 1
    assert [(found.place.line, found.code) for found in reading.rejected] == [(3, f"items.{code}")]


@pytest.mark.parametrize(
    ("text", "code"),
    [("a {}", "essay"), ("a {#x}", "numeric"), ("a {=*}", "short_text"), ("a {~%60%x ~%40%y}", "multiple_response")],
)
def test_a_part_of_single_choice_names_the_kind_before_anything_in_it(text: str, code: str) -> None:
    assert [found.code for found in gift(text, (ItemKind.SINGLE_CHOICE,)).rejected] == [f"items.kind_{code}"]
    assert [found.code for found in gift("a {=x ~y}", (ItemKind.ESSAY,)).rejected] == ["items.kind_single_choice"]


HEADER = [column.headers[1] for column in COLUMNS]


def row(**cells: str) -> list[str]:
    """Cells by the names of their columns, the options as one text."""
    options = dict(zip("ABCDEF", cells.pop("options", ""), strict=False))
    return [{"stem": "Which?", **options, **cells}.get(column.name, "") for column in COLUMNS]


def sheet(*rows: list[str], kinds: tuple[ItemKind, ...] = tuple(ItemKind)) -> ItemReading:
    lines = [["examsite-questions", "1"], HEADER, *rows]
    cells = [
        Cell("Questions", number, column, Kind.TEXT, text)
        for number, line in enumerate(lines, start=1)
        for column, text in enumerate(line, start=1)
        if text
    ]
    return read_questions(Book((Sheet("Questions", tuple(cells)),)), kinds)


def test_rows_of_every_kind() -> None:
    reading = sheet(
        row(options="abc", key="B"),
        row(kind="Nhiều phương án", options="abcd", key="A, C", rule="từng phần"),
        row(kind="several options", options="abcd", key="AC"),
        row(kind="trả lời ngắn", accepted="Hà Nội | Thủ đô\nHN", case="x"),
        row(kind="Number", accepted="3,14 ± 0,01 | 10"),
        row(kind="tự luận"),
    )
    assert reading.rejected == ()
    kinds = [(item.kind.value, item.rule) for item in reading.items]
    assert kinds[1:3] == [("multiple_response", "partial"), ("multiple_response", "all_or_nothing")]
    assert [kind for kind, _ in kinds] == ["single_choice", "multiple_response", "multiple_response", "short_text", "numeric", "essay"]
    assert [option.is_key for option in reading.items[1].options] == [True, False, True, False]
    assert [answer.text for answer in reading.items[3].accepted] == ["Hà Nội", "Thủ đô", "HN"]
    assert reading.items[3].case_matters
    assert [answer.text for answer in reading.items[4].accepted] == ["3,14 ± 0,01", "10"]


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"kind": "riddle", "options": "ab", "key": "A"}, "kind", "kind_unknown"),
        ({"kind": "several options", "options": "abc", "key": "A, D"}, "key", "key_beyond_options"),
        ({"kind": "several options", "options": "abc", "key": "1, 2"}, "key", "key_unreadable"),
        ({"kind": "several options", "options": "abc", "key": "AB", "rule": "by luck"}, "rule", "rule_unknown"),
        ({"kind": "several options", "options": "abc"}, "key", "required"),
        ({"options": "abc", "key": "A, B"}, "key", "key_several"),
        ({"options": "abc"}, "key", "required"),
    ],
)
def test_a_faulty_cell_is_named(cells: dict[str, str], column: str, code: str) -> None:
    place = chr(ord("A") + [one.name for one in COLUMNS].index(column))
    assert [(found.place.column, found.code) for found in sheet(row(**cells)).rejected] == [(place, f"items.{code}")]


def test_a_part_of_single_choice_takes_no_row_of_another_kind() -> None:
    reading = sheet(row(kind="essay"), row(options="ab", key="A"), kinds=(ItemKind.SINGLE_CHOICE,))
    assert [(found.place.line, found.code) for found in reading.rejected] == [(3, "items.kind_essay")]
    assert len(reading.items) == 1


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_template_reads_as_itself(language: str) -> None:
    reading = read_xlsx(question_template(language, ["note"]), tuple(ItemKind))
    assert [found.code for found in reading.rejected] == ["items.nothing_found"]


def test_a_file_of_all_kinds_is_taken_into_a_part_that_holds_them(session: Session, now: datetime) -> None:
    campaign = make_campaign(session, changes={"parts.general.kind": "mixed"})
    author = make_staff(session, "author")
    appoint(session, campaign, author, "question")
    blocks = ["A? {=a ~b}", "B? {~%50%a ~%50%b ~%-50%c}", "C? {=Hà Nội}", "D? {#1.500:0.1}", "E? {}", "F. {T}", "G? {~%100%a ~b}"]
    source = Source(bank_of(campaign, "general", None), "all.gift", "\n\n".join(blocks).encode())
    intake = take(session, role_of(session, author, campaign), source, leave_faulty=True, now=now)
    items = list(session.scalars(select(Item).order_by(Item.number)))
    assert [item.kind for item in items] == ["single_choice", "multiple_response", "short_text", "numeric", "essay", "single_choice"]
    assert [(found.place.line, found.code) for found in intake.rejected] == [(13, "questions.several_keys")]
    [accepted] = items[3].versions[0].accepted
    assert (accepted.text, accepted.tolerance) == ("1.5000", Decimal("0.1"))
    assert [option.text for option in items[5].versions[0].options] == ["Đúng", "Sai"]
