"""Who sees whose sheet when. Looked for in raw responses, since a leak that the eye misses is a leak."""

import json
import re
from collections.abc import Callable

import pytest

from examsite.grading.models import PanelMember, ScoreSheet
from examsite.grading.operations import attendance, closing
from examsite.grading.permissions import may_see_sheet
from tests import factories
from tests.client import Browser
from tests.conftest import NOW
from tests.grading.world import World

Browse = Callable[..., Browser]
Address = Callable[..., str]
SCORES = {"head": ("39.5", "12.5", "13.5"), "binh": ("38.5", "11.5", "15.5"), "chi": ("37.5", "10.5", "17.5")}
"""No two members share a score, and all totals are 65.5; no figure is the edge of a described level."""
DRAWINGS = re.compile("<svg.*?</svg>", re.DOTALL)


def holds(text: str, figure: str) -> bool:
    """Whether a figure stands in a response, written with a point or a comma."""
    return re.search(rf"(?<![\d.,]){figure.replace('.', '[.,]')}(?!\d)", DRAWINGS.sub("", text)) is not None


def shown(text: str) -> set[str]:
    """The members whose scores occur in a response."""
    return {name for name, scores in SCORES.items() if any(holds(text, score) for score in scores)}


def lock(world: World, *names: str) -> None:
    for name in names:
        world.lock(name, SCORES[name])
    world.session.commit()


def test_the_log_gives_the_chair_no_names_for_codes_before_they_are_open(begun: World, browse: Browse) -> None:
    drawn = begun.log("grading:lots:drawn")[0].content or ""
    order = ", ".join(json.loads(drawn)["data"]["order"])
    page = f"/campaigns/{begun.campaign.public_id}/log?kind="
    chair, watcher = browse(begun.people["chair"]), browse(begun.people["watcher"])
    assert [order in reader.get(page + "grading:lots:drawn").text for reader in (chair, watcher)] == [False, True]
    told = "Nội dung này hiển thị sau khi mở mã phách."
    for kind in ("lots:drawn", "candidate:present", "conflicts:declared"):
        assert [told in reader.get(f"{page}grading:{kind}").text for reader in (chair, watcher)] == [True, False], kind
    for number in begun.applications:
        begun.lock_all(number=number)
    closing.close_panel(begun.session, begun.role("head"), begun.panel, NOW)
    begun.open_codes()
    begun.session.commit()
    assert order in chair.get(page + "grading:lots:drawn").text


@pytest.mark.parametrize(
    ("locked", "reader", "seen"),
    [
        ((), "binh", set()),
        (("chi",), "binh", set()),
        (("head", "chi"), "binh", set()),
        (("binh",), "binh", {"binh"}),
        (("binh", "chi"), "binh", {"binh", "chi"}),
        (("head", "binh", "chi"), "binh", {"head", "binh", "chi"}),
        (("binh", "chi"), "head", set()),
        (("head", "binh"), "head", {"head", "binh"}),
    ],
)
def test_a_members_pages_show_others_only_when_both_are_locked(
    begun: World, browse: Browse, url: Address, locked: tuple[str, ...], reader: str, seen: set[str]
) -> None:
    lock(begun, *locked)
    page = browse(begun.people[reader]).get(url("/sheet", "001"))
    assert page.status_code == 200
    assert shown(page.text) == seen


def test_a_draft_is_seen_by_its_owner_alone(begun: World, browse: Browse, url: Address) -> None:
    lock(begun, "binh")
    begun.save("chi", SCORES["chi"])
    begun.session.commit()
    assert shown(browse(begun.people["binh"]).get(url("/sheet", "001")).text) == {"binh"}
    assert shown(browse(begun.people["chi"]).get(url("/sheet", "001")).text) == {"chi"}


def test_a_reopened_member_no_longer_sees_the_others(begun: World, browse: Browse, url: Address) -> None:
    lock(begun, "binh", "chi")
    begun.reopen("binh")
    begun.session.commit()
    other = begun.newest("chi")
    assert other is not None
    member = browse(begun.people["binh"])
    assert shown(member.get(url("/sheet", "001")).text) == {"binh"}
    assert member.get(url(f"/sheets/{other.public_id}")).status_code == 404


@pytest.mark.parametrize(("locked", "values"), [(("binh", "chi"), False), (("head", "binh", "chi"), True)])
def test_the_head_sees_who_has_locked_and_values_only_when_all_have(
    begun: World, browse: Browse, url: Address, locked: tuple[str, ...], values: bool
) -> None:
    lock(begun, *locked)
    head = browse(begun.people["head"])
    for path, number in (("", "001"), ("/room", None), ("/discrepancies", None)):
        page = head.get(url(path, number)).text
        assert bool(shown(page)) == (values and path == "")
        assert holds(page, "65.5") == (values and path == "")
    assert f"{len(locked)} trên 3 người đã xong" in head.get(url("", "001")).text


def test_a_head_who_was_absent_sees_nothing_before_the_others_are_done(begun: World, browse: Browse, url: Address) -> None:
    arguments = (begun.session, begun.role("head"), begun.panel, begun.interview("001"), begun.member("head"))
    attendance.record_absence(*arguments, "Called away.", NOW)
    lock(begun, "binh")
    head = browse(begun.people["head"])
    assert shown(head.get(url("", "001")).text) == set()
    lock(begun, "chi")
    assert shown(head.get(url("", "001")).text) == {"binh", "chi"}


def test_the_councils_chair_sees_values_only_of_complete_interviews(begun: World, browse: Browse, url: Address) -> None:
    begun.declare("chair")
    lock(begun, "binh", "chi")
    chair = browse(begun.people["chair"])
    assert shown(chair.get(url("", "001")).text) == set()
    lock(begun, "head")
    assert shown(chair.get(url("", "001")).text) == {"head", "binh", "chi"}


@pytest.mark.parametrize("name", ["hr", "watcher"])
def test_hr_and_supervision_see_numbers_and_never_a_code_or_a_score(begun: World, browse: Browse, url: Address, name: str) -> None:
    lock(begun, "head", "binh", "chi")
    reader = browse(begun.people[name])
    for address in (url(), url("/lots"), f"/campaigns/{begun.campaign.public_id}/panels", f"/campaigns/{begun.campaign.public_id}/codes"):
        page = reader.get(address)
        assert page.status_code == 200
        assert shown(page.text) == set()
        assert not [number for number in begun.applications if (begun.interview(number).code or "") in page.text]


def test_members_pages_name_no_candidate(begun: World, browse: Browse, url: Address) -> None:
    lock(begun, "head", "binh", "chi")
    for name in ("head", "binh"):
        reader = browse(begun.people[name])
        for path, number in (("/room", None), ("/sheet", "001")):
            page = reader.get(url(path, number))
            for candidate, application in begun.applications.items():
                assert application.person.full_name not in page.text
                assert f">{candidate}<" not in page.text
                assert application.public_id not in page.text


def test_another_panels_sheet_is_not_there(begun: World, browse: Browse, url: Address) -> None:
    other = factories.make_panel(begun.session, begun.campaign, [begun.people["dung"]], name="Panel 2")
    lock(begun, "binh")
    sheet = begun.newest("binh")
    assert sheet is not None
    elsewhere = url().replace(begun.panel.public_id, other.public_id)
    stranger = browse(begun.people["dung"])
    assert stranger.get(f"{elsewhere}/sheets/{sheet.public_id}").status_code == 404
    assert stranger.get(url(f"/sheets/{sheet.public_id}")).status_code == 404
    assert stranger.get(url("/room")).status_code == 404
    assert stranger.get(elsewhere + "/interviews/" + begun.interview("001").public_id + "/sheet").status_code == 404
    assert browse(begun.people["binh"]).get(url(f"/sheets/{sheet.public_id}")).status_code == 200


@pytest.mark.parametrize(
    ("own", "state", "own_locked", "seen"),
    [
        (True, "draft", False, True),
        (False, "locked", True, True),
        (False, "locked", False, False),
        (False, "draft", True, False),
        (False, "reopened", True, False),
    ],
)
def test_the_rule_itself(own: bool, state: str, own_locked: bool, seen: bool) -> None:
    member = PanelMember(id=1)
    sheet = ScoreSheet(member_id=1 if own else 2, state=state)
    assert may_see_sheet(member, sheet, own_locked) is seen
