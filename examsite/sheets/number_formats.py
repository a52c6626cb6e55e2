"""How cells show their numbers: the formats that a file names by number alone, and which formats make a date of a number.

The numbers are those of ECMA-376, part 1, section 18.8.30. The library that writes workbooks knows them too, but the child that reads a
file would pay most of its time for loading it.
"""

import re

GENERAL = "General"
_BUILT_IN = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"$"#,##0_);("$"#,##0)',
    6: '"$"#,##0_);[Red]("$"#,##0)',
    7: '"$"#,##0.00_);("$"#,##0.00)',
    8: '"$"#,##0.00_);[Red]("$"#,##0.00)',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "mm-dd-yy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yy h:mm",
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    41: r'_(* #,##0_);_(* \(#,##0\);_(* "-"_);_(@_)',
    42: r'_("$"* #,##0_);_("$"* \(#,##0\);_("$"* "-"_);_(@_)',
    43: r'_(* #,##0.00_);_(* \(#,##0.00\);_(* "-"??_);_(@_)',
    44: r'_("$"* #,##0.00_)_("$"* \(#,##0.00\)_("$"* "-"??_)_(@_)',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
    48: "##0.0E+0",
    49: "@",
}
# Date formats that East Asian versions of Excel number without writing them down.
_UNWRITTEN_DATES = frozenset({*range(27, 37), *range(50, 59)})
# What is shown as it stands: text in quotes, a character after a backslash, the room of one after an underscore, and colours, conditions
# and languages in brackets. Hours, minutes and seconds in brackets count on past a day.
_AS_IT_STANDS = re.compile(r'"[^"]*"|\\.|_.|\[(?!(?:hh?|mm?|ss?)\])[^\]]*\]', re.IGNORECASE)
_PART_OF_A_DATE = re.compile("[dmyhs]", re.IGNORECASE)


def format_of(number: int, written: str | None) -> tuple[str, bool]:
    """The format with this number, `written` where the file spells it out, and whether it makes a date of a number."""
    text = _BUILT_IN.get(number, GENERAL) if written is None else written
    return text, number in _UNWRITTEN_DATES or shows_date(text)


def shows_date(text: str) -> bool:
    """Whether a format shows a day or a time of day; what it does with positive numbers decides."""
    positive = _AS_IT_STANDS.sub("", text).partition(";")[0]
    return positive != GENERAL and _PART_OF_A_DATE.search(positive) is not None
