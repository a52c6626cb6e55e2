"""Vietnamese and English: which one this reader gets, and how dates, numbers and names of languages are written."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_timezone_location
from flask import Flask, current_app, g, request
from flask_babel import Babel, get_locale, get_translations
from markupsafe import Markup

from examsite.rules.policy import Words
from examsite.web.context import now

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
COOKIE = "examsite_language"
SENTENCES = 8192
babel = Babel()


def choose() -> str:
    """The reader's own choice, then what the browser asks for, then Vietnamese."""
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(list(LANGUAGES), "vi") or "vi"


@cache
def _locale(language: str) -> Locale:
    """Babel would read the name, and look for the file behind it, at every request."""
    return Locale.parse(language)


def reading() -> str:
    """The language of this page: `vi` or `en`."""
    locale = get_locale()
    return locale.language if locale is not None else "vi"


def pick(labels: Words | Mapping[str, str] | str) -> str:
    """The text of a label that comes in both languages; one that was picked already stays."""
    if isinstance(labels, str):
        return labels
    if isinstance(labels, Words):
        return labels.vi if reading() == "vi" else labels.en
    return labels.get(reading()) or labels["en"]


def local(moment: datetime, zone: str | None = None) -> datetime:
    """A moment in the time zone of the campaign, or of the site."""
    return moment.astimezone(ZoneInfo(zone or current_app.config["TIME_ZONE"]))


def day(value: date | datetime, zone: str | None = None) -> str:
    """dd/mm/yyyy, in both languages."""
    shown = local(value, zone) if isinstance(value, datetime) else value
    return shown.strftime("%d/%m/%Y")


def moment(value: datetime, zone: str | None = None) -> str:
    """dd/mm/yyyy HH:MM."""
    return local(value, zone).strftime("%d/%m/%Y %H:%M")


def clock_time(value: datetime, zone: str | None = None) -> str:
    """HH:MM:SS."""
    return local(value, zone).strftime("%H:%M:%S")


def zone_name(zone: str) -> str:
    """A time zone as people say it: `GMT+7`. One that changes its clock during the year keeps its name, `Europe/Berlin (GMT+1, GMT+2)`."""
    offsets = _offsets(zone, now().year)
    said = ", ".join(_gmt(offset) for offset in offsets)
    return said if len(offsets) == 1 else f"{zone} ({said})"


def zone_title(zone: str) -> str:
    """A time zone for whoever chooses one, by the place whose time it is: `Vietnam Time, GMT+7`."""
    offsets = " / ".join(_gmt(offset) for offset in _offsets(zone, now().year))
    return f"{_place(zone, reading())}, {offsets}"


@lru_cache(maxsize=1024)
def _place(zone: str, language: str) -> str:
    return get_timezone_location(zone, locale=_locale(language))


@lru_cache(maxsize=1024)
def _offsets(zone: str, year: int) -> tuple[timedelta, ...]:
    """Every offset of a zone in the weeks of a year, the smallest first."""
    first = datetime(year, 1, 1, 12, tzinfo=ZoneInfo(zone))
    found = ((first + timedelta(weeks=week)).utcoffset() for week in range(53))
    return tuple(sorted({offset for offset in found if offset is not None}))


def _gmt(offset: timedelta) -> str:
    minutes = offset // timedelta(minutes=1)
    if not minutes:
        return "GMT"
    hours, rest = divmod(abs(minutes), 60)
    return f"GMT{'+' if minutes > 0 else '−'}{hours}{f':{rest:02}' if rest else ''}"


def number(value: Decimal | Fraction | int | str, places: int | None = None) -> str:
    """A number with the decimal sign of the language; rounded half up for the eye only where `places` is given."""
    if isinstance(value, Fraction):
        value = _as_decimal(value, 4 if places is None else places)
    plain = Decimal(value)
    if places is not None:
        plain = plain.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = format(plain, "f")
    return text.replace(".", ",") if reading() == "vi" else text


def percent(value: Fraction | Decimal) -> str:
    """A share as a percentage with at most one decimal."""
    hundredfold = Fraction(value) * 100
    shown = _as_decimal(hundredfold, 1)
    return f"{number(shown.normalize() if shown == shown.to_integral() else shown)} %" if shown else "0 %"


def _as_decimal(value: Fraction, places: int) -> Decimal:
    unit = 10**places
    doubled = 2 * value * unit
    return Decimal((doubled.numerator // doubled.denominator + 1) // 2).scaleb(-places)


def _told(message: str, **facts: object) -> Markup:
    """`_(...)` of a template. A page asks for dozens, and the same in every language, so each is looked up and made safe once."""
    words = _sentence(message, reading())
    return words % facts if facts else _alone(words)


@lru_cache(maxsize=SENTENCES)
def _sentence(message: str, language: str) -> Markup:  # noqa: ARG001 - the language is part of what is remembered
    return Markup(_message(message))  # noqa: S704 - a message of a template or of the catalogue


@lru_cache(maxsize=SENTENCES)
def _alone(words: Markup) -> Markup:
    """A sentence that no fact is filled into; its signs of per cent are written twice all the same."""
    return words % {}


def _message(message: str) -> str:
    """A message of a template; a page asks for hundreds, so the catalogue is looked up once a page."""
    return str(_catalogue().ugettext(message))


def _messages(one: str, many: str, count: int) -> str:
    return str(_catalogue().ungettext(one, many, count))


def _catalogue() -> Any:
    language = get_locale()
    kept = g.get("catalogue")
    if kept is None or kept[0] is not language:
        kept = g.catalogue = (language, get_translations())
    return kept[1]


def install(app: Flask) -> None:
    """Set up Babel on our catalogues and give the pages these ways of writing."""
    babel.init_app(app, locale_selector=lambda: _locale(choose()), default_locale="vi", default_timezone=app.config["TIME_ZONE"])
    app.jinja_env.install_gettext_callables(_message, _messages, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals["_"] = _told
    app.jinja_env.filters.update(day=day, moment=moment, clock=clock_time, number=number, percent=percent, pick=pick, zone_name=zone_name)
