"""The question template: a version line, a header, then one single-choice item a row with options A to F and the letter of the key."""

from collections.abc import Sequence
from dataclasses import dataclass

from examsite import richtext
from examsite.questions.formats import ItemReading, NotTaken, Param, Place, ReadItem, ReadOption, Rejected, difficulty_of, excerpt
from examsite.questions.formats.single_choice import check_single_choice
from examsite.sheets import Book, Cell, Kind, Sheet, Template, TemplateColumn, TemplateNames, column_letter, header_key, read, template
from examsite.vietnamese import fold, tidy

MARK = "examsite-questions"
VERSION = "1"
MARK_WITHIN_ROWS = 5
LETTERS = "ABCDEF"
# A whole number of up to eleven digits shows in these formats as it is stored. Any other shows to the author as the language
# and the format of their program want it, and the file does not hold that.
LARGEST_AS_TYPED = 99_999_999_999
PLAIN_FORMATS = frozenset({"", "General", "0", "@"})
TEMPLATE_SHEETS = frozenset({"vi du", "example", "huong dan", "notes"})


@dataclass(frozen=True, slots=True)
class Column:
    """`headers`: the Vietnamese and the English header of the template, then others that are understood."""

    name: str
    headers: tuple[str, ...]
    required: bool = False
    width: int = 14


COLUMNS = (
    Column("code", ("Mã câu", "Code", "Mã câu hỏi", "Name"), width=10),
    Column("topic", ("Chủ đề", "Topic", "Chuyên đề", "Nội dung"), width=24),
    Column("difficulty", ("Độ khó", "Difficulty", "Mức độ"), width=12),
    Column("stem", ("Câu hỏi", "Question", "Nội dung câu hỏi", "Stem"), required=True, width=60),
    *(
        Column(letter, (f"Phương án {letter}", f"Option {letter}", letter, f"Đáp án {letter}"), required=letter in "AB", width=26)
        for letter in LETTERS
    ),
    Column("key", ("Đáp án đúng", "Key", "Đáp án", "Correct answer", "Answer"), required=True, width=10),
    Column("basis", ("Căn cứ", "Basis", "Căn cứ pháp lý", "Giải thích", "Legal basis", "Explanation"), width=40),
    Column("tags", ("Nhãn", "Tags", "Từ khóa", "Từ khoá"), width=16),
)
BY_KEY = {header_key(header): column for column in COLUMNS for header in column.headers}
SHEET_NAMES = {"vi": TemplateNames("Câu hỏi", "Ví dụ", "Hướng dẫn"), "en": TemplateNames("Questions", "Example", "Notes")}
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


def read_xlsx(data: bytes) -> ItemReading:
    """All items of a filled-in template. Raises SheetRefused where the file itself cannot be read."""
    return read_questions(read(data))


def question_template(language: str, notes: Sequence[str]) -> bytes:
    """The XLSX file to fill in, with headers in `vi` or `en`; `notes` are sentences for the third sheet."""
    chosen = 0 if language == "vi" else 1
    columns = [TemplateColumn(column.headers[chosen] + (" *" if column.required else ""), column.width) for column in COLUMNS]
    return template(Template(SHEET_NAMES[language], columns, EXAMPLES, notes, above=[[MARK, VERSION]]))


def read_questions(book: Book) -> ItemReading:
    """Items of every visible sheet that carries the version line; every error of a row is listed with its column."""
    items: list[ReadItem] = []
    rejected: list[Rejected] = []
    tables = [(sheet, marked) for sheet in book.sheets if (marked := _marked_row(sheet)) is not None]
    for sheet, (row, version) in tables:
        if version != VERSION:
            rejected.append(Rejected(Place(row, sheet.name, "B"), "items.template_version", {"found": version, "wanted": VERSION}))
            continue
        _read_sheet(sheet, row, items, rejected)
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


def _read_sheet(sheet: Sheet, marked: int, items: list[ReadItem], rejected: list[Rejected]) -> None:
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
        row = _Row(sheet.name, number, {name: cells[column] for name, column in known.items() if column in cells}, known)
        if number > header_row and row.cells:
            row.read()
            rejected += row.rejected
            items += row.items


class _Row:
    """One item, with all that is wrong with it."""

    def __init__(self, sheet: str, number: int, cells: dict[str, Cell], known: dict[str, int]) -> None:
        self.sheet, self.number, self.known = sheet, number, known
        self.cells = {name: cell for name, cell in cells.items() if cell.text.strip() or cell.formula}
        self.items: list[ReadItem] = []
        self.rejected: list[Rejected] = []

    def read(self) -> None:
        words = {column.name: self._text(column.name) for column in COLUMNS}
        options = self._options(words)
        key = self._key(words["key"], len(options))
        difficulty = self._difficulty(words["difficulty"])
        if self.rejected:
            return
        item = ReadItem(
            place=Place(self.number, self.sheet),
            stem=richtext.from_plain(words["stem"]),
            options=tuple(ReadOption(richtext.from_line(text), letter == key) for letter, text in zip(LETTERS, options, strict=False)),
            name=tidy(words["code"]),
            topic=(topic,) if (topic := tidy(words["topic"])) else (),
            difficulty=difficulty,
            basis=richtext.from_plain(words["basis"]),
            tags=tuple(tag for part in words["tags"].split(",") if (tag := tidy(part))),
        )
        try:
            check_single_choice(item)
        except NotTaken as reason:
            self._reject("", reason)
            return
        self.items.append(item)

    def _reject(self, name: str, reason: NotTaken) -> None:
        column = column_letter(self.known[name]) if name in self.known else ""
        shown = self.cells.get(name, self.cells.get("stem"))
        place = Place(self.number, self.sheet, column)
        self.rejected.append(Rejected(place, reason.code, reason.params, excerpt(shown.text) if shown else ""))

    def _text(self, name: str) -> str:
        """The words of a cell; empty after an error was recorded."""
        cell = self.cells.get(name)
        try:
            if cell is None and name in ("stem", "key", "A", "B"):
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

    def _key(self, word: str, options: int) -> str:
        letters = tidy(word).upper().rstrip(".)")
        if not letters:
            return ""
        if len(letters) > 1 and all(letter in LETTERS + ",;/& " for letter in letters):
            self._reject("key", NotTaken("key_several", found=sum(letter in LETTERS for letter in letters)))
        elif len(letters) > 1 or letters not in LETTERS:
            self._reject("key", NotTaken("key_unreadable"))
        elif LETTERS.index(letters) >= options:
            self._reject("key", NotTaken("key_beyond_options", letter=letters))
        return letters

    def _difficulty(self, word: str) -> str | None:
        known = difficulty_of(word)
        if known is None and word.strip():
            self._reject("difficulty", NotTaken("difficulty_unknown", found=tidy(word)))
        return known


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
    if len(cell.text) > richtext.LONGEST:
        raise NotTaken("text_too_long", limit=richtext.LONGEST)
    return cell.text
