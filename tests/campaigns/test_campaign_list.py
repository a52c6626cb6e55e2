"""My campaigns, and the page of each."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from examsite.campaigns import permissions
from examsite.campaigns.models import BOARDS
from examsite.campaigns.navigation import register, tabs_for
from examsite.campaigns.operations import boards
from examsite.campaigns.queries import campaigns as queries
from examsite.campaigns.queries.boards import seats
from examsite.campaigns.roles import Role, role_of
from examsite.rules.refusal import NotFound
from tests.campaigns.house import ENGLISH, House
from tests.client import Browser
from tests.factories import appoint, make_campaign, make_position, make_staff


def test_only_those_in_which_i_have_a_seat(session: Session, house: House, browse: Callable[..., Browser]) -> None:
    make_position(session, house.campaign, quota=3)
    make_position(session, house.campaign, code="VT02", quota=2)
    session.commit()
    mine = browse(house.hr).get("/campaigns").text
    assert "Campaign LA-2026-01" in mine
    assert "Campaign ELSEWHERE-1" not in mine
    assert 'data-label="Chỉ tiêu">5<' in mine
    theirs = browse(house.outsider).get("/campaigns").text
    assert "Campaign ELSEWHERE-1" in theirs
    assert "Campaign LA-2026-01" not in theirs


def test_nothing_yet_says_how_it_comes(house: House, browse: Callable[..., Browser]) -> None:
    page = browse(house.administrator).get("/campaigns", headers=ENGLISH).text
    assert "It appears here as soon as somebody appoints you." in page
    assert "/campaigns/new" not in page


def test_the_list_asks_the_database_as_often_for_three_as_for_one(session: Session, house: House) -> None:
    def count() -> int:
        session.expire_all()
        asked: list[str] = []
        connection = session.connection()
        listener = lambda *args: asked.append(args[2])  # noqa: E731
        event.listen(connection, "before_cursor_execute", listener)
        found = queries.my_campaigns(session, house.hr)
        queries.seats_to_fill(session, [campaign for campaign, _boards in found])
        event.remove(connection, "before_cursor_execute", listener)
        return len(asked)

    one = count()
    for number in (1, 2):
        more = make_campaign(session, code=f"MORE-{number}", hr=house.hr)
        make_position(session, more)
    assert count() == one


def test_the_page_of_a_campaign_by_role(house: House, browse: Callable[..., Browser]) -> None:
    for account in (house.hr, house.chair, house.supervisor, house.author):
        assert browse(account).get(house.address).status_code == 200
    assert browse(house.outsider).get(house.address).status_code == 404
    assert browse(house.administrator).get(house.address).status_code == 404
    assert browse().get(house.address).status_code == 303
    assert browse(house.hr).get("/campaigns/no-such-campaign").status_code == 404


def test_the_author_of_questions_is_not_told_who_sits_on_the_boards(house: House, browse: Callable[..., Browser]) -> None:
    assert f"{house.address}/boards" in browse(house.chair).get(house.address).text
    author = browse(house.author)
    assert f"{house.address}/boards" not in author.get(house.address).text
    assert author.get(f"{house.address}/boards").status_code == 403


def test_a_role_that_ended_closes_the_pages_at_the_next_click(
    session: Session, house: House, now: datetime, browse: Callable[..., Browser]
) -> None:
    author = browse(house.author)
    assert author.get(house.address).status_code == 200
    seat = appoint(session, house.campaign, make_staff(session, "new"), "hr")
    role = house.role(session)
    boards.end(session, role, seats(session, house.campaign)["question"][0], "moved away", now)
    boards.end(session, role, seat, "not needed", now)
    session.commit()
    assert author.get(house.address).status_code == 404


def test_the_pages_of_a_campaign_are_those_of_my_boards(session: Session, house: House) -> None:
    def shown(role: Role) -> set[str]:
        return {tab.endpoint for tab in tabs_for(role)}

    author, hr = shown(house.role(session, house.author)), shown(house.role(session))
    assert {"desk.campaign_stages", "campaigns.positions", "campaigns.rules"} <= author & hr
    assert "campaigns.boards" in hr - author
    assert "rounds.sessions" in hr
    alone = make_campaign(session, "langson-2022", "KV-2026-01", hr=house.hr)
    assert not shown(role_of(session, house.hr, alone)) & {"rounds.sessions", "rounds.allocation"}, "its rules know no round 1"


def test_a_page_is_put_on_the_list_once() -> None:
    with pytest.raises(RuntimeError, match=r"campaigns\.rules"):
        register("campaigns.rules", "Rules", place=1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("predicate", "boards"),
    [
        (permissions.may_edit_campaign, {"hr"}),
        (permissions.may_change_rules, {"hr"}),
        (permissions.may_freeze_rules, {"hr"}),
        (permissions.may_appoint, {"hr"}),
        (permissions.may_read_boards, {"hr", "council", "supervision"}),
        (permissions.may_edit_positions, {"hr"}),
        (permissions.may_import_applications, {"hr"}),
        (permissions.may_read_applications, {"hr", "council", "supervision"}),
        (permissions.may_screen, {"hr"}),
        (permissions.may_grant_entitlements, {"hr"}),
        (permissions.may_number_candidates, {"hr"}),
    ],
)
def test_who_may_what(house: House, predicate: Callable[[Role], bool], boards: set[str]) -> None:
    assert {board for board in BOARDS if predicate(Role(house.hr, house.campaign, {board: "member"}))} == boards
    assert not predicate(Role(house.hr, house.campaign, {}))


def test_the_chair_of_the_council_announces_and_appoints_too(house: House) -> None:
    chair = Role(house.chair, house.campaign, {"council": "head"})
    assert permissions.may_freeze_rules(chair)
    assert permissions.may_appoint(chair)


def test_a_campaign_by_its_code(session: Session, house: House) -> None:
    assert queries.campaign_by_code(session, " la-2026-01 ") is house.campaign
    with pytest.raises(NotFound, match=r"campaigns\.code_unknown"):
        queries.campaign_by_code(session, "LA-2026-02")
