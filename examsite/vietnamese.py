"""Vietnamese text: one normal form, folding for search, and the order of names."""

import re
import unicodedata

# The order of the alphabet as dictionaries use it; f, j, w and z stand where Latin order has them, for foreign names.
ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# ngang, huyền, hỏi, ngã, sắc, nặng
TONES = "\u0300\u0309\u0303\u0301\u0323"
LETTER_MARKS = "\u0302\u0306\u031b"
INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufe00-\ufe0f]")

_RANK = {letter: f"{rank:02d}" for rank, letter in enumerate(ALPHABET, start=20)} | {str(digit): f"1{digit}" for digit in range(10)}
_TONE = {mark: str(rank) for rank, mark in enumerate(TONES, start=1)}


def nfc(text: str) -> str:
    """The composed form, in which every text of the system is kept; macOS and some PDF tools hand over the decomposed one."""
    return unicodedata.normalize("NFC", text)


def tidy(text: str) -> str:
    """Composed, without invisible characters, with single ordinary blanks inside and none around."""
    return " ".join(INVISIBLE.sub("", nfc(text)).split())


def fold(text: str) -> str:
    """For search and for matching headers: no tone, no letter mark, no capitals, single blanks. `Nguyễn Đình` -> `nguyen dinh`.

    Folding a folded text changes nothing. One pass is not always enough: `𝐀` is a capital only once it has decomposed to `A`.
    """
    while (folded := _fold_once(text)) != text:
        text = folded
    return text


def _fold_once(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", tidy(text).casefold())
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(bare.replace("đ", "d").split())


def name_sort_key(full_name: str) -> str:
    """A key whose order by plain character comparison is the order of Vietnamese name lists.

    The given name (the last word) counts first, then the other words as written, family name first. Words compare by their
    letters, and only words of the same letters by tone. The key is made of digits alone, so that every database collation
    orders it alike; it takes at most two characters for each character of the name, plus two.
    """
    words = tidy(full_name).casefold().split()
    return "".join(_word_key(word) for word in [*words[-1:], *words[:-1]])


def title_sort_key(title: str) -> tuple[tuple[int, int, str], ...]:
    """The order of the names of things: word by word as they are read, with numbers by what they count (2 before 10)."""
    words = tidy(title).casefold().split()
    return tuple((0, int(word), "") if word.isdecimal() else (1, 0, _word_key(word)) for word in words)


def _word_key(word: str) -> str:
    letters: list[str] = []
    tone = "0"
    for character in _letters_and_tones(word):
        if character in _TONE:
            tone = _TONE[character]
        else:
            letters.append(_RANK.get(character, ""))
    return "".join(letters) + "0" + tone


def _letters_and_tones(word: str) -> list[str]:
    """`nguyễn` -> n g u y ê ◌̃ n: letters of the alphabet, with the tones apart; other marks of foreign names are dropped."""
    found: list[str] = []
    for character in unicodedata.normalize("NFD", word):
        if character in _TONE or not unicodedata.combining(character):
            found.append(character)
        elif character in LETTER_MARKS:
            _mark_last_letter(found, character)
    return found


def _mark_last_letter(found: list[str], mark: str) -> None:
    """A tone may stand between the letter and its mark: `ê` with a dot below decomposes to e, dot, circumflex."""
    for index in range(len(found) - 1, -1, -1):
        if found[index] not in _TONE:
            marked = nfc(found[index] + mark)
            found[index] = marked if marked in ALPHABET else found[index]
            return
