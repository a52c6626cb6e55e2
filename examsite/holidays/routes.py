"""The days on which the house does and does not work."""

from datetime import date

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.accounts.current import me
from examsite.holidays import operations, queries
from examsite.holidays.forms import HolidayForm
from examsite.holidays.permissions import may_edit_holidays
from examsite.rules.refusal import Conflict, NotPermitted
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
    """Change a day; what was typed is kept, also where somebody else changed or removed the day meanwhile."""
    _must_be_allowed()
    form = _form_of(holiday_id)
    if form.validate_on_submit():
        with form.refusals():
            _change(form, holiday_id)
            return saved(url_for("holidays.holidays"), "holidays.changed")
    found = queries.known_holiday(db(), holiday_id)
    if found is not None:
        form.catch_up(operations.seen_as(found))
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


def _form_of(holiday_id: str) -> HolidayForm:
    """The form as it was sent, or as the day stands; NotFound where there is neither."""
    if request.method == "POST":
        return HolidayForm()
    found = queries.holiday_by_public_id(db(), holiday_id)
    shown = {"day": found.day, "name": found.name, "kind": found.kind, "confirmed": found.confirmed}
    return HolidayForm(data=shown | {"seen": operations.seen_as(found)})


def _change(form: HolidayForm, holiday_id: str) -> None:
    found = queries.known_holiday(db(), holiday_id)
    if found is None:
        raise Conflict("holidays.gone")
    seen = typed(form.seen)
    operations.change(db(), found, seen, _day(form), typed(form.name), form.kind.data, bool(form.confirmed.data), me(), now())


def _day(form: HolidayForm) -> date:
    chosen: date = form.day.data  # type: ignore[assignment]
    return chosen


def _must_be_allowed() -> None:
    if not may_edit_holidays(me()):
        raise NotPermitted("access.wrong_role")
