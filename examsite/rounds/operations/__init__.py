"""Writes of this room; the room above that publishes needs one of them."""

from examsite.rounds.operations.entrants import enter_round2

__all__ = ["enter_round2"]
