"""The parser of saves takes anything at all, and lets through one shape."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsite.rounds.queries.sittings import fold
from examsite.rounds.save_body import LONGEST_TEXT, MalformedError, SaveBody, Value, parse
from examsite.rules.typed import Splice

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["seq", "epoch", "answers", "x"]), inner, max_size=4),
    max_leaves=12,
)
option = st.none() | st.from_regex(r"[A-Za-z0-9_-]{1,16}", fullmatch=True)
place = st.integers(0, 30)
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES: dict[str, st.SearchStrategy[Value]] = {
    "choice": option,
    "choices": st.lists(option.filter(bool), max_size=6).map(tuple),
    "text": text,
    "splice": st.builds(Splice, place, place, text, place),
    "flag": st.booleans(),
}
answer = st.one_of(*(st.tuples(st.integers(1, 90), st.just(kind), value) for kind, value in VALUES.items()))
answers = st.lists(answer, min_size=1, max_size=12)


def parsed(raw: bytes) -> SaveBody | None:
    try:
        return parse(raw)
    except MalformedError:
        return None


@given(st.binary(max_size=200))
def test_bytes_are_refused_or_read_and_nothing_else(raw: bytes) -> None:
    assert parsed(raw) is None or isinstance(parsed(raw), SaveBody)


@given(anything, anything, anything)
def test_values_are_refused_or_come_back_as_they_were(seq: object, epoch: object, given_answers: object) -> None:
    body = parsed(json.dumps({"seq": seq, "epoch": epoch, "answers": given_answers}).encode())
    if body is not None:
        assert (body.seq, body.epoch, json.loads(body.text)) == (seq, epoch, given_answers)


@given(st.integers(1, 2**31 - 1), st.integers(1, 2**31 - 1), answers)
def test_what_the_page_sends_is_read_back_exactly(seq: int, epoch: int, sent: list[tuple[int, str, Value]]) -> None:
    body = parse(json.dumps({"seq": seq, "epoch": epoch, "answers": sent}).encode())
    assert body == SaveBody(seq, epoch, tuple(sent))
    assert parse(json.dumps({"seq": seq, "epoch": epoch, "answers": json.loads(body.text)}).encode()) == body


@given(st.lists(answers.map(lambda sent: SaveBody(1, 1, tuple(sent))), max_size=6))
def test_the_last_event_of_each_item_stands_however_the_saves_were_cut(saves: list[SaveBody]) -> None:
    one_by_one = [SaveBody(1, 1, (entry,)).text for save in saves for entry in save.answers]
    assert fold(save.text for save in saves) == fold(one_by_one)
    every = [entry for save in saves for entry in save.answers]
    assert fold(one_by_one).choices == {item: value for item, kind, value in every if kind == "choice"}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("choices", None),
        ("choices", "a"),
        ("choices", ["a", None]),
        ("choices", ["a b"]),
        ("choices", ["a"] * 27),
        ("text", None),
        ("text", 5),
        ("text", ["a"]),
        ("text", "\ud83d"),
        ("splice", "text"),
        ("splice", [0, 0, "a"]),
        ("splice", [0, 0, "a", 1, 1]),
        ("splice", [-1, 0, "a", 1]),
        ("splice", [0, True, "a", 1]),
        ("splice", [0, 0.0, "a", 1]),
        ("splice", [0, 0, None, 1]),
        ("splice", [0, 0, "\udc00", 1]),
        ("splice", [0, 0, "a", LONGEST_TEXT + 1]),
        ("flag", 1),
        ("colour", "red"),
        (["text"], "a"),
    ],
)
def test_each_kind_has_one_shape(kind: object, value: object) -> None:
    with pytest.raises(MalformedError) as fault:
        parse(json.dumps({"seq": 1, "epoch": 1, "answers": [[1, kind, value]]}).encode())
    assert fault.value.code == "answer"


@pytest.mark.parametrize(("length", "fits"), [(LONGEST_TEXT, True), (LONGEST_TEXT + 1, False)])
def test_an_essay_ends_at_its_limit(length: int, fits: bool) -> None:
    raw = json.dumps({"seq": 1, "epoch": 1, "answers": [[1, "text", "a" * length]]}).encode()
    assert (parsed(raw) is not None) is fits
