"""What a story is made of: sections of sentences, each blank of a sentence filled from one value of the rule set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from examsite.rules.policy.entries import RuleEntry, Value, Words
from examsite.rules.policy.explain import in_words

WORKING = "working"


@dataclass(frozen=True, slots=True)
class Told:
    """What stands in a blank, and the key of the value that says so."""

    words: Words
    key: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence by its code, its blanks by name, and every key on which it rests, those of the blanks first."""

    code: str
    blanks: tuple[tuple[str, Told], ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What happens to a candidate at one point of the way; `code` names its heading."""

    code: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """The entries of a rule set by key, and what they say in words."""

    index: Mapping[str, RuleEntry]

    def has(self, key: str) -> bool:
        return key in self.index

    def value(self, key: str) -> Value:
        return self.index[key].value

    def number(self, key: str) -> Decimal:
        """A number of the set; TypeError where the key holds something else."""
        value = self.value(key)
        if isinstance(value, int | Decimal):
            return Decimal(value)
        raise TypeError(key)

    def ids(self, key: str) -> tuple[str, ...]:
        """The items of a list; of one that the set leaves out, none."""
        value = self.value(key) if self.has(key) else ()
        return tuple(str(item) for item in value) if isinstance(value, tuple) else ()

    def told(self, key: str) -> Told:
        """The value in words, as the table of the rules says it."""
        entry = self.index[key]
        return Told(in_words(entry, entry.value, self.index), key)

    def phrase(self, key: str, name: str) -> Words:
        """One of the choices that the value under this key has, in words."""
        return dict(self.index[key].phrases)[name]

    def days(self, key: str, kind_key: str) -> Told:
        """Days with their kind: `5 working days`, or plainly `5 days` for those of the calendar."""
        many = self.told(key)
        if self.value(kind_key) != WORKING:
            return many
        kind = self.phrase(kind_key, WORKING)
        one = self.value(key) == 1
        english = kind.en.removesuffix("s") if one else kind.en
        return Told(Words(f"{self.value(key)} {kind.vi}", f"{self.value(key)} {english}"), key)


def sentence(code: str, *also: str, **blanks: Told) -> Sentence:
    """The sentence with these blanks, resting on their keys and on `also`."""
    keys = dict.fromkeys([*(told.key for told in blanks.values()), *also])
    return Sentence(f"story.{code}", tuple(blanks.items()), tuple(keys))


def one_of(items: Sequence[Words]) -> Words:
    """`5 or 7`, `5, 7 or 9`."""
    if len(items) == 1:
        return items[0]
    head, last = items[:-1], items[-1]
    vi, en = (", ".join(getattr(item, language) for item in head) for language in ("vi", "en"))
    return Words(f"{vi} hoặc {last.vi}", f"{en} or {last.en}")
