"""The shape of what is typed at the desk."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.validators import Optional

from examsite.web.forms import BaseForm, ReasonForm, at_most


class AdvanceForm(BaseForm):
    """The next step, from the stage that the person saw."""

    stage = HiddenField()


class StepBackForm(ReasonForm):
    """A step back, with its reason."""

    stage = HiddenField()


class LogFilterForm(BaseForm):
    """What a reader of the log looks for."""

    class Meta(BaseForm.Meta):
        csrf = False

    kind = SelectField(_("Kind of act"), validators=[Optional()], choices=[])
    actor = StringField(_("Who"), validators=[at_most(100)])
    about = StringField(_("Object"), validators=[at_most(100)])
    since = DateField(_("From"), validators=[Optional()])
    until = DateField(_("Until"), validators=[Optional()])
