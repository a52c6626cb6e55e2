"""The candidate's own pages: the time line with what to do now, and what the office holds about them."""

from datetime import date, datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from examsite.access import candidate
from examsite.accounts.current import me
from examsite.desk.candidate import data_of, home_of
from examsite.desk.routes import blueprint
from examsite.desk.timeline import Event, time_line
from examsite.results.telling import Teller
from examsite.rounds.queries.practice import may_practise
from examsite.rules.policy import RuleSet, Words
from examsite.web.context import db, now
from examsite.web.language import day, moment
from examsite.wording import say


def candidate_home() -> ResponseReturnValue:
    """What happened, what comes next, what to do now, and the results with their working."""
    view = home_of(db(), me())
    zone = view.application.campaign.time_zone
    return render_template(
        "desk/candidate.html",
        view=view,
        line=time_line(view, now()),
        told=lambda event: _told(event, zone),
        tell=Teller(view.rules),
        may_practise=may_practise(view.application, view.entry.session.opens_at if view.entry else None, now()),
    )


@blueprint.get("/home/data")
@candidate
def my_data() -> ResponseReturnValue:
    """What the office holds about the signed-in candidate, what was corrected, and whom to tell of an error."""
    view = data_of(db(), me())
    return render_template("desk/my_data.html", view=view, grounds=_grounds(view.rules))


def _grounds(rules: RuleSet) -> dict[str, Words]:
    """The names of what an entitlement may rest on, by its id."""
    exemptions = {one.id: one.name for one in rules.round1.exemptions}
    return exemptions | {one.id: one.name for one in rules.priority.groups}


def _told(event: Event, zone: str) -> str:
    """The sentence of an event, its moments and days in the campaign's time zone."""
    return say(f"timeline.{event.code}", {name: _word(value, zone) for name, value in event.params.items()})


def _word(value: object, zone: str) -> object:
    if isinstance(value, datetime):
        return moment(value, zone)
    return day(value) if isinstance(value, date) else value
