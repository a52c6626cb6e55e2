"""Sentences of the operator's commands that no room says."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "commands.schema_old": _("The database is not at the newest schema. Run: examsite db upgrade"),
}
