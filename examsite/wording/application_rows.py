"""What is wrong in a file of applications, and what was repaired, beside the cell it is about."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "applications.name_characters": _(
        "A name holds letters only. If the letters look wrong, the file uses an old font (TCVN3, VNI): convert it to Unicode."
    ),
    "applications.date_unreadable": _("This is no day that can be read. Write it as day/month/year, such as 12/03/1985."),
    "applications.date_impossible": _("There is no such day in the calendar. Correct it."),
    "applications.date_month_first": _("This seems to be written month first (day %(day)s, month %(month)s). Write it as day/month/year."),
    "applications.date_ambiguous": _(
        "Other days of this column are written month first, so this may be day %(day)s of month %(month)s or the reverse. "
        "Write the column as day/month/year."
    ),
    "applications.date_short_year": _("The year has two digits only. Write it with four."),
    "applications.date_year_only": _("Only the year is given. Write the day and the month too."),
    "applications.date_out_of_range": _("The year is not between %(earliest)s and %(latest)s. Correct it."),
    "applications.gender_unknown": _("Write “Nam” (male) or “Nữ” (female)."),
    "applications.identity_length": _("The number has %(found)s digits; a personal identity number has 12. Copy it from the card."),
    "applications.identity_old_card": _("This is a 9-digit number of an old identity card. Enter the 12-digit personal identity number."),
    "applications.identity_rounded": _(
        "The spreadsheet program rounded this number, and its digits are lost. Format the column as text and enter it again."
    ),
    "applications.identity_characters": _("The number holds something other than digits. Enter the 12 digits only."),
    "applications.identity_province": _("No province has the code %(found)s with which the number begins. Copy it from the card."),
    "applications.identity_birth_year": _(
        "The number belongs to somebody born in %(found)s, but the date of birth says %(expected)s. Correct one of them."
    ),
    "applications.identity_gender": _("By this number the person is %(found)s, which differs from the gender given. Correct one of them."),
    "applications.identity_zeros_doubtful": _(
        "The number has %(found)s digits, and with leading zeros (%(tried)s) it does not fit the province codes, "
        "the birth year or the gender. Enter the 12 digits as text."
    ),
    "applications.identity_twice": _("The personal identity number %(value)s stands also in row %(rows)s. Keep one of the rows."),
    "applications.position_unknown": _("The campaign has no position with this code. Known codes: %(known)s."),
    "applications.phone_invalid": _(
        "This is no Vietnamese telephone number. Enter 10 digits beginning with 0, or correct the landline number."
    ),
    "applications.years_invalid": _("Enter whole years from 0 to %(limit)s."),
    "applications.identity_zeros_restored": _("Leading zeros were put back: %(value)s. Birth year and gender confirm it."),
    "applications.identity_separators_removed": _("Blanks and signs were removed: %(value)s."),
    "applications.identity_country": _("The number begins with %(found)s, the code of a country of birth. Check it against the card."),
    "applications.date_from_serial": _("The cell holds a plain number, which was read as the day %(value)s. Check it."),
    "applications.position_matched": _("The code was read as %(value)s."),
    "applications.phone_zero_restored": _("The leading zero was put back: %(value)s."),
    "applications.phone_prefix_replaced": _("The country code was replaced: %(value)s."),
    "male": _("male"),
    "female": _("female"),
}
