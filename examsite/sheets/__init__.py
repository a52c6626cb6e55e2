"""The only reader of XLSX and CSV and the only writer of XLSX: caps, a child process for reading, no formulas out.

`examsite.sheets.writing` is asked for by its own name: the child that reads would pay most of its time for the library that writes.
"""

from examsite.sheets.delimited import decode_text
from examsite.sheets.headers import header_key
from examsite.sheets.reading import read
from examsite.sheets.values import (
    LIMITS,
    LONGEST_TEXT,
    Area,
    Book,
    Cell,
    Kind,
    Limits,
    Note,
    Sheet,
    SheetRefused,
    Value,
    column_letter,
    moment_of_serial,
)

__all__ = [
    "LIMITS",
    "LONGEST_TEXT",
    "Area",
    "Book",
    "Cell",
    "Kind",
    "Limits",
    "Note",
    "Sheet",
    "SheetRefused",
    "Value",
    "column_letter",
    "decode_text",
    "header_key",
    "moment_of_serial",
    "read",
]
