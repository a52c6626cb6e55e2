"""Sentences of documents."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "documents.eligible": _("List of eligible candidates"),
    "documents.rejected": _("List of rejected applications"),
    "documents.round1": _("Round 1 result"),
    "documents.round1_signatures": _("Round 1 result, for signatures"),
    "documents.ranking": _("Ranking"),
    "documents.recommendations": _("Recommendation for appointment"),
    "documents.no_round1": _("This campaign has no round 1."),
    "documents.codes_closed": _("The panel is not closed yet. Its protocol can be printed as soon as its scores stand."),
    "documents.absent": _("absent"),
    "documents.voided": _("voided"),
    "documents.exempt": _("exempt"),
    "documents.recusal_conflict": _("stepped back"),
    "documents.recusal_absent": _("absent"),
    "documents.recusal_joined_late": _("joined later"),
}
