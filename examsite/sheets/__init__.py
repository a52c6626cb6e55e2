"""The only reader and writer of XLSX and CSV: caps, a child process for reading, no formulas out.

What writes is loaded when it is first asked for: the child process, which only reads, then starts in a third of the time.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from examsite.sheets.delimited import decode_text
from examsite.sheets.headers import header_key
from examsite.sheets.reading import read
from examsite.sheets.values import LIMITS, Area, Book, Cell, Kind, Limits, Note, Sheet, SheetRefused, column_letter, moment_of_serial

if TYPE_CHECKING:
    from examsite.sheets.writing import NewSheet, Template, TemplateColumn, TemplateNames, Value, template, write_csv, write_xlsx

__all__ = [
    "LIMITS",
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

WRITES = frozenset({"NewSheet", "Template", "TemplateColumn", "TemplateNames", "Value", "template", "write_csv", "write_xlsx"})


def __getattr__(name: str) -> object:
    if name in WRITES:
        return getattr(import_module("examsite.sheets.writing"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
