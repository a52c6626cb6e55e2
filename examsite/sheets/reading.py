"""Reads a file in a child process with limits, so that a hostile file can cost seconds and no more."""

import json
import logging
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from examsite.sheets.values import LIMITS, Area, Book, Cell, Kind, Limits, Note, Sheet, SheetRefused

WireCell = tuple[int, int, str, str, str, bool]

# The child finds this very package, also where the parent found it in its working directory.
HERE = str(Path(__file__).parents[2])

log = logging.getLogger(__name__)


def read(data: bytes, limits: Limits = LIMITS) -> Book:
    """An XLSX or CSV file, told apart by its bytes, as a Book.

    Raises SheetRefused with the plain reason where the file is another kind, damaged, encrypted, hostile, or past a limit.
    The child gets none of this process's environment and reports plain values only.
    """
    if len(data) > limits.file_bytes:
        raise SheetRefused("sheets.file_too_big", limit=limits.file_bytes // 1_000_000)
    try:
        child = subprocess.run(  # noqa: S603 - our own module, no shell, the file goes in by the pipe
            [sys.executable, "-P", "-m", "examsite.sheets", json.dumps(asdict(limits))],
            input=data,
            capture_output=True,
            timeout=limits.wall_seconds,
            env={"PYTHONPATH": ":".join([HERE, *filter(None, sys.path)]), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SheetRefused("sheets.too_slow", limit=limits.wall_seconds) from error
    if child.returncode == -signal.SIGXCPU:
        raise SheetRefused("sheets.too_slow", limit=limits.cpu_seconds)
    if child.returncode != 0:
        log.error("reading a spreadsheet ended with %s: %s", child.returncode, child.stderr.decode("utf-8", "replace")[-2000:])
        raise SheetRefused("sheets.reader_failed")
    return _answer(json.loads(child.stdout))


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
