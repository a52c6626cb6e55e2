"""The shape of what people type about lists, ties and appeals."""

from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, FieldList, RadioField, SelectField, StringField, TextAreaField

from examsite.web.forms import BaseForm, at_most, offered, required, with_choices


class PutForwardForm(BaseForm):
    """Put a draft forward; a reason is asked for where a published list is corrected."""

    reason = TextAreaField(_("Why the published list is corrected"), validators=[at_most(2000)])


class TieForm(BaseForm):
    """The order in which tied candidates are put, and the document that says so."""

    order = FieldList(SelectField(_("Candidate"), choices=[]))
    document = StringField(_("Number of the document"), validators=[required(), at_most(100)])
    reason = TextAreaField(_("Reason"), validators=[required(), at_most(2000)])

    def offer(self, tied: Sequence[tuple[str, str]]) -> None:
        """One choice for each place, of the tied (number, what is shown); none is made yet, so that no order is suggested."""
        for _tied in tied[len(self.order) :]:
            self.order.append_entry("")
        for entry in self.order:
            with_choices(entry, [("", gettext("Choose a candidate")), *tied])

    @property
    def ordered(self) -> list[str]:
        """The numbers as chosen, first place first."""
        return [str(entry.data) for entry in self.order if entry.data]


class AppealForm(BaseForm):
    """An appeal as HR takes it in."""

    about = SelectField(_("The appeal is about"), choices=[])
    who = StringField(_("Candidate number"), validators=[required(), at_most(20)])
    received_on = DateField(_("Received on"), validators=[required()])
    text = TextAreaField(_("What the appeal says"), validators=[required(), at_most(10_000)])


class AppealDecisionForm(BaseForm):
    """What the chair decided on an appeal."""

    outcome = RadioField(
        _("Decision"), choices=offered(("accepted", _("Accepted")), ("rejected", _("Not accepted"))), validate_choice=False
    )
    decision = TextAreaField(_("Reason of the decision"), validators=[required(), at_most(10_000)])


class CarriedOutForm(BaseForm):
    """What was done about an accepted appeal."""

    carried_out = RadioField(
        _("What came of it"),
        choices=offered(("corrected", _("Something was corrected")), ("unchanged", _("Nothing changes on the list"))),
        validate_choice=False,
    )
    how = TextAreaField(_("What was done, or why nothing changes"), validators=[required(), at_most(10_000)])
