"""Sentences about values of a rule set; they stand at the field of the value they are about."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "policy_bands_order": _("The bands have to rise: this one starts at %(value)s and has to start above %(above)s."),
    "policy_board_group_small": _("A group that keeps boards apart needs at least two boards."),
    "policy_copy_unreadable": _("The stored copy of these rules cannot be read. Tell the operator of this site."),
    "policy_key_fixed": _("This value names the rule set itself and stays as it is."),
    "policy_key_missing": _("The rule %(key)s is missing. A list can only name what has values of its own."),
    "policy_key_twice": _("The rule %(key)s stands there twice."),
    "policy_key_unknown": _("There is no rule %(key)s."),
    "policy_key_unread": _("The rule %(key)s is about something that no list names."),
    "policy_late_from_zero": _("The first band of late entry has to start at 0 minutes, so that every exam has a rule."),
    "policy_levels_order": _("The levels have to rise from 0 to the highest score in whole steps; %(value)s does not fit."),
    "policy_list_empty": _("This list has to hold at least one entry."),
    "policy_maxima_sum": _("The criteria add up to %(sum)s points, but the highest possible score is %(maximum)s. Make both the same."),
    "policy_names_unknown": _("“%(name)s” is not on the list it should come from. Check the spelling."),
    "policy_pass_above_maximum": _("The pass mark is above the highest possible score of %(maximum)s. Lower it."),
    "policy_priority_leak": _(
        "A list that shows the total beside the score it was made from would tell who has priority points. Leave one of the two out."
    ),
    "policy_reason_missing": _("A reason is needed. Write in one sentence why."),
    "policy_set_unknown": _("There is no rule set of this name."),
    "policy_step_fits_not": _("The highest score has to be a whole number of steps of %(step)s."),
    "policy_tie_needs_decision": _("The last way to settle a tie, and only the last, has to be a person's decision."),
    "policy_value_choice": _("“%(value)s” is none of the choices here."),
    "policy_value_empty": _("Both languages have to be filled in."),
    "policy_value_kind": _("This cannot be read as a value of this kind. Look at the hint below the field."),
    "policy_value_range": _("Enter a value from %(low)s to %(high)s."),
    "policy_value_same": _("This is the present value already."),
    "policy_value_twice": _("The same entry stands in this list twice."),
    "policy.status.confirmed": _("confirmed"),
    "policy.status.unconfirmed": _("unconfirmed"),
    "policy.status.assumed": _("assumed"),
    "policy.needs.computer_test": _("test on computer"),
    "policy.needs.interview": _("interview"),
    "policy.needs.paper_test": _("test on paper"),
    "policy.needs.written_papers": _("written papers and their marking"),
    "policy.needs.project_defence": _("defence of a project"),
    "policy.needs.remarking": _("marking again on appeal"),
}
