"""Sentences of campaigns, their rules, units, positions and boards."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "campaigns.created": _("The campaign was created. You head its HR board; appoint the other boards next."),
    "campaigns.changed": _("The campaign was changed."),
    "campaigns.code_form": _("The code may hold letters without marks, digits, hyphens, dots and underscores: for example LA-2026-01."),
    "campaigns.code_taken": _("Another campaign has the code %(campaign)s. Choose another one."),
    "campaigns.code_unknown": _("There is no campaign with the code %(campaign)s. The command “examsite campaigns” lists them."),
    "campaigns.text_missing": _("Fill in this field."),
    "campaigns.time_zone_unknown": _("There is no such time zone. Choose one of the list."),
    "campaigns.set_unknown": _("Choose one of the rule sets."),
    "campaigns.set_waits": _("The rule set “%(name)s” cannot be run to its end yet. Choose another one."),
    "campaigns.no_draft": _("The campaign has been announced, so this stands as it was published and cannot be changed here."),
    "campaigns.rules_frozen": _("The rules were frozen when the campaign was announced and cannot be changed any more."),
    "campaigns.rules_broken": _(
        "The rules of this campaign are no longer those that were published under the digest %(digest)s. "
        "Nothing can go on until the operator of this site has found out why."
    ),
    "campaigns.rules_would_not_run": _("With these values the program could not run the campaign to its end. Choose others."),
    "campaigns.rules_changed": _("The rules were changed; each old value stands beside its new one."),
    "campaigns.nothing_changed": _("All values are the present ones. Change at least one of them."),
    "campaigns.language_in_use": _("The position %(position)s, %(title)s, needs a language that would be gone. Change the position first."),
    "campaigns.seats_clash": _("%(name)s sits on boards that would not go together any more. End one of the seats first."),
    "campaigns.shortage_stage": _("This is decided after screening and before the exam. The campaign stands at another stage."),
    "campaigns.shortage_unknown": _("Choose whether to go on or to close the position."),
    "campaigns.shortage_undecided": _(
        "Applications for this position without a decision: %(count)s. Have them screened first; then it shows whether there are too few."
    ),
    "campaigns.shortage_none": _("The position has at least %(least)s eligible candidates, so there is nothing to decide."),
    "campaigns.shortage_nobody": _("Nobody is eligible for this position, so nobody is there to go on with. It can only be closed."),
    "campaigns.shortage_decided": _("The decision about the position is recorded."),
    "campaigns.shortage_go_on": _("The exam goes on with fewer candidates."),
    "campaigns.shortage_close": _("The position is closed; nobody is examined for it."),
    "campaigns.unit_created": _("The unit was added."),
    "campaigns.unit_changed": _("The unit was changed."),
    "campaigns.unit_code_taken": _("Another unit has the code %(unit)s. Choose another one."),
    "campaigns.unit_in_itself": _("A unit cannot belong to itself or to a unit beneath it. Choose another one."),
    "campaigns.unit_unknown": _("Choose one of the units."),
    "campaigns.position_created": _("The position was added."),
    "campaigns.position_changed": _("The position was changed."),
    "campaigns.position_removed": _("The position was removed."),
    "campaigns.position_code_taken": _("Another position of this campaign has the code %(position)s. Choose another one."),
    "campaigns.position_applied_for": _("Somebody has applied for this position, so it cannot be removed."),
    "campaigns.quota_range": _("Enter a number of seats from 1 to %(most)s."),
    "campaigns.language_missing": _("Round 1 has a part in a foreign language. Choose the language that this position needs."),
    "campaigns.language_unknown": _("Choose one of the languages of the rule set."),
    "campaigns.criterion_twice": _("Two criteria have the same text. Leave one of them out."),
    "campaigns.criterion_judged": _("Criterion %(number)s has been used to judge an application, so it has to stay as it is."),
    "campaigns.appointed": _("%(name)s was appointed: %(board)s, %(duty)s."),
    "campaigns.seat_ended": _("The seat of %(name)s has ended. The pages of that board are closed to them from now on."),
    "campaigns.nobody_chosen": _("Choose a person from the list."),
    "campaigns.not_staff": _("%(name)s has no open staff account and cannot be appointed."),
    "campaigns.board_unknown": _("Choose one of the boards."),
    "campaigns.duty_unknown": _("Choose one of the duties."),
    "campaigns.already_on_board": _("%(name)s sits there already: %(board)s. End that seat first if the duty is to be another."),
    "campaigns.head_taken": _("%(name)s heads this board. End that seat first, or choose another duty."),
    "campaigns.keeps_accounts": _(
        "%(name)s is an administrator, who can give anybody a new code, and so sits on no board that sees papers, scores or the "
        "names behind codes: %(board)s. Choose somebody else."
    ),
    "campaigns.boards_clash": _(
        "%(name)s sits on another board (%(other)s), and nobody may sit on both: %(other)s and %(board)s. "
        "The rule is “%(group)s” in the rules of this campaign."
    ),
    "campaigns.last_of_hr": _("This is the last seat of the HR board. Appoint somebody else to it before you end this one."),
    "board.hr": _("HR board"),
    "board.council": _("Council"),
    "board.question": _("Question board"),
    "board.invigilation": _("Invigilation board"),
    "board.code": _("Code board"),
    "board.marking": _("Marking board"),
    "board.remarking": _("Re-marking board"),
    "board.panel": _("Interview board"),
    "board.supervision": _("Supervision board"),
    "board_does.hr": _("Runs the campaign: positions, applications, screening, lists"),
    "board_does.council": _("Decides ties, differences, penalties and publication"),
    "board_does.question": _("Writes and approves questions, builds and seals papers"),
    "board_does.invigilation": _("Watches over the exam rooms"),
    "board_does.code": _("Makes the codes, keeps them sealed and opens them"),
    "board_does.marking": _("Marks written papers under their codes"),
    "board_does.remarking": _("Marks again on appeal"),
    "board_does.panel": _("Interviews candidates and scores them"),
    "board_does.supervision": _("Reads everything and writes nothing"),
    "duty.head": _("head"),
    "duty.secretary": _("secretary"),
    "duty.member": _("member"),
}
