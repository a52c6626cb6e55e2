"""What invigilators type in the room, and what the chair decides."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput

from examsite.rounds.forms import read_moment
from examsite.rounds.models import CAUSES, DOCUMENTS
from examsite.web.forms import BaseForm, ReasonForm, at_most, offered, required, typed
from examsite.web.language import moment
from examsite.wording import say


class CheckInForm(BaseForm):
    """One candidate at the door."""

    document = SelectField(_("Identity paper shown"), validate_choice=False)
    seat = StringField(_("Seat"), validators=[at_most(20)])
    seat_reason = StringField(_("Reason for another seat"), validators=[at_most(500)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document.choices = offered(*((kind, say(f"rounds.document.{kind}")) for kind in DOCUMENTS))


class ReleaseForm(ReasonForm):
    """Which of the devices that ask goes on with a sitting, and why."""

    asked = StringField(_("Which device"))


class _HappenedForm(BaseForm):
    """Something that happened at a moment, typed in the time zone of the campaign."""

    happened_at = StringField(_("When it happened"), validators=[required()])

    def __init__(self, zone: str, now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"happened_at": moment(now, zone), **kwargs})
        self.zone = zone

    def validate_happened_at(self, field: StringField) -> None:
        """A moment that exists."""
        if read_moment(field.data or "", self.zone) is None:
            raise StopValidation(say("rounds.moment_unreadable"))

    @property
    def happened(self) -> datetime:
        """The moment that was typed, in UTC; only after the form was found valid."""
        found = read_moment(typed(self.happened_at), self.zone)
        if found is None:
            raise ValueError("the form was not validated")
        return found


class IncidentForm(_HappenedForm):
    """An incident; nobody chosen means the whole room."""

    stand_last = ("happened_at", "what", "done", "entries")
    kind = SelectField(_("Kind of incident"), validate_choice=False)
    entries = SelectMultipleField(_("Candidates concerned"), validate_choice=False, option_widget=CheckboxInput())
    what = TextAreaField(_("What happened"))
    done = TextAreaField(_("What was done"))

    def __init__(self, zone: str, now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(zone, now, *args, **kwargs)
        self.kind.choices = offered(*((kind, say(f"rounds.cause.{kind}")) for kind in CAUSES))


class ViolationForm(_HappenedForm):
    """A violation of one candidate. Choices come from the rule set and the board."""

    stand_last = ("happened_at", "facts", "statement", "witness")
    level = RadioField(_("Sanction proposed"), validate_choice=False)
    part = SelectField(_("Paper concerned"), validate_choice=False)
    facts = TextAreaField(_("Facts"))
    statement = TextAreaField(_("Statement of the candidate"))
    witness = SelectField(_("Second invigilator as witness"), validate_choice=False)


class DecisionForm(ReasonForm):
    """The decision of the chair: a sanction of the rule set, or `dismiss`."""

    level = RadioField(_("Decision"), validate_choice=False)

    def validate_level(self, field: RadioField) -> None:
        """Something has to be chosen."""
        if not field.data:
            raise ValidationError(say("rounds.decision_missing"))
