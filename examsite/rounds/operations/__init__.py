"""Writes of this room; the room above that publishes needs one of them, and the room below calls `leaving` when somebody leaves
and `holding` before it decides anew."""

from examsite.rounds.operations import holding as holding
from examsite.rounds.operations import leaving as leaving
from examsite.rounds.operations.entrants import enter_round2

__all__ = ["enter_round2"]
