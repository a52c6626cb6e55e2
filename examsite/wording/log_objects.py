"""What the objects of log entries are called: the word before the colon, for a reader who knows no code."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "log_object.account": _("Account"),
    "log_object.allocation": _("Seating plan"),
    "log_object.appeal": _("Appeal"),
    "log_object.application": _("Application"),
    "log_object.blueprint": _("Blueprint"),
    "log_object.campaign": _("Campaign"),
    "log_object.draft": _("Draft of a list"),
    "log_object.entry": _("Place on the roster"),
    "log_object.file": _("Question file"),
    "log_object.holiday": _("Holiday"),
    "log_object.holidays": _("Holidays"),
    "log_object.import": _("File of applications"),
    "log_object.interview": _("Interview"),
    "log_object.interviews": _("Interviews of a panel"),
    "log_object.item": _("Question"),
    "log_object.list": _("List"),
    "log_object.membership": _("Seat on a board"),
    "log_object.numbering": _("Candidate numbers"),
    "log_object.panel": _("Panel"),
    "log_object.position": _("Position"),
    "log_object.publication": _("Published list"),
    "log_object.room": _("Exam room"),
    "log_object.session": _("Exam session"),
    "log_object.sheet": _("Score sheet"),
    "log_object.sitting": _("Sitting"),
    "log_object.unit": _("Unit"),
    "log_object.upload": _("Uploaded file"),
    "log_object.violation": _("Violation"),
}
