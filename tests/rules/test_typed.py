from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsite.rules.refusal import Refused
from examsite.rules.typed import LONGEST, Splice, is_blank, normal_text, read_number, reads_two_ways, spliced, word_count


@pytest.mark.parametrize(
    ("text", "splice", "after"),
    [
        ("", Splice(0, 0, "Kính gửi", 8), "Kính gửi"),
        ("abc", Splice(1, 1, "XY", 4), "aXYc"),
        ("abc", Splice(0, 3, "", 0), ""),
        ("abc", Splice(3, 0, "d", 4), "abcd"),
        ("a😀b", Splice(1, 1, "", 2), "ab"),  # one code point, whatever it takes to store
        ("abc", Splice(9, 0, "d", 4), "abcd"),  # beyond the end: at the end
        ("abc", Splice(2, 9, "d", 3), "abd"),
        ("abc", Splice(9, 9, "", 0), "abc"),
    ],
)
def test_a_change_of_a_text(text: str, splice: Splice, after: str) -> None:
    assert spliced(text, splice) == after


def test_a_text_never_outgrows_its_limit() -> None:
    assert spliced("a" * LONGEST, Splice(0, 0, "b", 1)) == "b" + "a" * (LONGEST - 1)


@given(st.text(max_size=30), st.text(max_size=30), st.data())
def test_any_text_leads_to_any_other_by_one_change(before: str, after: str, data: st.DataObject) -> None:
    assert spliced(before, Splice(0, len(before), after, len(after))) == after
    cut = data.draw(st.integers(0, len(before)))
    assert spliced(before, Splice(cut, 0, after, 0)) == before[:cut] + after + before[cut:]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" \n\t\u00a0", 0),
        ("một", 1),
        ("Nghị định 138/2020/NĐ-CP", 3),
        ("một\n\nhai  ba\u00a0bốn", 4),
        ("một – hai", 3),
        ("\ufeffmột", 1),
        ("một\x1fhai", 1),  # a blank to Python alone
    ],
)
def test_words_are_what_stands_between_blanks(text: str, words: int) -> None:
    assert word_count(text) == words
    assert is_blank(text) is (words == 0)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Hà Nội", "hà nội", True),
        ("Hà Nội", "  Hà \u00a0Nội\n", True),
        ("Hà Nội", "Ha\u0300 No\u0302\u0323i", True),
        ("Hà Nội", "Ha Noi", False),
        ("Đà", "đà", True),
        ("Đà", "Dà", False),
        ("má", "mà", False),
    ],
)
def test_short_texts_are_compared_by_their_words(one: str, other: str, same: bool) -> None:
    assert (normal_text(one) == normal_text(other)) is same


def test_where_case_matters_only_case_does_beside_the_words() -> None:
    assert normal_text("Hà  Nội", case_matters=True) == normal_text("Ha\u0300 Nội", case_matters=True)
    assert normal_text("HÀ NỘI", case_matters=True) != normal_text("Hà Nội", case_matters=True)


@given(st.text(max_size=30), st.booleans())
def test_a_normal_text_stays_as_it_is(text: str, case_matters: bool) -> None:
    once = normal_text(text, case_matters=case_matters)
    assert normal_text(once, case_matters=case_matters) == once


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("3", "3"),
        ("3,14", "3.14"),
        ("3.14", "3.14"),
        (" -0,5 ", "-0.5"),
        ("\u22120.5", "-0.5"),
        ("+7", "7"),
        (",5", "0.5"),
        ("5,", "5"),
        ("007", "7"),
        ("1.500", "1.5"),
        ("0,1000000000000000000000000000000000001", "0.1000000000000000000000000000000000001"),
    ],
)
def test_comma_and_dot_are_both_the_decimal_mark(typed: str, number: str) -> None:
    assert read_number(typed) == Decimal(number)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1.000.000", "grouped"),
        ("1,000.5", "grouped"),
        ("1.000,5", "grouped"),
        ("1 000", "grouped"),
        ("1\u00a0000", "grouped"),
        ("1'000", "grouped"),
        ("", "unreadable"),
        ("ba", "unreadable"),
        ("3 kg", "unreadable"),
        ("1e3", "unreadable"),
        ("1/2", "unreadable"),
        ("--1", "unreadable"),
        (".", "unreadable"),
        ("٣", "unreadable"),
        ("NaN", "unreadable"),
        ("Infinity", "unreadable"),
    ],
)
def test_what_is_no_number_is_refused_and_thousands_are_not_guessed_at(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_number(typed)
    assert refused.value.code == f"marking.number_{code}"


@pytest.mark.parametrize(
    ("typed", "two"), [("1.500", True), ("-12,345", True), ("0.125", False), ("1.5", False), ("1.5000", False), ("1500", False)]
)
def test_a_number_that_two_readers_read_differently(typed: str, two: bool) -> None:
    assert reads_two_ways(typed) is two


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6), st.sampled_from(".,"))
def test_every_decimal_comes_back_exactly(number: Decimal, mark: str) -> None:
    assert read_number(format(number, "f").replace(".", mark)) == number
