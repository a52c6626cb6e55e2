"""What sealing depends on: the banks and the roster as they stand, and what still keeps the papers from being drawn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from examsite.campaigns.queries import rule_set
from examsite.questions.queries import blueprint_cells, pool
from examsite.rounds import draw, timeplan
from examsite.rounds.models import ExamSession
from examsite.rounds.queries.attendance import Attendance, attendances_in
from examsite.rounds.queries.preflight import shortages_of, told
from examsite.rules import drawing, policy
from examsite.rules.preflight import Shortage


@dataclass(frozen=True)
class Obstacle:
    """One thing that is missing: a sentence's code with its figures, the part it is about, and the language where the part has one."""

    code: str
    part: policy.Part | None = None
    language: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Preparation:
    """What papers would be drawn from now: the values of the draw, and the rows they come from."""

    listed: tuple[Attendance, ...]
    given: draw.Input
    parts: Mapping[str, policy.Part]
    short: tuple[Shortage, ...] = ()
    """Who would get less time than is due to them."""


@dataclass(frozen=True)
class CheckRow:
    """How the checked papers of one part, in one language, compare, as pages show it. `spread` is that from the easiest to the hardest."""

    part: policy.Words
    language: str
    papers: int
    questions: int
    mean: Fraction
    spread: Fraction
    band: Fraction
    least: int
    most: int
    unused: int
    bank: int
    shared: Fraction | None


def check_rows(rules: policy.RuleSet, stored: Iterable[Mapping[str, Any]]) -> tuple[CheckRow, ...]:
    """The check as it was signed, or as the draw keeps it, ready for a page."""
    parts = timeplan.parts_by_id(rules)
    return tuple(_check_row(parts[one["part"]], one) for one in stored)


def _check_row(part: policy.Part, one: Mapping[str, Any]) -> CheckRow:
    return CheckRow(
        part=part.name,
        language=one["language"],
        papers=one["papers"],
        questions=one["questions"],
        mean=Fraction(one["mean"]),
        spread=Fraction(one["hardest"]) - Fraction(one["easiest"]),
        band=Fraction(one["band"]),
        least=one["least"],
        most=one["most"],
        unused=one["unused"],
        bank=one["bank"],
        shared=None if one["shared"] is None else Fraction(one["shared"]),
    )


def prepare(session: Session, exam: ExamSession) -> Preparation:
    """Banks and roster as they stand now."""
    parts = timeplan.parts_by_id(rule_set(exam.campaign))
    listed = tuple(attendances_in(session, exam))
    roster = tuple(draw.Listed(one.entry.candidate_number, _sits(one)) for one in listed)
    order = list(parts)
    wanted = sorted({sat for one in roster for sat in one.sits}, key=lambda sat: (order.index(sat[0]), sat[1]))
    banks = tuple(_bank(session, exam, part, language) for part, language in wanted)
    return Preparation(listed, draw.Input(banks, roster), parts, shortages_of(session, exam, listed))


def obstacles(exam: ExamSession, prepared: Preparation, now: datetime) -> tuple[Obstacle, ...]:
    """Everything that keeps the papers of this session from being sealed at `now`; empty when they can be."""
    return (*_of_session(exam, now), *_of_roster(prepared), *_of_times(exam, prepared), *_of_banks(prepared))


def _of_session(exam: ExamSession, now: datetime) -> Iterable[Obstacle]:
    if exam.campaign.frozen_at is None:
        yield Obstacle("rounds.missing_frozen_rules")
    elif not exam.campaign.reached("screened"):
        yield Obstacle("rounds.missing_screening")  # who sits what is still being decided
    if now >= (exam.closes_at or exam.opens_at):
        yield Obstacle("rounds.missing_start_ahead")


def _of_roster(prepared: Preparation) -> Iterable[Obstacle]:
    if not prepared.listed:
        yield Obstacle("rounds.missing_roster")
    for one in prepared.listed:
        languages = {language.id for language in one.rules.round1.languages}
        for part in prepared.parts.values():
            wanted = one.entry.application.position.language
            if part.by_language and part.id not in one.exempt and wanted not in languages:
                yield Obstacle("rounds.missing_language", part, params={"number": one.entry.candidate_number})


def _of_times(exam: ExamSession, prepared: Preparation) -> Iterable[Obstacle]:
    return (Obstacle(code, part, params=params) for code, part, params in told(exam, prepared.short))


def _of_banks(prepared: Preparation) -> Iterable[Obstacle]:
    for bank in prepared.given.banks:
        part = prepared.parts[bank.part]
        asked = sum(cell.count for cell in bank.blueprint)
        if asked != part.questions:
            yield Obstacle("rounds.missing_blueprint", part, bank.language, {"asked": asked, "questions": part.questions})
        else:
            yield from (_shortage(part, bank, line) for line in drawing.shortage(bank.pool, bank.blueprint, part.bank_multiple))


def _shortage(part: policy.Part, bank: draw.Bank, line: drawing.Shortage) -> Obstacle:
    params: dict[str, object] = {"have": line.have, "needed": line.needed}
    if line.cell is None:
        return Obstacle("rounds.missing_items", part, bank.language, params)
    return Obstacle(
        "rounds.missing_cell",
        part,
        bank.language,
        params | {"topic": line.cell.topic, "difficulty": f"questions.difficulty.{line.cell.difficulty}"},
    )


def _sits(one: Attendance) -> tuple[tuple[str, str], ...]:
    """The parts a candidate sits, each with the language of their position where it goes by language."""
    language = one.entry.application.position.language or ""
    return tuple((part.id, language if part.by_language else "") for part in one.rules.round1.parts if part.id not in one.exempt)


def _bank(session: Session, exam: ExamSession, part: str, language: str) -> draw.Bank:
    items = pool(session, exam.campaign, part, language or None)
    return draw.Bank(part, language, blueprint_cells(session, exam.campaign, part, language or None), tuple(items))
