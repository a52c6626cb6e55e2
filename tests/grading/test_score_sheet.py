"""Filling in a sheet: every saving a version, nothing overwritten, unscored never zero, faults beside their criterion."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.campaigns.roles import Role, role_of
from examsite.db import open_session
from examsite.grading.models import Interview, Panel, ScoreSheet
from examsite.grading.operations import sheets
from examsite.grading.sheet_values import SheetFaulty, total
from examsite.rules.refusal import NotFound, NotPermitted, Refused
from tests.client import Browser
from tests.conftest import NOW
from tests.databases import Copy
from tests.grading.world import FAIR, World, make_world, of
from tests.races import DONE, at_once

Browse = Callable[..., Browser]
Address = Callable[..., str]


def typed(*scores: str, version: int = 0, act: str = "save", comment: str = "") -> dict[str, str]:
    names = ("score-presentation", "score-defence", "score-answers")
    return dict(zip(names, scores, strict=True)) | {"version": str(version), "act": act, "comment": comment}


def test_each_saving_adds_a_version_and_the_log_holds_only_its_seal(begun: World) -> None:
    first = begun.save("binh", ("33.5", None, None))
    second = begun.save("binh", ("34.0", "0", None))
    assert (first.version, first.scores) == (1, {"presentation": "33.5", "defence": None, "answers": None})
    assert (second.version, second.scores) == (2, {"presentation": "34", "defence": "0", "answers": None})
    entries = begun.log("grading:sheet:saved")
    assert [first.seal in (entries[0].content or ""), second.seal in (entries[1].content or "")] == [True, True]
    assert "33.5" not in (entries[0].content or "")


def test_equal_scores_have_different_seals(begun: World) -> None:
    assert begun.save("binh").seal != begun.save("chi").seal


def test_in_the_browser_a_decimal_comma_or_point_is_read_and_shown_again(begun: World, browse: Browse, url: Address) -> None:
    member = browse(begun.people["binh"])
    assert member.post(url("/sheet", "001"), typed("33,5", "20.5", "", comment="Rõ ràng.\n\nCó lộ trình.")).status_code == 303
    sheet = begun.newest("binh")
    assert sheet is not None
    assert sheet.scores == {"presentation": "33.5", "defence": "20.5", "answers": None}
    assert sheet.comment == "<p>Rõ ràng.</p><p>Có lộ trình.</p>"
    page = member.get(url("/sheet", "001")).text
    assert 'value="33,5"' in page
    assert "Rõ ràng.\n\nCó lộ trình.</textarea>" in page
    assert 'value="33.5"' in member.get(url("/sheet", "001"), headers={"Accept-Language": "en"}).text


@pytest.mark.parametrize(
    ("score", "sentence"),
    [
        ("32", "Điểm 32 cao hơn mức tối đa 30. Hãy nhập từ 0 đến 30."),
        ("-1", "Điểm -1 nhỏ hơn 0. Hãy nhập từ 0 đến 30."),
        ("20,3", "Điểm 20,3 lẻ hơn mức cho phép. Hãy nhập bội số của 0,5."),
        ("hai mươi", "“hai mươi” không phải là số."),
        ("1e1", "“1e1” không phải là số."),
        ("२०", "“२०” không phải là số."),
        ("30,5", "Điểm 30,5 cao hơn mức tối đa 30."),
    ],
)
def test_a_fault_stands_at_its_criterion_and_what_was_typed_stays(
    begun: World, browse: Browse, url: Address, score: str, sentence: str
) -> None:
    answer = browse(begun.people["binh"]).post(url("/sheet", "001"), typed("30", score, "25"))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{score}"' in answer.text
    assert begun.newest("binh") is None


@pytest.mark.parametrize("score", ["0", "0,5", "30", "30,0"])
def test_the_edges_of_the_scale_are_taken(begun: World, browse: Browse, url: Address, score: str) -> None:
    assert browse(begun.people["binh"]).post(url("/sheet", "001"), typed("30", score, "25")).status_code == 303


def test_all_faults_are_named_at_once(begun: World) -> None:
    with pytest.raises(SheetFaulty) as refused:
        begun.save("binh", ("41", "20.2", None))
    assert [(fault.component, fault.code) for fault in refused.value.faults] == [("presentation", "above_maximum"), ("defence", "off_step")]


def test_a_version_that_was_overtaken_is_refused(begun: World, browse: Browse, url: Address) -> None:
    begun.save("binh", ("30", None, None))
    begun.session.commit()
    answer = browse(begun.people["binh"]).post(url("/sheet", "001"), typed("20", "20", "20", version=0))
    assert answer.status_code == 422
    assert "vừa được lưu ở cửa sổ khác" in answer.text
    assert 'value="20"' in answer.text
    kept = begun.newest("binh")
    assert kept is not None
    assert kept.version == 1


def test_the_same_sent_twice_is_one_version(begun: World) -> None:
    arguments = (begun.session, begun.role("binh"), begun.panel, begun.interview("001"), of(FAIR), "", 0, NOW)
    assert sheets.save_sheet(*arguments).id == sheets.save_sheet(*arguments).id
    assert begun.session.scalar(select(func.count()).select_from(ScoreSheet)) == 1


def test_scores_wait_until_the_candidate_is_there(world: World, browse: Browse, url: Address) -> None:
    world.draw()
    world.declare()
    with pytest.raises(Refused, match="not_present"):
        world.save("binh")
    world.session.commit()
    page = browse(world.people["binh"]).get(url("/sheet", "001")).text
    assert "Chưa bắt đầu lượt phỏng vấn" in page
    assert 'name="score-defence"' not in page


def test_nobody_scores_before_declaring_or_from_outside_the_panel(world: World) -> None:
    world.draw()
    world.call()
    with pytest.raises(NotPermitted, match="declare_first"):
        world.save("binh")
    with pytest.raises(NotFound):
        sheets.save_sheet(world.session, world.role("dung"), world.panel, world.interview("001"), of(FAIR), "", 0, NOW)


def test_a_float_is_a_fault_of_the_program(begun: World) -> None:
    with pytest.raises((TypeError, AttributeError)):
        sheets.save_sheet(begun.session, begun.role("binh"), begun.panel, begun.interview("001"), {"presentation": 30.5}, "", 0, NOW)  # type: ignore[dict-item]


def test_a_total_is_shown_only_of_a_whole_sheet(begun: World) -> None:
    assert total(begun.save("binh", ("30", "20", None))) is None
    assert total(begun.save("binh", ("30.5", "20", "0"))) == Decimal("50.5")


def test_hostile_comments_come_back_as_words(begun: World, browse: Browse, url: Address) -> None:
    member = browse(begun.people["binh"])
    member.post(url("/sheet", "001"), typed("30", "20", "25", comment="<script>alert(1)</script>", act="lock"))
    page = member.get(url("/sheet", "001")).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


Loaded = tuple[Role, Panel, Interview]


def begun_in(database: Copy) -> Callable[[Session], Loaded]:
    """A panel that has begun, in a database of its own; gives what loads role, panel and interview of one member."""
    with open_session(database.engine) as session:
        world = make_world(session)
        world.begin()
        session.commit()
        panel_id, account_id, interview_id = world.panel.id, world.people["binh"].id, world.interview("001").id

    def load(session: Session) -> Loaded:
        panel = session.get_one(Panel, panel_id)
        return role_of(session, session.get_one(Account, account_id), panel.campaign), panel, session.get_one(Interview, interview_id)

    return load


def test_two_tabs_that_save_at_once_leave_one_version(own_database: Copy) -> None:
    def saving(presentation: str) -> Callable[[Session, Loaded], object]:
        return lambda session, loaded: sheets.save_sheet(session, *loaded, of((presentation, None, None)), "", 0, NOW)

    outcomes = at_once(own_database, begun_in(own_database), saving("10"), saving("20"))
    assert sorted(outcomes) == [DONE, "grading.sheet_changed"]
    with open_session(own_database.engine) as session:
        assert session.scalars(select(ScoreSheet.version)).all() == [1]
