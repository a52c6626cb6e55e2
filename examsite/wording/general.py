"""Sentences that belong to no single room, and those of acts that take two people."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "not_found": _("There is no such page, or it is not open to you. Check the address, or begin again from the first page."),
    "access.wrong_role": _("Your role does not include this page. If you need it, ask the HR office of this campaign."),
    "reason_missing": _("A reason is needed. Write in one sentence why."),
    "saved": _("Saved."),
    "changed_meanwhile": _("Somebody else changed this in the meantime. Look at it again before you repeat your change."),
    "web.forgery": _(
        "This form was opened before you last signed in, or did not come from this site. Go back, reload the page and send it again."
    ),
    "web.http_400": _("The browser sent something that this page cannot read. Go back and try once more."),
    "web.http_404": _("There is no such page, or it is not open to you. Check the address, or begin again from the first page."),
    "web.http_405": _("This address only takes a form. Go back and use the button on the page."),
    "web.http_413": _("The file is too large. The largest that can be taken is 12 MB; split it and send the parts."),
    "web.http_other": _("This cannot be done here. Go back to the page you came from."),
    "web.busy": _("Too many people are being served in this moment. Nothing was lost; please try again in a few seconds."),
    "web.broken": _("Something went wrong on our side and has been written down. What was saved before is safe; please try again."),
    "acts.already_open": _("This already waits for a second signature. Withdraw that first if something changed."),
    "acts.same_person": _("You signed this as the first person. Somebody else has to sign it as the second."),
    "acts.first_gone": _(
        "%(name)s, who signed first, no longer holds the seat or the account that it takes. Take it back, and have it put forward anew by "
        "somebody who does."
    ),
    "acts.changed_since": _("What you were shown has changed since the first signature. Look at it again; it has to be signed anew."),
    "acts.no_longer_open": _("This was signed or withdrawn in the meantime. Reload the page to see how it stands."),
    "acts.password_needed": _("To sign as the second person, type your own password again."),
}
