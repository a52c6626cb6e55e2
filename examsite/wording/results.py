"""Sentences of lists, ties and appeals; each reason of a place has one with its figures and one in general."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "results.reason_inside": _("Place %(place)s with a total of %(total)s; inside the quota of %(quota)s."),
    "results.reason_inside_general": _("Inside the quota of %(quota)s."),
    "results.reason_inside_shared": _(
        "Equal to %(others)s at %(total)s; all of them stand inside the quota of %(quota)s, so they share place %(place)s and "
        "no tie is broken."
    ),
    "results.reason_inside_shared_general": _(
        "Equal to another candidate; all of them stand inside the quota of %(quota)s, so no tie is broken."
    ),
    "results.reason_inside_by_step": _("Equal to %(others)s at %(total)s across the quota; ahead by %(step)s: %(value)s."),
    "results.reason_inside_by_step_general": _("Equal to another candidate across the quota; ahead by the tie rule."),
    "results.reason_inside_by_decision": _(
        "Equal to %(others)s at %(total)s and separated by no step of the rule; placed inside the quota by %(decider)s, "
        "document %(document)s."
    ),
    "results.reason_inside_by_decision_general": _(
        "Equal to another candidate and separated by no step of the rule; placed inside the quota by a recorded decision."
    ),
    "results.reason_undecided": _(
        "Equal to %(others)s at %(total)s across the quota, not decided yet: places %(place)s to %(last_place)s, seats left: "
        "%(seats)s. Next: %(decider)s decides."
    ),
    "results.reason_undecided_general": _("Equal to another candidate across the quota, not decided yet."),
    "results.reason_outside": _("Place %(place)s with a total of %(total)s; outside the quota of %(quota)s."),
    "results.reason_outside_general": _("Outside the quota of %(quota)s."),
    "results.reason_outside_shared": _(
        "Equal to %(others)s at %(total)s; all of them stand outside the quota of %(quota)s, so they share place %(place)s and "
        "no tie is broken."
    ),
    "results.reason_outside_shared_general": _(
        "Equal to another candidate; all of them stand outside the quota of %(quota)s, so no tie is broken."
    ),
    "results.reason_outside_by_step": _("Equal to %(others)s at %(total)s across the quota; behind by %(step)s: %(value)s."),
    "results.reason_outside_by_step_general": _("Equal to another candidate across the quota; behind by the tie rule."),
    "results.reason_outside_by_decision": _(
        "Equal to %(others)s at %(total)s and separated by no step of the rule; placed outside the quota by %(decider)s, "
        "document %(document)s."
    ),
    "results.reason_outside_by_decision_general": _(
        "Equal to another candidate and separated by no step of the rule; placed outside the quota by a recorded decision."
    ),
    "results.reason_below_pass": _("The round 2 score of %(exact)s is below %(pass_mark)s, so there is no place."),
    "results.reason_below_pass_general": _("The round 2 score is below the pass mark of %(pass_mark)s, so there is no place."),
    "results.reason_below_floor": _("The score for %(components)s is below the least that its criterion asks for, so there is no place."),
    "results.reason_below_floor_general": _(
        "The score for one criterion of round 2 is below the least that it asks for, so there is no place."
    ),
    "results.reason_absent": _("Did not come: %(note)s"),
    "results.reason_absent_general": _("Did not come to this round."),
    "results.reason_voided": _("The result is void: %(note)s"),
    "results.reason_voided_general": _("The result is void."),
    "results.reason_withdrawn": _("Withdrew: %(note)s"),
    "results.reason_withdrawn_general": _("Withdrew the application."),
    "results.reason_not_scored": _("Not scored yet, so there is no place."),
    "results.reason_not_scored_general": _("Not scored yet, so there is no place."),
    "results.reason_advances": _("Every part passed; exempt from: %(exempt)s."),
    "results.reason_advances_general": _("Every part passed."),
    "results.reason_part_failed": _("Below the pass mark in: %(parts)s."),
    "results.reason_part_failed_general": _("Below the pass mark in one part or more."),
    "results.reason_part_not_sat": _("Not sat: %(parts)s."),
    "results.reason_part_not_sat_general": _("One part or more was not sat."),
    "results.step_round2_score": _("the round 2 score"),
    "results.step_component": _("the score for “%(of)s”"),
    "results.step_part_correct": _("correct answers in “%(of)s”"),
    "results.step_exempt_round1": _("the exemption from round 1"),
    "results.step_equal": _("%(step)s: %(values)s; equal"),
    "results.step_not_applied": _("%(step)s: not everybody has one, so it separates nobody"),
    "results.step_waits": _("Waiting: %(decider)s decides"),
    "results.step_decided": _("Decided: %(decider)s, document %(document)s"),
    "results.yes": _("yes"),
    "results.no": _("no"),
    "results.decider_agency_head": _("the head of the competent agency"),
    "results.decider_council": _("the council"),
    "results.decider_council_chair": _("the chair of the council"),
    "results.decider_board_head": _("the head of the interview board"),
    "results.result_inside": _("Inside the quota"),
    "results.result_undecided": _("Not decided yet"),
    "results.result_outside": _("Outside the quota"),
    "results.result_not_passed": _("Not passed"),
    "results.result_absent": _("Absent"),
    "results.result_voided": _("Void"),
    "results.result_withdrawn": _("Withdrawn"),
    "results.result_not_scored": _("Not scored"),
    "results.advances": _("Goes on to round 2"),
    "results.advances_not": _("Does not go on"),
    "results.part_sat": _("%(correct)s of %(questions)s"),
    "results.part_exempt": _("exempt"),
    "results.part_not_sat": _("not sat"),
    "results.part_not_told": _("not listed"),
    "results.field_candidate_number": _("Candidate number"),
    "results.field_name": _("Full name"),
    "results.field_unit": _("Unit"),
    "results.field_exempt": _("Exempt from"),
    "results.field_correct": _("Right answers"),
    "results.field_round1_result": _("Result"),
    "results.field_components": _("Scores by criterion"),
    "results.field_round2_score": _("Round 2"),
    "results.field_priority_points": _("Priority points"),
    "results.field_total": _("Total"),
    "results.field_place": _("Place"),
    "results.field_result": _("Result"),
    "results.field_reason": _("Reason"),
    "results.working_mean": _("The panel's mean, exact: %(score)s; its members differ by %(spread)s."),
    "results.working_decided": _("The members differ by %(spread)s, so %(decider)s decided %(score)s: %(reason)s"),
    "results.working_component": _("%(component)s: mean %(mean)s of %(maximum)s; its members differ by %(spread)s."),
    "results.working_deducted": _("After sanctions (%(sanctions)s): %(score)s."),
    "results.working_rounded": _("Rounded once: %(score)s."),
    "results.working_passed": _("The pass mark is %(pass_mark)s: passed."),
    "results.working_not_passed": _("The pass mark is %(pass_mark)s, compared with %(compared)s: not passed."),
    "results.working_priority": _("Priority points: %(points)s (%(groups)s)."),
    "results.working_priority_not_added": _("Priority points are added only to a passed round 2."),
    "results.working_total": _("Total: %(total)s."),
    "results.working_part": _("%(part)s: %(correct)s of %(questions)s correct; at least %(least)s are needed."),
    "results.working_part_counted": _(
        "%(part)s: %(correct)s of %(questions)s correct, %(counted)s counted after sanctions; at least %(least)s are needed."
    ),
    "results.working_sanction": _("%(sanction)s in %(part)s: %(share)s of the right answers are taken off."),
    "results.working_sanction_score": _("%(sanction)s in %(part)s: %(share)s of the score is taken off."),
    "results.working_sanctions_highest": _("Of several sanctions on one paper the heaviest alone counts."),
    "results.working_sanctions_sum": _("Several sanctions on one paper are added up."),
    "results.working_part_exempt": _("%(part)s: exempt, so it counts as passed without figures."),
    "results.working_part_not_sat": _("%(part)s: not sat."),
    "results.change_added": _("%(number)s: added to the list"),
    "results.change_removed": _("%(number)s: taken off the list"),
    "results.change_quota": _("Position %(position)s: quota"),
    "results.change_name": _("%(number)s: name"),
    "results.change_unit": _("%(number)s: unit"),
    "results.change_exempt": _("%(number)s: exemption from %(of)s"),
    "results.change_part": _("%(number)s: correct answers in %(of)s"),
    "results.change_advances": _("%(number)s: goes on to round 2"),
    "results.change_component": _("%(number)s: score for %(of)s"),
    "results.change_round2_score": _("%(number)s: round 2 score"),
    "results.change_priority_points": _("%(number)s: priority points"),
    "results.change_total": _("%(number)s: total"),
    "results.change_place": _("%(number)s: place"),
    "results.change_result": _("%(number)s: result"),
    "results.change_reason": _("%(number)s: reason"),
    "results.undecided_applications": _("Applications without a decision: %(count)s. Decide each of them before the list is drafted."),
    "results.numbers_missing": _("Eligible candidates without a candidate number: %(count)s. Give the numbers before the list is drafted."),
    "results.rules_not_frozen": _(
        "The rules of this campaign are not frozen yet. Announce it first; lists are computed under frozen rules only."
    ),
    "results.not_listed": _("Eligible candidates on no roster of round 1: %(count)s. List each of them for an exam session first."),
    "results.round1_open": _(
        "Candidates whose exam session is not closed: %(count)s. The result can be drafted when every session is closed."
    ),
    "results.not_marked": _("Candidates whose answers are not marked yet: %(count)s. Have them marked before the result is drafted."),
    "results.violations_open": _(
        "Violations that wait for the decision of the chair: %(count)s. They have to be decided before the result is drafted."
    ),
    "results.official_first": _("There is no official ranking yet. Recommendations are drawn up from it alone."),
    "results.official_changed": _(
        "A computation now gives another ranking than the official one that is published. Correct the official ranking first."
    ),
    "results.tie_pending": _(
        "%(position)s: %(numbers)s are equal across the quota (seats left: %(seats)s) and no step of the rule separates them. "
        "This cannot be put forward yet; next, %(decider)s decides."
    ),
    "results.not_scored": _(
        "Not scored yet: %(numbers)s. Each of them needs a score or a recorded absence before the list can be put forward."
    ),
    "results.provisional_first": _("The provisional ranking has to be published first, so that candidates can appeal against it."),
    "results.stage_too_early": _(
        "%(list)s: this list is published at the stage “%(first)s”, and the campaign stands at “%(now)s”. Take the steps up to there first."
    ),
    "results.stage_too_late": _(
        "%(list)s: this list is published at the stage “%(first)s” and corrected until “%(last)s” at the latest, and the campaign stands "
        "at “%(now)s”. The chair of the council can take a step back, with a reason."
    ),
    "results.window_open": _(
        "Appeals against the provisional ranking are taken until the end of %(until)s. The ranking can become official from 00:00 on "
        "%(since)s, once every appeal is decided."
    ),
    "results.appeals_open": _(
        "Appeals that wait for a decision: %(count)s. The ranking becomes official only after the last one is decided."
    ),
    "results.list_damaged": _(
        "This list is not shown: what is stored of it is no longer what was published. Please tell the office that published it."
    ),
    "results.appeals_open_recommended": _(
        "Appeals that wait for a decision: %(count)s. Nobody is recommended before the last one is decided."
    ),
    "results.appeals_to_carry_out": _(
        "Accepted appeals of which nobody has recorded what was done about them: %(count)s. Until then no ranking becomes official and "
        "nobody is recommended."
    ),
    "results.only_to_carry_out": _("Shown are accepted appeals that are to be carried out."),
    "results.carried_out_missing": _("Choose whether something was corrected or nothing changes on the list."),
    "results.nothing_to_carry_out": _(
        "Nothing is to be recorded here: the appeal is not accepted, or what was done stands here already. Reload the page."
    ),
    "results.appeal_carried_out": _("What was done about the appeal is recorded."),
    "results.nothing_to_correct": _(
        "A computation now gives exactly the list that is published as number %(number)s. There is nothing to correct."
    ),
    "results.draft_closed": _("This draft is published or superseded by now. Open the list of drafts to see how it stands."),
    "results.newer_draft": _("a newer draft took its place"),
    "results.input_changed": _(
        "What this draft was computed from has changed since, so a computation now gives another digest. Compute it again and "
        "look at the difference."
    ),
    "results.not_put_forward": _("This draft has no first signature yet. HR has to put it forward before it can be published."),
    "results.drafter_signs": _("You computed this draft yourself. Somebody else has to publish it."),
    "results.no_tie": _("No candidates of this position are tied across the quota now. There is nothing to decide."),
    "results.tie_too_early": _(
        "A tie is decided from the stage “%(first)s” on, when the ranking can be published; the campaign stands at “%(now)s”."
    ),
    "results.tie_too_late": _(
        "A tie is decided until the stage “%(last)s” at the latest, while the ranking can still be corrected; the campaign stands at "
        "“%(now)s”. The chair of the council can take a step back, with a reason."
    ),
    "results.tie_unsigned": _(
        "%(position)s: the decision of a tie under document %(document)s is not one that two people signed and the log took, so no "
        "ranking is computed with it. Have the log and a backup checked; a decision that two people sign takes its place."
    ),
    "results.gap_tie_unsigned": _(
        "%(position)s: the decision of a tie under document %(document)s is not one that two people signed and the log took. Have the log "
        "and a backup checked."
    ),
    "results.gap_tie_gone": _(
        "%(position)s: the log says that a tie was decided under document %(document)s, and the decision is not there. Have the log and a "
        "backup checked."
    ),
    "results.gap_tie_order": _("%(position)s: not the newest decision of its tie alone stands. Have the log and a backup checked."),
    "results.tie_not_proposed": _("No decision waits for a second signature here."),
    "tie_decision_wrong_people": _(
        "The order has to name each of the tied candidates once and nobody else. Choose a different candidate for each place."
    ),
    "tie_decision_wrong_decider": _("The rules leave this tie to somebody else to decide."),
    "tie_decision_incomplete": _("A decision needs the number of its document and its reason."),
    "tie_decision_twice": _("Two decisions are recorded for the same tie. Only one can hold."),
    "number_twice": _("The candidate number %(number)s stands twice. Nothing is computed from such a list; have it checked."),
    "quota_too_small": _("The quota is %(quota)s. A position needs at least one seat."),
    "results.appeal_no_list": _("No list of this kind is published, so there is nothing to appeal against."),
    "results.appellant_unknown": _("Nobody in this campaign has this candidate number or identity number. Check each digit."),
    "results.appellant_not_listed": _("This candidate does not stand on that list. Choose the list the appeal is about."),
    "results.appeal_text_missing": _("Write down what the appeal says."),
    "results.appeal_future": _("The day of receipt lies ahead. Enter the day on which the appeal came in."),
    "results.appeal_early": _("The list was published on %(published)s. An appeal against it cannot have come in before."),
    "results.appeal_late": _("The time for appeals against this list ended on %(until)s, so this one cannot be recorded."),
    "results.appeal_outcome_missing": _("Choose whether the appeal is accepted or rejected."),
    "results.appeal_decided": _("This appeal was decided in the meantime. Reload the page to see the decision."),
    "results.drafted": _("Draft number %(number)s is computed."),
    "results.draft_holds": _("Nothing has changed: draft number %(number)s still holds."),
    "results.put_forward": _("Put forward. Somebody of the council has to sign next."),
    "results.taken_back": _("Taken back. It can be put forward again."),
    "results.published": _("Published."),
    "results.tie_proposed": _("Recorded. Another member of the council has to sign next."),
    "results.tie_decided": _("The tie is decided. Compute the ranking again to see it."),
    "results.appeal_recorded": _("The appeal is recorded."),
    "results.appeal_decision_recorded": _("The decision on the appeal is recorded."),
}
