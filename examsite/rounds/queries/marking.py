"""What the answers of a sitting come to by the key of its paper, and what binds the marks that are stored of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy.orm import Session

from examsite.questions.queries import keys_for, version_public_ids
from examsite.rounds.models import Paper, Sitting, SittingMark
from examsite.rounds.queries.sittings import Answers, AnswerValue
from examsite.rules import canonical, hashchain, marking
from examsite.rules.refusal import Refused

KEYS_REMEMBERED = 20_000
VALUES = ("key_digest", "correct", "partial", "wrong", "blank", "unmarked", "questions", "points")
"""The columns of marks that follow from answers and key."""


class Key(NamedTuple):
    """What counts as right at one item, and its canonical bytes, which every paper that holds the item has a part in its digest of."""

    item: marking.KeyedItem
    told: bytes


Known = dict[tuple[str, int], Key]
"""Keys that were asked before, by item and version."""
_known: Known = {}


def marked(session: Session, paper: Paper, answers: Answers, known: Known = _known) -> dict[str, Any]:
    """The machine's marks of these answers, by the columns of `VALUES`.

    Refuses (`rounds.key_missing`) rather than count an item without key as wrong. Whoever gives another `known` has keys read anew.
    """
    keys = _keys(session, paper, known)
    given = answers.values()
    marks = [marking.mark(key.item, _answer(key.item.kind, given.get(number))) for number, key in enumerate(keys, start=1)]
    count = Counter(mark.outcome for mark in marks)
    return {
        "key_digest": key_digest(keys),
        "correct": count[marking.Outcome.CORRECT] + count[marking.Outcome.VOID],
        "partial": count[marking.Outcome.PARTIAL],
        "wrong": count[marking.Outcome.WRONG],
        "blank": count[marking.Outcome.BLANK],
        "unmarked": count[marking.Outcome.UNMARKED],
        "questions": len(marks),
        "points": marking.total_points(marks),
    }


def marks_digest(sitting: Sitting, mark: SittingMark) -> bytes:
    """What the log takes of the marks of one sitting; without the key of the paper nobody can try the few possible marks against it."""
    told = {"sitting": sitting.public_id, "number": mark.number} | {name: getattr(mark, name) for name in VALUES}
    return bytes.fromhex(canonical.digest(told))


def root_of(leaves: Iterable[bytes]) -> str:
    """The root of the tree over heads or digests of a session, sorted, so that their order tells nothing."""
    return hashchain.merkle_root(sorted(leaves)).hex()


def key_digest(keys: Sequence[Key]) -> str:
    """SHA-256 over the items of a paper in their order, each with what counts as right: which key these marks rest on.

    It is that of the canonical list; the bytes of a list are those of its entries between commas.
    """
    return canonical.digest_bytes(b"[" + b",".join(key.told for key in keys) + b"]")


def _told(key: marking.KeyedItem) -> dict[str, object]:
    told: dict[str, object] = {"item": key.item, "key": sorted(key.key), "void": key.void}
    if key.kind is marking.ItemKind.SINGLE_CHOICE:
        return told
    numbers = [[format(number.value, "f"), format(number.tolerance, "f")] for number in key.numbers]
    return told | {
        "kind": key.kind.value,
        "rule": key.rule.value,
        "texts": list(key.texts),
        "case_matters": key.case_matters,
        "numbers": numbers,
    }


def _keys(session: Session, paper: Paper, known: Known) -> list[Key]:
    wanted = [(str(item), cast("int", version)) for item, version, _options in paper.items]
    keys = learn_keys(session, wanted, known)
    return [keys[version] for version in wanted]


def learn_keys(session: Session, wanted: Iterable[tuple[str, int]], known: Known = _known) -> Known:
    """The keys of versions that papers name, from memory where they were asked before. Refuses (`rounds.key_missing`)."""
    wanted = list(wanted)
    keys = {version: key for version in wanted if (key := known.get(version)) is not None}
    if unknown := [version for version in wanted if version not in keys]:
        keys |= _learn(session, unknown, known)
    return keys


def _learn(session: Session, versions: list[tuple[str, int]], known: Known) -> Known:
    """Keys of approved versions never change, and at the deadline everybody's papers ask for the same few hundred."""
    ids = version_public_ids(session, versions)
    keys = keys_for(session, ids.values())
    missing = [version for version in versions if ids.get(version) not in keys]
    if missing:
        raise Refused("rounds.key_missing", item=missing[0][0])
    learned = {version: Key(keys[ids[version]], canonical.to_bytes(_told(keys[ids[version]]))) for version in versions}
    if len(known) >= KEYS_REMEMBERED:
        known.clear()
    known.update(learned)
    return learned


def _answer(kind: marking.ItemKind, given: AnswerValue) -> marking.Answer | None:
    """What the marker reads of an answer; a text is one whether or not it is a single option's id, so the item's kind decides."""
    if given is None or isinstance(given, tuple):
        return None if given is None else marking.Answer(given)
    return marking.Answer((given,)) if kind is marking.ItemKind.SINGLE_CHOICE else marking.Answer(text=given)
