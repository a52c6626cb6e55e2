"""Sentences about the days of the house."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "holidays.name_missing": _("Give the day a name."),
    "holidays.kind_unknown": _("Choose whether the day is a holiday or is worked."),
    "holidays.weekday_in_lieu": _("Monday to Friday are worked anyway. Only a Saturday or Sunday can be worked in place of a day off."),
    "holidays.day_taken": _("%(day)s stands on the list already. Change it there."),
    "holidays.changed_by_other": _(
        "Somebody else changed this day in the meantime. It now says: %(day)s, %(name)s, %(kind)s. What you typed is kept below; save it "
        "if it is to take the place of that."
    ),
    "holidays.gone": _(
        "Somebody else removed this day in the meantime. What you typed is kept below; save it if the day is to be entered anew."
    ),
    "holidays.added": _("The day is entered. Due dates count with it from now on."),
    "holidays.changed": _("The day is changed. Due dates count with it from now on."),
    "holidays.removed": _("The day is removed. The log keeps what it was."),
    "holidays.taken": _("%(count)s days are entered. Compare those that are not confirmed with the notice of the year."),
    "holidays.nothing_to_take": _("All days that the program knows are entered already."),
    "holidays.kind_holiday": _("holiday"),
    "holidays.kind_in_lieu": _("worked"),
    "weekday.0": _("Monday"),
    "weekday.1": _("Tuesday"),
    "weekday.2": _("Wednesday"),
    "weekday.3": _("Thursday"),
    "weekday.4": _("Friday"),
    "weekday.5": _("Saturday"),
    "weekday.6": _("Sunday"),
}
