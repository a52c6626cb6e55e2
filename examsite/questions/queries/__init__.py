"""Reads of the question bank. The names here are what the rooms above call: draw, show, mark."""

from examsite.questions.queries.paper import (
    Wording,
    blueprint_cells,
    feasibility,
    keys_for,
    pool,
    version_public_ids,
    versions_for_paper,
)

__all__ = ["Wording", "blueprint_cells", "feasibility", "keys_for", "pool", "version_public_ids", "versions_for_paper"]
