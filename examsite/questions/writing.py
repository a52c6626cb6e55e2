"""What somebody typed or a file brought, made fit to be kept: cleaned, counted, with one key. Knows no database."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import unescape

from examsite import richtext
from examsite.questions.models import DIFFICULTIES
from examsite.rules.refusal import Refused
from examsite.vietnamese import fold, tidy

FEWEST_OPTIONS, MOST_OPTIONS = 2, 6
LONGEST_TOPIC = 120
LONGEST_OPTION = 2_000
LONGEST_BASIS = 4_000
OPTION_ID_BYTES = 6


@dataclass(frozen=True)
class Choice:
    """One option as rich text; `option_id` is the one it already has, or empty."""

    text: str
    is_key: bool = False
    option_id: str = ""


@dataclass(frozen=True)
class Written:
    """One wording of an item: stem, options and basis as rich text."""

    topic: str
    difficulty: str
    stem: str
    options: tuple[Choice, ...]
    basis: str = ""
    stem_fold: str = field(default="", compare=False)


def checked(written: Written) -> Written:
    """The wording cleaned and whole, or Refused with the field it is about: topic, difficulty, stem, options, key or basis."""
    topic = tidy(written.topic)
    if not topic:
        raise Refused("questions.topic_missing", field="topic")
    _not_longer(topic, LONGEST_TOPIC, "topic")
    if written.difficulty not in DIFFICULTIES:
        raise Refused("questions.difficulty_unknown", field="difficulty")
    stem = _clean(written.stem, richtext.LONGEST, "stem")
    if richtext.is_blank(stem):
        raise Refused("questions.stem_missing", field="stem")
    options = tuple(replace(option, text=one_line(_clean(option.text, LONGEST_OPTION, "options"))) for option in written.options)
    _check_options(options)
    basis = _clean(written.basis, LONGEST_BASIS, "basis")
    return Written(topic, written.difficulty, stem, options, basis, stem_fold=fold_stem(stem))


def fold_stem(stem: str) -> str:
    """What search and the look for duplicates compare: the words alone, without marks, capitals and line ends."""
    return fold(richtext.to_text(stem))


def one_line(html: str) -> str:
    """Rich text without the paragraph around it where it is a single one, as options are kept."""
    inner = html.removeprefix("<p>").removesuffix("</p>")
    return inner if html == f"<p>{inner}</p>" and "<p" not in inner else html


def with_option_ids(options: Sequence[Choice], before: Sequence[Choice] = ()) -> tuple[Choice, ...]:
    """Give each option its lasting id.

    An id that the form sent back is kept if it is one of `before` (edited in place), an option whose text was there before keeps the id
    it had, and every other gets a random one. No id is given twice.
    """
    free = {option.option_id: option.text for option in before}
    ids: dict[int, str] = {}
    for place, option in enumerate(options):
        if option.option_id in free:
            free.pop(option.option_id)
            ids[place] = option.option_id
    for place, option in enumerate(options):
        if place not in ids:
            ids[place] = _id_of_text(option.text, free) or secrets.token_hex(OPTION_ID_BYTES)
            free.pop(ids[place], None)
    return tuple(replace(option, option_id=ids[place]) for place, option in enumerate(options))


def as_plain(html: str) -> str | None:
    """The plain text that `richtext.from_plain` would turn into this very rich text; None where it holds more than paragraphs."""
    body = html if html.startswith("<p>") else f"<p>{html}</p>"
    paragraphs = body.removeprefix("<p>").removesuffix("</p>").split("</p><p>")
    text = "\n\n".join(paragraph.replace("<br>", "\n") for paragraph in paragraphs)
    if not html:
        return ""
    plain = unescape(text) if "<" not in text else None
    return plain if plain is not None and richtext.from_plain(plain) == body else None


def _check_options(options: Sequence[Choice]) -> None:
    if any(richtext.is_blank(option.text) for option in options):
        raise Refused("questions.option_blank", field="options")
    if len(options) < FEWEST_OPTIONS:
        raise Refused("questions.options_few", field="options", least=FEWEST_OPTIONS, count=len(options))
    if len(options) > MOST_OPTIONS:
        raise Refused("questions.options_many", field="options", most=MOST_OPTIONS, count=len(options))
    if len({richtext.to_text(option.text) if as_plain(option.text) is not None else option.text for option in options}) < len(options):
        raise Refused("questions.options_alike", field="options")
    keys = sum(option.is_key for option in options)
    if keys != 1:
        raise Refused("questions.one_key", field="key", count=keys)


def _clean(html: str, longest: int, of: str) -> str:
    """Clean a field; text that would lose a tag is refused rather than kept without its picture or link."""
    _not_longer(html, longest, of)
    if foreign := richtext.foreign_tags(html):
        raise Refused("questions.foreign_tags", field=of, tags=", ".join(sorted(foreign)))
    return richtext.clean(html)


def _not_longer(text: str, longest: int, of: str) -> None:
    if len(text) > longest:
        raise Refused("questions.too_long", field=of, longest=longest, length=len(text))


def _id_of_text(text: str, free: Mapping[str, str]) -> str:
    return next((option_id for option_id, known in free.items() if known == text), "")
