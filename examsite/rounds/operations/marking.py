"""Mark a sealed sitting by the key of its paper. A later key gives a later row; none is overwritten."""

from collections import Counter
from datetime import datetime
from fractions import Fraction

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from examsite.questions.queries import keys_for, version_public_ids
from examsite.rounds.models import Paper, Sitting, SittingMark
from examsite.rounds.queries.sittings import Answers, AnswerValue, paper_items
from examsite.rules import canonical, marking
from examsite.rules.refusal import Refused


def mark_sitting(session: Session, sitting: Sitting, answers: Answers, now: datetime) -> None:
    """Store the machine's marks of a sitting. Refuses (`rounds.key_missing`) rather than count an item without key as wrong."""
    keys = _keys(session, sitting.paper)
    given = answers.values()
    marks = [marking.mark(key, _answer(key.kind, given.get(number))) for number, key in enumerate(keys, start=1)]
    count = Counter(mark.outcome for mark in marks)
    session.execute(
        insert(SittingMark).values(
            sitting_id=sitting.id,
            number=_next_number(session, sitting),
            key_digest=key_digest(keys),
            correct=count[marking.Outcome.CORRECT] + count[marking.Outcome.VOID],
            partial=count[marking.Outcome.PARTIAL],
            wrong=count[marking.Outcome.WRONG],
            blank=count[marking.Outcome.BLANK],
            unmarked=count[marking.Outcome.UNMARKED],
            questions=len(marks),
            points=sum((mark.points for mark in marks), Fraction(0)),
            marked_at=now,
        )
    )


def key_digest(keys: list[marking.KeyedItem]) -> str:
    """SHA-256 over the items of a paper in their order, each with what counts as right: which key these marks rest on."""
    return canonical.digest([_told(key) for key in keys])


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


def _keys(session: Session, paper: Paper) -> list[marking.KeyedItem]:
    items = paper_items(paper)
    versions = version_public_ids(session, [(item.item, item.version) for item in items])
    keys = keys_for(session, versions.values())
    missing = [item.item for item in items if versions.get((item.item, item.version)) not in keys]
    if missing:
        raise Refused("rounds.key_missing", item=missing[0])
    return [keys[versions[item.item, item.version]] for item in items]


def _answer(kind: marking.ItemKind, given: AnswerValue) -> marking.Answer | None:
    """What the marker reads of an answer; a text is one whether or not it is a single option's id, so the item's kind decides."""
    if given is None or isinstance(given, tuple):
        return None if given is None else marking.Answer(given)
    return marking.Answer((given,)) if kind is marking.ItemKind.SINGLE_CHOICE else marking.Answer(text=given)


def _next_number(session: Session, sitting: Sitting) -> int:
    last = session.scalar(select(func.max(SittingMark.number)).where(SittingMark.sitting_id == sitting.id))
    return (last or 0) + 1
