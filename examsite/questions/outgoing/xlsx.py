"""Writes the question template filled in, so that `formats.xlsx` reads the same items back. Nothing in it is a formula."""

from collections.abc import Mapping, Sequence
from html import unescape

from examsite import richtext
from examsite.questions.answer_keys import Accepted, plain_number
from examsite.questions.formats.xlsx import HTML_MARK, MARK, SHEET_NAMES, VERSION
from examsite.questions.formats.xlsx_columns import COLUMNS, LETTERS
from examsite.questions.outgoing import Outgoing, SheetOfBank
from examsite.questions.plain import as_plain
from examsite.questions.writing import Written
from examsite.rules.keys import CHOOSING, ItemKind, MarkingRule
from examsite.sheets.writing import NewSheet, write_xlsx

WORDS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "easy": "dễ",
        "medium": "trung bình",
        "hard": "khó",
        ItemKind.SINGLE_CHOICE: "một phương án",
        ItemKind.MULTIPLE_RESPONSE: "nhiều phương án",
        ItemKind.SHORT_TEXT: "trả lời ngắn",
        ItemKind.NUMERIC: "điền số",
        ItemKind.ESSAY: "tự luận",
        MarkingRule.ALL_OR_NOTHING: "trọn điểm",
        MarkingRule.PARTIAL: "từng phần",
    },
    "en": {
        "easy": "easy",
        "medium": "medium",
        "hard": "hard",
        ItemKind.SINGLE_CHOICE: "one option",
        ItemKind.MULTIPLE_RESPONSE: "several options",
        ItemKind.SHORT_TEXT: "short text",
        ItemKind.NUMERIC: "number",
        ItemKind.ESSAY: "essay",
        MarkingRule.ALL_OR_NOTHING: "all or nothing",
        MarkingRule.PARTIAL: "partial",
    },
}


def write_questions(items: Sequence[Outgoing], banks: Sequence[SheetOfBank], notes: Sequence[str], language: str) -> bytes:
    """An XLSX file with a sheet for each bank that has items, each in the form of the template, and a sheet of notes."""
    chosen = 0 if language == "vi" else 1
    header = [column.headers[chosen] for column in COLUMNS]
    widths = [column.width for column in COLUMNS]
    pages = []
    for bank in banks:
        rows = [
            [cells.get(column.name, "") for column in COLUMNS]
            for cells in (_cells(item, language) for item in items if item.bank == bank.key)
        ]
        if rows:
            pages.append(NewSheet(bank.name, header, rows, widths, [[MARK, VERSION]]))
    pages.append(NewSheet(SHEET_NAMES[language].notes, (), [[note] for note in notes], [100]))
    return write_xlsx(pages)


def _cells(item: Outgoing, language: str) -> dict[str, str]:
    written, words = item.written, WORDS[language]
    cells = {
        "code": item.name,
        "topic": written.topic,
        "difficulty": words[written.difficulty],
        "stem": _paragraphs(written.stem),
        "basis": _paragraphs(written.basis),
        "kind": words[ItemKind(written.kind)],
        "accepted": "\n".join(map(_accepted, written.accepted)),
        "case": "x" if written.case_matters else "",
    }
    if written.kind in CHOOSING:
        cells |= {letter: _line(option.text) for letter, option in zip(LETTERS, written.options, strict=False)}
        cells["key"] = _key(written)
    if written.kind == ItemKind.MULTIPLE_RESPONSE:
        cells["rule"] = words[MarkingRule(written.marking_rule)]
    return cells


def _key(written: Written) -> str:
    return "".join(letter for letter, option in zip(LETTERS, written.options, strict=False) if option.is_key)


def _paragraphs(html: str) -> str:
    """Plain text where that says all, else rich text with its mark."""
    plain = as_plain(html)
    says_all = plain is not None and richtext.from_plain(plain) == html and not plain.startswith(HTML_MARK)
    return plain if says_all and plain is not None else HTML_MARK + html


def _line(html: str) -> str:
    plain = unescape(html.replace("<br>", "\n"))
    return plain if richtext.from_line(plain) == html and not plain.startswith(HTML_MARK) else HTML_MARK + html


def _accepted(one: Accepted) -> str:
    """A stroke would part two answers; a number has its tolerance behind it."""
    if one.tolerance:
        return f"{one.text} ± {plain_number(one.tolerance)}"
    return one.text.replace("|", "\\|")
