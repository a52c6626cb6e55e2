"""A question file before anything is kept: which items can be taken, which cannot and why, which the bank has already."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from examsite import richtext
from examsite.questions.formats import ItemReading, Param, Place, ReadItem, Rejected, excerpt
from examsite.questions.formats.gift import read_gift
from examsite.questions.formats.xlsx import MARK, read_xlsx
from examsite.questions.queries.banks import Bank
from examsite.questions.writing import Accepted, Choice, Written, checked, fold_stem
from examsite.rules import canonical
from examsite.rules.refusal import Refused
from examsite.sheets.container import is_workbook
from examsite.vietnamese import fold, tidy

LONGEST_NAME = 120
TRUE_FALSE = {"vi": ("Đúng", "Sai"), "en": ("True", "False"), "fr": ("Vrai", "Faux")}
"""The two options of a true or false question, in the language of the bank."""


@dataclass(frozen=True)
class Source:
    """A file for one bank; `topic` and `difficulty` are for the items that name none (no topic: the name of the part)."""

    bank: Bank
    name: str
    data: bytes
    topic: str = ""
    difficulty: str = "medium"

    @property
    def digest(self) -> str:
        """SHA-256 of the file."""
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def items(self) -> "Items":
        """The items of the file, each looked at by itself. It is read once; raises SheetRefused where it cannot be read at all."""
        reading = _reading(self)
        looked_at = tuple((item, fold_stem(item.stem), _looked_at(item, self)) for item in reading.items)
        return Items(looked_at, tuple(reading.rejected), tuple(reading.notes))


@dataclass(frozen=True)
class Ready:
    """An item that can be taken, and where it stood."""

    place: Place
    name: str
    written: Written


@dataclass(frozen=True)
class Intake:
    """What a file comes to, all in file order. `differing` are known by their stem, but with another key or other options: which of the
    two is right is for people to say, so they are not taken and are told apart from plain `duplicates`."""

    ready: tuple[Ready, ...]
    rejected: tuple[Rejected, ...]
    duplicates: tuple[Rejected, ...]
    notes: tuple[Rejected, ...]
    differing: tuple[Rejected, ...] = ()

    def digest(self, source: Source) -> str:
        """What a person agrees to after the dry run: this file for this bank, these items taken, those left out and why; SHA-256."""
        kinds = {"rejected": self.rejected, "duplicates": self.duplicates, "differing": self.differing}
        told = {kind: [[*_file_order(one), one.code, dict(one.params)] for one in found] for kind, found in kinds.items()}
        taken = [[one.place.sheet, one.place.line, one.place.column] for one in self.ready]
        return canonical.digest({"file": source.digest, "bank": source.bank.key, "taken": taken, "told": told})


@dataclass(frozen=True)
class Known:
    """The bank's item of a stem: its number, and the `essence` of each wording that stands under this stem."""

    number: int
    essences: frozenset[str]


@dataclass(frozen=True)
class _Standing:
    """What stands under a stem already, and what is said of an item that is the same, or is not."""

    same: str
    otherwise: str
    params: Mapping[str, object]
    essences: frozenset[str]


@dataclass(frozen=True)
class Items:
    """A file by itself, without the bank: each item with its folded stem and what it comes to, what is no item, and remarks."""

    looked_at: tuple[tuple[ReadItem, str, Ready | Rejected], ...]
    rejected: tuple[Rejected, ...]
    notes: tuple[Rejected, ...]


def sort_out(source: Source, known: Mapping[str, Known]) -> Intake:
    """Sort the items of a file; `known` has what the bank holds under each folded stem.

    Raises SheetRefused where the file cannot be read at all. An item whose stem the bank or an earlier line of the file has is not taken.
    """
    ready: list[Ready] = []
    rejected = list(source.items.rejected)
    duplicates: list[Rejected] = []
    differing: list[Rejected] = []
    notes = list(source.items.notes)
    seen: dict[str, Ready] = {}
    for item, stem, found in source.items.looked_at:
        if (standing := _standing(stem, known, seen)) is not None:
            # one that could not be taken anyway has nothing to compare
            same = isinstance(found, Rejected) or essence(found.written) in standing.essences
            (duplicates if same else differing).append(_rejected(item, standing.same if same else standing.otherwise, standing.params))
            continue
        if isinstance(found, Rejected):
            rejected.append(found)
            continue
        ready.append(found)
        seen[stem] = found
        notes += _fallbacks(item, source)
    rejected.sort(key=_file_order)
    notes.sort(key=_file_order)
    return Intake(tuple(ready), tuple(rejected), tuple(duplicates), tuple(notes), tuple(differing))


def essence(written: Written) -> str:
    """Kind, options and what counts as right of a wording, in one text; the order of options and their dress do not matter."""
    options = sorted([tidy(richtext.to_text(option.text)), option.is_key] for option in written.options)
    accepted = sorted([one.text, "" if one.tolerance is None else format(one.tolerance.normalize(), "f")] for one in written.accepted)
    return canonical.digest([str(written.kind), written.marking_rule, written.case_matters, options, accepted])


def _reading(source: Source) -> ItemReading:
    """Told apart by the bytes, not by the name: a workbook, the template saved as text with commas, else GIFT."""
    if is_workbook(source.data) or MARK.encode() in source.data[:200]:
        return read_xlsx(source.data, source.bank.kinds)
    return read_gift(source.data, source.bank.kinds, TRUE_FALSE.get(source.bank.language or "vi", TRUE_FALSE["en"]))


def _looked_at(item: ReadItem, source: Source) -> Ready | Rejected:
    try:
        return Ready(item.place, tidy(item.name)[:LONGEST_NAME], checked(_written(item, source)))
    except Refused as fault:
        return _rejected(item, fault.code, dict(fault.params))


def _written(item: ReadItem, source: Source) -> Written:
    return Written(
        topic=topic_of(item.topic, source.bank) or source.topic or source.bank.part.name.vi,
        difficulty=item.difficulty or source.difficulty,
        stem=item.stem,
        options=tuple(Choice(option.text, option.is_key) for option in item.options),
        basis=item.basis,
        kind=item.kind,
        marking_rule=item.rule,
        accepted=tuple(Accepted(answer.text, answer.tolerance) for answer in item.accepted),
        case_matters=item.case_matters,
    )


def topic_of(path: tuple[str, ...], bank: Bank) -> str:
    """The categories of the file as one topic; an outermost one that only repeats the bank's name is left out."""
    names = {bank.part.id, bank.part.name.vi, bank.part.name.en, bank.key.replace(":", "-")}
    inner = path[1:] if len(path) > 1 and fold(path[0]) in {fold(name) for name in names} else path
    return " / ".join(inner)


def _standing(stem: str, known: Mapping[str, Known], seen: Mapping[str, Ready]) -> _Standing | None:
    if there := known.get(stem):
        told: dict[str, object] = {"number": there.number}
        return _Standing("questions.duplicate_in_bank", "questions.differs_in_bank", told, there.essences)
    if earlier := seen.get(stem):
        essences = frozenset({essence(earlier.written)})
        return _Standing("questions.duplicate_in_file", "questions.differs_in_file", {"line": earlier.place.line}, essences)
    return None


def _rejected(item: ReadItem, code: str, params: Mapping[str, object]) -> Rejected:
    plain: dict[str, Param] = {name: value if isinstance(value, int) else str(value) for name, value in params.items()}
    return Rejected(item.place, code, plain, excerpt(richtext.to_text(item.stem)))


def _fallbacks(item: ReadItem, source: Source) -> list[Rejected]:
    notes = []
    if not item.topic:
        notes.append(_rejected(item, "questions.topic_given", {"topic": _written(item, source).topic}))
    if item.difficulty is None:
        notes.append(_rejected(item, "questions.difficulty_given", {"difficulty": f"questions.difficulty.{source.difficulty}"}))
    return notes


def _file_order(found: Rejected) -> tuple[str, int, str]:
    return found.place.sheet, found.place.line, found.place.column
