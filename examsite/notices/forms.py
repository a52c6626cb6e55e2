"""What people type about their notices."""

from flask_babel import lazy_gettext as _
from wtforms import StringField

from examsite.web.forms import BaseForm, at_most


class AddressForm(BaseForm):
    """Where mail goes."""

    email = StringField(_("Mail address"), validators=[at_most(200)])
