"""The days on which the house does and does not work."""

from datetime import date

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.accounts.current import me
from examsite.holidays import operations, queries
from examsite.holidays.forms import HolidayForm
from examsite.holidays.models import Holiday
from examsite.holidays.permissions import may_edit_holidays
from examsite.rules.refusal import NotPermitted
from examsite.web.context import db, now
from examsite.web.forms import saved, typed

blueprint = Blueprint("holidays", __name__)


@blueprint.get("/holidays")
@staff()
def holidays() -> ResponseReturnValue:
    """All days, year by year."""
    return render_template("holidays/list.html", years=queries.by_year(db()), may_edit=may_edit_holidays(me()))


@blueprint.route("/holidays/new", methods=["GET", "POST"])
@staff()
def new_holiday() -> ResponseReturnValue:
    """Enter a day."""
    _must_be_allowed()
    form = HolidayForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.add(db(), _day(form), typed(form.name), form.kind.data, bool(form.confirmed.data), me(), now())
            return saved(url_for("holidays.holidays"), "holidays.added")
    return render_template("holidays/day.html", form=form, holiday=None), form.status


@blueprint.route("/holidays/<holiday_id>", methods=["GET", "POST"])
@staff()
def holiday(holiday_id: str) -> ResponseReturnValue:
    """Change a day."""
    _must_be_allowed()
    found = queries.holiday_by_public_id(db(), holiday_id)
    form = HolidayForm(day=found.day, name=found.name, kind=found.kind, confirmed=found.confirmed)
    if form.validate_on_submit():
        with form.refusals():
            _change(form, found)
            return saved(url_for("holidays.holidays"), "holidays.changed")
    return render_template("holidays/day.html", form=form, holiday=found), form.status


@blueprint.post("/holidays/<holiday_id>/remove")
@staff()
def remove_holiday(holiday_id: str) -> ResponseReturnValue:
    """Take a day out."""
    found = queries.holiday_by_public_id(db(), holiday_id)
    operations.remove(db(), found, me(), now())
    return saved(url_for("holidays.holidays"), "holidays.removed")


@blueprint.post("/holidays/known")
@staff()
def take_known() -> ResponseReturnValue:
    """Enter the public holidays that the program knows."""
    count = operations.take_known(db(), me(), now())
    return saved(url_for("holidays.holidays"), "holidays.taken" if count else "holidays.nothing_to_take", count=count)


def _change(form: HolidayForm, found: Holiday) -> None:
    operations.change(db(), found, _day(form), typed(form.name), form.kind.data, bool(form.confirmed.data), me(), now())


def _day(form: HolidayForm) -> date:
    chosen: date = form.day.data  # type: ignore[assignment]
    return chosen


def _must_be_allowed() -> None:
    if not may_edit_holidays(me()):
        raise NotPermitted("access.wrong_role")
