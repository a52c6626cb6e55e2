"""Reads the XML of one worksheet in one pass, checking raw row and column numbers before anything is kept."""

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import IO
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from examsite.sheets.safe_xml import parse, unescaped
from examsite.sheets.values import Area, Cell, Kind, Limits, Sheet, SheetRefused, area_of, as_decimal, moment_of_serial

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
TRUE = ("1", "true")


@dataclass(slots=True)
class Budget:
    """What may still be read of the whole file, over all its sheets."""

    cells: int
    characters: int

    def spend(self, characters: int, limits: Limits) -> None:
        self.cells -= 1
        self.characters -= characters
        if self.cells < 0:
            raise SheetRefused("sheets.too_many_cells", limit=limits.cells)
        if self.characters < 0:
            raise SheetRefused("sheets.too_much_text", limit=limits.characters)


@dataclass(frozen=True, slots=True)
class Stored:
    """What cells refer to: shared texts, the number format of each style (and whether it shows dates), the date system."""

    texts: list[str]
    formats: list[tuple[str, bool]]
    date_1904: bool


def natural(text: str) -> int | None:
    """A whole number from 0 of at most nine digits; None for anything else, however long."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


@dataclass(slots=True)
class _Draft:
    """The cell being read."""

    column: int
    kind: str
    style: int
    formula: bool = False
    pieces: list[str] = field(default_factory=list)
    valued: bool = False


def read_worksheet(stream: IO[bytes], name: str, hidden: bool, stored: Stored, limits: Limits, budget: Budget) -> Sheet:
    """One worksheet as a Sheet; raises SheetRefused past a limit or on a part that contradicts itself."""
    handler = WorksheetHandler(name, stored, limits, budget)
    parse(stream, handler)
    return Sheet(
        name=name,
        cells=tuple(handler.cells),
        hidden=hidden,
        merged=tuple(handler.merged),
        hidden_rows=frozenset(handler.hidden_rows & {cell.row for cell in handler.cells}),
        date_1904=stored.date_1904,
    )


class WorksheetHandler(ContentHandler):
    """Empty cells that only carry a style are skipped: LibreOffice writes such rows down to 1,048,576."""

    def __init__(self, name: str, stored: Stored, limits: Limits, budget: Budget) -> None:
        super().__init__()
        self.name, self.stored, self.limits, self.budget = name, stored, limits, budget
        self.cells: list[Cell] = []
        self.merged: list[Area] = []
        self.hidden_rows: set[int] = set()
        self._row = 0
        self._column = 0
        self._draft: _Draft | None = None
        self._taking = False
        self._phonetic = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the name SAX gives it
        match name.rpartition(":")[2]:
            case "row":
                self._start_row(attrs)
            case "c":
                self._start_cell(attrs)
            case "v" | "t":
                self._taking = self._draft is not None and not self._phonetic
                if self._draft is not None and self._taking:
                    self._draft.valued = True
            case "f" if self._draft is not None:
                self._draft.formula = True
            case "rPh":
                self._phonetic += 1
            case "mergeCell":
                self._merge(attrs.get("ref", ""))
            case "dimension":
                self._check_claim(attrs.get("ref", ""))

    def endElement(self, name: str) -> None:  # noqa: N802
        match name.rpartition(":")[2]:
            case "v" | "t":
                self._taking = False
            case "rPh":
                self._phonetic -= 1
            case "c":
                self._end_cell()

    def characters(self, content: str) -> None:
        if self._taking and self._draft is not None:
            self._draft.pieces.append(content)

    def _start_row(self, attrs: AttributesImpl) -> None:
        number = attrs.get("r")
        row = self._row + 1 if number is None else natural(number) or 0
        if not self._row < row <= LAST_ROW:
            raise self._damaged()
        self._row, self._column = row, 0
        if attrs.get("hidden") in TRUE:
            self.hidden_rows.add(row)

    def _start_cell(self, attrs: AttributesImpl) -> None:
        column = self._column + 1
        if (reference := attrs.get("r")) is not None:
            area = area_of(reference)
            if area is None or area.top != self._row:
                raise self._damaged()
            column = area.left
        if not self._column < column <= LAST_COLUMN:
            raise self._damaged()
        self._column = column
        self._draft = _Draft(column, attrs.get("t", "n"), natural(attrs.get("s", "0")) or 0)

    def _end_cell(self) -> None:
        draft, self._draft = self._draft, None
        if draft is None:
            return
        if not draft.valued and not draft.formula:
            self._check_corner(self._row, draft.column)
            return
        self._check_place(draft.column)
        cell = self._cell(draft)
        if cell.text or cell.kind is Kind.UNCALCULATED:
            self.budget.spend(len(cell.text), self.limits)
            self.cells.append(cell)

    def _check_place(self, column: int) -> None:
        if self._row > self.limits.rows:
            raise SheetRefused("sheets.too_many_rows", sheet=self.name, row=self._row, limit=self.limits.rows)
        if column > self.limits.columns:
            raise SheetRefused("sheets.too_many_columns", sheet=self.name, column=column, limit=self.limits.columns)

    def _check_claim(self, reference: str) -> None:
        area = area_of(reference)
        if area is not None:
            self._check_corner(area.bottom, area.right)

    def _check_corner(self, row: int, column: int) -> None:
        """Far down alone or far right alone is how a whole column or row is coloured; both at once is no table of ours."""
        if row > self.limits.rows and column > self.limits.columns:
            raise SheetRefused("sheets.claims_too_much", sheet=self.name, rows=row, columns=column)

    def _cell(self, draft: _Draft) -> Cell:
        raw = "".join(draft.pieces)
        kind, text, number_format = self._value(draft, raw)
        if len(text) > self.limits.cell_characters:
            raise SheetRefused("sheets.cell_too_long", sheet=self.name, row=self._row, limit=self.limits.cell_characters)
        return Cell(self.name, self._row, draft.column, kind, text, number_format, draft.formula)

    def _value(self, draft: _Draft, raw: str) -> tuple[Kind, str, str]:
        match draft.kind:
            case "s":
                return Kind.TEXT, self._shared(raw), ""
            case "inlineStr" | "str":
                return Kind.TEXT, unescaped(raw), ""
            case "b":
                return Kind.BOOLEAN, "true" if raw.strip() in TRUE else "false", ""
            case "e":
                return Kind.ERROR, raw.strip() or "#", ""
        if not raw.strip():
            return (Kind.UNCALCULATED if draft.formula else Kind.TEXT), "", ""
        return self._iso_date(raw) if draft.kind == "d" else self._number(raw.strip(), draft.style)

    def _shared(self, raw: str) -> str:
        index = natural(raw.strip())
        if index is None or index >= len(self.stored.texts):
            raise self._damaged()
        return self.stored.texts[index]

    def _iso_date(self, raw: str) -> tuple[Kind, str, str]:
        try:
            moment = datetime.fromisoformat(raw.strip())
        except ValueError as error:
            raise self._damaged() from error
        return Kind.DATE, (moment if moment.time() != time.min else moment.date()).isoformat(), ""

    def _number(self, raw: str, style: int) -> tuple[Kind, str, str]:
        number = as_decimal(raw)
        if number is None:
            raise self._damaged()
        number_format, shows_date = self.stored.formats[style] if style < len(self.stored.formats) else ("General", False)
        moment = moment_of_serial(number, date_1904=self.stored.date_1904) if shows_date else None
        if moment is None:
            return Kind.NUMBER, raw, number_format
        return Kind.DATE, (moment.date() if number == int(number) else moment).isoformat(), number_format

    def _merge(self, reference: str) -> None:
        area = area_of(reference)
        if area is None or len(self.merged) >= self.limits.rows:
            raise self._damaged()
        self.merged.append(area)

    def _damaged(self) -> SheetRefused:
        return SheetRefused("sheets.damaged")
