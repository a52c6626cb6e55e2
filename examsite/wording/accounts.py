"""Who signs in, and who is let in."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "accounts.password_wrong_wait": _("The password is not right. You can try again in %(wait)s seconds."),
    "accounts.not_staff": _("This account belongs to a candidate. Administrators manage the accounts of staff alone."),
    "accounts.enabled": _("The account is open again. Its password is the one it had; give a new code if that is forgotten."),
    "act_of.accounts:list:taken": _("Took the list of staff as a workbook"),
    "act_of.accounts:account:enabled": _("Enabled an account again"),
}
