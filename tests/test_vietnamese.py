import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsite.vietnamese import ALPHABET, fold, name_sort_key, nfc, tidy, title_sort_key

NAMES = [
    "Nguyễn Thị An",
    "Trần Văn An",
    "Lê An Àn",
    "Lê Văn Ản",
    "Lê Văn Ãn",
    "Lê Văn Án",
    "Lê Văn Ạn",
    "Lê Văn Anh",
    "Lê Văn Ánh",
    "Bùi Ăn",
    "Bùi Ân",
    "Vũ Văn Bình",
    "Vũ Văn Chi",
    "Vũ Văn Dũng",
    "Vũ Văn Đức",
    "Lê Thị Em",
    "Lê Thị Êm",
    "Lê Giang",
    "Lê Hoà",
    "Lê Lan",
    "Lê Ngọc",
    "Lê Oanh",
    "Lê Ổn",
    "Lê Ơn",
    "Lê Phú",
    "Lê Tâm",
    "Lê Thảo",
    "Lê Tư",
    "Lê Uyên",
    "Lê Ước",
    "Lê Vân",
    "Lê Xuân",
    "Lê Yến",
]


def test_names_sort_by_given_name_then_family_and_middle_in_alphabet_and_tone_order():
    mixed = sorted(NAMES, key=lambda name: name[::-1])
    assert sorted(mixed, key=name_sort_key) == NAMES


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKD"])
def test_the_key_does_not_depend_on_how_the_name_was_typed(form):
    for name in NAMES:
        assert name_sort_key(unicodedata.normalize(form, f"  {name.upper()}\u00a0\u200b")) == name_sort_key(name)


def test_names_of_things_sort_as_they_are_read_with_numbers_by_what_they_count():
    things = ["Phòng 2", "Phòng 10", "Phòng An", "Phòng Ấn", "Sở Nội vụ", "Sở Xây dựng", "Trường An"]
    turned = list(reversed(things))
    assert sorted(turned, key=title_sort_key) == things


def test_a_tone_typed_before_the_letter_mark_is_the_same_letter():
    assert name_sort_key("Vie\u0323\u0302t") == name_sort_key("Việt")
    assert nfc("Vie\u0323\u0302t") == "Việt"


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Nguyễn Đình", "nguyen dinh"), ("𝐀𝗡", "an"), ("  ĐẶNG  Thị\u00a0Ưu ", "dang thi uu"), ("José-Müller", "jose-muller"), ("", "")],
)
def test_fold(text, folded):
    assert fold(text) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded


def test_tidy_composes_and_removes_what_cannot_be_seen():
    assert tidy(" Nguye\u0302\u0303n\u200b \u00a0 An\ufeff\t") == "Nguyễn An"


@given(st.text(alphabet=ALPHABET + ALPHABET.upper() + " áàảãạấốợ'-.éñ", max_size=200))
def test_the_key_is_digits_alone_and_fits_its_column(name):
    key = name_sort_key(name)
    assert key == "" or key.isdigit()
    assert len(key) <= 2 * len(name) + 2


@given(st.text(max_size=60))
def test_fold_is_settled_after_one_pass(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=ALPHABET, min_size=1, max_size=8), st.text(alphabet=ALPHABET, min_size=1, max_size=8))
def test_words_without_tones_compare_as_in_the_alphabet(one, other):
    positions = [[ALPHABET.index(letter) for letter in word] for word in (one, other)]
    assert (name_sort_key(one) < name_sort_key(other)) == (positions[0] < positions[1])
