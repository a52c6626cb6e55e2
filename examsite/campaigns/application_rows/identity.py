"""The personal identity number: 12 digits that name the place of birth registration, gender, century and year of birth.

Decree 137/2015/ND-CP, article 13 (structure), and Circular 07/2016/TT-BCA with its annex of province codes.
"""

import re
from datetime import date

from examsite.lists import Unusable
from examsite.lists.values import Say
from examsite.sheets import Cell, Kind

LENGTH = 12
OLD_CARD_LENGTH = 9
SHORTEST_WITHOUT_ZEROS = 10
FIRST_COUNTRY_CODE = 101
PROVINCES = frozenset(
    f"{code:03d}"
    for code in (
        1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40, 42, 44, 45, 46, 48,
        49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96,
    )
)  # fmt: skip
SEPARATORS = re.compile(r"[\s.\-'’_]")
ROUNDED = re.compile(r"\d+([.,]\d+)?[eE]\+?\d+")


def read_identity_number(cell: Cell, text: str, birth_date: date | None, gender: str | None, say: Say) -> str:
    """The 12 digits, with zeros that a spreadsheet program dropped put back where birth year and gender confirm them.

    `birth_date` and `gender` are those of the same row, None where they could not be read; then they confirm nothing.
    Raises Unusable.
    """
    digits = _digits(cell, text, say)
    number = digits.zfill(LENGTH) if SHORTEST_WITHOUT_ZEROS <= len(digits) < LENGTH else digits
    if len(number) != LENGTH:
        raise Unusable(
            "applications.identity_old_card" if len(number) == OLD_CARD_LENGTH else "applications.identity_length", found=len(number)
        )
    try:
        _check_place(number, say)
        _check_birth(number, birth_date, gender)
    except Unusable as reason:
        if number == digits:
            raise
        raise Unusable("applications.identity_zeros_doubtful", found=len(digits), tried=number) from reason
    if number != digits:
        say("applications.identity_zeros_restored", value=number)
    return number


def _digits(cell: Cell, text: str, say: Say) -> str:
    if cell.kind is Kind.NUMBER:
        if cell.whole_number is None or cell.whole_number < 0:
            raise Unusable("applications.identity_characters")
        return str(cell.whole_number)
    if ROUNDED.fullmatch(text):
        raise Unusable("applications.identity_rounded")
    digits = SEPARATORS.sub("", text)
    if not (digits.isascii() and digits.isdigit()):
        raise Unusable("applications.identity_characters")
    if digits != text:
        say("applications.identity_separators_removed", value=digits)
    return digits


def _check_place(number: str, say: Say) -> None:
    if number[:3] in PROVINCES:
        return
    if int(number[:3]) < FIRST_COUNTRY_CODE:
        raise Unusable("applications.identity_province", found=number[:3])
    say("applications.identity_country", found=number[:3])


def _check_birth(number: str, birth_date: date | None, gender: str | None) -> None:
    """Digit 4 is 0 for a man and 1 for a woman born in 1900 to 1999, 2 and 3 in 2000 to 2099, and so on; digits 5 and 6 the year."""
    century, female = divmod(int(number[3]), 2)
    year = 1900 + 100 * century + int(number[4:6])
    if birth_date is not None and birth_date.year != year:
        raise Unusable("applications.identity_birth_year", found=year, expected=birth_date.year)
    if gender is not None and gender != ("female" if female else "male"):
        raise Unusable("applications.identity_gender", found="female" if female else "male")
