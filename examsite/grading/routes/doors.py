"""How a request comes to a panel: as HR from the outside, or as somebody with a place at its table."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from examsite.accounts.current import me
from examsite.campaigns.roles import Role, role_in
from examsite.grading.models import Panel
from examsite.grading.permissions import may_enter, may_manage_panels, may_read_panels
from examsite.grading.seats import Seat, seat_at
from examsite.rules.refusal import NotFound
from examsite.web.context import db


def managing(campaign_id: str, panel_id: str) -> tuple[Role, Panel]:
    """A panel for one who may change it."""
    role = role_in(db(), me(), campaign_id)
    role.must(may_manage_panels(role))
    return role, seat_at(db(), role, panel_id).panel


def looking(campaign_id: str, panel_id: str) -> tuple[Role, Panel]:
    """A panel for one who may see who comes when."""
    role = role_in(db(), me(), campaign_id)
    role.must(may_read_panels(role))
    return role, seat_at(db(), role, panel_id).panel


def at_the_table(campaign_id: str, panel_id: str) -> Seat:
    """One's own place at a panel; NotFound for whoever has none, so that the page of another panel is not there at all."""
    seat = seat_at(db(), role_in(db(), me(), campaign_id), panel_id)
    if not may_enter(seat):
        raise NotFound
    return seat


def first_declare(seat: Seat) -> ResponseReturnValue | None:
    """The way to the declaration for one who has not made it; None for one who may go on."""
    if seat.declared:
        return None
    return redirect(address_of("grading.declaration", seat.panel), 303)


def address_of(endpoint: str, panel: Panel, **values: Any) -> str:
    """The address of a page about this panel."""
    return url_for(endpoint, campaign_id=panel.campaign.public_id, panel_id=panel.public_id, **values)
