"""A rule set told in sentences, in the order in which things happen to a candidate."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from examsite.rules.policy.entries import RuleEntry, by_key
from examsite.rules.policy.story.model import Book, Section, Sentence, Told
from examsite.rules.policy.story.way_in import exam_room, round1, who_may_apply
from examsite.rules.policy.story.way_out import deadlines, lists, places, round2, score

__all__ = ["Section", "Sentence", "Told", "story"]

_SECTIONS: Final[dict[str, Callable[[Book], Iterator[Sentence]]]] = {
    "who": who_may_apply,
    "round1": round1,
    "room": exam_room,
    "round2": round2,
    "score": score,
    "places": places,
    "deadlines": deadlines,
    "lists": lists,
}


def story(entries: Sequence[RuleEntry]) -> tuple[Section, ...]:
    """All sections that have something to say under these entries, each sentence with the keys on which it rests.

    Shapes: a whole rule set, as `parse` takes it; every number, choice and yes or no of it that takes effect is in a sentence.
    """
    book = Book(by_key(entries))
    told = ((code, tuple(tell(book))) for code, tell in _SECTIONS.items())
    return tuple(Section(f"story.section_{code}", sentences) for code, sentences in told if sentences)
