"""Sentences of panels, score sheets and codes."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    # What the list of panels is narrowed to.
    "grading.show_planned": _("Shown are panels whose lots are not drawn."),
    "grading.show_undeclared": _("Shown are panels before which you have not declared conflicts of interest."),
    "grading.show_sheets": _("Shown are panels with interviews that wait for your sheet."),
    "grading.show_sanctions": _("Shown are panels with sanctions that wait for a decision."),
    "grading.show_spread": _("Shown are panels with scores that wait for a decision, because the members differ too much."),
    # What stands in the way.
    "grading.name_taken": _("Another panel of this campaign is called %(name)s. Choose another name."),
    "grading.duty_unknown": _("Choose head or member."),
    "grading.not_on_board": _("This person does not sit on the interview board of this campaign. Appoint them to the board first."),
    "grading.seated_already": _("%(name)s sits on this panel already."),
    "grading.head_taken": _("This panel has a head. Hand the duty over on the page of the panel instead."),
    "grading.nobody_to_assign": _("Position %(position)s has no candidate left who stands before no panel."),
    "grading.position_missing": _("Choose a position."),
    "grading.panel_missing": _("Choose a panel."),
    "grading.not_ready": _("This cannot be done yet: something in the list of what is missing is still open."),
    "grading.lots_not_drawn": _("The lots of this panel are not drawn yet. HR draws them on the page of the panel."),
    "grading.seat_stands": _(
        "The lots are drawn, so the seat stays. If this member cannot come, the head records the absence in each turn of which they "
        "have begun no sheet, and HR seats somebody else with a reason."
    ),
    "grading.lots_drawn_already": _("The lots of this panel are drawn. They are drawn once, and stand."),
    "grading.panel_is_closed": _("This panel is closed; its scores stand. To change something, the panel has to be opened again first."),
    "grading.codes_are_open": _("The codes are open; what the panels found stands and can no longer be changed."),
    "grading.declared_already": _("You have declared your conflicts for this panel. If you recognise somebody, step back from that turn."),
    "grading.declare_first": _("Declare your conflicts for this panel first."),
    "grading.declaration_missing": _("Choose one of the two answers."),
    "grading.declaration_none_but_some": _("You chose “none” and named a relation below. Correct one of the two."),
    "grading.declaration_some_but_none": _(
        "You chose “with those named below” and named nobody. Choose a relation in the list, or choose “none”."
    ),
    "grading.plan_past": _("This time has passed. Choose one that lies ahead."),
    "grading.plan_begun": _("The candidate is recorded as present or absent already, so the time cannot be planned anew."),
    "grading.replanned": _("The new time is recorded; the candidate sees it on the own page."),
    "grading.times_kept": _(
        "Saved. Times that were agreed one by one stay, at these places in the order: %(places)s. Where one no longer fits, plan another."
    ),
    "grading.sanction_unknown": _("Choose one of the sanctions."),
    "grading.sanction_nobody_came": _("The candidate is not recorded as present, so there is nothing to sanction."),
    "grading.sanction_outcome_missing": _("Choose whether the sanction is imposed or dropped."),
    "grading.sanction_own": _("You recorded this sanction yourself. Somebody else has to decide about it."),
    "grading.sanction_recorded": _("Recorded. The chair of the council decides about it."),
    "grading.sanction_decided": _("The decision about the sanction is recorded."),
    "grading.gap_sanction": _("%(interview)s: a sanction waits for the decision of the council's chair."),
    "grading.relation_missing": _("Choose the relation."),
    "grading.form.interview": _("interview"),
    "grading.form.oral": _("oral exam"),
    "grading.form.practice": _("practical exam"),
    "grading.form.project": _("project presentation"),
    "grading.forms.interview": _("interviews"),
    "grading.forms.oral": _("oral exams"),
    "grading.forms.practice": _("practical exams"),
    "grading.forms.project": _("project presentations"),
    "grading.recused_here": _("You do not take part in this turn, so that its sheets are closed to you."),
    "grading.joined_late": _(
        "%(member)s joined the panel after a sheet of this turn was locked and does not score it. That cannot be taken back."
    ),
    "grading.recused_already": _("It is recorded already that this member does not score this turn."),
    "grading.reopen_first": _("Your sheet of this turn is locked. Ask the head of the panel or the council's chair to reopen it first."),
    "grading.presence_unknown": _("Choose whether the candidate came."),
    "grading.scored_already": _("A sheet of this turn is or was locked, so the candidate was there. That record stands."),
    "grading.sanctioned_already": _(
        "A sanction stands in this turn, so the candidate was there. If nobody came, the chair of the council drops the sanction first."
    ),
    "grading.absent_has_sheet": _(
        "%(member)s has begun a sheet of this turn and was therefore there. Ask them to finish and lock it; whoever has a conflict with "
        "the candidate steps back instead. Where they cannot come back to it, the council's chair records it."
    ),
    "grading.absence_stands": _("The scores of this turn are, or were, in view. The absence stands; nobody joins afterwards."),
    "grading.not_present": _("The candidate is not recorded as present yet. The head of the panel or HR records it when the turn begins."),
    "grading.sheet_locked": _("This sheet is locked. It changes only by a recorded reopening."),
    "grading.sheet_changed": _(
        "This sheet was saved in another window in the meantime. Open it again there, and compare before you go on."
    ),
    "grading.not_locked": _("This sheet is no longer locked. Reload the page to see how it stands."),
    "grading.own_sheet": _("Nobody reopens their own sheet. Ask the council's chair or the head of the panel."),
    "grading.comment_long": _("The comment is longer than %(most)s characters. Shorten it."),
    "grading.no_decision_asked": _("The members do not differ so much that a decision is needed; the mean stands."),
    "grading.not_decider": _("The rules leave this decision to somebody else, or you do not take part in this turn."),
    "grading.opening_waits": _(
        "The opening of the codes waits for its second signature. It has to be withdrawn before a panel is added or opened again."
    ),
    "grading.codes_closed": _("The codes are not open yet. Two people open them when every panel is closed."),
    "grading.opened_differs": _(
        "What the database holds of round 2 is no longer what two people signed when they opened the codes. Nothing is computed from it;"
        " have the log and a backup checked."
    ),
    "score_decision_too_early": _("Sheets are still awaited. A decision comes after the last one is locked."),
    "score_decision_not_asked": _("The members differ by %(spread)s points, for which the mean holds; there is nothing to decide."),
    "score_decision_wrong_decider": _("The rules leave this decision to somebody else."),
    "score_decision_out_of_range": _("The score has to be from 0 to %(maximum)s."),
    "sheet_faulty": _("A score sheet holds a score that does not fit its criteria. Nothing is computed from it; have it checked."),
    # What is wrong with a typed score.
    "grading.sheet_faulty": _("Scores to mend: %(count)s."),
    "grading.fault_missing": _("No score is given for %(criterion)s. Type a number; where it is zero, type 0."),
    "grading.fault_not_a_number": _("“%(typed)s” is not a number. Type digits, such as 26 or 26.5."),
    "grading.fault_below_zero": _("%(typed)s is below zero. Enter a number from 0 to %(maximum)s."),
    "grading.fault_above_maximum": _("%(typed)s is above the maximum of %(maximum)s. Enter a number from 0 to %(maximum)s."),
    "grading.fault_off_step": _("%(typed)s is finer than the sheet allows. Enter a multiple of %(step)s."),
    # What is missing before a step.
    "grading.gap_members": _("Members: %(count)s of at least %(least)s."),
    "grading.gap_head": _("A head of the panel is missing."),
    "grading.gap_candidates": _("No candidate stands before this panel."),
    "grading.gap_panels": _("There is no panel yet."),
    "grading.gap_unplaced": _("Candidates of round 2 who stand before no panel: %(count)s."),
    "grading.gap_panel_open": _("%(panel)s is not closed."),
    "grading.gap_seal_codes": _("%(panel)s: the codes are not those that the log committed to. Have the log and a backup checked."),
    "grading.gap_seal_sheet": _(
        "%(interview)s: the sheet of %(member)s is not the one whose seal the log holds. Have the log and a backup checked."
    ),
    "grading.gap_seal_decision": _(
        "%(interview)s: the decided score is not the one whose seal the log holds. Have the log and a backup checked."
    ),
    "grading.gap_seal_sheet_gone": _(
        "%(interview)s: the log says that %(member)s has locked a sheet, and none of theirs counts. Have the log and a backup checked."
    ),
    "grading.gap_seal_sheet_new": _(
        "%(interview)s: a sheet of %(member)s counts that the log does not know as locked. Have the log and a backup checked."
    ),
    "grading.gap_seal_versions": _(
        "%(interview)s: the versions of the sheet of %(member)s that do not count are not those that the log holds."
        " Have the log and a backup checked."
    ),
    "grading.gap_seal_decision_gone": _(
        "%(interview)s: the log holds a decided score, and none stands. Have the log and a backup checked."
    ),
    "grading.gap_seal_decision_new": _(
        "%(interview)s: a decided score stands of which the log knows nothing. Have the log and a backup checked."
    ),
    "grading.gap_seal_recusal": _(
        "%(interview)s: why %(member)s does not score here is not what the log says. Have the log and a backup checked."
    ),
    "grading.gap_seal_recusal_gone": _(
        "%(interview)s: the log says that %(member)s does not score here, and no absence or conflict stands."
        " Have the log and a backup checked."
    ),
    "grading.gap_seal_recusal_new": _(
        "%(interview)s: an absence or a conflict of %(member)s stands of which the log knows nothing. Have the log and a backup checked."
    ),
    "grading.gap_seal_sanction": _(
        "%(interview)s: a sanction, or the decision on it, is not what the log says. Have the log and a backup checked."
    ),
    "grading.gap_seal_sanction_gone": _(
        "%(interview)s: the log holds a sanction that is not there any more. Have the log and a backup checked."
    ),
    "grading.gap_seal_sanction_new": _(
        "%(interview)s: a sanction stands of which the log knows nothing. Have the log and a backup checked."
    ),
    "grading.gap_seal_presence": _(
        "%(panel)s: whether candidate %(number)s came, or why not, is not what the log says. Have the log and a backup checked."
    ),
    "grading.gap_seal_panel": _(
        "%(panel)s: whether it has drawn its lots, is closed or opened is not what the log says. Have the log and a backup checked."
    ),
    "grading.gap_seal_panel_gone": _(
        "%(panel)s: the log says that it drew its lots, and it does not show them or is not there. Have the log and a backup checked."
    ),
    "grading.gap_seal_lots": _(
        "%(panel)s: the seed or the order of its lots is missing, or is not what the log holds. Have the log and a backup checked."
    ),
    "grading.gap_seal_interviews": _(
        "%(panel)s: its interviews are not those of the candidates who drew the lots. Have the log and a backup checked."
    ),
    "grading.gap_seal_seat": _("%(panel)s: the seat of %(member)s is not what the log says. Have the log and a backup checked."),
    "grading.gap_seal_opening": _(
        "Who signed the opening of the codes, or what they signed, is not what the log says. Have the log and a backup checked."
    ),
    "grading.gap_opened_differs": _(
        "What the database holds of round 2 is not what two people signed when they opened the codes. Have the log and a backup checked."
    ),
    "grading.gap_kept_from": _("%(interview)s: something is still missing; you do not take part in this turn."),
    "grading.gap_waiting": _("%(interview)s: it is not recorded whether the candidate came."),
    "grading.gap_sheets": _("%(interview)s: neither a locked sheet nor a recorded absence of %(members)s."),
    "grading.gap_few": _("%(interview)s: sheets of %(count)s of at least %(least)s members. HR can seat another member."),
    "grading.gap_board_head": _("%(interview)s: the head decides the score."),
    "grading.gap_council_chair": _("%(interview)s: the council's chair decides the score."),
    # What was done.
    "grading.panel_removed": _("The panel %(name)s was removed."),
    "grading.panel_has_candidates": _("Candidates stand before this panel. Move them to another panel first; then it can be removed."),
    "grading.no_more_panels": _(
        "The codes of round 2 are open, and what the panels found stands as two people signed it. No panel can be added any more."
    ),
    "grading.panel_created": _("The panel %(name)s was created. Seat its members next."),
    "grading.member_seated": _("%(name)s sits on the panel."),
    "grading.member_unseated": _("The seat was taken back."),
    "grading.head_changed": _("%(name)s heads the panel from now on."),
    "grading.assigned": _("Candidates put before this panel: %(count)s."),
    "grading.moved": _("The candidate was moved to %(panel)s."),
    "grading.lots_drawn": _("The lots are drawn. Seed, order and the digest of the codes stand in the log."),
    "grading.declared": _("Your declaration is recorded."),
    "grading.recused": _("It is recorded that you do not take part in turn %(interview)s."),
    "grading.presence_recorded": _("Recorded."),
    "grading.absence_recorded": _("It is recorded that %(member)s was absent."),
    "grading.absence_lifted": _("The absence of %(member)s was taken back."),
    "grading.sheet_saved": _("Draft saved as version %(version)s. It counts only once it is locked."),
    "grading.sheet_was_locked": _("The sheet is locked."),
    "grading.sheet_reopened": _("The sheet is open again. Its member corrects it and locks it anew."),
    "grading.decided": _("The decision is recorded."),
    "grading.closed": _("The panel is closed. Its scores stand."),
    "grading.panel_reopened": _("The panel is open again. The reason stands in the log."),
    "grading.opening_proposed": _("You have signed as the first person. A second one has to sign now."),
    "grading.opening_withdrawn": _("The opening was withdrawn. The reason stands in the log."),
    "grading.codes_opened": _("The codes are open. The ranking can be drafted now."),
    # Names of states, duties, relations.
    "grading.panel_planned": _("being set up"),
    "grading.panel_drawn": _("lots drawn"),
    "grading.panel_closed": _("closed"),
    "grading.panel_opened": _("codes open"),
    "grading.duty_head": _("Head of the panel"),
    "grading.duty_member": _("Member"),
    "grading.duty_decider": _("Decides, does not score"),
    "grading.no_sheet_needed": _("This candidate takes part no more: nothing is recorded or scored here."),
    "grading.gone_withdrawn": _("Withdrew the application. No sheet is needed."),
    "grading.gone_ended": _("The position was closed. No sheet is needed."),
    "grading.gone_not_admitted": _("The corrected round 1 result no longer admits this candidate. No sheet is needed."),
    "grading.state_waiting": _("not called yet"),
    "grading.state_present": _("present"),
    "grading.state_no_show": _("did not come"),
    "grading.by_mean": _("mean of the members"),
    "grading.by_board_head": _("decided by the head"),
    "grading.by_council_chair": _("decided by the council's chair"),
    "grading.wait_board_head": _("The head decides."),
    "grading.wait_council_chair": _("The council's chair decides."),
    "grading.declare_none": _("I have no conflict with any of these candidates"),
    "grading.declare_some": _("I have a conflict with those named below, and do not take part in their turns"),
    "grading.relation_none": _("no relation"),
    "grading.relation_to": _("Relation to %(name)s"),
    "grading.relation_words": _("Relation to %(name)s in a few words"),
}
