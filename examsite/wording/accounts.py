"""Who signs in, and who is let in."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "accounts.password_wrong_wait": _("The password is not right. You can try again in %(wait)s seconds."),
}
