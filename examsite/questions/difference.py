"""What changed between two versions of an item, word by word, for the reviewer's eye."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from examsite import richtext
from examsite.questions.models import ItemOption, ItemVersion

WORD = re.compile(r"\s+|[^\s\w]|\w+")


class Part(StrEnum):
    """Where a piece of a text stands."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    """Words that stand in both texts, only in the old one, or only in the new one."""

    part: Part
    text: str


@dataclass(frozen=True)
class Change:
    """One field that changed: topic, difficulty, stem, images, rule, accepted, case, basis, key, options (their order) or option; an option
    is named by its place in the newer version that has it."""

    what: str
    pieces: tuple[Piece, ...]
    place: int = 0


def between(old: ItemVersion, new: ItemVersion) -> tuple[Change, ...]:
    """The changes from `old` to `new`, in the order in which an item is read; empty when only the numbers differ."""
    fields = [
        Change("topic", words(old.topic, new.topic)),
        Change("difficulty", _replaced(old.difficulty, new.difficulty)),
        Change("stem", _rich_words(old.stem, new.stem)),
        Change("images", _replaced(_images(old), _images(new)) if _image_facts(old) != _image_facts(new) else ()),
        Change("rule", _replaced(old.marking_rule, new.marking_rule)),
        Change("accepted", _replaced(_accepted(old), _accepted(new))),
        Change("case", _replaced(str(old.case_matters), str(new.case_matters))),
        *_option_changes(old.options, new.options),
        Change("key", _replaced(_key(old), _key(new)) if _key_id(old) != _key_id(new) else ()),
        Change("basis", _rich_words(old.basis, new.basis)),
    ]
    return tuple(change for change in fields if any(piece.part is not Part.SAME for piece in change.pieces))


def words(old: str, new: str) -> tuple[Piece, ...]:
    """The two texts laid over each other by words and signs; changes with only a blank between them are read as one."""
    before, after = WORD.findall(old), WORD.findall(new)
    pieces: list[Piece] = []
    gone = added = ""
    for tag, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        text = "".join(before[start:end])
        if tag != "equal" or (text.isspace() and (gone or added) and end < len(before)):
            gone, added = gone + text, added + "".join(after[new_start:new_end])
            continue
        pieces += [*_changed(gone, added), Piece(Part.SAME, text)]
        gone = added = ""
    return (*pieces, *_changed(gone, added))


def _changed(gone: str, added: str) -> list[Piece]:
    return [Piece(part, text) for part, text in ((Part.GONE, gone), (Part.NEW, added)) if text]


def _rich_words(old: str, new: str) -> tuple[Piece, ...]:
    """Words of rich text; where only the marking differs, the marking itself is compared."""
    before, after = richtext.to_text(old), richtext.to_text(new)
    return words(old, new) if before == after and old != new else words(before, after)


def _replaced(old: str, new: str) -> tuple[Piece, ...]:
    return () if old == new else (Piece(Part.GONE, old), Piece(Part.NEW, new))


def _option_changes(old: Sequence[ItemOption], new: Sequence[ItemOption]) -> list[Change]:
    before = {option.option_id: option for option in old}
    after = {option.option_id for option in new}
    found = [
        Change("option", _rich_words(before[option.option_id].text if option.option_id in before else "", option.text), place)
        for place, option in enumerate(new, start=1)
    ]
    found += [
        Change("option", (Piece(Part.GONE, richtext.to_text(option.text)),), place)
        for place, option in enumerate(old, start=1)
        if option.option_id not in after
    ]
    return found + _order_change(old, new)


def _order_change(old: Sequence[ItemOption], new: Sequence[ItemOption]) -> list[Change]:
    """Options that both versions have, in another order."""
    shared = {option.option_id for option in old} & {option.option_id for option in new}
    before, after = ([option for option in side if option.option_id in shared] for side in (old, new))
    if [option.option_id for option in before] == [option.option_id for option in after]:
        return []
    return [Change("options", _replaced(*(" · ".join(richtext.to_text(option.text) for option in side) for side in (before, after))))]


def _key_id(version: ItemVersion) -> set[str]:
    return {option.option_id for option in version.options if option.is_key}


def _key(version: ItemVersion) -> str:
    return " · ".join(richtext.to_text(option.text) for option in version.options if option.is_key)


def _accepted(version: ItemVersion) -> str:
    return " · ".join(f"{one.text} ± {one.tolerance:f}" if one.tolerance else one.text for one in version.accepted)


def _image_facts(version: ItemVersion) -> list[tuple[str, str]]:
    return [(image.digest, image.alt) for image in version.images]


def _images(version: ItemVersion) -> str:
    """The pictures by the words that stand for them, and the begin of what proves their content."""
    return " · ".join(f"{image.alt} ({image.digest[:8]})" for image in version.images)
