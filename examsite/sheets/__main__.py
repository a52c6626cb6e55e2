"""The child process of `examsite.sheets.reading`: a file on standard input, a Book or a refusal as JSON on standard output."""

import json
import sys

from examsite.confined import limit_this_process
from examsite.sheets.file import book_of
from examsite.sheets.values import Book, Limits, Sheet, SheetRefused


def main() -> None:
    """Set the limits on this process, read, answer."""
    limits = Limits(**json.loads(sys.argv[1]))
    limit_this_process(limits)
    try:
        answer = _as_json(book_of(sys.stdin.buffer.read(), limits))
    except SheetRefused as refusal:
        answer = {"refused": refusal.code, "params": dict(refusal.params)}
    except MemoryError:
        answer = {"refused": "sheets.too_much_memory", "params": {"limit": limits.memory_bytes // (1024 * 1024)}}
    sys.stdout.write(json.dumps(answer, ensure_ascii=False))


def _as_json(book: Book) -> dict[str, object]:
    return {"sheets": [_sheet(sheet) for sheet in book.sheets], "notes": [(note.code, note.params) for note in book.notes]}


def _sheet(sheet: Sheet) -> tuple[object, ...]:
    merged = [(area.top, area.left, area.bottom, area.right) for area in sheet.merged]
    cells = [(cell.row, cell.column, cell.kind, cell.text, cell.number_format, cell.formula) for cell in sheet.cells]
    return sheet.name, sheet.hidden, sheet.date_1904, sorted(sheet.hidden_rows), merged, cells


if __name__ == "__main__":
    main()
