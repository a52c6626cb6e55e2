"""Mark a sealed sitting by the key of its paper. A later key gives a later row; none is overwritten."""

from collections import Counter
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from examsite.questions.queries import keys_for, version_public_ids
from examsite.rounds.models import Paper, Sitting, SittingMark
from examsite.rounds.queries.sittings import Answers, paper_items
from examsite.rules import canonical, marking
from examsite.rules.refusal import Refused


def mark_sitting(session: Session, sitting: Sitting, answers: Answers, now: datetime) -> None:
    """Store the machine's marks of a sitting. Refuses (`rounds.key_missing`) rather than count an item without key as wrong."""
    keys = _keys(session, sitting.paper)
    marks = [marking.mark(key, _answer(answers.choices.get(number))) for number, key in enumerate(keys, start=1)]
    count = Counter(mark.outcome for mark in marks)
    session.execute(
        insert(SittingMark).values(
            sitting_id=sitting.id,
            number=_next_number(session, sitting),
            key_digest=key_digest(keys),
            correct=count[marking.Outcome.CORRECT] + count[marking.Outcome.VOID],
            wrong=count[marking.Outcome.WRONG],
            blank=count[marking.Outcome.BLANK],
            questions=len(marks),
            marked_at=now,
        )
    )


def key_digest(keys: list[marking.KeyedItem]) -> str:
    """SHA-256 over the items of a paper in their order, each with its right options: which key these marks rest on."""
    return canonical.digest([{"item": key.item, "key": sorted(key.key), "void": key.void} for key in keys])


def _keys(session: Session, paper: Paper) -> list[marking.KeyedItem]:
    items = paper_items(paper)
    versions = version_public_ids(session, [(item.item, item.version) for item in items])
    keys = keys_for(session, versions.values())
    missing = [item.item for item in items if versions.get((item.item, item.version)) not in keys]
    if missing:
        raise Refused("rounds.key_missing", item=missing[0])
    return [keys[versions[item.item, item.version]] for item in items]


def _answer(option: str | None) -> marking.Answer | None:
    return None if option is None else marking.Answer((option,))


def _next_number(session: Session, sitting: Sitting) -> int:
    last = session.scalar(select(func.max(SittingMark.number)).where(SittingMark.sitting_id == sitting.id))
    return (last or 0) + 1
