"""Look-ups of this room; the rooms above need what round 1 came to, and who entered round 2."""

from examsite.rounds.queries.outcomes import PartOutcome, Round1Outcome, round1_outcomes

__all__ = ["PartOutcome", "Round1Outcome", "round1_outcomes"]
