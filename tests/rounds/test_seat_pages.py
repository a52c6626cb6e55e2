"""The pages of rooms and seats: from an empty house to printed lists; who may open which; a candidate's own card and no other's."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examsite.campaigns.models import Application
from examsite.rounds import seat_draw
from examsite.rounds.models import Allocation, ExamRoom, ExamSession, RosterEntry, SessionRoom, SpecialNeed
from examsite.rounds.qr import card_text, code_of, read_card
from examsite.rounds.routes import allocation as routes
from examsite.rules import allocation, drawing
from examsite.sheets import read
from tests import factories
from tests.client import Browser
from tests.conftest import NOW
from tests.rounds.forms import seen_in, seen_on
from tests.rounds.hall import DAY, House, make_house

Browse = Callable[..., Browser]
ROOM = {"code": "p101", "name": "Phòng máy 101", "place": "Nhà B", "rows": "2", "columns": "3", "usable": "y"}


@pytest.fixture
def house(session: Session) -> House:
    """One session with one room of six seats; three candidates."""
    found = make_house(session)
    found.room("P101", 6, found.exam())
    found.candidates(3)
    session.commit()
    return found


@pytest.fixture
def base(house: House) -> str:
    return f"/campaigns/{house.campaign.public_id}"


@pytest.fixture
def hr(house: House, browse: Browse) -> Browser:
    return browse(house.role.account)


def give_seats(hr: Browser, base: str, session: Session) -> None:
    assert hr.post(f"{base}/seats/draw", {"filling": "evenly", "apart": "y"}).status_code == 303
    draft = session.scalars(select(Allocation)).one()
    assert hr.post(f"{base}/seats/{draft.public_id}/confirm", {"digest": draft.seats_digest}).status_code == 303
    session.expire_all()


def test_a_room_is_added_changed_and_used(session: Session, browse: Browse) -> None:
    house = make_house(session)
    exam = house.exam()
    session.commit()
    hr = browse(house.role.account)
    assert "Chưa có phòng nào" in hr.get("/rooms").text
    assert hr.post("/rooms/new", ROOM).status_code == 303
    room = session.scalars(select(ExamRoom)).one()
    assert (room.code, room.seats, room.rows, room.columns) == ("P101", 6, 2, 3)
    again = hr.post("/rooms/new", ROOM)
    assert (again.status_code, "Phòng máy 101" in again.text) == (422, True)
    changed = {**ROOM, "out_of_use": "a1, B3", "serves": ["quiet"], "reserved": "y"}
    assert hr.post(f"/rooms/{room.public_id}", {**changed, **seen_on(hr, f"/rooms/{room.public_id}")}).status_code == 303
    session.refresh(room)
    assert (room.out_of_use, room.serves, len(room.desks)) == (["A1", "B3"], ["quiet"], 4)
    address = f"/campaigns/{house.campaign.public_id}/sessions/{exam.public_id}/rooms"
    assert "P101" in hr.get(address).text
    empty = seen_on(hr, address)
    assert hr.post(address, {"rooms": [room.public_id], **empty}).status_code == 303
    assert session.scalars(select(SessionRoom.room_id)).all() == [room.id]
    stale = hr.post(address, {**empty}, headers={"Accept-Language": "en"})
    assert (stale.status_code, "Now it says: P101" in stale.text) == (422, True)
    assert session.scalars(select(SessionRoom.room_id)).all() == [room.id]
    shown = seen_in(stale.text)
    assert hr.post(address, {"rooms": ["x" * 22], **shown}).status_code == 422
    assert hr.post(address, shown).status_code == 303
    assert session.scalars(select(SessionRoom)).all() == []


def test_a_room_page_that_was_left_open_takes_no_change_back(session: Session, hr: Browser) -> None:
    room = session.scalars(select(ExamRoom)).one()
    one, english = f"/rooms/{room.public_id}", {"Accept-Language": "en"}
    before = seen_on(hr, one)
    colleague = {**ROOM, "out_of_use": "A1", "serves": ["quiet"], "reserved": "y"}
    del colleague["usable"]
    assert hr.post(one, {**colleague, **before}).status_code == 303
    mine = {**ROOM, "note": "Cửa sau", "usable": "y"}
    late = hr.post(one, {**mine, **before}, headers=english)
    assert late.status_code == 422
    for told in (
        "Somebody else changed this",
        "Now it says: A1",
        "Now it says: quiet room of their own",
        "Now it says: yes",
        "Now it says: no",
        "Cửa sau",
    ):
        assert told in late.text, told
    session.refresh(room)
    assert (room.out_of_use, room.note, room.usable) == (["A1"], "", False)
    assert hr.post(one, {**mine, **seen_in(late.text)}).status_code == 303
    session.refresh(room)
    assert (room.out_of_use, room.note, room.usable) == ([], "Cửa sau", True)


CANNOT_BE = (
    ({"rows": "", "columns": ""}, "tổng số chỗ"),
    ({"rows": ""}, "ghi cả hai"),
    ({"rows": "27"}, "từ 1 đến 26"),
    ({"columns": "0"}, "từ 1 đến 60"),
    ({"out_of_use": "C9"}, "không có chỗ C9"),
    ({"out_of_use": "A1,A2,A3,B1,B2,B3"}, "không còn chỗ nào"),
    ({"reserved": "y"}, "ít nhất một nhu cầu"),
    ({"code": " "}, "ex-err"),
)


def test_a_room_that_cannot_be_is_refused_at_its_field(session: Session, hr: Browser) -> None:
    for change, sentence in CANNOT_BE:
        answer = hr.post("/rooms/new", {**ROOM, "code": "P999", **change})
        assert answer.status_code == 422, change
        assert sentence in answer.text, change
    assert session.scalars(select(ExamRoom.code)).all() == ["P101"]


def test_rooms_with_people_inside_stay(session: Session, house: House, base: str, hr: Browser) -> None:
    give_seats(hr, base, session)
    exam = session.scalars(select(ExamSession)).one()
    rooms = f"{base}/sessions/{exam.public_id}/rooms"
    answer = hr.post(rooms, seen_on(hr, rooms))
    assert (answer.status_code, "3 thí sinh" in answer.text) == (422, True)


def test_from_the_draft_to_a_move_by_hand(session: Session, house: House, base: str, hr: Browser) -> None:
    assert "Bốc thăm chỗ ngồi" in hr.get(f"{base}/seats").text
    give_seats(hr, base, session)
    page = hr.get(f"{base}/seats").text
    draw = session.scalars(select(Allocation)).one()
    assert draw.seed in page
    assert hr.get(f"{base}/seats/{draw.public_id}.json").get_json()["seats"] == draw.seats
    one = session.scalars(select(RosterEntry).where(RosterEntry.candidate_number == "001")).one()
    held = session.scalars(select(SessionRoom)).one()
    address = f"{base}/seats/of/{one.application.public_id}?hall={held.public_id}"
    shown = hr.get(address).text
    assert shown.count(", còn trống<") == 3
    assert shown.count("đổi chỗ với") == 3
    assert hr.post(address, {"seat": "6", "reason": ""}).status_code == 422
    assert hr.post(address, {"seat": "6", "reason": "Máy hỏng."}).status_code == 303
    session.refresh(one)
    assert one.seat == "6"
    assert hr.get(f"{base}/seats/of/{'x' * 22}").status_code == 404


def test_a_draft_is_dropped_and_late_people_are_seated(session: Session, house: House, base: str, hr: Browser) -> None:
    hr.post(f"{base}/seats/draw", {"filling": "in_order"})
    draft = session.scalars(select(Allocation)).one()
    assert draft.seed not in hr.get(f"{base}/seats").text
    assert hr.get(f"{base}/seats/{draft.public_id}.json").status_code == 404
    assert hr.post(f"{base}/seats/{draft.public_id}/drop", {"reason": ""}).status_code == 422
    assert hr.post(f"{base}/seats/{draft.public_id}/confirm", {"digest": "0" * 64}).status_code == 422
    assert hr.post(f"{base}/seats/{draft.public_id}/drop", {"reason": "Nhầm phòng."}).status_code == 303
    assert hr.post(f"{base}/seats/late").status_code == 303
    session.expire_all()
    assert len(session.scalars(select(RosterEntry).where(RosterEntry.seat.is_not(None))).all()) == 3
    assert hr.post(f"{base}/seats/late").status_code == 422
    assert hr.post(f"{base}/seats/draw", {"filling": "nonsense"}).status_code == 422


def test_many_without_a_seat_go_over_pages_and_are_found(
    session: Session, house: House, base: str, hr: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_seats(hr, base, session)
    for number in ("004", "005", "006"):
        house.candidate(number)
    session.commit()
    monkeypatch.setattr(routes, "MOST_WAITING", 2)
    for address, shown in {"": [True, True, False], "?page=2": [False, False, True], "?q=van 006": [False, False, True]}.items():
        page = hr.get(f"{base}/seats{address}").text.split('id="h-without"')[1].split("</section>")[0]
        assert [f"Nguyễn Văn {number}" in page for number in ("004", "005", "006")] == shown, address


def test_needs_are_recorded_and_ended(session: Session, house: House, base: str, hr: Browser) -> None:
    need = {"number": "002", "need": "quiet", "evidence": "Giấy số 7."}
    assert hr.post(f"{base}/seats/needs", need).status_code == 303
    assert hr.post(f"{base}/seats/needs", need).status_code == 422
    for wrong in ({"number": "999"}, {"need": "sun"}, {"evidence": " "}):
        assert hr.post(f"{base}/seats/needs", {**need, "need": "screen", **wrong}).status_code == 422
    [recorded] = session.scalars(select(SpecialNeed)).all()
    assert "Giấy số 7." in hr.get(f"{base}/seats/needs").text
    assert hr.post(f"{base}/seats/needs/{recorded.public_id}/end").status_code == 303
    assert hr.post(f"{base}/seats/needs/{recorded.public_id}/end").status_code == 409
    assert "Giấy số 7." not in hr.get(f"{base}/seats/needs").text


def test_the_lists_hold_everybody_by_room(session: Session, house: House, base: str, hr: Browser) -> None:
    give_seats(hr, base, session)
    at = f"{base}/sessions/{session.scalars(select(ExamSession)).one().public_id}"
    for page in ("signatures", "door", "cards"):
        text = hr.get(f"{at}/{page}").text
        assert all(f"Nguyễn Văn {number}" in text for number in ("001", "002", "003")), page
        assert "P101" in text
    assert hr.get(f"{at}/cards").text.count('class="ex-qr"') == 3
    book = read(hr.post(f"{at}/signatures.xlsx").data)
    assert [sheet.name for sheet in book.sheets] == ["P101"]
    assert {"001", "002", "003", "Nguyễn Văn 002"} <= {cell.text for cell in book.sheets[0].cells}
    assert not any(cell.formula for cell in book.sheets[0].cells)


def test_a_session_without_rooms_has_lists_too(session: Session, house: House, base: str, hr: Browser) -> None:
    exam = house.exam("Ca 2", NOW + 2 * DAY)
    application = session.scalars(select(Application).where(Application.candidate_number == "001")).one()
    session.add(RosterEntry(session_id=exam.id, application_id=application.id, candidate_number="001"))
    session.commit()
    for page in ("signatures", "door", "cards"):
        assert hr.get(f"{base}/sessions/{exam.public_id}/{page}").status_code == 200
    assert hr.post(f"{base}/sessions/{exam.public_id}/signatures.xlsx").status_code == 200


def test_candidates_see_their_own_card_alone(session: Session, house: House, base: str, hr: Browser, browse: Browse) -> None:
    account = session.scalars(select(Application).where(Application.candidate_number == "001")).one().account
    mine = browse(account)
    assert "Chưa có thẻ dự thi" in mine.get("/exam/card").text
    give_seats(hr, base, session)
    text = mine.get("/exam/card").text
    assert "Nguyễn Văn 001" in text
    assert "Nguyễn Văn 002" not in text
    session.execute(update(ExamSession).values(state="closed"))
    session.commit()
    assert "Nguyễn Văn 001" not in mine.get("/exam/card").text.split("<main")[1]
    assert browse(house.role.account).get("/exam/card").status_code == 403


def test_the_code_of_a_card_says_campaign_and_number() -> None:
    assert read_card(f" {card_text('LA-2026-01', '0007')} ") == ("LA-2026-01", "0007")
    assert read_card("Nguyễn") == (None, "Nguyễn")
    code = code_of(card_text("LA-2026-01", "0007"))
    assert code == code_of(card_text("LA-2026-01", "0007"))
    assert code.side == 21 + 8
    assert code.path.startswith("M4 4h7v1h-7z"), "the finder pattern stands in its corner"


PAGES = {
    "seats": {"hr", "invigilation", "council", "supervision"},
    "seats/needs": {"hr"},
    "seats/of/{application}": {"hr"},
    "sessions/{exam}/rooms": {"hr"},
    "sessions/{exam}/signatures": {"hr", "invigilation", "council", "supervision"},
    "sessions/{exam}/door": {"hr", "invigilation", "council", "supervision"},
    "sessions/{exam}/signatures.xlsx": {"hr", "invigilation", "council", "supervision"},
    "sessions/{exam}/cards": {"hr", "invigilation"},
}


@pytest.mark.parametrize("board", ["invigilation", "council", "question"])
def test_who_may_open_which_page(session: Session, house: House, base: str, browse: Browse, board: str) -> None:
    account = factories.make_staff(session, "somebody")
    factories.appoint(session, house.campaign, account, board)
    exam = session.scalars(select(ExamSession)).one().public_id
    application = session.scalars(select(Application)).first()
    assert application is not None
    session.commit()
    browser = browse(account)
    for page, boards in PAGES.items():
        ask = browser.post if page.endswith(".xlsx") else browser.get
        answer = ask(f"{base}/{page.format(exam=exam, application=application.public_id)}")
        assert answer.status_code == (200 if board in boards else 403), page
    assert browser.get("/rooms").status_code == 200
    assert browser.get("/rooms/new").status_code == 403


def test_strangers_open_none(session: Session, house: House, base: str, browse: Browse) -> None:
    outsider = factories.make_staff(session, "outsider")
    factories.appoint(session, factories.make_campaign(session, code="LA-2026-09"), outsider, "hr")
    session.commit()
    for page in ("seats", "seats/needs"):
        assert browse(outsider).get(f"{base}/{page}").status_code == 404
        assert browse().get(f"{base}/{page}").status_code == 303


@pytest.mark.parametrize("need", ["", "quiet"])
def test_anybody_with_the_link_repeats_the_draw_of_seats(house: House, base: str, hr: Browser, browse: Browse, need: str) -> None:
    """Without names and exemptions; and where somebody needs something of a room, without a place of anybody or what it is guessed from."""
    session, public = house.session, browse()
    if need:
        house.seating().halls[0].room.serves = [need]
        house.candidate("004", need)
        session.commit()
    assert hr.post(f"{base}/seats/draw", {"filling": "evenly", "apart": "y"}).status_code == 303
    draft = session.scalars(select(Allocation)).one()
    address = f"/seats/{draft.public_id}/draw"
    before = public.get(address)
    assert (before.status_code, draft.seed_commitment in before.text, draft.seed in before.text) == (200, True, False)
    assert public.get(f"{address}.json").status_code == 404
    assert hr.post(f"{base}/seats/{draft.public_id}/confirm", {"digest": draft.seats_digest}).status_code == 303
    assert address in hr.get(f"{base}/seats").text
    assert address in public.get(base.replace("/campaigns/", "/public/")).text
    page, told = public.get(address).text, public.get(f"{address}.json").json
    assert "Nguyễn" not in page
    assert need == "" or need not in str(told)
    seed = bytes.fromhex(told["seed"])
    assert drawing.seed_commitment(seed) == told["seed_commitment"]
    order = tuple(told["order"])
    assert order == allocation.order_of_lots(seed, told["label"], order[::-1])
    places = [page.index(f">{number}</") for number in order]
    assert places == sorted(places)
    if need:
        assert not {"given", "given_digest", "seats", "seats_digest"} & told.keys()
        assert len(order) == 4
        assert [found for found in ("P101", draft.seats_digest, draft.given_digest) if found in page] == []
        assert "4 chỗ ngồi không được hiển thị" in page
    else:
        assert told["seats"].keys() == set(order)
        assert (seat_draw.digest(told["seats"]), told["seats_digest"] in page, "P101" in page) == (told["seats_digest"], True, True)
        assert {tuple(parts) for _, parts, *_ in told["given"]["candidates"]} == {("sits",)}
        assert "given_digest" not in told
        assert seat_draw.seats_of(seat_draw.draw(seed, seat_draw.given_in(told["given"]))) == told["seats"]
        assert hr.post(f"{base}/seats/draw", {"filling": "evenly", "apart": "y", "reason": "Again."}).status_code == 303
        dropped = session.scalars(select(Allocation).where(Allocation.state == "draft")).one()
        assert hr.post(f"{base}/seats/{dropped.public_id}/drop", {"reason": "No."}).status_code == 303
        assert public.get(f"/seats/{dropped.public_id}/draw").status_code == 404


def test_the_places_of_those_who_came_later_are_not_told(house: House, base: str, hr: Browser, browse: Browse) -> None:
    """They are few: a draw of theirs that told no place, beside one that told all, would name whoever has a need."""
    give_seats(hr, base, house.session)
    house.candidate("004")
    house.session.commit()
    assert hr.post(f"{base}/seats/late").status_code == 303
    late = house.session.scalars(select(Allocation).where(Allocation.kind == "late")).one()
    told = browse().get(f"/seats/{late.public_id}/draw.json").json
    assert (told["order"], {"given", "seats", "seats_digest"} & told.keys()) == (["004"], set())
    assert "P101" not in browse().get(f"/seats/{late.public_id}/draw").text


def test_a_draw_without_parts_gives_the_same_seats() -> None:
    room = allocation.Room("s", "r", allocation.desks(9))
    sits = [allocation.Candidate(str(number), frozenset({"general"} if number % 3 else {"general", "language"})) for number in range(7)]
    given = seat_draw.Given("x", (room,), (*sits, allocation.Candidate("9", frozenset())), "scattered", apart=True)
    told = seat_draw.given_in(seat_draw.without_parts(given).content)
    assert seat_draw.draw(bytes(32), told).seats == seat_draw.draw(bytes(32), given).seats
    assert {one.number: one.parts for one in told.candidates} == {str(number): frozenset({"sits"}) for number in range(7)}


def test_the_lots_are_those_of_the_draw() -> None:
    seed, numbers = bytes(range(32)), [f"{number:03d}" for number in range(1, 30)]
    room = allocation.Room("s", "r", allocation.desks(40))
    people = [allocation.Candidate(number, frozenset({"general"})) for number in numbers]
    seats = allocation.allocate(seed, "x", [room], people, filling="in_order", apart=False).seats
    assert allocation.order_of_lots(seed, "x", numbers) == tuple(sorted(numbers, key=lambda number: int(seats[number].seat)))
