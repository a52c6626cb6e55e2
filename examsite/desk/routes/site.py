"""How the site itself is doing, for administrators."""

from decimal import Decimal

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from examsite import clock
from examsite.access import administrator
from examsite.desk.routes import blueprint
from examsite.desk.site_state import Line, state_of
from examsite.web.context import db, now
from examsite.web.language import number
from examsite.wording import say


@blueprint.get("/site")
@administrator
def site_state() -> ResponseReturnValue:
    """One line a subject, and what to do where something is to be done."""
    lines = state_of(db(), now(), clock.step(), sends_mail=bool(current_app.config["SENDS_MAIL"]))
    return render_template("desk/site_state.html", lines=[(line, _told(line)) for line in lines], at=now())


def _told(line: Line) -> str:
    written = {name: number(value) if isinstance(value, Decimal) else value for name, value in line.params.items()}
    return say(f"site.{line.code}", written)
