"""Reads CSV and other text: which encoding, which separator, then the records as cells."""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from examsite.sheets.values import Book, Cell, Kind, Limits, Note, Sheet, SheetRefused

SEPARATORS = (",", ";", "\t")
SAMPLE_RECORDS = 50
NAMED_SEPARATOR = re.compile(r"sep=([,;\t])\r?\n", re.IGNORECASE)
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LOST_LETTER = "\ufffd"

# Windows-1258 writes a tone as a byte of its own after the vowel. Other old Vietnamese encodings use these bytes for
# letters, which then follow consonants or stand alone.
TONE_MARKS = "\u0300\u0301\u0303\u0309\u0323"
TONED_VOWEL = re.compile(f"[aăâeêioôơuưyAĂÂEÊIOÔƠUƯY][{TONE_MARKS}]")
SURE_AFTER_TONES = 3
VIETNAMESE_BEYOND_ASCII = frozenset(
    unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in ("", *TONE_MARKS)
) | {"đ"}


def read_delimited(data: bytes, limits: Limits) -> Book:
    """A text file as a Book of one sheet without a name; row numbers are those a spreadsheet program shows.

    SheetRefused where the encoding or the separator cannot be told, a quotation mark is never closed, or a limit is passed.
    """
    text, notes = decode_text(data)
    named = NAMED_SEPARATOR.match(text)
    separator = named.group(1) if named else _separator(text)
    cells = _cells(text, separator, limits, skipped=1 if named else 0)
    return Book((Sheet("", tuple(cells)),), notes)


def decode_text(data: bytes) -> tuple[str, tuple[Note, ...]]:
    """Bytes of a text file as text without its byte order mark: UTF-8, UTF-16, or Windows-1258 where it is unmistakable.

    A note says what was guessed. Raises SheetRefused for other encodings, for what is no text, and for text that had
    already lost letters before it was saved.
    """
    text, notes = _decoded(data)
    text = text.removeprefix("\ufeff")
    if UNPRINTABLE.search(text):
        raise SheetRefused("sheets.not_a_table")
    if LOST_LETTER in text:
        raise SheetRefused("sheets.lost_letters", row=_row_of(text, text.index(LOST_LETTER)))
    return text, notes


def _decoded(data: bytes) -> tuple[str, tuple[Note, ...]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _utf16(data, "utf-16"), ()
    if b"\0" in data:
        order = "utf-16-le" if data[1::2].count(0) > data[0::2].count(0) else "utf-16-be"
        return _utf16(data, order), (Note("sheets.read_as", {"encoding": "UTF-16"}),)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        text = _windows_1258(data)
        if text is None:
            row = data.count(b"\n", 0, error.start) + 1
            raise SheetRefused("sheets.old_encoding", row=row) from error
        return text, (Note("sheets.read_as", {"encoding": "Windows-1258"}),)


def _utf16(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SheetRefused("sheets.not_a_table") from error


def _windows_1258(data: bytes) -> str | None:
    """The text if it can only be Windows-1258: several tones, each after a vowel, and no letter that Vietnamese lacks."""
    try:
        text = data.decode("cp1258")
    except UnicodeDecodeError:
        return None
    tones = sum(text.count(mark) for mark in TONE_MARKS)
    joined = unicodedata.normalize("NFC", text)
    if tones < SURE_AFTER_TONES or tones != len(TONED_VOWEL.findall(text)):
        return None
    strange = {letter for letter in joined.lower() if not letter.isascii()} - VIETNAMESE_BEYOND_ASCII
    return None if strange else joined


def _row_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _separator(text: str) -> str:
    """The separator that gives the most columns in the most rows alike; a file of one column has none, and any will do."""
    scores = {separator: _fit(text, separator) for separator in SEPARATORS}
    best = max(scores.values())
    if best == 0:
        return SEPARATORS[0]
    winners = [separator for separator, score in scores.items() if score == best]
    if len(winners) > 1:
        raise SheetRefused("sheets.separator_unclear")
    return winners[0]


def _fit(text: str, separator: str) -> int:
    widths: Counter[int] = Counter()
    try:
        for record in islice(_records(text, separator), SAMPLE_RECORDS):
            widths[len(record)] += 1
    except csv.Error:
        return 0
    return max(((width - 1) * count for width, count in widths.items()), default=0)


def _records(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)


def _cells(text: str, separator: str, limits: Limits, skipped: int) -> list[Cell]:
    cells: list[Cell] = []
    reader = _records(text, separator)
    row = 0
    try:
        for row, record in enumerate(reader, start=1):
            if row > skipped:
                cells += _record_cells(record, row, limits)
            if len(cells) > limits.cells:
                raise SheetRefused("sheets.too_many_cells", limit=limits.cells)
    except csv.Error as error:
        raise SheetRefused("sheets.quotation_marks", row=row + 1) from error
    return cells


def _record_cells(record: list[str], row: int, limits: Limits) -> list[Cell]:
    filled = [(column, text) for column, text in enumerate(record, start=1) if text]
    if filled and row > limits.rows:
        raise SheetRefused("sheets.too_many_rows", sheet="", row=row, limit=limits.rows)
    if filled and filled[-1][0] > limits.columns:
        raise SheetRefused("sheets.too_many_columns", sheet="", column=filled[-1][0], limit=limits.columns)
    if any(len(text) > limits.cell_characters for _, text in filled):
        raise SheetRefused("sheets.cell_too_long", sheet="", row=row, limit=limits.cell_characters)
    return [Cell("", row, column, Kind.TEXT, text) for column, text in filled]
