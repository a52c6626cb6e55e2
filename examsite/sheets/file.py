"""Chooses the reader of a file by its bytes. Only the child process calls this on files from outside."""

from examsite.sheets.container import is_workbook
from examsite.sheets.delimited import read_delimited
from examsite.sheets.values import Book, Limits
from examsite.sheets.workbook import read_workbook


def book_of(data: bytes, limits: Limits) -> Book:
    """The file as a Book, read in this process; raises SheetRefused."""
    return read_workbook(data, limits) if is_workbook(data) else read_delimited(data, limits)
