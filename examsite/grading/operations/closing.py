"""Close a panel when every interview has its score, and open it again while the codes are closed."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.roles import Role
from examsite.db import rows_changed
from examsite.grading.models import Panel
from examsite.grading.permissions import may_close, may_reopen_panel
from examsite.grading.queries.outcomes import waiting_opening
from examsite.grading.queries.progress import missing_before_closing
from examsite.grading.seats import held_by
from examsite.rules.refusal import Conflict, Refused


def close_panel(session: Session, role: Role, panel: Panel, now: datetime) -> None:
    """Close a panel: its sheets and decisions stand. Refuses (`grading.not_ready`) while an interview lacks its score."""
    held_by(session, role, panel, may_close, "drawn")
    if missing_before_closing(session, panel):
        raise Refused("grading.not_ready")
    _move(session, panel, "drawn", "closed", now)
    record(session, role.campaign.chain, "grading:panel:closed", f"panel:{panel.public_id}", role.actor, now, {})


def reopen_panel(session: Session, role: Role, panel: Panel, reason: str, now: datetime) -> None:
    """Open a closed panel again, with a reason; not while the opening of the codes waits for its second signature."""
    held_by(session, role, panel, may_reopen_panel, "closed")
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    if waiting_opening(session, role.campaign) is not None:
        raise Refused("grading.opening_waits")
    _move(session, panel, "closed", "drawn", None)
    record(session, role.campaign.chain, "grading:panel:reopened", f"panel:{panel.public_id}", role.actor, now, {"reason": reason.strip()})


def _move(session: Session, panel: Panel, before: str, after: str, closed_at: datetime | None) -> None:
    statement = update(Panel).where(Panel.id == panel.id, Panel.state == before).values(state=after, closed_at=closed_at)
    if rows_changed(session, statement) != 1:
        raise Conflict("changed_meanwhile")
