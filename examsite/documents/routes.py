"""Documents as pages that print and as workbooks; whoever takes a workbook with names leaves an entry in the log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from examsite.access import staff
from examsite.accounts.current import me
from examsite.accounts.list_pages import download
from examsite.campaigns import navigation
from examsite.campaigns.models import Campaign
from examsite.campaigns.operations.taking import list_taken
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role, role_in
from examsite.documents import lists, permissions, rounds
from examsite.documents.queries import any_session
from examsite.documents.sheet import Document
from examsite.documents.workbook import workbook
from examsite.grading.queries.panels import panels_of
from examsite.grading.seats import Seat, seat_at, seat_of
from examsite.rules.refusal import NotFound, Refused
from examsite.web.context import db, now
from examsite.wording import say

blueprint = Blueprint("documents", __name__)
BOARDS = ("hr", "council", "supervision", "invigilation", "panel", "code")
navigation.register("documents.documents", _("Official documents"), place=78, boards=BOARDS)


@dataclass(frozen=True, slots=True)
class Kind:
    """A document of a whole campaign: who may take it, and what makes it."""

    allows: Callable[[Role], bool]
    make: Callable[[Session, Campaign], Document]


KINDS: Mapping[str, Kind] = {
    "eligible": Kind(permissions.may_take_lists, lists.eligible),
    "rejected": Kind(permissions.may_take_lists, lists.rejected),
    "round1_signatures": Kind(permissions.may_take_round1_sheet, rounds.round1_for_signatures),
    "round1": Kind(permissions.may_take_lists, lists.round1),
    "ranking": Kind(permissions.may_take_lists, lists.ranking),
    "recommendations": Kind(permissions.may_take_lists, lists.recommendations),
}
ROUND1 = ("round1_signatures", "round1")
MENDED_AT = {
    "results.rules_not_frozen": "desk.campaign_stages",
    "results.undecided_applications": "campaigns.applications",
    "results.numbers_missing": "campaigns.applications",
    "grading.codes_closed": "grading.codes",
    "results.official_first": "results.lists",
    "results.official_changed": "results.lists",
}
"""The page of the campaign where a document gets what it waits for."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A line of the page of all documents: what it rests on, or why it cannot be made yet and on which page that is mended."""

    kind: str
    standing: str = ""
    waits: str = ""
    way: str = ""


@blueprint.get("/campaigns/<campaign_id>/documents")
@staff(*BOARDS)
def documents(campaign_id: str) -> ResponseReturnValue:
    """What can be printed or saved, and what a document that is not there yet waits for."""
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_see_documents(role))
    offers = [_offer(role.campaign, kind) for kind in _kinds_of(role.campaign) if KINDS[kind].allows(role)]
    seats = [seat_of(db(), role, panel) for panel in panels_of(db(), role.campaign)]
    return render_template("documents/index.html", role=role, offers=offers, seats=seats, may=permissions)


@blueprint.get("/campaigns/<campaign_id>/documents/<kind>")
@staff(*BOARDS)
def document(campaign_id: str, kind: str) -> ResponseReturnValue:
    """One document of a campaign, for print."""
    role, made = _made(campaign_id, kind)
    return render_template("documents/document.html", role=role, document=made, kind=kind, printed_at=now())


@blueprint.post("/campaigns/<campaign_id>/documents/<kind>.xlsx")
@staff(*BOARDS)
def document_file(campaign_id: str, kind: str) -> Response:
    """The same as a workbook. It carries names away, so the log keeps who took it."""
    role, made = _made(campaign_id, kind)
    _keep_who_took(role, made, kind)
    return download(workbook(role.campaign, made), f"{role.campaign.code}-{kind.replace('_', '-')}.xlsx")


@blueprint.get("/campaigns/<campaign_id>/panels/<panel_id>/protocol")
@staff(*BOARDS)
def protocol(campaign_id: str, panel_id: str) -> ResponseReturnValue:
    """What a panel found, for print and signatures."""
    seat = _taking_protocol(campaign_id, panel_id)
    made = rounds.protocol(db(), seat)
    return render_template("documents/document.html", role=seat.role, document=made, kind="", panel=seat.panel, printed_at=now())


@blueprint.post("/campaigns/<campaign_id>/panels/<panel_id>/protocol.xlsx")
@staff(*BOARDS)
def protocol_file(campaign_id: str, panel_id: str) -> Response:
    """The same as a workbook, which the log keeps too."""
    seat = _taking_protocol(campaign_id, panel_id)
    made = rounds.protocol(db(), seat)
    _keep_who_took(seat.role, made, "protocol", panel=seat.panel.name)
    return download(workbook(seat.role.campaign, made), f"{seat.role.campaign.code}-protocol.xlsx")


@blueprint.get("/campaigns/<campaign_id>/panels/<panel_id>/blank-sheets")
@staff(*BOARDS)
def blank_sheets(campaign_id: str, panel_id: str) -> ResponseReturnValue:
    """Empty score sheets, one a page, with the described levels."""
    seat = _taking_sheets(campaign_id, panel_id)
    codes = rounds.codes_for(db(), seat)
    return render_template("documents/blank_sheets.html", role=seat.role, panel=seat.panel, rules=rule_set(seat.role.campaign), codes=codes)


@blueprint.get("/campaigns/<campaign_id>/panels/<panel_id>/blank-sheets.xlsx")
@staff(*BOARDS)
def blank_sheets_file(campaign_id: str, panel_id: str) -> Response:
    """An empty table of scores as a workbook."""
    seat = _taking_sheets(campaign_id, panel_id)
    return download(workbook(seat.role.campaign, rounds.blank_sheets(db(), seat)), f"{seat.role.campaign.code}-score-sheets.xlsx")


def _keep_who_took(role: Role, made: Document, kind: str, **more: object) -> None:
    list_taken(db(), role, kind, sum(len(table.rows) for table in made.tables), now(), **more)
    db().commit()


def _kinds_of(campaign: Campaign) -> list[str]:
    has_round1 = bool(rule_set(campaign).round1.parts)
    return [kind for kind in KINDS if has_round1 or kind not in ROUND1]


def _offer(campaign: Campaign, kind: str) -> Offer:
    if kind in ROUND1 and not any_session(db(), campaign):
        return Offer(kind, waits=gettext("No exam session of round 1 has been planned yet."), way="rounds.sessions")
    try:
        if kind == "round1_signatures":
            return Offer(kind, rounds.round1_standing(db(), campaign))
        return Offer(kind, lists.standing_of(db(), campaign, kind))
    except Refused as refusal:
        return Offer(kind, waits=say(refusal.code, refusal.params), way=MENDED_AT.get(refusal.code, ""))


def _made(campaign_id: str, kind: str) -> tuple[Role, Document]:
    role = role_in(db(), me(), campaign_id)
    if kind not in _kinds_of(role.campaign):
        raise NotFound
    role.must(KINDS[kind].allows(role))
    return role, KINDS[kind].make(db(), role.campaign)


def _taking_protocol(campaign_id: str, panel_id: str) -> Seat:
    seat = seat_at(db(), role_in(db(), me(), campaign_id), panel_id)
    seat.role.must(permissions.may_take_protocol(seat))
    return seat


def _taking_sheets(campaign_id: str, panel_id: str) -> Seat:
    seat = seat_at(db(), role_in(db(), me(), campaign_id), panel_id)
    seat.role.must(permissions.may_take_blank_sheets(seat))
    return seat
