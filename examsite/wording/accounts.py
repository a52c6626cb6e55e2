"""Who signs in, and who is let in."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "accounts.not_administrator": _("Only an administrator can do this."),
    "accounts.name_taken": _("The sign-in name %(name)s is taken. Choose another one."),
    "accounts.role_unknown": _("There is no such role."),
    "accounts.code_unusable": _(
        "This activation code is not valid, was used already or has run out. Check each character, or ask for a new code."
    ),
    "accounts.password_short": _("The password has %(length)s characters. Choose one with at least %(least)s."),
    "accounts.password_long": _("The password is longer than %(most)s characters. Choose a shorter one."),
    "accounts.password_common": _("This password is easy to guess. Choose one that holds neither common words nor your name."),
    "accounts.password_wrong": _("The password is not right. Type it again."),
    "accounts.disable_self": _("You cannot disable your own account. Ask another administrator."),
    "accounts.turned_away": _("The sign-in name or the password is not right. Check both and try again."),
    "accounts.turned_away_wait": _("The sign-in name or the password is not right. You can try again in %(wait)s seconds."),
    "accounts.signed_out": _("You are signed out."),
    "accounts.activated": _("Your password is set. Sign in with it now."),
    "accounts.password_changed": _("Your password was changed. Sign in again with the new one."),
    "accounts.disabled": _("The account is disabled."),
    "accounts.password_wrong_wait": _("The password is not right. You can try again in %(wait)s seconds."),
    "accounts.not_staff": _("This account belongs to a candidate. Administrators manage the accounts of staff alone."),
    "accounts.enabled": _("The account is open again. Its password is the one it had; give a new code if that is forgotten."),
    "act_of.accounts:list:taken": _("Took the list of staff as a workbook"),
    "act_of.accounts:account:enabled": _("Enabled an account again"),
}
