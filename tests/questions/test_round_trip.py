"""Items out and in: what a file carries is read back equal, whatever signs a text holds."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examsite import policies, richtext
from examsite.questions.answer_keys import Accepted, Choice
from examsite.questions.intake import Source, sort_out
from examsite.questions.outgoing import Outgoing, SheetOfBank
from examsite.questions.outgoing.gift import gift_losses, write_gift
from examsite.questions.outgoing.xlsx import write_questions
from examsite.questions.plain import one_line
from examsite.questions.queries.banks import Bank
from examsite.questions.writing import Written, checked
from examsite.rules.keys import ItemKind
from examsite.rules.policy import PartKind
from examsite.rules.refusal import Refused
from examsite.sheets.file import book_of
from examsite.sheets.values import LIMITS
from examsite.sheets.writing import NewSheet, write_xlsx
from examsite.vietnamese import tidy

PART = replace(policies.load("leader-screening").rules.round1.parts[0], kind=PartKind.MIXED)
BANK = Bank(PART, None)
LETTERS = st.characters(exclude_categories=["Cs", "Cn", "Cc", "Co"], exclude_characters="\ufeff")
SIGNS = st.sampled_from(r"~ = # { } : \ \n -> %50% [html] :: // * | $CATEGORY: <b> & @ +".split())  # noqa: SIM905 - reads better
TEXT = st.lists(st.one_of(st.text(LETTERS, min_size=1, max_size=8), SIGNS), min_size=1, max_size=6).map("".join)
RICH = st.sampled_from(["{}", "<b>{}</b>", "<p>{}</p><p>{}</p>", "<pre>{}\n  {}</pre>", "<ul><li>{}</li></ul>", "{}<br>{}"])


@st.composite
def rich(draw: st.DrawFn) -> str:
    shape = draw(RICH)
    return richtext.clean(shape.format(*(richtext.from_line(draw(TEXT)) for _ in range(shape.count("{}")))))


@st.composite
def wordings(draw: st.DrawFn) -> Written:
    kind = draw(st.sampled_from(list(ItemKind)))
    texts = draw(st.lists(rich().map(one_line), min_size=3, max_size=6, unique=True))
    places = range(len(texts))
    right = {draw(st.sampled_from(places))} if kind is ItemKind.SINGLE_CHOICE else draw(st.sets(st.sampled_from(places), min_size=2))
    number = st.builds(lambda n, t: Accepted(f"{n:f}0", t), st.decimals(-10_000, 10_000, places=3), st.decimals(0, 5, places=2))
    accepted = {
        ItemKind.SHORT_TEXT: st.lists(TEXT.map(Accepted), min_size=1, max_size=3),
        ItemKind.NUMERIC: st.lists(number, min_size=1, max_size=2),
    }
    written = Written(
        topic=tidy(draw(st.sampled_from(["Law", "Luật / Hiến pháp", "a/b", "/ x", "a / / b", "x/"]))),
        difficulty=draw(st.sampled_from(["easy", "medium", "hard"])),
        stem=draw(rich()),
        options=tuple(Choice(text, place in right) for place, text in enumerate(texts)),
        basis=draw(st.one_of(st.just(""), rich())),
        kind=kind,
        marking_rule=draw(st.sampled_from(["all_or_nothing", "partial"])),
        accepted=tuple(draw(accepted[kind])) if kind in accepted else (),
        case_matters=draw(st.booleans()),
    )
    try:
        return checked(written)
    except Refused:  # two texts alike, or blank to a reader
        return checked(replace(written, kind=ItemKind.ESSAY, stem="<p>Essay</p>"))


def outgoing(written: Written, name: str = "", number: int = 1) -> Outgoing:
    return Outgoing(number, name, BANK.key, None, written)


def back(data: bytes) -> list[tuple[str, Written]]:
    found = sort_out(Source(BANK, "x", data), {})
    assert not found.rejected, found.rejected
    return [(one.name, one.written) for one in found.ready]


@settings(max_examples=60, deadline=None)
@given(wordings(), TEXT.map(tidy).map(lambda name: name[:60].strip()))
def test_gift_is_read_back_equal(written: Written, name: str) -> None:
    item = outgoing(written, name)
    assert not gift_losses([item])
    assert back(write_gift([item], ["Notes // [tag:difficulty:hard]"])) == [(name, written)]


@settings(max_examples=20, deadline=None)
@given(st.lists(wordings(), min_size=3, max_size=3, unique_by=lambda one: one.stem_fold), st.sampled_from(["vi", "en"]))
def test_xlsx_is_read_back_equal_and_holds_no_formula(items: list[Written], language: str) -> None:
    """In this process: the reader's child of its own is tested in tests/sheets."""
    data = write_questions(
        [outgoing(one, f"=HC {place}") for place, one in enumerate(items)], [SheetOfBank(BANK.key, "Kiến thức chung")], ["=1"], language
    )
    book = book_of(data, LIMITS)
    assert not any(cell.formula for sheet in book.sheets for cell in sheet.cells)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("examsite.questions.formats.xlsx.read", lambda raw: book_of(raw, LIMITS))
        assert back(data) == [(f"=HC {place}", one) for place, one in enumerate(items)]


def choice(*texts: str, kind: ItemKind = ItemKind.SINGLE_CHOICE, keys: frozenset[int] = frozenset({0})) -> Written:
    options = tuple(Choice(text, place in keys) for place, text in enumerate(texts))
    return checked(Written("Luật", "easy", "<p>Câu?</p>", options, kind=kind, marking_rule="partial"))


def test_the_signs_of_each_kind() -> None:
    typed = Written("Luật", "easy", "<p>Năm?</p>", kind=ItemKind.NUMERIC, accepted=(Accepted("1945", Decimal("0.5")),))
    several = choice("a", "b", "c", "d", kind=ItemKind.MULTIPLE_RESPONSE, keys=frozenset({0, 1, 3}))
    items = [choice("Đúng", "Sai"), choice("Đúng", "Sai", keys=frozenset({1})), several, checked(typed)]
    text = write_gift([outgoing(one) for one in items], ()).decode()
    for words in ("{TRUE}", "{FALSE}", "~%33.33333%a", "~%-33.33333%c", "=1945:0.5", "$CATEGORY: general / Luật", "[tag:difficulty:easy]"):
        assert words in text


@pytest.mark.parametrize("topic", ["top", "Luật / top", "$course$"])
def test_what_gift_cannot_carry_is_told(topic: str) -> None:
    pictured = replace(outgoing(replace(choice("a", "b"), topic=topic), number=7), pictures=2)
    assert [(one.number, one.code) for one in gift_losses([pictured])] == [(7, "exports.pictures"), (7, "exports.topic_reserved")]
    long = Written("Luật", "easy", "<p>?</p>", kind=ItemKind.NUMERIC, accepted=(Accepted("1" * 25),))
    assert [one.code for one in gift_losses([outgoing(long)])] == ["exports.number_too_long"]


def test_a_text_that_looks_like_an_escape_of_spreadsheets_stays() -> None:
    data = write_xlsx([NewSheet("S", ["_x0041_"], [["_x005F_"]])])
    assert [cell.text for cell in book_of(data, LIMITS).sheets[0].cells] == ["_x0041_", "_x005F_"]


def test_a_file_that_another_program_wrote_goes_out_and_comes_back(samples: Path) -> None:
    data = (samples / "gift" / "giftFormatPhpExamples.gift").read_bytes()
    taken = sort_out(Source(BANK, "x", data), {}).ready
    assert len(taken) > 5
    items = [outgoing(one.written, one.name, place) for place, one in enumerate(taken)]
    assert back(write_gift(items, ())) == [(one.name, one.written) for one in taken]
