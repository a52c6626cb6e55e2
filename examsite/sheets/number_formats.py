"""Number formats of spreadsheets: those that a file refers to by number alone, and which of them show a date.

Source: ISO/IEC 29500-1, 18.8.30 (numFmt) and 18.8.31 (numFmts). They are written out here so that the process that reads files need not
load the library that writes them, which takes longer than reading most files.
"""

import re

BUILTIN_FORMATS = {
    0: "General",
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
    41: '_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)',
    42: '_("$"* #,##0_);_("$"* \\(#,##0\\);_("$"* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)',
    44: '_("$"* #,##0.00_)_("$"* \\(#,##0.00\\)_("$"* "-"??_)_(@_)',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
    48: "##0.0E+0",
    49: "@",
}

# What stands between quotation marks is shown as it is. What stands in brackets is a colour, a condition or a language, but for [h], [mm]
# and the like, which count hours, minutes or seconds beyond a day.
NOT_OF_THE_FORMAT = re.compile(r'"[^"]*"|\[(?!(?:hh?|mm?|ss?)\])[^\]]*\]')
DATE_LETTER = re.compile(r"(?<![_\\])[dmhys]", re.IGNORECASE)


def shows_date(number_format: str) -> bool:
    """Whether a cell with this format shows a date or a time of day: its first section, for positive numbers, decides."""
    return DATE_LETTER.search(NOT_OF_THE_FORMAT.sub("", number_format.split(";")[0])) is not None
