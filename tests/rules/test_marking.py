from dataclasses import fields
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsite.rules.marking import (
    Answer,
    ExemptResult,
    InvalidAnswer,
    KeyedItem,
    Mark,
    Outcome,
    PartResult,
    deduct,
    mark,
    part_result,
    total_points,
)

HALF = Fraction(1, 2)
RIGHT, WRONG = Mark(Fraction(1), Outcome.CORRECT), Mark(Fraction(0), Outcome.WRONG)
BLANK, VOID = Mark(Fraction(0), Outcome.BLANK), Mark(Fraction(1), Outcome.VOID)


def item(key: str = "c", *, void: bool = False, points: Fraction = Fraction(1)) -> KeyedItem:
    return KeyedItem("i1", ("a", "b", "c", "d"), frozenset(key), points, void)


@pytest.mark.parametrize(
    ("keyed", "answer", "expected"),
    [
        (item(), Answer(("c",)), RIGHT),
        (item(), Answer(("a",)), WRONG),
        (item(), Answer(), BLANK),
        (item(), None, BLANK),
        (item("bc"), Answer(("b",)), RIGHT),
        (item("bc"), Answer(("c",)), RIGHT),
        (item("bc"), Answer(("d",)), WRONG),
        (item("abcd"), Answer(("d",)), RIGHT),
        (item(void=True), Answer(("a",)), VOID),
        (item(void=True), Answer(("c",)), VOID),
        (item(void=True), None, VOID),
        (item(points=Fraction(5, 3)), Answer(("c",)), Mark(Fraction(5, 3), Outcome.CORRECT)),
        (item(points=Fraction(5, 3), void=True), None, Mark(Fraction(5, 3), Outcome.VOID)),
    ],
)
def test_marks(keyed: KeyedItem, answer: Answer | None, expected: Mark) -> None:
    assert mark(keyed, answer) == expected


@pytest.mark.parametrize(
    ("keyed", "options", "code"),
    [
        (item(), ("e",), "marking.unknown_option"),
        (item(), ("C",), "marking.unknown_option"),
        (item(), ("",), "marking.unknown_option"),
        (item(void=True), ("e",), "marking.unknown_option"),
        (item(), ("c", "e"), "marking.unknown_option"),
        (item(), ("c", "c"), "marking.option_twice"),
        (item(), ("b", "c"), "marking.too_many_options"),
        (item("bc"), ("b", "c"), "marking.too_many_options"),
    ],
)
def test_an_answer_that_cannot_be_is_never_silently_wrong(keyed: KeyedItem, options: tuple[str, ...], code: str) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        mark(keyed, Answer(options))
    assert refused.value.code == code
    assert refused.value.params["item"] == "i1"


@pytest.mark.parametrize(
    ("options", "key", "points"),
    [("abcd", "", 1), ("abcd", "e", 1), ("abcd", "ae", 1), ("aab", "a", 1), ("abcd", "a", 0), ("abcd", "a", -1)],
)
def test_items_without_a_sound_key_are_refused(options: str, key: str, points: int) -> None:
    with pytest.raises(ValueError, match="i1"):
        KeyedItem("i1", tuple(options), frozenset(key), Fraction(points))


@pytest.mark.parametrize(
    ("correct", "questions", "share", "passed"),
    [
        (15, 30, HALF, True),
        (14, 30, HALF, False),
        (30, 60, HALF, True),
        (29, 60, HALF, False),
        (31, 61, HALF, True),
        (30, 61, HALF, False),
        (0, 30, HALF, False),
        (0, 30, Fraction(0), True),
        (30, 30, Fraction(1), True),
        (29, 30, Fraction(1), False),
        (10, 30, Fraction(1, 3), True),
        (1, 3, Fraction(333333333333333333, 10**18), True),
        (1, 3, Fraction(333333333333333334, 10**18), False),
    ],
)
def test_pass_share_is_compared_exactly(correct: int, questions: int, share: Fraction, passed: bool) -> None:
    result = part_result([RIGHT] * correct + [WRONG] * (questions - correct), questions, share)
    assert result == PartResult(correct, questions, Fraction(correct), Fraction(correct, questions), passed)


def test_voided_items_count_as_right_and_blanks_do_not() -> None:
    result = part_result([RIGHT, VOID, BLANK, WRONG], 4, HALF)
    assert (result.correct, result.passed) == (2, True)


@pytest.mark.parametrize(
    ("correct", "shares", "counted", "passed"),
    [
        (20, [Fraction(1, 4)], Fraction(15), True),
        (19, [Fraction(1, 4)], Fraction(57, 4), False),
        (30, [HALF], Fraction(15), True),
        (29, [HALF], Fraction(29, 2), False),
        (30, [Fraction(1, 4), HALF], Fraction(15, 2), False),
        (30, [HALF, HALF], Fraction(0), False),
        (30, [HALF, Fraction(3, 4)], Fraction(0), False),
        (15, [Fraction(0)], Fraction(15), True),
        (15, [], Fraction(15), True),
    ],
)
def test_deductions_come_before_the_pass_test(correct: int, shares: list[Fraction], counted: Fraction, passed: bool) -> None:
    result = part_result([RIGHT] * correct + [BLANK] * (30 - correct), 30, HALF, shares)
    assert (result.correct, result.counted, result.share, result.passed) == (correct, counted, counted / 30, passed)


@pytest.mark.parametrize(("marks", "questions"), [(29, 30), (31, 30), (0, 0), (1, 0), (0, 1)])
def test_every_question_has_its_mark(marks: int, questions: int) -> None:
    with pytest.raises(ValueError, match="marks for"):
        part_result([RIGHT] * marks, questions, HALF)


@pytest.mark.parametrize("share", [Fraction(-1, 2), Fraction(3, 2), 0.5, 50])
def test_shares_are_fractions_from_0_to_1(share: Fraction) -> None:
    with pytest.raises(ValueError, match="share"):
        part_result([RIGHT], 1, share)
    with pytest.raises(ValueError, match="share"):
        deduct(10, [share])


def test_an_exempted_part_is_passed_without_figures() -> None:
    assert ExemptResult().passed
    assert fields(ExemptResult) == ()


SHARES = st.lists(st.fractions(0, 1), max_size=4)


@given(st.integers(0, 100), SHARES, st.data())
def test_deductions_have_no_order_and_stay_between_nothing_and_all(correct: int, shares: list[Fraction], data: st.DataObject) -> None:
    left = deduct(correct, shares)
    assert 0 <= left <= correct
    assert deduct(correct, data.draw(st.permutations(shares))) == left


@given(st.integers(1, 60), st.data(), st.fractions(0, 1), SHARES)
def test_one_more_right_answer_never_fails_a_part(
    questions: int, data: st.DataObject, pass_share: Fraction, shares: list[Fraction]
) -> None:
    correct = data.draw(st.integers(0, questions - 1))
    lower = part_result([RIGHT] * correct + [WRONG] * (questions - correct), questions, pass_share, shares)
    higher = part_result([RIGHT] * (correct + 1) + [WRONG] * (questions - correct - 1), questions, pass_share, shares)
    assert higher.share >= lower.share
    assert higher.passed >= lower.passed


@given(st.lists(st.fractions(0, 3, max_denominator=7), max_size=20))
def test_points_are_added_exactly(points: list[Fraction]) -> None:
    assert total_points([Mark(one, Outcome.PARTIAL) for one in points]) == sum(points)
