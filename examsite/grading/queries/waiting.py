"""Which panels something waits in: what the tasks of the first page count, panel by panel."""

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy.orm import Session

from examsite.campaigns.roles import Role
from examsite.grading.models import Panel
from examsite.grading.permissions import is_asked, is_asked_about
from examsite.grading.queries.progress import Progress, panel_progress
from examsite.grading.seats import Seat, seat_of
from examsite.rules.scoring import NeedsDecision

WHAT = ("planned", "undeclared", "sheets", "sanctions", "spread")


def narrowed(session: Session, role: Role, panels: Iterable[Panel], what: str) -> list[Panel]:
    """Those whose lots are not drawn (`planned`), before which this person has not declared (`undeclared`), with interviews that wait for
    the person's sheet (`sheets`), or for the person's decision on a sanction (`sanctions`) or on the score (`spread`); all of them for
    anything else. Whoever decides nothing learns of no panel that its members differ, or that somebody broke the rules there."""
    if what not in WHAT:
        return list(panels)
    return [panel for panel in panels if _waits(session, role, panel, what)]


def _waits(session: Session, role: Role, panel: Panel, what: str) -> bool:
    if panel.state != "drawn":
        return what == panel.state
    seat = seat_of(session, role, panel)
    if what == "undeclared":
        return seat.member is not None and not seat.declared
    return what in IN_INTERVIEWS and any(IN_INTERVIEWS[what](one, seat) for one in panel_progress(session, panel))


def _sheet(one: Progress, seat: Seat) -> bool:
    if seat.member is None or not seat.scores or one.interview.state != "present":
        return False
    return one.asks_for_sheets and not one.of(seat.member).done


def _sanction(one: Progress, seat: Seat) -> bool:
    return any(sanction.outcome is None and is_asked_about(seat, one.interview, sanction) for sanction in one.sanctions)


def _spread(one: Progress, seat: Seat) -> bool:
    return isinstance(one.outcome, NeedsDecision) and is_asked(seat, one.interview, one.outcome.by)


IN_INTERVIEWS: Mapping[str, Callable[[Progress, Seat], bool]] = {"sheets": _sheet, "sanctions": _sanction, "spread": _spread}
