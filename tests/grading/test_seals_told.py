"""The walk of the log to the last state of each thing, and its comparison with what the rows say: values alone."""

from collections.abc import Sequence
from typing import Any

import pytest

from examsite.grading.queries.told import Facts, Ids, Said, Story, differences, walk

IDS = Ids({("p", "001"): "i", ("p", "002"): "j"}, {("p", "ana"): "m", ("p", "ben"): "n"}, {"i": "p", "j": "p"})
SHEET, RECUSAL = ("sheet", "i", "m"), ("recusal", "i", "m")


def said(act: str, about: str, actor: str = "ana", /, **data: object) -> Said:
    return Said(f"grading:{act}", about, actor, actor.title(), data)


def sheet(kind: str, version: str) -> Said:
    return said(f"sheet:{kind}", f"sheet:{version}", interview="i", member="m", seal=f"seal of {version}")


def recused(kind: str, relation: str = "") -> Said:
    return said("recusal:recorded", "interview:i", member="m", kind=kind, relation=relation)


DRAWN = said("lots:drawn", "panel:p", seed="00", order=["002", "001"], codes="c", interviews="b")
DECLARED = said("conflicts:declared", "panel:p", duty="member", conflicts={"001": "sibling"})
PROPOSED = said("sanction:recorded", "interview:i", sanction="s", kind="warning", reason="Why.")


def facts(*entries: Said) -> Facts:
    return walk(entries, IDS).facts


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ((sheet("saved", "1"),), {("versions", "i", "m"): (("1", "seal of 1", ""),)}),
        ((sheet("saved", "1"), sheet("locked", "2")), {SHEET: ("2", "seal of 2"), ("versions", "i", "m"): (("1", "seal of 1", ""),)}),
        (
            (sheet("locked", "1"), said("sheet:reopened", "sheet:1", reason="A slip.")),
            {("versions", "i", "m"): (("1", "seal of 1", "A slip."),)},
        ),
        (
            (sheet("locked", "1"), said("sheet:reopened", "sheet:1"), sheet("locked", "2")),
            {SHEET: ("2", "seal of 2"), ("versions", "i", "m"): (("1", "seal of 1", ""),)},
        ),
        ((recused("absent"),), {RECUSAL: ("absent", "")}),
        ((recused("absent"), said("recusal:lifted", "interview:i", member="m")), {}),
        ((recused("absent"), recused("conflict", "sibling")), {RECUSAL: ("conflict", "sibling")}),
        ((recused("absent"), DECLARED), {RECUSAL: ("conflict", "sibling")}),
        ((DECLARED,), {RECUSAL: ("conflict", "sibling")}),
        (
            (sheet("locked", "1"), said("member:seated", "panel:p", account="ben", duty="member")),
            {SHEET: ("1", "seal of 1"), ("recusal", "i", "n"): ("joined_late", "")},
        ),
        ((said("spread:decided", "interview:i", seal="d"),), {("decision", "i"): ("d", "ana")}),
        ((said("spread:decided", "interview:i", seal="d"), said("spread:superseded", "interview:i", "ben")), {}),
        (
            (said("candidate:no_show", "panel:p", candidate="001", reason="Ill."),),
            {("presence", "p", "001"): ("no_show", "Ill.")},
        ),
        (
            (said("candidate:no_show", "panel:p", candidate="001", reason="Ill."), said("candidate:present", "panel:p", candidate="001")),
            {("presence", "p", "001"): ("present", "")},
        ),
        ((PROPOSED,), {("sanction", "s"): ("i", "warning", "Why.", "ana", None, "", "", None)}),
        (
            (PROPOSED, said("sanction:imposed", "interview:i", "ben", sanction="s", reason="Seen.", in_place="conflict")),
            {("sanction", "s"): ("i", "warning", "Why.", "ana", "imposed", "Seen.", "conflict", "ben")},
        ),
        (
            (
                PROPOSED,
                said("sanction:imposed", "interview:i", "ben", sanction="s", reason="Seen."),
                said("sanction:dropped", "interview:i", "ben", sanction="s", reason="No."),
            ),
            {("sanction", "s"): ("i", "warning", "Why.", "ana", "dropped", "No.", "", "ben")},
        ),
        ((said("codes:signed", "campaign:c", "ben", digest="d", first="ana"),), {("signed",): (("d", "ana", "ben"),)}),
        ((said("timetable:changed", "panel:p", candidate="001"), said("panel:removed", "panel:q")), {}),
    ],
)
def test_each_thing_stands_as_its_last_entry_left_it(entries: Sequence[Said], expected: Facts) -> None:
    assert facts(*entries) == expected


def test_what_a_conflict_takes_back_waits_for_a_decision_again() -> None:
    imposed = said("sanction:imposed", "interview:i", "ben", sanction="s", reason="Seen.")
    again = said("recusal:recorded", "interview:i", "ben", member="n", kind="conflict", relation="sibling", sanction=["s"])
    assert facts(PROPOSED, imposed, again)["sanction", "s"] == ("i", "warning", "Why.", "ana", None, "", "", None)


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        ((), "drawn"),
        (("panel:closed",), "closed"),
        (("panel:closed", "panel:reopened"), "drawn"),
        (("panel:closed", "panel:reopened", "panel:closed", "codes:opened"), "opened"),
    ],
)
def test_a_panel_stands_where_its_last_step_left_it(acts: Sequence[str], state: str) -> None:
    found = facts(DRAWN, *(said(act, "panel:p") for act in acts))
    assert found == {("panel", "p"): state, ("lots", "p"): ("00", ("002", "001")), ("codes", "p"): "c", ("interviews", "p"): "b"}


def test_seats_are_known_of_a_panel_that_was_created_once_its_lots_are_drawn() -> None:
    seats = (
        said("panel:created", "panel:p", name="Panel 1"),
        said("member:seated", "panel:p", account="ana", duty="head"),
        said("member:seated", "panel:p", account="ben", duty="member"),
        said("member:seated", "panel:p", account="eve", duty="member"),
        said("member:unseated", "panel:p", account="eve"),
        said("head:changed", "panel:p", account="ben"),
    )
    assert facts(*seats) == {}
    decider = said("conflicts:declared", "panel:p", "chair", duty="decider", conflicts={})
    found = facts(*seats, DRAWN, decider)
    assert {thing[2]: duty for thing, duty in found.items() if thing[0] == "seat"} == {"ana": "member", "ben": "head", "chair": "decider"}


def story(told: Facts, *created: str) -> Story:
    return Story(IDS, told, created=set(created))


@pytest.mark.parametrize(
    ("told", "stored", "expected"),
    [
        ({}, {}, []),
        ({SHEET: ("1", "a")}, {SHEET: ("1", "a")}, []),
        ({SHEET: ("1", "a")}, {}, [(SHEET, ("1", "a"), None)]),
        ({}, {SHEET: ("1", "a")}, [(SHEET, None, ("1", "a"))]),
        ({SHEET: ("1", "a")}, {SHEET: ("1", "b")}, [(SHEET, ("1", "a"), ("1", "b"))]),
        ({SHEET: ("1", "a")}, {("versions", "i", "m"): (("1", "a"),)}, [(SHEET, ("1", "a"), None)]),
        ({RECUSAL: ("absent", "\u00e9")}, {RECUSAL: ("absent", "e\u0301")}, []),
        ({("panel", "p"): "drawn", ("codes", "p"): "c"}, {}, [(("panel", "p"), "drawn", None)]),
        ({("panel", "p"): "drawn", ("codes", "p"): "c"}, {("panel", "p"): "drawn"}, [(("codes", "p"), "c", None)]),
        ({("panel", "p"): "drawn"}, {("panel", "p"): "drawn", ("seat", "p", "ana"): "head"}, []),
    ],
)
def test_both_have_to_say_the_same(told: Facts, stored: Facts, expected: list[Any]) -> None:
    assert [(one.thing, one.told, one.stored) for one in differences(story(told), stored)] == expected


def test_a_seat_differs_where_the_log_knows_all_seats() -> None:
    stored = {("seat", "p", "ana"): "head"}
    assert [one.thing for one in differences(story({}, "p"), stored)] == [("seat", "p", "ana")]


def test_an_entry_from_before_it_bound_interviews_says_nothing_of_them() -> None:
    older = walk([said("lots:drawn", "panel:p", seed="00", order=["001"], codes="c")], IDS)
    stored = {("panel", "p"): "drawn", ("lots", "p"): ("00", ("001",)), ("codes", "p"): "c", ("interviews", "p"): "whatever"}
    assert list(differences(older, stored)) == []
