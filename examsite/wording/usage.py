"""What click says about wrong usage, word for word, so that its own look-ups in the catalogue find the Vietnamese of it."""

from flask_babel import lazy_gettext as _
from flask_babel import lazy_ngettext

SENTENCES = {
    "usage.usage": _("Usage:"),
    "usage.error": _("Error: {message}"),
    "usage.try": _("Try '{command} {option}' for help."),
    "usage.argument": _("Missing argument"),
    "usage.option": _("Missing option"),
    "usage.invalid": _("Invalid value for {param_hint}: {message}"),
    "usage.no_option": _("No such option {name!r}."),
    "usage.no_value": _("Option {name!r} does not take a value."),
    "usage.no_file": _("{name} {filename!r} does not exist."),
    "usage.folder": _("{name} {filename!r} is a directory."),
    "usage.unreadable": _("{name} {filename!r} is not readable."),
    "usage.meant": lazy_ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", 1),
    "usage.needs": lazy_ngettext("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments.", 1),
    "usage.choice": lazy_ngettext("{value!r} is not {choice}.", "{value!r} is not one of {choices}.", 1),
    "usage.extra": lazy_ngettext("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})", 1),
}
