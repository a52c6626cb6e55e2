"""Locking: whole sheets only, once, and for good."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examsite.audit.models import LogEntry
from examsite.db import open_session
from examsite.grading.models import ScoreSheet, new_salt
from examsite.grading.operations import sheets
from examsite.grading.sheet_values import SheetFaulty
from examsite.rules.refusal import Conflict
from tests.client import Browser
from tests.conftest import NOW
from tests.databases import Copy
from tests.grading.test_score_sheet import Loaded, begun_in, typed
from tests.grading.world import FAIR, World, of
from tests.races import DONE, at_once

Browse = Callable[..., Browser]
Address = Callable[..., str]


def test_a_blank_is_not_zero_and_locking_names_what_is_missing(begun: World, browse: Browse, url: Address) -> None:
    member = browse(begun.people["binh"])
    answer = member.post(url("/sheet", "001"), typed("30", "", " ", act="lock"))
    assert answer.status_code == 422
    for criterion in ("Bảo vệ", "Trả lời câu hỏi"):
        assert f"Chưa có điểm cho tiêu chí {criterion}. Hãy nhập một số; nếu là không điểm, hãy nhập 0." in answer.text
    assert begun.newest("binh") is None
    assert member.post(url("/sheet", "001"), typed("30", "0", "0", act="lock")).status_code == 303
    sheet = begun.newest("binh")
    assert sheet is not None
    assert (sheet.state, sheet.scores["defence"], sheet.locked_at) == ("locked", "0", NOW)


def test_missing_scores_are_faults_for_locking_and_not_for_a_draft(begun: World) -> None:
    begun.save("binh", (None, None, None))
    with pytest.raises(SheetFaulty) as refused:
        begun.lock("binh", ("30", None, "25"))
    assert [(fault.component, fault.code) for fault in refused.value.faults] == [("defence", "missing")]


def test_a_locked_sheet_takes_no_other_scores(begun: World, browse: Browse, url: Address) -> None:
    begun.lock("binh")
    for write in (begun.save, begun.lock):
        with pytest.raises(Conflict, match="sheet_locked"):
            write("binh", ("40", "30", "30"))
    begun.session.commit()
    assert browse(begun.people["binh"]).post(url("/sheet", "001"), typed("40", "30", "30", version=1)).status_code == 422
    kept = begun.newest("binh")
    assert kept is not None
    assert (kept.version, kept.scores["presentation"]) == (1, "30")


def test_locking_twice_the_same_is_once(begun: World) -> None:
    arguments = (begun.session, begun.role("binh"), begun.panel, begun.interview("001"), of(FAIR), "", 0, NOW)
    assert sheets.lock_sheet(*arguments).id == sheets.lock_sheet(*arguments).id
    assert len(begun.log("grading:sheet:locked")) == 1


def test_the_log_of_a_locked_sheet_holds_no_score(begun: World) -> None:
    sheet = begun.lock("binh", ("33.5", "17.5", "22.5"))
    content = begun.log("grading:sheet:locked")[0].content or ""
    assert sheet.seal in content
    assert not [score for score in ("33.5", "17.5", "22.5", "73.5") if score in content]


def test_the_locked_page_shows_scores_and_no_field(begun: World, browse: Browse, url: Address) -> None:
    begun.lock("binh", ("33.5", "17.5", "22.5"))
    begun.session.commit()
    page = browse(begun.people["binh"]).get(url("/sheet", "001")).text
    assert "33,5" in page
    assert "73,5" in page
    assert 'name="score-defence"' not in page


def test_the_database_itself_refuses_a_second_locked_sheet(begun: World) -> None:
    sheet = begun.lock("binh")
    again = ScoreSheet(
        interview_id=sheet.interview_id,
        member_id=sheet.member_id,
        version=2,
        state="locked",
        scores={},
        saved_at=NOW,
        salt=new_salt(),
        seal="x",
    )
    begun.session.add(again)
    with pytest.raises(IntegrityError):
        begun.session.flush()


def test_tabs_that_lock_at_once_lock_once(own_database: Copy) -> None:
    def locking(presentation: str) -> Callable[[Session, Loaded], object]:
        return lambda session, loaded: sheets.lock_sheet(session, *loaded, of((presentation, "20", "25")), "", 0, NOW)

    outcomes = at_once(own_database, begun_in(own_database), *(locking(presentation) for presentation in ("10", "20", "30")))
    assert sorted(outcomes) == [DONE, "grading.sheet_locked", "grading.sheet_locked"]
    with open_session(own_database.engine) as session:
        assert session.scalars(select(ScoreSheet.state)).all() == ["locked"]
        assert session.scalar(select(func.count()).select_from(LogEntry).where(LogEntry.kind == "grading:sheet:locked")) == 1
