"""Sentences of applications: taking in, screening, entitlements, candidate numbers, codes."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "applications.any_position": _("All positions"),
    "applications.any_state": _("All states"),
    "applications.choose_position": _("Choose a position"),
    "intake.field_blank": _("Fill in this field."),
    "intake.file_missing": _("Choose a file first."),
    "intake.file_empty": _("The file is empty. Choose the file that holds the list."),
    "intake.upload_gone": _(
        "This file was taken in or dropped in the meantime, or has been waiting too long. Look at the list; what it lacks can be uploaded "
        "again."
    ),
    "intake.has_errors": _(
        "%(count)s places have to be mended, so nothing was taken. Mend the file and upload it again, or take in the good rows alone."
    ),
    "intake.no_good_rows": _("No row of the file can be taken in. Mend the file and upload it again."),
    "intake.person_differs": _(
        "This number is known as %(known_name)s, born on %(known_birth)s; here it stands with %(name)s, born on %(birth)s. "
        "Find out which is right, then mend the file or the application that is known."
    ),
    "intake.applied_elsewhere": _(
        "%(name)s has applied for %(position)s in this campaign already, and one person has one application. "
        "Leave this one out, or take it in in the place of the first."
    ),
    "intake.applied_before": _(
        "%(name)s gave up an application for %(position)s, or its position was closed. This one is taken in besides."
    ),
    "intake.other_person": _("This is not the person whose application is to be withdrawn. Look at the personal identity number again."),
    "intake.taken_instead": _("The first application of %(name)s is withdrawn, and the one in the file is taken in."),
    "screening.applied_again": _(
        "The person has another application in this campaign since. Withdraw that one first; then this one can be judged again."
    ),
    "intake.there_already": _("%(name)s has applied for %(position)s already. The row is passed over and nothing is changed."),
    "intake.there_already_years": _(
        "%(name)s has applied for %(position)s already. The row is passed over; for its classifications take this file in on the page "
        "“Take in yearly classifications”."
    ),
    "intake.taken": _("%(taken)s applications were taken in; %(known)s were there already, %(left)s rows were left out."),
    "intake.dropped": _("The file was dropped. Nothing of it was taken in."),
    "intake.added": _("The application was taken in."),
    "intake.corrected": _("The application was corrected. The log says who changed which entries, and why."),
    "intake.identity_taken": _("%(name)s is known by this number. One number belongs to one person; find out whose it is."),
    "intake.identity_shared": _(
        "Another campaign or a candidate account rests on this person, so the number cannot be changed here. "
        "If the application is somebody else's, record its withdrawal and take it in anew under the right number."
    ),
    "intake.position_judged": _("Criteria of this position were judged already, so the application stays with it."),
    "intake.correct_undecided": _("Only an undecided application can be corrected. Take the decision back first."),
    "intake.nothing_corrected": _("All entries are as they were. Change at least one of them."),
    "intake.counts": _("%(good)s rows can be taken, %(faulty)s have errors, %(known)s are there already."),
    "intake.reading": _("Reading %(name)s …"),
    "intake.would_take": _("Dry run: nothing was taken in."),
    "intake.by_unknown": _("There is no account with the sign-in name %(name)s."),
    "intake.by_not_keeper": _("%(name)s may not change the units of the house, so nothing can be taken in under that name."),
    "intake.by_not_hr": _("%(name)s does not sit on the HR board of this campaign, so nothing can be taken in under that name."),
    "intake.whole_file": _("whole file"),
    "intake.row": _("row %(row)s"),
    "screening.not_announced": _("The campaign is not announced yet, so no application can be taken in or judged."),
    "screening.over": _("Screening is over. Applications can be changed again only after a recorded step back to the stage before."),
    "screening.published": _(
        "A list of this campaign has been published, so its applications stand as they are. "
        "They can be changed again only after a recorded step back."
    ),
    "screening.why_missing": _("Write why criterion %(number)s is met or not met, or give one reason for all criteria."),
    "screening.decided_already": _("This application is decided. Take the decision back with a reason before you judge it anew."),
    "screening.not_all_met": _(
        "Only an application that meets every criterion is eligible. Look at those that are not met or not judged yet."
    ),
    "screening.none_unmet": _("An application is rejected only for a criterion that is not met. Mark it, and write why."),
    "screening.decision_unknown": _("Choose one of the decisions."),
    "screening.not_decided": _("This application is not decided, so there is nothing to take back."),
    "screening.too_late_to_withdraw": _("The ranking stands, so a withdrawal cannot be recorded any more."),
    "screening.cannot_withdraw": _("Only an application that is undecided or eligible can be withdrawn."),
    "screening.no_decision": _("no decision yet"),
    "screening.saved": _("%(name)s: saved."),
    "screening.saved_eligible": _("%(name)s: eligible."),
    "screening.saved_rejected": _("%(name)s: not eligible."),
    "screening.reopened": _("The decision was taken back; the application waits to be judged anew."),
    "screening.withdrawn": _("The withdrawal is recorded."),
    "entitlements.choose_ground": _("Choose a ground"),
    "entitlements.choose_decision": _("Say whether it is granted or refused."),
    "entitlements.no_language": _("The position needs no foreign language, so there is no part to be exempted from."),
    "entitlements.unknown": _("Choose one of the grounds that the rules of this campaign name."),
    "entitlements.evidence_missing": _("Name the document that this rests on, or what was missing in it."),
    "entitlements.as_before": _("This was decided just so before. Change the decision or the evidence."),
    "entitlements.decided": _("The decision on the evidence is recorded."),
    "numbers.by_name": _("By position code, then by name in Vietnamese order"),
    "numbers.by_lot": _("By lot, with a seed that is recorded so that anybody can repeat it"),
    "numbers.arrangement_unknown": _("Choose one of the two orders."),
    "numbers.undecided": _("%(count)s applications are not decided yet. Numbers are given once everybody is decided."),
    "numbers.nobody": _("Every eligible candidate has a number already."),
    "numbers.given": _("%(count)s candidate numbers were given, from %(first)s to %(last)s."),
    "access_codes.nobody": _("There is nobody to make a code for. Codes are for eligible candidates who have a number."),
    "access_codes.name_taken": _("The sign-in name %(name)s belongs to somebody else. Ask the operator of this site."),
    "access_codes.no_account": _("This candidate has no account yet. Make the codes for all new candidates first."),
    "access_codes.closed": _("The campaign is closed, so no more codes are made."),
    "history.campaigns:application:received": _("typed in"),
    "history.campaigns:application:corrected": _("corrected"),
    "history.campaigns:application:judged": _("criteria judged"),
    "history.campaigns:application:decided": _("decided"),
    "history.campaigns:application:reopened": _("decision taken back"),
    "history.campaigns:application:withdrawn": _("withdrawal recorded"),
    "history.campaigns:entitlement:decided": _("evidence decided"),
    "history.campaigns:code:reissued": _("new activation code"),
}
