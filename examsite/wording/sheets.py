"""Why a spreadsheet is not read at all, and how a file without a named encoding was read."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "sheets.empty_file": _("The file is empty. Choose the file that holds the list."),
    "sheets.file_too_big": _("The file is larger than %(limit)s MB. Remove pictures and unused sheets, then try again."),
    "sheets.legacy_xls": _("This is an old Excel file (.xls). Open it and save it as “Excel Workbook (.xlsx)”."),
    "sheets.encrypted": _("The file is protected by a password. Save a copy without the password."),
    "sheets.binary_xlsb": _("This is a binary Excel file (.xlsb). Save it as “Excel Workbook (.xlsx)”."),
    "sheets.open_document": _("This is an OpenDocument file (.ods). Save it as “Excel 2007–365 (.xlsx)”."),
    "sheets.web_page": _(
        "This is a web page or XML with the name of a spreadsheet. Open it in Excel and save it as “Excel Workbook (.xlsx)”."
    ),
    "sheets.not_a_workbook": _("This is another kind of file, not an Excel workbook. Choose an .xlsx or .csv file."),
    "sheets.not_a_table": _("The file holds no text that can be read as a table. Choose an .xlsx or .csv file."),
    "sheets.damaged": _("The file is damaged. Open it in Excel or LibreOffice, save it again, then try again."),
    "sheets.xml_forbidden": _(
        "The file holds declarations that no spreadsheet program writes, so it was not opened. Save it again in Excel or LibreOffice."
    ),
    "sheets.zip_members": _("The file is made of %(found)s parts; at most %(limit)s are accepted. Copy the table to a new file."),
    "sheets.zip_bytes": _("The file unpacks to %(found)s MB; at most %(limit)s MB are accepted. Copy the table to a new file."),
    "sheets.zip_ratio": _(
        "The part “%(name)s” unpacks to more than %(limit)s times its size, so the file was not opened. Copy the table to a new file."
    ),
    "sheets.zip_path": _("The part “%(name)s” points outside the file, so the file was not opened. Save it again in Excel or LibreOffice."),
    "sheets.zip_overlap": _(
        "The part “%(name)s” shares its bytes with another, so the file was not opened. Save it again in Excel or LibreOffice."
    ),
    "sheets.claims_too_much": _(
        "Sheet “%(sheet)s” claims to reach row %(rows)s and column number %(columns)s. Copy only the filled cells to a new file."
    ),
    "sheets.too_many_rows": _("Row %(row)s is filled; at most %(limit)s rows are accepted. Divide the list into several files."),
    "sheets.too_many_columns": _(
        "Column number %(column)s is filled; at most %(limit)s columns are accepted. Delete the columns that are not needed."
    ),
    "sheets.too_many_cells": _("The file holds more than %(limit)s filled cells. Divide the list into several files."),
    "sheets.too_much_text": _("The file holds more than %(limit)s characters. Divide the list into several files."),
    "sheets.cell_too_long": _("A cell in row %(row)s holds more than %(limit)s characters. Shorten it."),
    "sheets.too_slow": _("Reading the file took more than %(limit)s seconds and was stopped. Divide the list into several files."),
    "sheets.too_much_memory": _(
        "Reading the file needed more than %(limit)s MiB of memory and was stopped. Divide the list into several files."
    ),
    "sheets.reader_failed": _(
        "The file could not be read, and the reason was written to the server's log. "
        "Save it again in Excel or LibreOffice, or ask the operator."
    ),
    "sheets.old_encoding": _(
        "From row %(row)s on, the text is in an old encoding (such as TCVN3, VNI or VISCII) that cannot be told apart safely. "
        "Save it as “CSV UTF-8” or .xlsx."
    ),
    "sheets.lost_letters": _(
        "Row %(row)s holds letters that were lost when the file was saved (�). "
        "Go back to the original file and save it as “CSV UTF-8” or .xlsx."
    ),
    "sheets.separator_unclear": _("It cannot be told whether commas, semicolons or tabs part the columns. Save the file as .xlsx."),
    "sheets.quotation_marks": _("A quotation mark opened in row %(row)s is never closed properly. Correct it or save the file as .xlsx."),
    "sheets.read_as": _("The file does not name its encoding and was read as %(encoding)s. Check some names before you go on."),
}
