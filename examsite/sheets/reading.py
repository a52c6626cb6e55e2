"""Reads a file in a child process with limits, so that a hostile file can cost seconds and no more."""

import json

from examsite import confined
from examsite.sheets.values import LIMITS, Area, Book, Cell, Kind, Limits, Note, Sheet, SheetRefused

WireCell = tuple[int, int, str, str, str, bool]


def read(data: bytes, limits: Limits = LIMITS) -> Book:
    """An XLSX or CSV file, told apart by its bytes, as a Book.

    Raises SheetRefused with the plain reason where the file is another kind, damaged, encrypted, hostile, or past a limit.
    The child reports plain values only.
    """
    if len(data) > limits.file_bytes:
        raise SheetRefused("sheets.file_too_big", limit=limits.file_bytes // 1_000_000)
    try:
        answer = confined.run("examsite.sheets", data, limits)
    except confined.TooSlow as slow:
        raise SheetRefused("sheets.too_slow", limit=slow.seconds) from slow
    except confined.Failed as failed:
        raise SheetRefused("sheets.reader_failed") from failed
    return _answer(json.loads(answer))


def _answer(answer: dict[str, object]) -> Book:
    match answer:
        case {"refused": str(code), "params": dict(params)}:
            raise SheetRefused(code, **params)
        case {"sheets": list(sheets), "notes": list(notes)}:
            return Book(tuple(_sheet(*sheet) for sheet in sheets), tuple(Note(code, params) for code, params in notes))
    raise ValueError("the reading process answered in another form than agreed")


def _sheet(name: str, hidden: bool, date_1904: bool, hidden_rows: list[int], merged: list[list[int]], cells: list[WireCell]) -> Sheet:
    return Sheet(
        name=name,
        cells=tuple(
            Cell(name, row, column, Kind(kind), text, number_format, formula) for row, column, kind, text, number_format, formula in cells
        ),
        hidden=hidden,
        merged=tuple(Area(*area) for area in merged),
        hidden_rows=frozenset(hidden_rows),
        date_1904=date_1904,
    )
