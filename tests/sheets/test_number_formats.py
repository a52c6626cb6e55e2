"""Which formats make a date of a number, beside what the library that writes workbooks thinks of them."""

import pytest
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from examsite.sheets.number_formats import format_of, shows_date


@pytest.mark.parametrize("number", range(60))
def test_numbered_formats_are_those_of_the_standard(number: int) -> None:
    text = BUILTIN_FORMATS.get(number, "General")
    assert format_of(number, None) == (text, is_date_format(text) or 27 <= number <= 36 or 50 <= number <= 58)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("dd/mm/yyyy", True),
        ("DD/MM/YYYY", True),
        ("[$-1010000]d/m/yyyy;@", True),
        ('dd" thang "mm" nam "yyyy', True),
        ("[h]:mm", True),
        ("[ss].0", True),
        ("yyyy", True),
        ('0" days"', False),
        (r"0\d", False),
        ("0_d", False),
        ("000000000000", False),
        ("[Red]0;[Blue]0", False),
        ("0;dd", False),
        ('"a;d"0', False),
        ('#,##0 "₫"', False),
        ("General", False),
        ("@", False),
        ("", False),
    ],
)
def test_only_what_is_not_shown_as_it_stands_counts(text: str, *, date: bool) -> None:
    assert (shows_date(text), format_of(164, text)) == (date, (text, date))
