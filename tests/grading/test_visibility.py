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
ID = re.compile(r"(?<![A-Za-z0-9_-])(?:[a-z]+-)*?([A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])")
DRAWINGS = re.compile("<svg.*?</svg>", re.DOTALL)


def holds(text: str, figure: str) -> bool:
    """Whether a figure stands in a response, written with a point or a comma."""
    return re.search(rf"(?<![\d.,]){figure.replace('.', '[.,]')}(?!\d)", DRAWINGS.sub("", text)) is not None


def shown(text: str) -> set[str]:
    """The members whose scores occur in a response."""
    return {name for name, scores in SCORES.items() if any(holds(text, score) for score in scores)}


def ids(text: str) -> set[str]:
    """Everything in a response that may be the public id of something."""
    return set(ID.findall(text))


def known_to_all(world: World) -> set[str]:
    """Ids that stand beside no candidate."""
    people = {account.public_id for account in world.people.values()}
    return people | {world.campaign.public_id, world.panel.public_id}


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


@pytest.mark.parametrize("name", ["head", "binh", "chair"])
def test_no_id_leads_from_a_name_in_the_declaration_to_a_code(world: World, browse: Browse, url: Address, name: str) -> None:
    world.draw()
    world.session.commit()
    reader = browse(world.people[name])
    named = ids(reader.get(url("/conflicts")).text)
    assert named >= {application.public_id for application in world.applications.values()}
    world.declare("head", "binh", "chi", "chair")
    world.call()
    lock(world, "head", "binh", "chi")
    coded = [("/room", None), ("/discrepancies", None), ("/presence", "001"), ("/sheet", "001"), ("", "001"), ("/step-back", "001")]
    pages = [page.text for path, number in coded if (page := reader.get(url(path, number))).status_code == 200]
    assert len(pages) >= 3
    assert any(world.interview("001").public_id in page for page in pages)
    assert not any(application.public_id in page for page in pages for application in world.applications.values())
    assert named & set[str]().union(*map(ids, pages)) <= known_to_all(world)


@pytest.mark.parametrize("name", ["hr", "watcher"])
def test_no_id_leads_from_a_name_or_number_to_what_is_logged_under_a_code(
    world: World, browse: Browse, url: Address, by_name: Address, name: str
) -> None:
    by_code = {world.interview(number).public_id for number in world.applications}
    reader = browse(world.people[name])
    before = [reader.get(url()).text, reader.get(by_name("/move", "001")).text]
    world.draw()
    world.declare("head", "binh", "chi")
    world.session.commit()
    waiting = reader.get(url()).text
    world.call()
    lock(world, "head", "binh", "chi")
    world.reopen("binh")
    world.session.commit()
    pages = [*before, waiting, reader.get(url()).text, reader.get(url("/lots")).text, reader.get(by_name("/presence", "001")).text]
    assert not [page for page in pages if by_code & ids(page)]
    assert reader.get(f"/campaigns/{world.campaign.public_id}/panels").status_code == 200
    entries = ids(browse(world.people["watcher"]).get(f"/campaigns/{world.campaign.public_id}/log?kind=grading:sheet:reopened").text)
    assert by_code & entries, "the log names the interview, so that nothing beside a name may"
    assert entries.isdisjoint(application.public_id for application in world.applications.values())


def test_what_was_typed_beside_a_name_shows_beside_its_code_only_once_codes_are_open(begun: World, browse: Browse, url: Address) -> None:
    begun.declare("chair")
    why = "Ông A báo ốm."
    attendance.record_presence(begun.session, begun.role("hr"), begun.panel, begun.interview("001"), "no_show", why, NOW)
    begun.lock_all(number="002")
    closing.close_panel(begun.session, begun.role("head"), begun.panel, NOW)
    begun.session.commit()
    pages = (("/room", None), ("", "001"), ("/protocol", None))
    for name in ("head", "chair"):
        read = {path: browse(begun.people[name]).get(url(path, number)) for path, number in pages}
        assert [page.status_code for page in read.values()] == [200] * 3
        assert not [path for path, page in read.items() if why in page.text]
    assert why in browse(begun.people["hr"]).get(url()).text
    begun.open_codes()
    begun.session.commit()
    for path, number in pages[1:]:
        assert why in browse(begun.people["head"]).get(url(path, number)).text


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
