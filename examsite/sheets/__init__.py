"""The only reader and writer of XLSX and CSV: caps, a child process for reading, no formulas out."""

from examsite.sheets.delimited import decode_text
from examsite.sheets.headers import header_key
from examsite.sheets.reading import read
from examsite.sheets.values import LIMITS, Area, Book, Cell, Kind, Limits, Note, Sheet, SheetRefused, column_letter, moment_of_serial
from examsite.sheets.writing import LONGEST_TEXT, NewSheet, Template, TemplateColumn, TemplateNames, Value, template, write_csv, write_xlsx

__all__ = [
    "LIMITS",
    "LONGEST_TEXT",
    "Area",
    "Book",
    "Cell",
    "Kind",
    "Limits",
    "NewSheet",
    "Note",
    "Sheet",
    "SheetRefused",
    "Template",
    "TemplateColumn",
    "TemplateNames",
    "Value",
    "column_letter",
    "decode_text",
    "header_key",
    "moment_of_serial",
    "read",
    "template",
    "write_csv",
    "write_xlsx",
]
