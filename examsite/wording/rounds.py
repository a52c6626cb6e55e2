"""Sentences of the exam: sessions, papers, sittings, receipts."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "timing.taken_back": _("Time that was given is not taken back. Give zero or more."),
    "timing.unknown_part": _("This part is not one that the candidate sits."),
    "drawing.bank_too_small": _("The question bank is too small for the papers. See below what is missing."),
    "marking.unknown_option": _("An answer names an option that its question does not have. Ask the administrator to check the log."),
    "marking.option_twice": _("An answer names one option twice. Ask the administrator to check the log."),
    "marking.too_many_options": _("An answer names more options than its question takes. Ask the administrator to check the log."),
    "rounds.no_such_part": _("The exam has no part of this name. Go back to the waiting room."),
    "rounds.not_yet": _("This part has not begun yet. Stay in the waiting room; the button appears by itself."),
    "rounds.too_late_to_enter": _("The time for late entry has passed. Please speak to the invigilator."),
    "rounds.part_is_over": _("The time of this part is over."),
    "rounds.papers_not_ready": _("The papers of this exam session are not sealed yet. Please wait, or ask the invigilator."),
    "rounds.session_is_closed": _("This exam session is closed."),
    "rounds.you_are_absent": _("You were recorded as absent from this exam session. Please speak to the invigilator."),
    "rounds.you_are_voided": _("Your exam was voided. The reason is with the exam council; please speak to the invigilator."),
    "rounds.you_are_exempt": _("You are exempted from this part and need not sit it."),
    "rounds.moved": _("You went on with this part on another device. Hand in there, or take over on this device first."),
    "rounds.moved_meanwhile": _("Another device took over in this very moment. Reload the page to see where you are working."),
    "rounds.answers_wait": _(
        "This page and the server differ on what is saved: the server holds %(stored)s saves, the page counts %(page)s. Go back to the exam"
        " page and wait until it says that everything is saved, then hand in."
    ),
    "rounds.last_seq_unreadable": _("The page sent a count that cannot be read. Go back to the exam page and hand in from there."),
    "rounds.key_missing": _("The key of question %(item)s is missing, so the paper cannot be marked. Ask the question board."),
}
