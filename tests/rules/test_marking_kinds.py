"""Marks of the kinds beyond single choice, at every boundary."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsite.rules.marking import (
    AcceptedNumber,
    Answer,
    InvalidAnswer,
    ItemKind,
    KeyedItem,
    Mark,
    MarkingRule,
    Outcome,
    UnmarkedResult,
    mark,
    part_result,
)

OPTIONS = ("a", "b", "c", "d", "e")
PARTIAL, ALL = MarkingRule.PARTIAL, MarkingRule.ALL_OR_NOTHING
ESSAY = KeyedItem("w", (), frozenset(), kind=ItemKind.ESSAY)


def several(key: str = "abc", rule: MarkingRule = PARTIAL, points: Fraction = Fraction(1), *, void: bool = False) -> KeyedItem:
    return KeyedItem("m", OPTIONS, frozenset(key), points, void, ItemKind.MULTIPLE_RESPONSE, rule)


def words(*texts: str, case_matters: bool = False) -> KeyedItem:
    return KeyedItem("t", (), frozenset(), kind=ItemKind.SHORT_TEXT, texts=texts, case_matters=case_matters)


def number(value: str, tolerance: str = "0", *more: str) -> KeyedItem:
    accepted = [AcceptedNumber(Decimal(value), Decimal(tolerance)), *(AcceptedNumber(Decimal(other)) for other in more)]
    return KeyedItem("n", (), frozenset(), kind=ItemKind.NUMERIC, numbers=tuple(accepted))


@pytest.mark.parametrize(
    ("rule", "key", "chosen", "points", "outcome"),
    [
        (ALL, "abc", "abc", "1", Outcome.CORRECT),
        (ALL, "abc", "cba", "1", Outcome.CORRECT),
        (ALL, "abc", "ab", "0", Outcome.WRONG),
        (ALL, "abc", "abcd", "0", Outcome.WRONG),
        (ALL, "abc", "abcde", "0", Outcome.WRONG),
        (ALL, "abc", "", "0", Outcome.BLANK),
        (PARTIAL, "abc", "abc", "1", Outcome.CORRECT),
        (PARTIAL, "abc", "ab", "2/3", Outcome.PARTIAL),
        (PARTIAL, "abc", "a", "1/3", Outcome.PARTIAL),
        (PARTIAL, "abc", "abd", "1/3", Outcome.PARTIAL),
        (PARTIAL, "abc", "abcd", "2/3", Outcome.PARTIAL),
        (PARTIAL, "abc", "ad", "0", Outcome.WRONG),
        (PARTIAL, "abc", "ade", "0", Outcome.WRONG),
        (PARTIAL, "abc", "de", "0", Outcome.WRONG),
        (PARTIAL, "abc", "abcde", "0", Outcome.WRONG),
        (PARTIAL, "abcd", "abcde", "0", Outcome.WRONG),
        (PARTIAL, "abcd", "abcd", "1", Outcome.CORRECT),
        (PARTIAL, "a", "a", "1", Outcome.CORRECT),
        (PARTIAL, "a", "ab", "0", Outcome.WRONG),
        (PARTIAL, "abc", "", "0", Outcome.BLANK),
    ],
)
def test_several_options_under_each_rule(rule: MarkingRule, key: str, chosen: str, points: str, outcome: Outcome) -> None:
    assert mark(several(key, rule), Answer(tuple(chosen))) == Mark(Fraction(points), outcome)


@given(st.sets(st.sampled_from(OPTIONS), min_size=1, max_size=4), st.sets(st.sampled_from(OPTIONS)), st.sampled_from(MarkingRule))
def test_points_stay_between_none_and_all_and_only_the_key_has_all(key: set[str], chosen: set[str], rule: MarkingRule) -> None:
    item = several("".join(sorted(key)), rule, Fraction(7, 3))
    found = mark(item, Answer(tuple(sorted(chosen))))
    assert 0 <= found.points <= item.points
    assert (found.points == item.points) is (chosen == key) is (found.outcome is Outcome.CORRECT)
    assert (found.outcome is Outcome.PARTIAL) is (0 < found.points < item.points)
    if chosen == set(OPTIONS):
        assert found.points == 0


@given(st.sets(st.sampled_from(OPTIONS), min_size=1, max_size=4), st.sets(st.sampled_from(OPTIONS)), st.sampled_from(OPTIONS))
def test_one_more_wrong_choice_never_earns_anything(key: set[str], chosen: set[str], more: str) -> None:
    item = several("".join(sorted(key)))
    if more not in key:
        assert mark(item, Answer(tuple(sorted(chosen | {more})))).points <= mark(item, Answer(tuple(sorted(chosen)))).points


@pytest.mark.parametrize(
    ("item", "typed", "outcome"),
    [
        (words("Hà Nội"), "hà  nội ", Outcome.CORRECT),
        (words("Hà Nội"), "Ha\u0300 No\u0302\u0323i", Outcome.CORRECT),
        (words("Hà Nội"), "Ha Noi", Outcome.WRONG),
        (words("Hà Nội", "Thủ đô"), "THỦ ĐÔ", Outcome.CORRECT),
        (words("Hà Nội"), "Hà Nội.", Outcome.WRONG),
        (words("pH", case_matters=True), "pH", Outcome.CORRECT),
        (words("pH", case_matters=True), "ph", Outcome.WRONG),
        (words("Hà Nội"), " \u00a0", Outcome.BLANK),
        (words("Hà Nội"), "", Outcome.BLANK),
        (number("3.14", "0.01"), "3,15", Outcome.CORRECT),
        (number("3.14", "0.01"), "3.13", Outcome.CORRECT),
        (number("3.14", "0.01"), "3,1500000000000000000000000000000000001", Outcome.WRONG),
        (number("3.14", "0.01"), "3.1299999999999999999999999999999999999", Outcome.WRONG),
        (number("5"), "5,0", Outcome.CORRECT),
        (number("5"), "5.000000000000000000000000000000000000000001", Outcome.WRONG),
        (number("-2"), "\u22122", Outcome.CORRECT),
        (number("10", "0", "20"), "20", Outcome.CORRECT),
        (number("10", "0", "20"), "15", Outcome.WRONG),
        (number("1000"), "1.000", Outcome.WRONG),
        (number("1000"), "1.000,0", Outcome.WRONG),
        (number("1000"), "một nghìn", Outcome.WRONG),
        (number("0"), "", Outcome.BLANK),
    ],
)
def test_typed_answers(item: KeyedItem, typed: str, outcome: Outcome) -> None:
    assert mark(item, Answer(text=typed)) == Mark(Fraction(outcome is Outcome.CORRECT), outcome)


@pytest.mark.parametrize("answer", [None, Answer(), Answer(text="Kính gửi hội đồng")])
def test_an_essay_is_never_marked_by_a_machine(answer: Answer | None) -> None:
    assert mark(ESSAY, answer).outcome is Outcome.UNMARKED


def test_a_part_with_an_essay_has_no_result_yet() -> None:
    right = Mark(Fraction(1), Outcome.CORRECT)
    assert part_result([right, mark(ESSAY, None), mark(ESSAY, Answer(text="a"))], 3, Fraction(1, 2)) == UnmarkedResult(2)
    voided = KeyedItem("w", (), frozenset(), void=True, kind=ItemKind.ESSAY)
    assert part_result([right, mark(voided, None)], 2, Fraction(1, 2)).correct == 2


def test_part_of_the_points_is_no_right_answer() -> None:
    marks = [mark(several(), Answer(("a", "b"))), mark(several(), Answer(("a", "b", "c")))]
    result = part_result(marks, 2, Fraction(1, 2))
    assert (result.correct, result.share, result.passed) == (1, Fraction(1, 2), True)
    assert sum(entry.points for entry in marks) == Fraction(5, 3)


@pytest.mark.parametrize(
    ("item", "answer", "code"),
    [
        (several(), Answer(("f",)), "marking.unknown_option"),
        (several(void=True), Answer(("f",)), "marking.unknown_option"),
        (several(), Answer(("a", "a")), "marking.option_twice"),
        (several(), Answer(text="a"), "marking.other_kind"),
        (words("a"), Answer(("a",)), "marking.other_kind"),
        (number("1"), Answer(("a",)), "marking.other_kind"),
        (ESSAY, Answer(("a",)), "marking.other_kind"),
    ],
)
def test_an_answer_of_another_kind_is_never_silently_wrong(item: KeyedItem, answer: Answer, code: str) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        mark(item, answer)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "parts",
    [
        {"kind": ItemKind.MULTIPLE_RESPONSE, "options": ("a", "b"), "key": frozenset("ab")},
        {"kind": ItemKind.MULTIPLE_RESPONSE, "options": ("a", "b")},
        {"kind": ItemKind.MULTIPLE_RESPONSE, "options": ("a", "b"), "key": frozenset("c")},
        {"kind": ItemKind.SHORT_TEXT},
        {"kind": ItemKind.SHORT_TEXT, "texts": ("a", " ")},
        {"kind": ItemKind.SHORT_TEXT, "texts": ("a",), "options": ("a",)},
        {"kind": ItemKind.NUMERIC},
        {"kind": ItemKind.NUMERIC, "texts": ("1",)},
        {"kind": ItemKind.ESSAY, "texts": ("a",)},
        {"kind": ItemKind.SINGLE_CHOICE, "options": ("a", "b"), "key": frozenset("a"), "texts": ("a",)},
    ],
)
def test_a_key_of_another_kind_is_refused(parts: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="the key of item x"):
        KeyedItem(**{"item": "x", "options": (), "key": frozenset(), **parts})


@pytest.mark.parametrize(("value", "tolerance"), [("1", "-0.1"), ("NaN", "0"), ("1", "Infinity")])
def test_numbers_of_a_key_are_numbers(value: str, tolerance: str) -> None:
    with pytest.raises(ValueError, match="accepts no number"):
        AcceptedNumber(Decimal(value), Decimal(tolerance))
