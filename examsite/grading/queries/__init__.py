"""Look-ups of this room; what the rooms above need stands here."""

from examsite.grading.queries.outcomes import InterviewOutcome, interview_outcomes, missing_before_opening
from examsite.grading.queries.placing import entrants
from examsite.grading.queries.progress import Gap, missing_before_closing, missing_before_drawing

__all__ = [
    "Gap",
    "InterviewOutcome",
    "entrants",
    "interview_outcomes",
    "missing_before_closing",
    "missing_before_drawing",
    "missing_before_opening",
]
