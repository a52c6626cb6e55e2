"""The draw of a session, for anybody: the commitment from sealing on, the seed and all that is needed to repeat it once it is closed."""

from typing import Any

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue

from examsite.access import public
from examsite.campaigns.queries import rule_set
from examsite.rounds.models import ExamSession
from examsite.rounds.queries.draws import published_draw
from examsite.rounds.queries.sealing import check_rows
from examsite.rounds.queries.sessions import public_session
from examsite.rounds.routes import blueprint
from examsite.rules import canonical
from examsite.rules.refusal import NotFound
from examsite.web.context import db


@blueprint.get("/sessions/<session_id>/draw")
@public
def draw(session_id: str) -> ResponseReturnValue:
    """What was fixed at sealing; after closing also the seed, the roster, the blueprints and the digest of each paper."""
    exam = public_session(db(), session_id)
    found, rules = published_draw(exam), rule_set(exam.campaign)
    checked = check_rows(rules, found["check"]) if found else ()
    return render_template("rounds/draw.html", exam=exam, draw=found, rules=rules, checked=checked)


@blueprint.get("/sessions/<session_id>/draw.json")
@public
def draw_file(session_id: str) -> Response:
    """The same as a file for a program; only of a closed session."""
    exam = public_session(db(), session_id)
    found = published_draw(exam)
    if found is None:
        raise NotFound
    return _file(exam, found)


def _file(exam: ExamSession, content: dict[str, Any]) -> Response:
    answer = current_app.response_class(canonical.to_bytes(content), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="draw-{exam.public_id}.json"'
    return answer
