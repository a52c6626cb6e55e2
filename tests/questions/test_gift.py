import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsite.questions.formats import ItemReading, Place, ReadItem
from examsite.questions.formats.gift import LARGEST_FILE, MOST_ITEMS, read_gift
from examsite.richtext import to_text
from examsite.sheets import SheetRefused
from examsite.vietnamese import nfc

SAMPLES = Path(__file__).parents[1] / "samples" / "gift"
KINDS = {"Short": "short_text", "Numerical": "numeric", "Matching": "match"}


def read(text: str) -> ItemReading:
    return read_gift(text.encode())


def only(text: str) -> ReadItem:
    reading = read(text)
    assert reading.rejected == ()
    (item,) = reading.items
    return item


def options(item: ReadItem) -> list[tuple[str, bool]]:
    return [(option.text, option.is_key) for option in item.options]


def why(text: str) -> list[tuple[int, str]]:
    return [(one.place.line, one.code.removeprefix("items.")) for one in read(text).rejected]


def test_a_published_sample_reads_as_its_authors_say():
    expected = json.loads((SAMPLES / "giftFormatPhpExamples.expected.json").read_text("utf-8"))
    reading = read_gift((SAMPLES / "giftFormatPhpExamples.gift").read_bytes())
    choices = [one for one in expected if one["type"] == "MC"]
    items = [item for item in reading.items if options(item)[0][0] not in ("Đúng", "Sai")]
    assert (len(choices), len(reading.items)) == (4, 4 + sum(one["type"] == "TF" for one in expected))
    for wanted, item in zip(choices, items, strict=True):
        assert item.name == (wanted["title"] or "")
        assert to_text(item.stem) == wanted["stem"]["text"]
        assert options(item) == [(choice["text"]["text"], choice["isCorrect"]) for choice in wanted["choices"]]
    others = [f"items.kind_{KINDS[one['type']]}" for one in expected if one["type"] not in ("MC", "TF")]
    assert [one.code for one in reading.rejected] == others
    assert [one.place.line for one in reading.rejected] == [11, 13, 15, 33, 40]
    assert [(one.place.line, one.code) for one in reading.notes] == [
        (22, "items.option_feedback_left_out"),
        (28, "items.partial_credit_left_out"),
        (28, "items.option_feedback_left_out"),
    ]


def test_everything_an_item_can_carry():
    item = only(
        "\ufeff$CATEGORY: $course$/top/Luật/Chương 1\n\n// [id:HC-7] [tag:difficulty:hard] [tag:Quốc hội]\n"
        "[html]<p>Câu <b>hỏi</b><script>x</script>?</p>{\n~[plain]a <b>\n=[html]<i>b</i>\n~c####Điều 71 Hiến pháp}\n"
    )
    assert item == ReadItem(
        place=Place(4),
        stem="<p>Câu <b>hỏi</b>?</p>",
        options=item.options,
        name="HC-7",
        topic=("Luật", "Chương 1"),
        difficulty="hard",
        basis=item.basis,
        tags=("Quốc hội",),
    )
    assert options(item) == [("a &lt;b&gt;", False), ("<i>b</i>", True), ("c", False)]
    assert to_text(item.basis) == "Điều 71 Hiến pháp"
    assert item.topic_name == "Luật / Chương 1"


def test_escapes_stand_for_themselves():
    item = only("::a\\:\\:b::1 \\= 1 \\{x\\} \\# \\~ C\\\\D{=x \\= 1 # no\n~dòng 1\\ndòng 2}")
    assert item.name == "a::b"
    assert to_text(item.stem) == "1 = 1 {x} # ~ C\\D"
    assert options(item) == [("x = 1", True), ("dòng 1<br>dòng 2", False)]


def test_an_escaped_n_is_a_line_and_an_escaped_backslash_before_n_is_not():
    assert to_text(only("a\\nb\\\\nc{=x~y}").stem) == "a\nb\\nc"


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("Thủ đô là {=Hà Nội ~Huế}.", "Thủ đô là _____."),
        ("Thủ đô là {=Hà Nội ~Huế} của Việt Nam", "Thủ đô là _____ của Việt Nam"),
        ("Thủ đô?\n{=Hà Nội ~Huế}\n", "Thủ đô?"),
        ("{=Hà Nội ~Huế} là thủ đô", "_____ là thủ đô"),
    ],
)
def test_a_missing_word_leaves_a_blank(text, stem):
    assert to_text(only(text).stem) == stem


@pytest.mark.parametrize(
    ("stem", "html"),
    [
        ("a < b và c > d", "<p>a &lt; b và c &gt; d</p>"),
        ("x<sub>2</sub> > 1", "x<sub>2</sub> &gt; 1"),
        ("<span style\\=color\\:red>đỏ</span>", "đỏ"),
        ("[plain]<b>chữ</b>", "<p>&lt;b&gt;chữ&lt;/b&gt;</p>"),
        ("[markdown]**chữ**", "<p>**chữ**</p>"),
        ("[moodle]chữ\n   tiếp", "<p>chữ tiếp</p>"),
    ],
)
def test_formats_of_text(stem, html):
    assert only(stem + "{=x~y}").stem == html


def test_markdown_is_shown_as_written_and_said():
    assert [note.code for note in read("[markdown]*a*{=x~y}").notes] == ["items.markdown_as_written"]


@pytest.mark.parametrize("weight", ["%100%", "%100.0%"])
def test_a_right_answer_may_carry_its_full_weight(weight):
    assert options(only(f"a{{={weight}x ~%-50%y ~z}}")) == [("x", True), ("y", False), ("z", False)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a{true}", "answers_unreadable"),
        ("a{=x}", "kind_short_text"),
        ("a{=x =y}", "kind_short_text"),
        ("a{=x->1 =y->2}", "kind_match"),
        ("a{#3:1}", "kind_numeric"),
        ("a{}", "kind_essay"),
        ("a{####căn cứ}", "kind_essay"),
        ("chỉ có chữ", "kind_description"),
        ("a{~%50%x ~%50%y ~%-100%z}", "kind_multiple_response"),
        ("a{~x ~y}", "key_missing"),
        ("a{=x =y ~z}", "key_several"),
        ("a{=%50%x ~y}", "kind_multiple_response"),
        ("a{x ~y =z}", "answers_unreadable"),
        ("a{=x ~y", "brace_not_closed"),
        ("a =x ~y}", "brace_not_opened"),
        ("a}{=x ~y", "brace_not_opened"),
        ("a{=x ~{y}}", "brace_twice"),
        ("a{=x ~y} b {=z ~w}", "brace_twice"),
        ("::a{=x ~y}", "name_open"),
        ("{=x ~y}", "stem_blank"),
        ("a{=x ~}", "option_blank"),
        ("a{=x ~x}", "option_twice"),
        ("a{~=x}", "option_blank"),
        ("a{=%x ~y}", "weight_unreadable"),
        ("a{=x " + "".join(f"~{number}" for number in range(10)) + "}", "option_count"),
        ("<p>a<img src\\=x></p>{=x ~y}", "picture_or_formula"),
        ("a{=<svg></svg> ~y}", "picture_or_formula"),
        ("a" * 10_001 + "{=x ~y}", "text_too_long"),
    ],
)
def test_what_cannot_be_taken_is_listed_with_its_reason(text, code):
    assert why(text) == [(1, code)]


def test_a_broken_item_does_not_take_the_others_with_it():
    reading = read("// ghi chú\n\nmột{=x ~y}\n\nhai{=x ~y\n~z\n\nba}\n\nbốn{=x ~y}\n\n\nnăm {=x\n~y}")
    assert [(item.place.line, to_text(item.stem)) for item in reading.items] == [(3, "một"), (10, "bốn"), (13, "năm")]
    assert [(one.place.line, one.code, one.excerpt) for one in reading.rejected] == [
        (5, "items.brace_not_closed", "hai{=x ~y ~z"),
        (8, "items.brace_not_opened", "ba}"),
    ]


def test_categories_hold_until_the_next_and_labels_for_one_item():
    reading = read(
        "$CATEGORY: Luật//Nghị định/Chương 1\n// [tag:difficulty:dễ]\nmột{=x ~y}\n\nhai{=x ~y}\n$CATEGORY: $course$/Tin học\nba{=x ~y}\n\n"
        "// [tag:difficulty:easy]\n\nbốn{=x ~y}\n"
    )
    assert [(item.topic, item.difficulty) for item in reading.items] == [
        (("Luật/Nghị định", "Chương 1"), "easy"),
        (("Luật/Nghị định", "Chương 1"), None),
        (("Tin học",), None),
        (("Tin học",), None),
    ]


def test_an_unknown_difficulty_is_said_and_a_long_topic_refused():
    reading = read("// [tag:difficulty:fiendish]\na{=x ~y}")
    assert [(note.code, note.params) for note in reading.notes] == [("items.difficulty_unknown", {"found": "fiendish"})]
    assert reading.items[0].difficulty is None
    assert why("$CATEGORY: " + "a" * 121 + "\n\na{=x ~y}") == [(3, "topic_too_long")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding):
    assert to_text(read_gift("Hà Nội?\r\n{=x ~y}".encode(encoding)).items[0].stem) == "Hà Nội?"


def test_files_that_are_no_such_text():
    for data, code in (
        (b"\xff\xd8\xff\xe0", "sheets.old_encoding"),
        (b"a\x00\x01", "sheets.not_a_table"),
        (b" " * (LARGEST_FILE + 1), "sheets.file_too_big"),
    ):
        with pytest.raises(SheetRefused) as caught:
            read_gift(data)
        assert caught.value.code == code


@pytest.mark.parametrize("text", ["", "// nothing\n\n$CATEGORY: a\n"])
def test_a_file_without_questions_says_so(text):
    assert why(text) == [(1, "nothing_found")]


def test_a_file_with_too_many_items_is_read_to_the_limit():
    reading = read("a{=x ~y}\n\n" * (MOST_ITEMS + 5))
    assert len(reading.items) == MOST_ITEMS
    assert [(one.code, one.place.line) for one in reading.rejected] == [("items.too_many", 2 * MOST_ITEMS + 1)]


PLAIN = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Cn", "Zl", "Zp", "Zs", "Co"]), min_size=1, max_size=20
)


@given(PLAIN, st.lists(PLAIN, min_size=2, max_size=5), st.integers(0, 4))
def test_any_words_come_back_when_escaped(stem, words, key):
    def escaped(text: str) -> str:
        return "".join("\\" + character if character in "~=#{}:\\" else character for character in text)

    texts = [f"({index}) {word}" for index, word in enumerate(words)]
    answers = "".join(("=" if index == key % len(words) else "~") + escaped(text) for index, text in enumerate(texts))
    item = only(f"[plain]x {escaped(stem)}{{{answers}}}")
    assert to_text(item.stem) == nfc(f"x {stem}")
    assert [to_text(option.text) for option in item.options] == [nfc(text) for text in texts]
    assert [option.is_key for option in item.options] == [index == key % len(words) for index in range(len(words))]


@given(st.text(alphabet="ab{}=~#%:\\/\n$[]<>-5 ", max_size=120))
def test_no_text_makes_the_reader_fail(text):
    reading = read(text)
    assert reading.items or reading.rejected
    assert all(sum(option.is_key for option in item.options) == 1 for item in reading.items)
