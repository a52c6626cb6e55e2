"""The pages of panels, score sheets and codes."""

from flask import Blueprint

from examsite.grading.round2_word import capitalised, round2_word

blueprint = Blueprint("grading", __name__)


@blueprint.context_processor
def _words() -> dict[str, object]:
    return {"round2_word": round2_word, "capitalised": capitalised}


from examsite.grading.routes import attendance, codes, conflicts, figures, interviews, panels, room, seats, sheets  # noqa: E402, F401 - they put their views on the blueprint
