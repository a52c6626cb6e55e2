"""The draw of a session as it is published once the session is closed."""

from typing import Any, cast

from examsite.rounds.models import ExamSession


def published_draw(exam: ExamSession) -> dict[str, Any] | None:
    """All that a stranger needs to draw the papers again: the seed with what was kept at sealing. None before the session is closed."""
    if exam.state != "closed" or exam.draw is None or exam.seed is None:
        return None
    kept = cast("dict[str, Any]", exam.draw)
    told = {
        "campaign": exam.campaign.code,
        "rules": exam.campaign.rules_hash,
        "session": exam.name,
        "opens_at": exam.opens_at,
        "seed": exam.seed,
        "seed_commitment": exam.seed_commitment,
    }
    return {**kept, **told}
