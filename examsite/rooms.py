"""The list of rooms that answer requests."""

from flask import Blueprint

from examsite.accounts.routes import blueprint as accounts


def blueprints() -> list[Blueprint]:
    """Every room's blueprint, lowest room first."""
    return [accounts]
