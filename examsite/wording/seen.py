"""What the readers of the log are told in words: who saw or took what."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "act_of.campaigns:document:opened": _("opened a document of an application"),
    "act_of.campaigns:list:taken": _("took a list with names as a workbook"),
    "act_of.questions:items:exported": _("took questions with their keys as a file"),
}
