"""What people type when things change on the way: a corrected name, a closed position, an application that moves or is given up."""

from collections.abc import Iterable
from datetime import date, datetime

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import ValidationError

from examsite.campaigns.models import Position
from examsite.web.forms import ReasonForm, SeenForm, at_most, typed, with_choices
from examsite.wording import say

DAY = "%d/%m/%Y"


class CorrectPersonForm(ReasonForm, SeenForm):
    """The right name and date of birth."""

    full_name = StringField(_("Full name"), validators=[at_most(200)])
    birth_date = StringField(_("Date of birth"), validators=[at_most(40)])

    def validate_birth_date(self, _field: StringField) -> None:
        """A day that exists."""
        if self.born is None:
            raise ValidationError(say("people.birth_unreadable"))

    @property
    def born(self) -> date | None:
        """The day that was typed; None for anything that is no day."""
        try:
            return datetime.strptime("".join(typed(self.birth_date).split()), DAY).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            return None


class ClosePositionForm(ReasonForm):
    """The decision that closes a position."""

    document = StringField(_("Number and day of the decision"), validators=[at_most(200)])


class MoveApplicationForm(ReasonForm):
    """Another position for an application."""

    position = SelectField(_("Position"), validate_choice=False)

    def offer(self, positions: Iterable[Position]) -> None:
        """Offer the positions that it may go on for."""
        with_choices(
            self.position, [("", say("applications.choose_position")), *((one.public_id, f"{one.code} – {one.title}") for one in positions)]
        )

    def validate_position(self, field: SelectField) -> None:
        """One has to be chosen."""
        if not field.data:
            raise ValidationError(say("applications.choose_position"))


class WithdrawOwnForm(ReasonForm):
    """A candidate's own wish."""

    stand_last = ("sure",)
    sure = BooleanField(_("I give up my application. I know that I sit no exam and no interview of this campaign then."))

    def validate_sure(self, field: BooleanField) -> None:
        """It has to be ticked."""
        if not field.data:
            raise ValidationError(say("screening.withdraw_unsure"))
