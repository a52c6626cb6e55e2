"""The question template: a version line, a header, then one item a row, with options A to F and the letter of the key, or, in a part that
holds other kinds, with its kind and what that needs."""

import re
from collections.abc import Collection, Sequence

from examsite import richtext
from examsite.questions.formats import (
    CHOICE_ALONE,
    ItemReading,
    NotTaken,
    Param,
    Place,
    ReadAnswer,
    ReadItem,
    ReadOption,
    Rejected,
    difficulty_of,
    excerpt,
)
from examsite.questions.formats.checks import check_read, rich
from examsite.questions.formats.xlsx_columns import BETWEEN_ANSWERS, BY_KEY, COLUMNS, KIND_WORDS, LETTERS, RULE_WORDS, YES
from examsite.rules.keys import CHOOSING, ItemKind
from examsite.sheets import Book, Cell, Kind, Sheet, column_letter, header_key, read
from examsite.sheets.writing import Template, TemplateColumn, TemplateNames, template
from examsite.vietnamese import fold, tidy

MARK = "examsite-questions"
VERSION = "1"
MARK_WITHIN_ROWS = 5
HTML_MARK = "[html]"
"""A cell that begins with it holds rich text; GIFT has the same sign."""
# A whole number of up to eleven digits shows in these formats as it is stored. Any other shows to the author as the language
# and the format of their program want it, and the file does not hold that.
LARGEST_AS_TYPED = 99_999_999_999
PLAIN_FORMATS = frozenset({"", "General", "0", "@"})
TEMPLATE_SHEETS = frozenset({"vi du", "example", "huong dan", "notes", "danh muc", "choices"})
TEXT_STROKE = "\\" + BETWEEN_ANSWERS
PARTED = re.compile(r"(?<!\\)\|")


SHEET_NAMES = {"vi": TemplateNames("Câu hỏi", "Ví dụ", "Hướng dẫn", "Danh mục"), "en": TemplateNames("Questions", "Example", "Notes")}
CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "vi": {
        "difficulty": ("dễ", "trung bình", "khó"),
        "kind": ("một phương án", "nhiều phương án", "trả lời ngắn", "điền số", "tự luận"),
        "rule": ("trọn điểm", "từng phần"),
    },
    "en": {
        "difficulty": ("easy", "medium", "hard"),
        "kind": ("one option", "several options", "short text", "number", "essay"),
        "rule": ("all or nothing", "partial"),
    },
}
EXAMPLES = (
    (
        "HC-001",
        "Hiến pháp",
        "dễ",
        "Theo Hiến pháp năm 2013, nhiệm kỳ của mỗi khóa Quốc hội là mấy năm?",
        "4 năm",
        "5 năm",
        "6 năm",
        "7 năm",
        "",
        "",
        "B",
        "Khoản 1 Điều 71 Hiến pháp năm 2013",
        "Quốc hội",
    ),
)


def read_xlsx(data: bytes, kinds: Collection[ItemKind] = CHOICE_ALONE) -> ItemReading:
    """All items of a filled-in template that are of these kinds. Raises SheetRefused where the file itself cannot be read."""
    return read_questions(read(data), kinds)


def question_template(language: str, notes: Sequence[str]) -> bytes:
    """The XLSX file to fill in, with headers in `vi` or `en`; `notes` are sentences for the third sheet."""
    chosen = 0 if language == "vi" else 1
    columns = [
        TemplateColumn(column.headers[chosen] + (" *" if column.required else ""), column.width, CHOICES[language].get(column.name, ()))
        for column in COLUMNS
    ]
    return template(Template(SHEET_NAMES[language], columns, EXAMPLES, notes, above=[[MARK, VERSION]]))


def read_questions(book: Book, kinds: Collection[ItemKind] = CHOICE_ALONE) -> ItemReading:
    """Items of every visible sheet that carries the version line; every error of a row is listed with its column."""
    items: list[ReadItem] = []
    rejected: list[Rejected] = []
    tables = [(sheet, marked) for sheet in book.sheets if (marked := _marked_row(sheet)) is not None]
    for sheet, (row, version) in tables:
        if version != VERSION:
            rejected.append(Rejected(Place(row, sheet.name, "B"), "items.template_version", {"found": version, "wanted": VERSION}))
            continue
        _read_sheet(sheet, row, kinds, items, rejected)
    if not tables:
        rejected.append(Rejected(Place(1, book.sheets[0].name if book.sheets else "", "A"), "items.template_mark_missing", {"mark": MARK}))
    elif not items and not rejected:
        rejected.append(Rejected(Place(1, tables[0][0].name), "items.nothing_found", {}))
    return ItemReading(tuple(items), tuple(rejected))


def _marked_row(sheet: Sheet) -> tuple[int, str] | None:
    if sheet.hidden or fold(sheet.name) in TEMPLATE_SHEETS:
        return None
    for number, cells in sheet.rows().items():
        if number > MARK_WITHIN_ROWS:
            break
        if 1 in cells and tidy(cells[1].text).lower() == MARK:
            return number, tidy(cells[2].text) if 2 in cells else ""
    return None


def _read_sheet(sheet: Sheet, marked: int, kinds: Collection[ItemKind], items: list[ReadItem], rejected: list[Rejected]) -> None:
    rows = sheet.rows()
    header_row = next((number for number in rows if number > marked), marked)
    known = {}
    for number, cell in rows[header_row].items():
        column = BY_KEY.get(header_key(cell.text))
        if column is not None and column.name not in known:
            known[column.name] = number
    missing = [column for column in COLUMNS if column.required and column.name not in known]
    for column in missing:
        params: dict[str, Param] = {"wanted": column.headers[0], "wanted_en": column.headers[1]}
        rejected.append(Rejected(Place(header_row, sheet.name), "items.column_missing", params))
    if missing:
        return
    for number, cells in rows.items():
        row = _Row(sheet.name, number, {name: cells[column] for name, column in known.items() if column in cells}, known, kinds)
        if number > header_row and row.cells:
            row.read()
            rejected += row.rejected
            items += row.items


class _Row:
    """One item, with all that is wrong with it."""

    def __init__(self, sheet: str, number: int, cells: dict[str, Cell], known: dict[str, int], kinds: Collection[ItemKind]) -> None:
        self.sheet, self.number, self.known, self.kinds = sheet, number, known, kinds
        self.cells = {name: cell for name, cell in cells.items() if cell.text.strip() or cell.formula}
        self.items: list[ReadItem] = []
        self.rejected: list[Rejected] = []

    def read(self) -> None:
        kind = self._kind()
        needed = {"stem"} | ({"key", "A", "B"} if kind in CHOOSING else set())
        words = {column.name: self._text(column.name, needed) for column in COLUMNS if column.name != "kind"}
        options = self._options(words) if kind in CHOOSING else []
        key = self._key(words["key"], len(options), kind) if kind in CHOOSING else ""
        rule = self._rule(words["rule"]) if kind is ItemKind.MULTIPLE_RESPONSE else ""
        difficulty = self._difficulty(words["difficulty"])
        if self.rejected:
            return
        try:
            item = self._item(words, options, key, kind, rule, difficulty)
            check_read(item)
        except NotTaken as reason:
            self._reject("", reason)
            return
        self.items.append(item)

    def _item(self, words: dict[str, str], options: list[str], key: str, kind: ItemKind, rule: str, difficulty: str | None) -> ReadItem:
        return ReadItem(
            place=Place(self.number, self.sheet),
            stem=_rich(words["stem"]),
            options=tuple(ReadOption(_rich(text, line=True), letter in key) for letter, text in zip(LETTERS, options, strict=False)),
            name=tidy(words["code"]),
            topic=(topic,) if (topic := tidy(words["topic"])) else (),
            difficulty=difficulty,
            basis=_rich(words["basis"]),
            tags=tuple(tag for part in words["tags"].split(",") if (tag := tidy(part))),
            kind=kind,
            rule=rule,
            accepted=_accepted(words["accepted"]) if kind in (ItemKind.SHORT_TEXT, ItemKind.NUMERIC) else (),
            case_matters=kind is ItemKind.SHORT_TEXT and fold(words["case"]) in YES,
        )

    def _reject(self, name: str, reason: NotTaken) -> None:
        column = column_letter(self.known[name]) if name in self.known else ""
        shown = self.cells.get(name, self.cells.get("stem"))
        place = Place(self.number, self.sheet, column)
        self.rejected.append(Rejected(place, reason.code, reason.params, excerpt(shown.text) if shown else ""))

    def _kind(self) -> ItemKind:
        """The kind that the row names, one right option where it names none; recorded where this part does not hold it."""
        word = tidy(self._text("kind", set()))
        kind = KIND_WORDS.get(fold(word))
        if kind is None:
            self._reject("kind", NotTaken("kind_unknown", found=word))
        elif kind not in self.kinds:
            self._reject("kind", NotTaken(f"kind_{kind}"))
        return kind or ItemKind.SINGLE_CHOICE

    def _rule(self, word: str) -> str:
        rule = RULE_WORDS.get(fold(word.replace("_", " ")))
        if rule is None:
            self._reject("rule", NotTaken("rule_unknown", found=tidy(word)))
        return rule or ""

    def _text(self, name: str, needed: Collection[str]) -> str:
        """The words of a cell; empty after an error was recorded."""
        cell = self.cells.get(name)
        try:
            if cell is None and name in needed:
                raise NotTaken("required")
            return "" if cell is None else _words(cell)
        except NotTaken as reason:
            self._reject(name, reason)
            return ""

    def _options(self, words: dict[str, str]) -> list[str]:
        """Options without gaps, from A on."""
        filled = [letter for letter in LETTERS if letter in self.cells]
        for letter in LETTERS[: LETTERS.index(filled[-1])] if filled else "":
            if letter not in self.cells and letter not in "AB":
                self._reject(letter, NotTaken("option_gap", letter=letter))
        return [words[letter] for letter in filled]

    def _key(self, word: str, options: int, kind: ItemKind) -> str:
        """The letter of the right option, or of several together."""
        letters = tidy(word).upper().rstrip(".)")
        if not letters:
            return ""
        if kind is ItemKind.MULTIPLE_RESPONSE:
            return self._keys(letters, options)
        if len(letters) > 1 and all(letter in LETTERS + ",;/& " for letter in letters):
            self._reject("key", NotTaken("key_several", found=sum(letter in LETTERS for letter in letters)))
        elif len(letters) > 1 or letters not in LETTERS:
            self._reject("key", NotTaken("key_unreadable"))
        elif LETTERS.index(letters) >= options:
            self._reject("key", NotTaken("key_beyond_options", letter=letters))
        return letters

    def _keys(self, word: str, options: int) -> str:
        letters = "".join(letter for letter in word if letter not in ",;/& ")
        beyond = next((letter for letter in letters if letter in LETTERS and LETTERS.index(letter) >= options), "")
        if any(letter not in LETTERS for letter in letters):
            self._reject("key", NotTaken("key_unreadable"))
        elif beyond:
            self._reject("key", NotTaken("key_beyond_options", letter=beyond))
        return letters

    def _difficulty(self, word: str) -> str | None:
        known = difficulty_of(word)
        if known is None and word.strip():
            self._reject("difficulty", NotTaken("difficulty_unknown", found=tidy(word)))
        return known


def _accepted(text: str) -> tuple[ReadAnswer, ...]:
    """Accepted answers stand in one cell, with a stroke or a line end between them; a stroke with a backslash before it is text."""
    lines = [part for line in text.splitlines() for part in PARTED.split(line)]
    return tuple(ReadAnswer(answer) for line in lines if (answer := tidy(line.replace(TEXT_STROKE, BETWEEN_ANSWERS))))


def _rich(text: str, *, line: bool = False) -> str:
    """Rich text from a cell: marked as such, or the plain text that people type; `line` for what stands inside a line."""
    if text.startswith(HTML_MARK):
        return rich(text.removeprefix(HTML_MARK))
    return richtext.from_line(text) if line else richtext.from_plain(text)


def _words(cell: Cell) -> str:
    """What the author saw in the cell; NotTaken where the file does not hold that."""
    match cell.kind:
        case Kind.ERROR:
            raise NotTaken("cell_error")
        case Kind.UNCALCULATED:
            raise NotTaken("formula_without_value")
        case Kind.DATE:
            raise NotTaken("date_cell")
        case Kind.BOOLEAN:
            return cell.text.upper()
        case Kind.NUMBER:
            if cell.whole_number is None or abs(cell.whole_number) > LARGEST_AS_TYPED or cell.number_format not in PLAIN_FORMATS:
                raise NotTaken("formatted_number", shown_as=cell.number_format or "General")
            return str(cell.whole_number)
    if len(cell.text.removeprefix(HTML_MARK)) > richtext.LONGEST:
        raise NotTaken("text_too_long", limit=richtext.LONGEST)
    return cell.text
