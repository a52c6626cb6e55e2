"""What people type about a day of the house."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, SelectField, StringField

from examsite.holidays.models import HOLIDAY, IN_LIEU
from examsite.web.forms import SeenForm, at_most, offered, required


class HolidayForm(SeenForm):
    """One day, what it is called, and whether it is worked."""

    day = DateField(_("Day"), validators=[required(_("Choose a day."))])
    name = StringField(_("Name"), validators=[required(), at_most(200)])
    kind = SelectField(_("Kind of day"), choices=offered((HOLIDAY, _("Holiday: not worked")), (IN_LIEU, _("Worked in place of a day off"))))
    confirmed = BooleanField(_("Confirmed by an official notice"))
