"""The minutes of a session, on paper: with the digests that bind it, and places to sign."""

from flask import render_template
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.campaigns.queries import rule_set
from examsite.rounds.queries.ledger import parts_of
from examsite.rounds.queries.minutes import sanction_names, session_minutes
from examsite.rounds.routes import blueprint
from examsite.rounds.routes.live import BOARDS, seeing_room
from examsite.web.context import db, now


@blueprint.get("/campaigns/<campaign_id>/sessions/<session_id>/minutes")
@staff(*BOARDS)
def minutes(campaign_id: str, session_id: str) -> ResponseReturnValue:
    """The minutes as they stand; final once the session is closed."""
    role, exam = seeing_room(campaign_id, session_id)
    return render_template(
        "rounds/room_staff/minutes.html",
        role=role,
        exam=exam,
        minutes=session_minutes(db(), exam, now()),
        parts=dict(parts_of(exam)),
        sanctions=sanction_names(rule_set(role.campaign)),
        printed_at=now(),
    )
