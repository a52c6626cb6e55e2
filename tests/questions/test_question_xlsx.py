from dataclasses import replace

import pytest

from examsite import sheets
from examsite.questions.formats import ItemReading, Place, ReadItem, ReadOption
from examsite.questions.formats.xlsx import MARK, question_template, read_questions, read_xlsx
from examsite.sheets import Book, Cell, Kind, Sheet
from examsite.sheets.writing import NewSheet, write_xlsx

HEADER = [
    "Mã câu",
    "Chủ đề",
    "Độ khó",
    "Câu hỏi *",
    "Phương án A",
    "Phương án B",
    "Phương án C",
    "Phương án D",
    "Phương án E",
    "Phương án F",
]
HEADER += ["Đáp án đúng", "Căn cứ", "Nhãn"]
GOOD = ["HC-1", "Hiến pháp", "dễ", "Nhiệm kỳ?", "4 năm", "5 năm", "6 năm", "", "", "", "B", "Điều 71", "Quốc hội, nhiệm kỳ"]


def sheet(*rows: list[object], header: list[str] = HEADER, version: str = "1", name: str = "Câu hỏi") -> Sheet:
    cells = []
    for number, row in enumerate([[MARK, version], header, *rows], start=1):
        for column, value in enumerate(row, start=1):
            if isinstance(value, Cell):
                cells.append(value._replace(sheet=name, row=number, column=column))
            elif value != "":
                cells.append(Cell(name, number, column, Kind.TEXT, str(value)))
    return Sheet(name, tuple(cells))


def read(*rows: list[object], **options: object) -> ItemReading:
    return read_questions(Book((sheet(*rows, **options),)))


def changed(**changes: object) -> list[object]:
    """A good row with other cells, by the letter of their column."""
    row: list[object] = list(GOOD)
    for letter, value in changes.items():
        row[ord(letter) - ord("A")] = value
    return row


def why(reading: ItemReading) -> list[tuple[int, str, str]]:
    return [(one.place.line, one.place.column, one.code.removeprefix("items.")) for one in reading.rejected]


def test_a_good_row():
    reading = read(GOOD)
    assert reading.rejected == ()
    assert reading.items == (
        ReadItem(
            place=Place(3, "Câu hỏi"),
            stem="<p>Nhiệm kỳ?</p>",
            options=(ReadOption("4 năm", False), ReadOption("5 năm", True), ReadOption("6 năm", False)),
            name="HC-1",
            topic=("Hiến pháp",),
            difficulty="easy",
            basis="<p>Điều 71</p>",
            tags=("Quốc hội", "nhiệm kỳ"),
        ),
    )


def test_english_headers_in_any_order_and_only_the_needed_ones():
    reading = read(["B", "1 < 2?\nWhy?", "yes", "no"], header=["KEY", "Question", "Option A", "option b"])
    (item,) = reading.items
    assert item.stem == "<p>1 &lt; 2?<br>Why?</p>"
    assert (item.topic, item.difficulty, item.basis) == ((), None, "")
    assert [option.is_key for option in item.options] == [False, True]


@pytest.mark.parametrize("key", ["B", "b", " b ", "B.", "b)"])
def test_ways_to_write_the_key(key):
    assert [option.is_key for option in read(changed(K=key)).items[0].options] == [False, True, False]


@pytest.mark.parametrize(("word", "difficulty"), [("Khó", "hard"), ("medium", "medium"), ("thông hiểu", "medium"), ("", None)])
def test_difficulties(word, difficulty):
    assert read(changed(C=word)).items[0].difficulty == difficulty


def number(text: str, number_format: str = "General") -> Cell:
    return Cell("", 0, 0, Kind.NUMBER, text, number_format)


def test_whole_numbers_and_truth_values_read_as_they_show():
    reading = read(changed(E=number("1945"), F=number("1.954E3", "0"), G=Cell("", 0, 0, Kind.BOOLEAN, "true")))
    assert [option.text for option in reading.items[0].options] == ["1945", "1954", "TRUE"]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"D": ""}, ("D", "required")),
        ({"E": " "}, ("E", "required")),
        ({"K": ""}, ("K", "required")),
        ({"K": "A, B"}, ("K", "key_several")),
        ({"K": "AB"}, ("K", "key_several")),
        ({"K": "2"}, ("K", "key_unreadable")),
        ({"K": "đúng"}, ("K", "key_unreadable")),
        ({"K": "D"}, ("K", "key_beyond_options")),
        ({"K": "G"}, ("K", "key_unreadable")),
        ({"I": "8 năm"}, ("H", "option_gap")),
        ({"G": "5 năm"}, ("", "option_twice")),
        ({"C": "quỷ quyệt"}, ("C", "difficulty_unknown")),
        ({"B": "a" * 121}, ("", "topic_too_long")),
        ({"D": "a" * 10_001}, ("D", "text_too_long")),
        ({"E": number("0.5")}, ("E", "formatted_number")),
        ({"E": number("1", "0%")}, ("E", "formatted_number")),
        ({"E": number("100000000000")}, ("E", "formatted_number")),
        ({"E": Cell("", 0, 0, Kind.DATE, "1945-09-02")}, ("E", "date_cell")),
        ({"L": Cell("", 0, 0, Kind.ERROR, "#N/A")}, ("L", "cell_error")),
        ({"D": Cell("", 0, 0, Kind.UNCALCULATED, "", formula=True)}, ("D", "formula_without_value")),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(changes, place):
    reading = read(GOOD, changed(**changes))
    assert why(reading) == [(4, *place)]
    assert [item.place.line for item in reading.items] == [3]


def test_every_error_of_a_row_is_told_at_once():
    assert why(read(changed(C="?", D="", K="1"))) == [(3, "D", "required"), (3, "K", "key_unreadable"), (3, "C", "difficulty_unknown")]


def test_the_version_is_checked():
    assert why(read(GOOD, version="2")) == [(1, "B", "template_version")]
    assert read(GOOD, version="2").rejected[0].params == {"found": "2", "wanted": "1"}
    plain = replace(sheet(GOOD), cells=tuple(cell for cell in sheet(GOOD).cells if cell.row > 1))
    assert why(read_questions(Book((plain,)))) == [(1, "A", "template_mark_missing")]
    assert why(read_questions(Book(()))) == [(1, "A", "template_mark_missing")]


def test_missing_columns_and_empty_tables():
    reading = read(["a", "b"], header=["Câu hỏi", "Phương án A"])
    assert [(one.code, one.params["wanted"]) for one in reading.rejected] == [
        ("items.column_missing", "Phương án B"),
        ("items.column_missing", "Đáp án đúng"),
    ]
    assert why(read()) == [(1, "", "nothing_found")]
    only_mark = Sheet("S", (Cell("S", 1, 1, Kind.TEXT, MARK), Cell("S", 1, 2, Kind.NUMBER, "1")))
    assert {one.code for one in read_questions(Book((only_mark,))).rejected} == {"items.column_missing"}


def test_several_sheets_are_read_and_hidden_and_example_sheets_are_not():
    hidden = replace(sheet(GOOD, name="Ẩn"), hidden=True)
    book = Book((sheet(GOOD, name="Một"), sheet(GOOD, name="Ví dụ"), hidden, sheet(GOOD, name="Hai"), Sheet("Trống", ())))
    assert [item.place.sheet for item in read_questions(book).items] == ["Một", "Hai"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_template_is_empty_and_its_example_would_be_taken(language):
    data = question_template(language, ["Một câu."])
    assert why(read_xlsx(data)) == [(1, "", "nothing_found")]
    example = sheets.read(data).sheets[1]
    (item,) = read_questions(Book((replace(example, name="S"),))).items
    assert [option.is_key for option in item.options] == [False, True, False, False]


def test_from_bytes_to_items_with_texts_that_look_like_formulas():
    row = changed(E="=1+1", F="-5", G="+3")
    data = write_xlsx([NewSheet("Câu hỏi", HEADER, [row], above=[[MARK, 1]])])
    assert [option.text for option in read_xlsx(data).items[0].options] == ["=1+1", "-5", "+3"]
