"""The formats that have numbers only, and what shows a date: as the library has it that writes files."""

import pytest
from openpyxl.styles import numbers

from examsite.sheets.number_formats import BUILTIN_FORMATS, shows_date

DATES = ("dd/mm/yyyy", "[$-42A]dd mmmm yyyy", "[h]:mm", "[mm]:ss", "[ss]", 'yyyy"year"', "[Red]d", "HH:MM", "d;@", '0"d"d')
NUMBERS = ("0.00", '"day" 0', "[Red]0", "[DBNum1]0", "[$-409]#,##0", "", '0 "h"', "0;[Red]d", "General;d", "\\d0", "_m0", '"d";d', "[hhh]")


def test_the_numbered_formats_are_all_there() -> None:
    assert BUILTIN_FORMATS == numbers.BUILTIN_FORMATS


@pytest.mark.parametrize("text", [*BUILTIN_FORMATS.values(), *DATES, *NUMBERS])
def test_dates_are_told_from_numbers_as_the_library_does(text: str) -> None:
    assert shows_date(text) is bool(numbers.is_date_format(text))


@pytest.mark.parametrize("text", DATES)
def test_a_date_is_a_date(text: str) -> None:
    assert shows_date(text)


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_is_no_date(text: str) -> None:
    assert not shows_date(text)
