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
    "lists.classifications.title": _("Take in yearly classifications"),
    "lists.classifications.about": _(
        "This is for applications that are in already. A year that has none yet is added; another grade or decision is shown to you as a "
        "change, and what stood before stays readable. A blank cell changes nothing."
    ),
    "lists.classifications.all_known": _("Every classification of this file stands already; there is nothing to take in."),
    "lists.classifications.taken": _(
        "Years were added for %(taken)s people and changed for %(changed)s; for %(known)s nothing was new, %(left)s rows were left out."
    ),
    "years.nobody": _("Nobody with this personal identity number has applied in this campaign. Correct the number, or leave the row out."),
    "years.other_name": _("The application with this personal identity number is that of %(name)s. Correct the number or the name."),
    "years.same": _("For %(name)s the row says nothing that does not stand already. It is passed over."),
    "years.changes": _("%(name)s, %(year)s: “%(before)s” becomes “%(after)s”."),
    "years.other_source": _("%(name)s, %(year)s: the decision “%(before)s” becomes “%(after)s”."),
    "years.zeros_restored": _("Leading zeros were put back: %(value)s. See whether the name is the right one."),
    "lists.units.title": _("Take in a list of units"),
    "lists.units.about": _(
        "A unit is known by its code: one that stands already with the same name and place is passed over, another name or place is shown "
        "to you as a change."
    ),
    "lists.units.all_known": _("Every unit of this file is there already; there is nothing to take in."),
    "lists.units.taken": _("%(taken)s units were added, %(changed)s changed; %(known)s were there already, %(left)s rows were left out."),
    "units.code_twice": _("The code %(value)s stands also in row %(rows)s. Keep one of the rows, or give each unit a code of its own."),
    "units.parent_unknown": _(
        "Neither the house nor a good row of this file has a unit with this code or name. Correct the cell, or add that unit to the list."
    ),
    "units.parent_several": _("Several units have this name: %(known)s. Write the code instead."),
    "units.circle": _("By this file the unit would stand beneath itself. Correct where it belongs to."),
    "units.same": _("%(name)s stands already with this name and place. The row is passed over."),
    "units.renamed": _("The unit is called “%(before)s” and will be called “%(after)s”."),
    "units.moved": _("%(name)s belongs to %(before)s and will belong to %(after)s."),
    "lists.positions.title": _("Take in a list of positions"),
    "lists.positions.about": _(
        "A position is known by its code: one that stands already as the file says is passed over, and whatever the file says otherwise is "
        "shown to you as a change. A file without standards leaves those that stand."
    ),
    "lists.positions.all_known": _("Every position of this file stands already as it says; there is nothing to take in."),
    "lists.positions.taken": _(
        "%(taken)s positions were added, %(changed)s changed; %(known)s were there already, %(left)s rows were left out."
    ),
    "positions.code_twice": _("The code %(value)s stands also in row %(rows)s. Give each position a code of its own."),
    "positions.unit_unknown": _("The house has no unit with this code or name. Choose one from the list, or take in the units first."),
    "positions.unit_several": _("Several units have this name: %(known)s. Write the code instead."),
    "positions.same": _("%(title)s stands already as the file says. The row is passed over."),
    "positions.changed": _("%(code)s: “%(before)s” becomes “%(after)s”."),
    "positions.criteria_changed": _("%(code)s: standards that go: %(gone)s; standards that come: %(added)s."),
    "lists.staff.title": _("Take in a list of staff"),
    "lists.staff.about": _(
        "Everybody new gets an account and an activation code, which is shown once. Somebody with an account is known by the sign-in name "
        "and passed over. Boards that the file names are given on the page of the boards, from the same file."
    ),
    "lists.staff.all_known": _("Everybody in this file has an account already; there is nothing to take in."),
    "lists.staff.taken": _("%(taken)s accounts were made; %(known)s rows name people who have one, %(left)s rows were left out."),
    "staff.seat_twice": _("The same seat stands also in row %(rows)s. Keep one of the rows."),
    "staff.sign_in_name_form": _(
        "This is no sign-in name. Write an e-mail address, or letters without marks, digits, dots and hyphens, without blanks."
    ),
    "staff.disabled": _("The account of %(name)s was disabled. Take the row out, or ask an administrator."),
    "staff.name_differs": _(
        "The sign-in name %(sign_in_name)s belongs to %(name)s. Write the name as it stands, or give this person another sign-in name."
    ),
    "staff.there_already": _("%(name)s has an account already. The row is passed over."),
    "staff.named_above": _("%(name)s stands in a row above and gets one account. The row is passed over."),
    "lists.boards.title": _("Take in a list of boards"),
    "lists.boards.about": _(
        "Everybody needs a staff account first: an administrator makes them from the same file. A seat that is held already is passed "
        "over; boards that the rules keep apart stay apart."
    ),
    "lists.boards.all_known": _("Every seat of this file is held already; there is nothing to take in."),
    "lists.boards.taken": _("%(taken)s seats were given; %(known)s were held already, %(left)s rows were left out."),
    "seats.not_staff": _(
        "%(name)s has no staff account with this sign-in name. Ask an administrator to take in the same file on the page of staff accounts."
    ),
    "seats.other_duty": _(
        "%(name)s sits on this board already: %(board)s, %(held)s. A list changes no duty: "
        "end that seat on the page of the boards, then appoint as %(wanted)s."
    ),
    "seats.same": _("%(name)s holds this seat already: %(board)s. The row is passed over."),
    "lists.number_out_of_range": _("Enter a whole number from %(fewest)s to %(most)s."),
    "lists.choice_unknown": _("This is none of the words that can stand here: %(known)s."),
}
