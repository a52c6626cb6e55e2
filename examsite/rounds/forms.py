"""What staff type about exam sessions."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import AnyOf, StopValidation
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from examsite.rounds.models import ExamSession
from examsite.rounds.operations.sessions import shown
from examsite.web.forms import BaseForm, SeenForm, Within, at_most, offered, required, typed
from examsite.web.language import moment
from examsite.wording import say

PATTERN = "%d/%m/%Y %H:%M"


class TimesForm(BaseForm):
    """When a session is; its moments are typed in the time zone of the campaign. `closes_at` is asked for under a personal start only."""

    opens_at = StringField(_("Start of the session"), validators=[required()])
    closes_at = StringField(_("Latest end"))

    def __init__(self, zone: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def validate_opens_at(self, field: StringField) -> None:
        """A moment that exists."""
        if read_moment(field.data or "", self.zone) is None:
            raise StopValidation(say("rounds.moment_unreadable"))

    def validate_closes_at(self, field: StringField) -> None:
        """Nothing, or a moment that exists."""
        if (field.data or "").strip() and read_moment(field.data or "", self.zone) is None:
            raise StopValidation(say("rounds.moment_unreadable"))

    @property
    def start(self) -> datetime:
        """The start that was typed, in UTC; only after the form was found valid."""
        found = read_moment(typed(self.opens_at), self.zone)
        if found is None:
            raise ValueError("the form was not validated")
        return found

    @property
    def end(self) -> datetime | None:
        """The end that was typed, in UTC."""
        return read_moment(typed(self.closes_at), self.zone)


class SessionForm(SeenForm, TimesForm):
    """An exam session."""

    stand_last = ("opens_at", "closes_at", "needs_check_in")
    name = StringField(_("Name of the session"), validators=[required(), at_most(120)])
    place = StringField(_("Place of the exam"), validators=[at_most(200)])
    needs_check_in = BooleanField(_("Candidates are checked in before they can begin"), default=True)

    @classmethod
    def of(cls, zone: str, exam: ExamSession) -> "SessionForm":
        """The form of a session that stands."""
        closes_at = moment(exam.closes_at, zone) if exam.closes_at else ""
        times = {"opens_at": moment(exam.opens_at, zone), "closes_at": closes_at}
        return cls(zone, name=exam.name, place=exam.place, needs_check_in=exam.needs_check_in, seen=shown(exam), **times)

    def catch_up_with(self, exam: ExamSession) -> None:
        """After a conflict: what stands now beside what was typed, and the next try goes through."""
        if self.outdated:
            closes_at = moment(exam.closes_at, self.zone) if exam.closes_at else ""
            times = {"opens_at": moment(exam.opens_at, self.zone), "closes_at": closes_at}
            self.catch_up(shown(exam), {"name": exam.name, "place": exam.place, **times})
            say_what_is_ticked(self.needs_check_in, exam.needs_check_in)


class PostponeForm(TimesForm):
    """A later start, with the reason that candidates read."""

    reason = TextAreaField(_("Reason"), validators=[required(), at_most(1000)])


class RosterForm(BaseForm):
    """Who is put on the roster, by the public ids of applications; whether they may be is the operation's question."""

    applications = SelectMultipleField(
        _("Candidates"), validate_choice=False, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


def say_what_is_ticked(field: BooleanField, standing: bool) -> None:
    """Beside a box to tick, how it stands now, where that is not how it was sent."""
    if bool(field.data) != standing:
        field.errors = [*field.errors, say("stands_now", {"value": say("log_value.yes" if standing else "log_value.no")})]


def read_moment(text: str, zone: str) -> datetime | None:
    """dd/mm/yyyy HH:MM in a time zone as a moment in UTC; None for anything else, and for a time that clocks skip when they go forward."""
    try:
        typed_time = datetime.strptime(" ".join(text.split()), PATTERN).replace(tzinfo=ZoneInfo(zone))
        found = typed_time.astimezone(UTC)
    except (ValueError, OverflowError):  # the first and the last day of the calendar have no moment in UTC
        return None
    return found if found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == typed_time.replace(tzinfo=None) else None


class EvidenceForm(BaseForm):
    """What the chair decides on one piece of late evidence; `seen` is how many decisions on it the page showed."""

    counts = RadioField(
        _("Do these answers count?"),
        choices=offered(("yes", _("It counts")), ("no", _("It does not count"))),
        validate_choice=False,
        validators=[AnyOf(("yes", "no"), message=_("Choose one of the two."))],
    )
    reason = TextAreaField(_("Reason"), validators=[required(), at_most(2_000)])
    seen = IntegerField(widget=HiddenInput(), validators=[Within(0, 1_000)])
