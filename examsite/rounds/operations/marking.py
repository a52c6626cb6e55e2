"""Mark a sealed sitting by the key of its paper. A later key gives a later row; none is overwritten."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple, cast

from sqlalchemy import Table, bindparam, func, insert, select
from sqlalchemy.orm import Session

from examsite.questions.queries import keys_for, version_public_ids
from examsite.rounds.models import Paper, Sitting, SittingMark
from examsite.rounds.queries.sittings import Answers, AnswerValue, paper_items
from examsite.rules import canonical, marking
from examsite.rules.refusal import Refused

KEYS_REMEMBERED = 20_000
_known: dict[tuple[str, int], "Key"] = {}
_mark = cast("Table", SittingMark.__table__)
_last = select(func.coalesce(func.max(_mark.c.number), 0)).where(_mark.c.sitting_id == bindparam("of_sitting"))
# The sitting is locked whenever it is marked, so the number after the last one is free.
_NEXT_MARK = insert(_mark).values(sitting_id=bindparam("of_sitting"), number=_last.scalar_subquery() + 1)


class Key(NamedTuple):
    """What counts as right at one item, and its canonical bytes, which every paper that holds the item has a part in its digest of."""

    item: marking.KeyedItem
    told: bytes


def mark_sitting(session: Session, sitting: Sitting, answers: Answers, now: datetime) -> None:
    """Store the machine's marks of a sitting. Refuses (`rounds.key_missing`) rather than count an item without key as wrong."""
    keys = _keys(session, sitting.paper)
    given = answers.values()
    marks = [marking.mark(key.item, _answer(key.item.kind, given.get(number))) for number, key in enumerate(keys, start=1)]
    count = Counter(mark.outcome for mark in marks)
    session.connection().execute(
        _NEXT_MARK,
        {
            "of_sitting": sitting.id,
            "key_digest": key_digest(keys),
            "correct": count[marking.Outcome.CORRECT] + count[marking.Outcome.VOID],
            "partial": count[marking.Outcome.PARTIAL],
            "wrong": count[marking.Outcome.WRONG],
            "blank": count[marking.Outcome.BLANK],
            "unmarked": count[marking.Outcome.UNMARKED],
            "questions": len(marks),
            "points": sum((mark.points for mark in marks), Fraction(0)),
            "marked_at": now,
        },
    )


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


def _keys(session: Session, paper: Paper) -> list[Key]:
    wanted = [(item.item, item.version) for item in paper_items(paper)]
    keys = learn_keys(session, wanted)
    return [keys[version] for version in wanted]


def learn_keys(session: Session, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Key]:
    """The keys of versions that papers name, from memory where they were asked before. Refuses (`rounds.key_missing`)."""
    wanted = list(wanted)
    keys = {version: key for version in wanted if (key := _known.get(version)) is not None}
    if unknown := [version for version in wanted if version not in keys]:
        keys |= _learn(session, unknown)
    return keys


def _learn(session: Session, versions: list[tuple[str, int]]) -> dict[tuple[str, int], Key]:
    """Keys of approved versions never change, and at the deadline everybody's papers ask for the same few hundred."""
    ids = version_public_ids(session, versions)
    keys = keys_for(session, ids.values())
    missing = [version for version in versions if ids.get(version) not in keys]
    if missing:
        raise Refused("rounds.key_missing", item=missing[0][0])
    learned = {version: Key(keys[ids[version]], canonical.to_bytes(_told(keys[ids[version]]))) for version in versions}
    if len(_known) >= KEYS_REMEMBERED:
        _known.clear()
    _known.update(learned)
    return learned


def _answer(kind: marking.ItemKind, given: AnswerValue) -> marking.Answer | None:
    """What the marker reads of an answer; a text is one whether or not it is a single option's id, so the item's kind decides."""
    if given is None or isinstance(given, tuple):
        return None if given is None else marking.Answer(given)
    return marking.Answer((given,)) if kind is marking.ItemKind.SINGLE_CHOICE else marking.Answer(text=given)
