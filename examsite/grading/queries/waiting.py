"""Which panels something waits in: what the tasks of the first page count, panel by panel."""

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy.orm import Session

from examsite.campaigns.roles import Role
from examsite.grading.models import SCORING_DUTIES, Panel, PanelMember
from examsite.grading.queries.progress import Progress, panel_progress
from examsite.rules.scoring import NeedsDecision

WHAT = ("planned", "undeclared", "sheets", "sanctions", "spread")


def narrowed(session: Session, role: Role, panels: Iterable[Panel], what: str) -> list[Panel]:
    """Those whose lots are not drawn (`planned`), before which this person has not declared (`undeclared`), with interviews that wait for
    the person's sheet (`sheets`), for a decision on a sanction (`sanctions`) or on the score (`spread`); all of them for anything else."""
    if what not in WHAT:
        return list(panels)
    return [panel for panel in panels if _waits(session, role, panel, what)]


def _waits(session: Session, role: Role, panel: Panel, what: str) -> bool:
    if panel.state != "drawn":
        return what == panel.state
    mine = next((member for member in panel.members if member.account_id == role.account.id), None)
    if what == "undeclared":
        return mine is not None and mine.declared_at is None
    return what in IN_INTERVIEWS and any(IN_INTERVIEWS[what](one, mine) for one in panel_progress(session, panel))


def _sheet(one: Progress, mine: PanelMember | None) -> bool:
    if mine is None or mine.duty not in SCORING_DUTIES or one.interview.state != "present":
        return False
    return one.asks_for_sheets and not one.of(mine).done


def _sanction(one: Progress, _mine: PanelMember | None) -> bool:
    return any(sanction.outcome is None for sanction in one.sanctions)


def _spread(one: Progress, _mine: PanelMember | None) -> bool:
    return isinstance(one.outcome, NeedsDecision)


IN_INTERVIEWS: Mapping[str, Callable[[Progress, PanelMember | None], bool]] = {"sheets": _sheet, "sanctions": _sanction, "spread": _spread}
