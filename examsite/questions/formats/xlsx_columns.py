"""The columns of the question template, and the words that its cells may hold."""

from dataclasses import dataclass

from examsite.rules.keys import ItemKind, MarkingRule
from examsite.sheets import header_key
from examsite.vietnamese import fold

LETTERS = "ABCDEF"
KIND_WORDS = {
    "": ItemKind.SINGLE_CHOICE,
    "mot phuong an": ItemKind.SINGLE_CHOICE,
    "one option": ItemKind.SINGLE_CHOICE,
    "nhieu phuong an": ItemKind.MULTIPLE_RESPONSE,
    "several options": ItemKind.MULTIPLE_RESPONSE,
    "tra loi ngan": ItemKind.SHORT_TEXT,
    "short text": ItemKind.SHORT_TEXT,
    "dien so": ItemKind.NUMERIC,
    "number": ItemKind.NUMERIC,
    "tu luan": ItemKind.ESSAY,
    "essay": ItemKind.ESSAY,
} | {fold(kind.value.replace("_", " ")): kind for kind in ItemKind}
RULE_WORDS = {
    "": MarkingRule.ALL_OR_NOTHING,
    "tron diem": MarkingRule.ALL_OR_NOTHING,
    "all or nothing": MarkingRule.ALL_OR_NOTHING,
    "tung phan": MarkingRule.PARTIAL,
    "partial": MarkingRule.PARTIAL,
}
YES = frozenset({"x", "co", "yes", "1", "true"})
BETWEEN_ANSWERS = "|"


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
    Column("kind", ("Dạng câu", "Kind"), width=18),
    Column("rule", ("Cách chấm", "Marking"), width=16),
    Column("accepted", ("Đáp án chấp nhận", "Accepted answers"), width=30),
    Column("case", ("Phân biệt hoa thường", "Capitals count"), width=14),
)
BY_KEY = {header_key(header): column for column in COLUMNS for header in column.headers}
