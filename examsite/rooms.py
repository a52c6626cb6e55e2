"""The list of rooms that answer requests."""

from flask import Blueprint

from examsite.accounts.routes import blueprint as accounts
from examsite.campaigns.routes import blueprint as campaigns
from examsite.demo.routes import blueprint as demo
from examsite.desk.routes import blueprint as desk
from examsite.documents.routes import blueprint as documents
from examsite.grading.routes import blueprint as grading
from examsite.holidays.routes import blueprint as holidays
from examsite.notices.routes import blueprint as notices
from examsite.questions.routes import blueprint as questions
from examsite.results.routes import blueprint as results
from examsite.rounds.routes import blueprint as rounds
from examsite.web.watching import blueprint as watch


def blueprints() -> list[Blueprint]:
    """Every room's blueprint, lowest room first."""
    return [watch, accounts, holidays, notices, campaigns, questions, rounds, grading, results, documents, desk, demo]
