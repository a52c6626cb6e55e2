"""Why somebody else than the council's chair decides."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "chair.why_vacant": _("Nobody holds the chair of the council."),
    "chair.why_conflict": _("The chair declared a conflict of interest."),
    "chair.why_member": _("The chair scored here too."),
    "chair.why_reported": _("The chair reported or witnessed it."),
    "log_field.in_place": _("Decided by the deputy chair"),
    "log_value.in_place.vacant": _("nobody holds the chair"),
    "log_value.in_place.conflict": _("the chair has a conflict of interest"),
    "log_value.in_place.member": _("the chair scored here too"),
    "log_value.in_place.reported": _("the chair reported or witnessed it"),
}
