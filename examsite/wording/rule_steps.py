"""Sentences about bands and levels of the rules that are put in or taken out."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "rules.add_late": _("Add a band of late entry"),
    "rules.add_levels": _("Add a level"),
    "rules.add_spread": _("Add a band of differences"),
    "rules.remove_late": _("Take out this band of late entry: %(name)s"),
    "rules.remove_levels": _("Take out this level: %(name)s"),
    "rules.remove_spread": _("Take out this band of differences: %(name)s"),
    "rules.place_late": _(
        "It holds from the length of exam at which it begins up to where the next band begins. "
        "Change the names of its neighbours afterwards, where they tell lengths."
    ),
    "rules.place_levels": _(
        "It goes from where it begins in each criterion up to where the next level begins, and stands in the same place in all of them."
    ),
    "rules.place_spread": _("It holds for differences from where it begins up to where the next band begins."),
    "rules.below_late": _("The band below it then holds for these exams too. The first band begins at 0 and stays."),
    "rules.below_levels": _("The level below it then holds for these scores too. The lowest level begins at 0 and stays."),
    "rules.below_spread": _("The band below it then holds for these differences too; where there is none, the mean is the score."),
}
