"""Reopening a locked sheet: by whom, why, and whether its owner could have seen others."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import select

from examsite.grading.models import ScoreSheet
from examsite.grading.operations import decisions, sheets
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from tests.client import Browser
from tests.conftest import NOW
from tests.grading.world import MINUTE, World

Browse = Callable[..., Browser]
Address = Callable[..., str]


def test_a_reopened_sheet_is_corrected_in_a_new_version_and_the_old_one_stays(begun: World) -> None:
    begun.lock("binh")
    begun.reopen("binh")
    corrected = begun.lock("binh", ("31", "20", "25"))
    found = begun.session.scalars(select(ScoreSheet).order_by(ScoreSheet.version)).all()
    assert corrected.id == found[1].id
    assert [(sheet.version, sheet.state, sheet.scores["presentation"]) for sheet in found] == [(1, "reopened", "30"), (2, "locked", "31")]
    assert (found[0].reopened_why, found[0].reopened_by_id) == ("A slip of the pen.", begun.people["head"].id)
    assert '"reason":"A slip of the pen."' in (begun.log("grading:sheet:reopened")[0].content or "")


def test_it_takes_a_reason_and_somebody_else(begun: World) -> None:
    begun.lock("binh")
    begun.lock("head")
    sheet = begun.newest("binh")
    assert sheet is not None
    with pytest.raises(Refused, match="reason_missing"):
        sheets.reopen_sheet(begun.session, begun.role("head"), begun.panel, sheet, "  ", NOW)
    with pytest.raises(NotPermitted, match="own_sheet"):
        begun.reopen("head", by="head")
    for name in ("binh", "chi", "hr", "council", "watcher", "coder"):
        with pytest.raises(NotPermitted):
            begun.reopen("binh", by=name)


def test_the_councils_chair_reopens_the_heads_sheet_after_declaring(begun: World) -> None:
    begun.lock("head")
    with pytest.raises(NotPermitted):
        begun.reopen("head", by="chair")
    begun.declare("chair")
    begun.reopen("head", by="chair")
    sheet = begun.newest("head")
    assert sheet is not None
    assert sheet.state == "reopened"


def test_only_a_locked_sheet_can_be_reopened_and_once(begun: World) -> None:
    begun.save("binh")
    with pytest.raises(Conflict, match="not_locked"):
        begun.reopen("binh")
    sheet = begun.lock("binh")
    begun.reopen("binh")
    with pytest.raises(Conflict, match="not_locked"):
        sheets.reopen_sheet(begun.session, begun.role("head"), begun.panel, sheet, "Once more.", NOW)


@pytest.mark.parametrize(
    ("story", "seen"),
    [
        (("lock binh", "reopen binh"), False),
        (("lock chi", "reopen chi", "lock binh", "reopen binh"), False),
        (("lock binh", "lock chi", "reopen binh"), True),
        (("lock chi", "lock binh", "reopen binh"), True),
        (("lock binh", "lock chi", "reopen chi", "reopen binh"), True),
        (("lock binh", "save chi", "reopen binh"), False),
    ],
)
def test_the_flag_says_whether_both_were_ever_locked_at_one_time(begun: World, story: tuple[str, ...], seen: bool) -> None:
    for minute, step in enumerate(story):
        verb, name = step.split()
        getattr(begun, verb)(name, now=NOW + minute * MINUTE)
    sheet = begun.newest("binh")
    assert sheet is not None
    assert (sheet.state, sheet.had_seen_others) == ("reopened", seen)


def test_the_flag_stays_on_every_later_version_and_is_shown(begun: World, browse: Browse, url: Address) -> None:
    begun.lock("binh")
    begun.lock("chi")
    begun.reopen("binh")
    begun.save("binh", ("31", None, None))
    begun.lock("binh", ("31", "20", "25"))
    begun.lock("head")
    sheet = begun.newest("binh")
    assert sheet is not None
    assert sheet.had_seen_others
    others = begun.newest("chi")
    assert others is not None
    assert not others.had_seen_others
    begun.session.commit()
    assert browse(begun.people["head"]).get(url("", "001")).text.count("đã có thể thấy phiếu khác") == 1


def test_a_decision_that_rested_on_the_sheet_falls_with_it(begun: World) -> None:
    begun.lock_all(("40", "30", "30"), ("36", "28", "30"), ("36", "28", "30"))
    decisions.decide_spread(begun.session, begun.role("head"), begun.panel, begun.interview("001"), Decimal("97"), "Talked over.", NOW)
    begun.reopen("binh")
    assert len(begun.log("grading:spread:superseded")) == 1
    with pytest.raises(Refused, match="too_early"):
        decisions.decide_spread(begun.session, begun.role("head"), begun.panel, begun.interview("001"), Decimal("97"), "Again.", NOW)


def test_in_the_browser_the_head_reopens_without_seeing_a_score(begun: World, browse: Browse, url: Address) -> None:
    begun.lock("binh", ("33.5", "17.5", "22.5"))
    begun.session.commit()
    sheet = begun.newest("binh")
    assert sheet is not None
    head = browse(begun.people["head"])
    page = head.get(url(f"/sheets/{sheet.public_id}/reopen"))
    assert page.status_code == 200
    assert not [score for score in ("33,5", "17,5", "22,5", "73,5") if score in page.text]
    assert head.post(url(f"/sheets/{sheet.public_id}/reopen"), {"reason": ""}).status_code == 422
    assert head.post(url(f"/sheets/{sheet.public_id}/reopen"), {"reason": "Gõ nhầm."}).status_code == 303
    member = browse(begun.people["binh"]).get(url("/sheet", "001")).text
    assert "Phiếu này đã được mở lại" in member
    assert 'value="33,5"' in member
