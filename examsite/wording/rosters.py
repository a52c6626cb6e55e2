"""Sentences about rosters: what holds fast once papers are sealed, and what goes with a candidate who leaves and comes back."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "log_field.roster.room": _("Room given up"),
    "log_field.roster.seat": _("Seat given up"),
    "desk.need_papers_as_decided": _("All sealed papers are those of the positions and exemptions that are decided now."),
    "rounds.only_otherwise": _("Shown are sealed sessions with papers that were drawn for another position or other exemptions."),
    "rounds.missing_screening": _(
        "Applications are still being screened. Publish the list of those who are eligible, and take that stage."
    ),
    "rounds.on_sealed_roster": _(
        "This candidate is on the roster of %(session)s, and its papers are sealed for what was decided. Open the sealed session"
        " again first, before its start; then decide anew."
    ),
}
