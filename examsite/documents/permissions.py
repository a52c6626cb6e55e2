"""Who may take which document home: whoever may read the same on the site."""

from examsite.campaigns.roles import Role
from examsite.grading.permissions import may_enter, may_list_panels, may_manage_panels, may_see_opening
from examsite.grading.seats import Seat
from examsite.results.permissions import may_read_lists
from examsite.rounds.permissions import may_see_seats


def may_take_lists(role: Role) -> bool:
    """Lists of candidates with every figure that the boards see."""
    return may_read_lists(role)


def may_take_round1_sheet(role: Role) -> bool:
    """What candidates sign when their session is over."""
    return may_see_seats(role)


def may_take_blank_sheets(seat: Seat) -> bool:
    """Empty score sheets, which name no person; whoever has no place at the table gets them without codes."""
    return may_enter(seat) or may_manage_panels(seat.role)


def may_take_protocol(seat: Seat) -> bool:
    """What a panel found: for who heads it once it is closed, for the boards that open codes once they are open."""
    if seat.panel.state == "opened":
        return may_see_opening(seat.role) or seat.leads
    return seat.panel.state == "closed" and (seat.leads or seat.chairs) and seat.declared


def may_see_documents(role: Role) -> bool:
    """The page of all documents."""
    return may_take_lists(role) or may_take_round1_sheet(role) or may_list_panels(role)
