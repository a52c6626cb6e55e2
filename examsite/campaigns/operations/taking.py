"""Lists with names that leave the site as a workbook: the log keeps who took which."""

from datetime import datetime

from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.roles import Role


def list_taken(session: Session, role: Role, kind: str, lines: int, now: datetime, **more: object) -> None:
    """Somebody takes a list along: `kind` as its room calls it, with how many lines, and `more` that tells which of several lists of the
    kind it was. Whether they may is the room's question."""
    about = f"campaign:{role.campaign.public_id}"
    record(session, role.campaign.chain, "campaigns:list:taken", about, role.actor, now, {"list": kind, "lines": lines, **more})
