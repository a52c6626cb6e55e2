"""Questions that leave as a file: what a format cannot carry, and what is refused."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "exports.pictures": _("%(count)s pictures below the question are left out; the words stay."),
    "exports.topic_reserved": _(
        "The topic “%(topic)s” has a meaning of its own in GIFT and comes back shortened. Use Excel, or rename the topic."
    ),
    "exports.number_too_long": _("A right number has more digits than GIFT can hold here, so the question cannot be read back. Use Excel."),
    "exports.format_unknown": _("Choose one of the formats."),
    "exports.nothing": _("No question fits these filters, so there is nothing to save."),
}
