"""What is wrong in a list that somebody brought as a file, and what was repaired, beside the cell it is about."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "lists.no_table": _("No visible sheet has the columns of the template. Download the template and fill it in."),
    "lists.no_rows": _("There is no row below the header. Fill in at least one row."),
    "lists.column_missing": _("The column “%(wanted_en)s” (%(wanted)s) is missing. Add it to the table."),
    "lists.column_twice": _("This column means the same as “%(first)s”. Delete one of them."),
    "lists.required": _("The cell is blank. Fill it in."),
    "lists.merged": _("Rows %(first)s to %(last)s are merged here, and only the first holds the value. Unmerge them and fill in each row."),
    "lists.cell_error": _("The cell shows an error of the spreadsheet. Type the value itself."),
    "lists.formula_without_value": _(
        "The cell holds a formula without a stored result. Open the file in Excel and save it, or type the value itself."
    ),
    "lists.date_where_text_belongs": _("The cell holds a date where text is expected. Format it as text and type it again."),
    "lists.too_long": _("The text is longer than %(limit)s characters. Shorten it."),
    "lists.email_invalid": _("This is no single e-mail address. Enter one address without marks."),
    "lists.composed": _("Letters and their marks were stored apart and were joined."),
    "lists.blanks_removed": _("Doubled, special or invisible blanks were removed."),
    "lists.formula_value_taken": _("The cell is a formula; its stored result was taken."),
    "lists.row_hidden": _("The row is hidden in the file and was read as well."),
    "lists.sheet_hidden": _("The sheet is hidden and was not read. Unhide it if its rows are meant."),
    "lists.sheet_without_table": _("The sheet has no columns of the template and was not read."),
    "lists.column_unknown": _("The column is unknown and was not read."),
    "lists.changed_since": _("What the file comes to has changed since this page was shown. Look at it again, then decide."),
    "lists.applications.title": _("Take in a file of applications"),
    "lists.applications.about": _("Rows that are there already are passed over, so the same file can be taken in twice without harm."),
    "lists.applications.all_known": _("Everybody in this file is there already; there is nothing to take in."),
    "lists.applications.taken": _("%(taken)s applications were taken in; %(known)s were there already, %(left)s rows were left out."),
    "lists.number_out_of_range": _("Enter a whole number from %(fewest)s to %(most)s."),
    "lists.choice_unknown": _("This is none of the words that can stand here: %(known)s."),
}
