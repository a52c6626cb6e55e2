"""Sentences of what happens on the way: corrected names, closed positions, applications moved or given up, sessions postponed."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "people.corrected": _("The entries are corrected. The log keeps the former ones."),
    "people.closed": _("The campaign is closed, so nothing about its people is corrected here any more."),
    "people.name_missing": _("Type the full name."),
    "people.name_long": _("At most %(longest)s characters fit here."),
    "people.birth_range": _("Applicants were born between %(earliest)s and %(latest)s. Check the year of birth."),
    "people.birth_unreadable": _("Type a day that exists, such as 12/03/1985."),
    "people.nothing_corrected": _("Name and date of birth are as they were. Change at least one of them."),
    "closures.closed": _("The position is closed. Applications that ended with it: %(count)s."),
    "closures.moved": _("The application goes on for the other position and waits to be judged."),
    "closures.not_announced": _("The campaign is a draft. Remove the position instead."),
    "closures.too_late": _("The ranking stands, so a position cannot be closed any more."),
    "closures.document_missing": _("Name the decision that closes the position."),
    "closures.closed_already": _("The position is closed already."),
    "closures.move_nowhere": _("The application is for this position already. Choose another one."),
    "closures.move_closed": _("This position is closed. Choose another one."),
    "closures.move_eligible": _("The application is eligible for its position. Take the decision back with a reason before you move it."),
    "stands_now": _("Now it says: %(value)s"),
    "applications.grade_unknown": _(
        "This is none of the four grades. Write Excellent, Good, Completed or Not completed, as the template offers them."
    ),
    "intake.by_needed": _("The file holds yearly classifications. Name with --by the HR officer in whose name they are recorded."),
    "campaigns.changed_meanwhile": _(
        "Somebody else changed this in the meantime, so nothing was saved. Where it now says something other than you typed, that stands "
        "beside the field. Save again to put yours in its place."
    ),
    "campaigns.criterion_gone": _(
        "Somebody took this criterion out in the meantime: “%(text)s”. Type it among the further criteria if it is to stand."
    ),
    "campaigns.criterion_new": _("Somebody added this criterion in the meantime."),
    "screening.changed_meanwhile": _(
        "%(who)s judged this application in the meantime, so nothing was saved. What was found now stands at each criterion, and what you "
        "typed is kept. Compare the two, then save again."
    ),
    "screening.exemption_open": _(
        "The exemption was decided for a position with another language. Decide it anew on the evidence before the application is eligible."
    ),
    "together.exemption_open": _("its exemption has to be decided first"),
    "history.campaigns:entitlement:lapsed": _("exemption lapsed with the move"),
    "screening.met_missing": _("You wrote a reason about criterion %(number)s. Say whether it is fulfilled."),
    "questions.blueprint_changed": _(
        "Somebody else saved this blueprint meanwhile, so yours was not saved. Below stands where it now differs from what you typed. "
        "Save again to put yours in its place."
    ),
    "screening.position_closed": _("The position is closed, so nobody is judged for it any more. Move the application to another one."),
    "screening.withdraw_unsure": _("Tick this if you mean it."),
    "screening.withdrew": _("Your application is given up. The HR office sees it at once."),
    "history.campaigns:person:corrected": _("name or date of birth corrected"),
    "history.campaigns:application:ended": _("ended with its position"),
    "history.campaigns:application:moved": _("moved to another position"),
    "rounds.postponed": _("The session is postponed. Its candidates see the new time; roster and seats are kept."),
    "rounds.postpone_earlier": _("The new start has to be later than the present one."),
    "rounds.postpone_begun": _("The session has begun, so it cannot be postponed. Give time, or void it."),
    "rounds.you_are_out": _("You take part in this campaign no more, so you cannot begin. Please speak to the invigilator."),
}
