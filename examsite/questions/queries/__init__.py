"""Reads of the question bank. The names here are what the rooms above call: draw, show, mark."""

from examsite.questions.queries.bank_figures import Figures, all_figures, figures, told
from examsite.questions.queries.banks import Bank, bank_of, banks_of
from examsite.questions.queries.paper import (
    Picture,
    Wording,
    blueprint_cells,
    feasibility,
    item_kinds,
    keys_for,
    pool,
    version_public_ids,
    versions_for_paper,
)

__all__ = [
    "Bank",
    "Figures",
    "Picture",
    "Wording",
    "all_figures",
    "bank_of",
    "banks_of",
    "blueprint_cells",
    "feasibility",
    "figures",
    "item_kinds",
    "keys_for",
    "pool",
    "told",
    "version_public_ids",
    "versions_for_paper",
]
