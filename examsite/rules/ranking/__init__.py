"""Who goes on to round 2, and who takes which place: `advance_round1`, `rank`, `recommended`, with a reason for each candidate."""

from examsite.rules.ranking.advance import Advance, Round1Entry, advance_round1
from examsite.rules.ranking.model import (
    REASONS,
    Compared,
    Entry,
    Param,
    PendingTie,
    Ranking,
    Reason,
    Seat,
    Standing,
    State,
    StepRecord,
    TieDecision,
)
from examsite.rules.ranking.places import rank, recommended

__all__ = [
    "REASONS",
    "Advance",
    "Compared",
    "Entry",
    "Param",
    "PendingTie",
    "Ranking",
    "Reason",
    "Round1Entry",
    "Seat",
    "Standing",
    "State",
    "StepRecord",
    "TieDecision",
    "advance_round1",
    "rank",
    "recommended",
]
