"""What is printed from the seats: lists for signatures, lists for the doors, admission cards; the lists also as a workbook."""

from collections.abc import Sequence

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from examsite.access import candidate, staff
from examsite.accounts.current import me
from examsite.accounts.list_pages import download
from examsite.campaigns.operations.taking import list_taken
from examsite.campaigns.roles import Role, role_in
from examsite.rounds import permissions, qr
from examsite.rounds.models import ExamSession
from examsite.rounds.queries import seat_lists as queries
from examsite.rounds.queries.seat_lists import Card, RoomList
from examsite.rounds.queries.sessions import session_in
from examsite.rounds.routes import blueprint
from examsite.sheets.writing import NewSheet, write_xlsx
from examsite.web.context import db, now
from examsite.web.language import moment, pick

BOARDS = ("hr", "invigilation", "council", "supervision")
WIDTHS = (6, 16, 32, 14, 10, 36, 24)


@blueprint.get("/campaigns/<campaign_id>/sessions/<session_id>/signatures")
@staff(*BOARDS)
def signature_list(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Everybody by room, with place to sign."""
    role, exam = _seeing(campaign_id, session_id)
    return render_template("rounds/seating/signatures.html", role=role, exam=exam, lists=queries.room_lists(db(), exam))


@blueprint.get("/campaigns/<campaign_id>/sessions/<session_id>/door")
@staff(*BOARDS)
def door_list(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """Number, name and seat, to hang on the door of each room."""
    role, exam = _seeing(campaign_id, session_id)
    return render_template("rounds/seating/door.html", role=role, exam=exam, lists=queries.room_lists(db(), exam))


@blueprint.post("/campaigns/<campaign_id>/sessions/<session_id>/signatures.xlsx")
@staff(*BOARDS)
def signature_file(campaign_id: str, session_id: str) -> Response:
    """The lists for signatures as a workbook, a sheet for each room. It carries names away, so the log keeps who took it."""
    role, exam = _seeing(campaign_id, session_id)
    lists = queries.room_lists(db(), exam) or [RoomList(exam, None, ())]
    book = write_xlsx([_sheet(role, one) for one in lists])
    list_taken(db(), role, "signatures", sum(len(one.lines) for one in lists), now())
    db().commit()
    return download(book, f"{role.campaign.code}-signatures.xlsx")


@blueprint.get("/campaigns/<campaign_id>/sessions/<session_id>/cards")
@staff("hr", "invigilation")
def cards(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """The admission cards of a session, two on a page."""
    role, exam = _seeing(campaign_id, session_id)
    role.must(permissions.may_print_cards(role))
    found = queries.cards_of(db(), exam)
    return render_template("rounds/seating/cards.html", role=role, exam=exam, cards=_with_codes(found))


@blueprint.get("/exam/card")
@candidate
def my_card() -> ResponseReturnValue:
    """One's own admission card."""
    return render_template("rounds/seating/my_card.html", cards=_with_codes(queries.cards_for(db(), me())))


def _with_codes(found: Sequence[Card]) -> list[tuple[Card, qr.Code]]:
    return [(card, qr.code_of(qr.card_text(card.exam.campaign.code, card.line.number))) for card in found]


def _sheet(role: Role, found: RoomList) -> NewSheet:
    header = [
        gettext("Line"),
        gettext("Candidate number"),
        gettext("Name"),
        gettext("Date of birth"),
        gettext("Seat"),
        gettext("Parts"),
        gettext("Signature"),
    ]
    rows = [
        (place, line.number, line.name, line.birth_date, line.seat or "", ", ".join(pick(part.name) for part in line.parts), "")
        for place, line in enumerate(found.lines, start=1)
    ]
    exam, room = found.exam, found.room
    where = f"{room.code}, {room.name}, {room.place}" if room else exam.place
    above = (
        [role.campaign.organisation],
        [role.campaign.title],
        [f"{exam.name}, {moment(exam.opens_at, role.campaign.time_zone)}"],
        [where],
    )
    return NewSheet(room.code if room else gettext("Without a room"), header, rows, WIDTHS, above)


def _seeing(campaign_id: str, session_id: str) -> tuple[Role, ExamSession]:
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_see_seats(role))
    return role, session_in(db(), role, session_id)
