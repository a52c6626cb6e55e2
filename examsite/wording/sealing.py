"""Sentences about drawn papers that do not pass the check."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "rounds.paper_wrong": _(
        "Nothing was sealed. The paper of candidate %(number)s in the part %(part)s does not pass the check: %(why)s. Question: %(item)s."
        " Ask the administrator to look into it before drawing again."
    ),
    "paper.length": _("it has another number of questions than the blueprint asks for"),
    "paper.twice": _("a question stands in it twice"),
    "paper.foreign": _("a question in it is not one of the bank it is drawn from"),
    "paper.version": _("a question in it has another version than the approved one"),
    "paper.options": _("the options of a question are not complete, or not in their fixed order"),
    "paper.cell": _("its topics and difficulties are not those of the blueprint"),
    "paper.difficulty": _("its expected difficulty lies outside the band"),
}
