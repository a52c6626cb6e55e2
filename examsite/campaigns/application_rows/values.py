"""From one cell to one value: name, day, gender, position, phone, years. Repairs are said aloud, doubts refused."""

import re
from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

from examsite.lists import Unusable
from examsite.lists.values import Say, read_text, read_words
from examsite.sheets import Cell, Kind, moment_of_serial
from examsite.vietnamese import fold, tidy

EARLIEST_YEAR, LATEST_YEAR = 1920, 2099
SERIALS = range(7_306, 54_789)  # 1920 to 2049 in the 1900 system
MOST_YEARS_OF_SERVICE = 60

DAY_FIRST = re.compile(r"(\d{1,2}) ?([/.\-]) ?(\d{1,2}) ?\2 ?(\d{4})")
YEAR_FIRST = re.compile(r"(\d{4})([/.\-])(\d{1,2})\2(\d{1,2})(?:[ T]00:00(?::00)?)?")
IN_WORDS = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})")
SHORT_YEAR = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2}")
YEAR_ALONE = re.compile(r"(19|20)\d\d")
MOBILE = re.compile(r"0[35789]\d{8}")
LANDLINE = re.compile(r"02\d{8,9}")
NAME = re.compile(r"[^\W\d_]+(?:[ .'’\-]+[^\W\d_]+)*\.?")
# Old fonts (TCVN3, VNI) leave capitals with marks inside words, where no Vietnamese name has them.
CAPITAL_INSIDE = re.compile(r"[a-z][À-ÖØ-Þ]")
GRADES = {
    **dict.fromkeys(("hoan thanh xuat sac nhiem vu", "hoan thanh xuat sac", "xuat sac", "htxsnv", "excellent"), "excellent"),
    **dict.fromkeys(("hoan thanh tot nhiem vu", "hoan thanh tot", "tot", "httnv", "good"), "good"),
    **dict.fromkeys(("hoan thanh nhiem vu", "hoan thanh", "htnv", "completed"), "completed"),
    **dict.fromkeys(("khong hoan thanh nhiem vu", "khong hoan thanh", "khtnv", "not completed"), "not_completed"),
}
GENDERS = {"nam": "male", "male": "male", "m": "male", "nu": "female", "female": "female", "f": "female"}


def read_name(cell: Cell, longest: int, say: Say) -> str:
    """A name: letters with blanks, hyphens, apostrophes and dots between them."""
    text = read_words(cell, longest, say)
    if not NAME.fullmatch(text) or CAPITAL_INSIDE.search(text):
        raise Unusable("applications.name_characters")
    return text


def read_day(cell: Cell, *, date_1904: bool, month_first_seen: bool, say: Say) -> date:
    """A day from a date cell, a bare serial (said aloud), or text; day before month, unless the column shows otherwise."""
    text = read_text(cell, 100, say)
    if cell.kind is Kind.NUMBER:
        return _in_range(_day_of_number(cell.whole_number, date_1904=date_1904, say=say))
    if cell.day is not None:
        return _in_range(cell.day)
    return _in_range(_day_of_text(text, month_first_seen=month_first_seen))


def _day_of_number(number: int | None, *, date_1904: bool, say: Say) -> date:
    if number is not None and YEAR_ALONE.fullmatch(str(number)):
        raise Unusable("applications.date_year_only")
    moment = moment_of_serial(Decimal(number), date_1904=date_1904) if number is not None and number in SERIALS else None
    if moment is None:
        raise Unusable("applications.date_unreadable")
    say("applications.date_from_serial", value=f"{moment:%d/%m/%Y}")
    return moment.date()


def _day_of_text(text: str, *, month_first_seen: bool) -> date:
    if match := DAY_FIRST.fullmatch(text):
        day, sign, month, year = int(match[1]), match[2], int(match[3]), int(match[4])
        if sign == "/" and month_first_seen and max(day, month) <= 12 and day != month:
            raise Unusable("applications.date_ambiguous", day=day, month=month)
    elif match := YEAR_FIRST.fullmatch(text):
        year, month, day = int(match[1]), int(match[3]), int(match[4])
    elif match := IN_WORDS.fullmatch(fold(text)):
        day, month, year = int(match[1]), int(match[2]), int(match[3])
    else:
        raise Unusable(f"applications.{_why_unreadable(text)}")
    return _day(day, month, year)


def _why_unreadable(text: str) -> str:
    if SHORT_YEAR.fullmatch(text):
        return "date_short_year"
    return "date_year_only" if YEAR_ALONE.fullmatch(text) else "date_unreadable"


def _day(day: int, month: int, year: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        if 1 <= day <= 12 < month <= 31:
            raise Unusable("applications.date_month_first", day=month, month=day) from error
        raise Unusable("applications.date_impossible") from error


def _in_range(day: date) -> date:
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise Unusable("applications.date_out_of_range", earliest=EARLIEST_YEAR, latest=LATEST_YEAR)
    return day


def shows_month_first(cells: Iterable[Cell]) -> bool:
    """Whether a column seems to be written month first: then none of its `a/b/year` with two small numbers can be trusted.

    It seems so when days that only make sense with the month first are at least as many as those that only make sense with
    the day first; a single slip among many good days is an error of its own row alone.
    """
    month_first = day_first = 0
    for cell in cells:
        match = DAY_FIRST.fullmatch(tidy(cell.text)) if cell.kind is Kind.TEXT else None
        if match is not None and match[2] == "/":
            month_first += int(match[1]) <= 12 < int(match[3]) <= 31
            day_first += int(match[3]) <= 12 < int(match[1]) <= 31
    return 0 < month_first >= day_first


def read_gender(cell: Cell, say: Say) -> str:
    """`male` or `female`."""
    gender = GENDERS.get(fold(read_words(cell, 100, say)))
    if gender is None:
        raise Unusable("applications.gender_unknown")
    return gender


def read_grade(cell: Cell, say: Say) -> str:
    """One of the four grades of the yearly assessment, in full or as forms shorten them."""
    grade = GRADES.get(fold(read_words(cell, 100, say)))
    if grade is None:
        raise Unusable("applications.grade_unknown")
    return grade


def read_position(cell: Cell, known: Collection[str], say: Say) -> str:
    """The code of a known position; capitals, blanks and zeros that a spreadsheet program dropped may differ, if only one fits."""
    text = read_words(cell, 100, say)
    if text in known:
        return text
    wanted = _position_key(text)
    fitting = [code for code in known if _position_key(code) == wanted]
    if len(fitting) != 1:
        raise Unusable("applications.position_unknown", known=", ".join(sorted(known)[:20]))
    say("applications.position_matched", value=fitting[0])
    return fitting[0]


def _position_key(code: str) -> str:
    key = fold(code).replace(" ", "")
    return key.lstrip("0") if key.isdigit() else key


def read_phone(cell: Cell, say: Say) -> str:
    """A Vietnamese number with its leading zero, digits alone."""
    text = read_words(cell, 100, say)
    digits = re.sub(r"[\s.\-()]", "", text)
    bare = re.sub(r"^(\+84|0084)0?", "0", digits)
    if bare != digits:
        say("applications.phone_prefix_replaced", value=bare)
    elif not bare.startswith("0") and _is_phone("0" + bare):
        bare = "0" + bare
        say("applications.phone_zero_restored", value=bare)
    if not _is_phone(bare):
        raise Unusable("applications.phone_invalid")
    return bare


def _is_phone(digits: str) -> bool:
    return digits.isascii() and (MOBILE.fullmatch(digits) is not None or LANDLINE.fullmatch(digits) is not None)


def read_years(cell: Cell, say: Say) -> int:
    """Whole years from 0 to 60."""
    text = read_words(cell, 100, say)
    match = re.fullmatch(r"(\d{1,2})(?: (?:nam|years?))?", fold(text))
    if match is None or int(match[1]) > MOST_YEARS_OF_SERVICE:
        raise Unusable("applications.years_invalid", limit=MOST_YEARS_OF_SERVICE)
    return int(match[1])
