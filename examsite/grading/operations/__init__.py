"""Writes of this room; the room of the campaigns calls `leaving` when somebody leaves."""

from examsite.grading.operations import leaving as leaving
