"""Sentences about what came late, and about whether it counts."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "rounds.evidence_still_open": _("This candidate still has time. Decide when the time of this part is over."),
    "rounds.evidence_voided": _("The exam of this candidate is voided, so nothing of it counts. There is nothing to decide."),
    "rounds.evidence_published": _(
        "The result of round 1 is published, so nothing more is decided here. The candidate can appeal against it; HR records the appeal."
    ),
    "rounds.evidence_changes_nothing": _(
        "It would change nothing: every answer in it was overtaken, or stands already. Record that it does not count."
    ),
    "rounds.evidence_as_before": _("This was decided just so before. Only another decision can take its place."),
    "rounds.evidence_decided": _("The decision is recorded. The candidate reads it on the receipt."),
    "rounds.evidence.late": _("after the close"),
    "rounds.evidence.closed": _("after handing in"),
    "rounds.evidence.moved": _("from a device that had been replaced"),
}
