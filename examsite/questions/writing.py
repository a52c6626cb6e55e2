"""What somebody typed or a file brought, made fit to be kept: cleaned, counted, with a key. Knows no database."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from examsite import richtext
from examsite.questions.answer_keys import MOST_OPTIONS, Accepted, AnswerKey, Choice, checked_key
from examsite.questions.models import DIFFICULTIES
from examsite.questions.plain import as_plain, one_line
from examsite.rules.keys import ItemKind
from examsite.rules.refusal import Refused
from examsite.vietnamese import fold, tidy

__all__ = ["MOST_OPTIONS", "Accepted", "Choice", "Written", "as_plain", "checked", "fold_stem", "one_line", "with_option_ids"]

LONGEST_TOPIC = 120
LONGEST_OPTION = 2_000
LONGEST_BASIS = 4_000
OPTION_ID_BYTES = 6


@dataclass(frozen=True)
class Written:
    """One wording of an item: stem, options and basis as rich text, and what its kind counts as right (see `AnswerKey`)."""

    topic: str
    difficulty: str
    stem: str
    options: tuple[Choice, ...] = ()
    basis: str = ""
    kind: str = ItemKind.SINGLE_CHOICE
    marking_rule: str = ""
    accepted: tuple[Accepted, ...] = ()
    case_matters: bool = False
    stem_fold: str = field(default="", compare=False)


def checked(written: Written) -> Written:
    """The wording cleaned and whole, or Refused with the field it is about: topic, difficulty, stem, basis or one of its key."""
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
    key = checked_key(written.kind, AnswerKey(options, written.marking_rule, written.accepted, written.case_matters))
    return Written(
        topic=topic,
        difficulty=written.difficulty,
        stem=stem,
        options=key.options,
        basis=_clean(written.basis, LONGEST_BASIS, "basis"),
        kind=written.kind,
        marking_rule=key.rule,
        accepted=key.accepted,
        case_matters=key.case_matters,
        stem_fold=fold_stem(stem),
    )


def fold_stem(stem: str) -> str:
    """What search and the look for duplicates compare: the words alone, without marks, capitals and line ends."""
    return fold(richtext.to_text(stem))


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
