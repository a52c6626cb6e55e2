"""Sentences about rosters: what holds fast once papers are sealed, and what goes with a candidate who leaves and comes back."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "act_of.rounds:time:given_back": _("Gave candidates who came back to a roster the extra time that they had"),
    "log_field.dropped.postponed": _("Postponed before"),
    "log_field.dropped.rooms": _("Rooms"),
    "log_field.roster.decided_at": _("Decided on"),
    "log_field.roster.decided_by": _("Decided by"),
    "log_field.roster.time_entries": _("Entries of time that stood there"),
    "rounds.candidate_removed_with_time": _(
        "Candidate %(number)s was taken off the roster. The extra time that is recorded for them comes back with them."
    ),
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
