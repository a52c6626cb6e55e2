"""From the input of a list to its outcome, by the rules alone: nothing here reads a row, a clock or a language."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from examsite.results.inputs import (
    Decided,
    EligibleEntry,
    EligibleInput,
    InsideLine,
    Listed,
    ListInput,
    Opening,
    RankingInput,
    RecommendationInput,
    RejectedEntry,
    Round1Input,
    Round1Line,
    Round2Line,
)
from examsite.rules import canonical, ranking, scoring
from examsite.rules.marking import ExemptResult, PartResult
from examsite.rules.policy import Part, RuleSet
from examsite.rules.ranking import Advance, Entry, PendingTie, Ranking, Reason, Standing, State, StepRecord, TieDecision
from examsite.rules.scoring import Agreed, Round2Score

FORMAT = "examsite draft 1"


@dataclass(frozen=True, slots=True)
class EligiblePosition:
    opening: Opening
    lines: tuple[EligibleEntry, ...]


@dataclass(frozen=True, slots=True)
class EligibleOutcome:
    positions: tuple[EligiblePosition, ...]
    rejected: tuple[RejectedEntry, ...]


@dataclass(frozen=True, slots=True)
class PartOutcome:
    """One part of one candidate: `state` is sat, exempt or not_sat, and only a part that was sat has figures."""

    part: str
    state: str
    correct: int | None = None
    questions: int | None = None
    counted: Fraction | None = None
    pass_share: Fraction | None = None
    passed: bool | None = None
    sanctions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Round1Outcome:
    who: Listed
    state: State
    parts: tuple[PartOutcome, ...]
    advances: bool
    reason: Reason


@dataclass(frozen=True, slots=True)
class Round1Position:
    opening: Opening
    lines: tuple[Round1Outcome, ...]


@dataclass(frozen=True, slots=True)
class Round1ListOutcome:
    positions: tuple[Round1Position, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with all that led to the place; `score` is None for one who was not scored."""

    who: Listed
    agreed: Agreed | None
    groups: tuple[str, ...]
    score: Round2Score | None
    standing: Standing
    penalties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RankedPosition:
    """`decision` is the recorded one that settled the tie; `unfit` are recorded ones that name other people than are tied now."""

    opening: Opening
    lines: tuple[Ranked, ...]
    pending: tuple[PendingTie, ...]
    steps: tuple[StepRecord, ...]
    decision: Decided | None
    unfit: tuple[Decided, ...]


@dataclass(frozen=True, slots=True)
class RankingOutcome:
    positions: tuple[RankedPosition, ...]


@dataclass(frozen=True, slots=True)
class RecommendedPosition:
    opening: Opening
    lines: tuple[InsideLine, ...]


@dataclass(frozen=True, slots=True)
class RecommendationOutcome:
    positions: tuple[RecommendedPosition, ...]


Outcome = EligibleOutcome | Round1ListOutcome | RankingOutcome | RecommendationOutcome


@dataclass(frozen=True, slots=True)
class Computed:
    """A list computed now; `input` and `plain` are what a draft stores, `digest` covers both, the kind, the campaign and its rules."""

    input: Any
    outcome: Outcome
    plain: Any
    digest: str


def computed(campaign: str, kind: str, rules_hash: str, given: ListInput, rules: RuleSet) -> Computed:
    """Compute a list and the digest that a second computation must meet; refused as the rules refuse their input."""
    outcome = compute(given, rules)
    return Computed(stored(given), outcome, stored(outcome), digest_of(campaign, kind, rules_hash, given, outcome))


def digest_of(campaign: str, kind: str, rules_hash: str, given: object, outcome: object) -> str:
    """The digest of a draft; what is stored of its input and outcome gives the same as these themselves."""
    document = {"format": FORMAT, "campaign": campaign, "kind": kind, "rules": rules_hash, "input": given, "outcome": outcome}
    return canonical.digest(document)


def stored(value: object) -> Any:
    """The value as its canonical JSON reads back: what is kept, and what pages are made from."""
    return json.loads(canonical.to_bytes(value))


def compute(given: ListInput, rules: RuleSet) -> Outcome:
    """The outcome of one list."""
    match given:
        case EligibleInput():
            return EligibleOutcome(tuple(_eligible(opening, given.eligible) for opening in given.openings), given.rejected)
        case Round1Input():
            return _round1(given, rules)
        case RankingInput():
            return RankingOutcome(tuple(rank_position(opening, given, rules) for opening in given.openings))
        case RecommendationInput():
            return RecommendationOutcome(tuple(_recommended(opening, given.inside) for opening in given.openings))


def _eligible(opening: Opening, entries: Sequence[EligibleEntry]) -> EligiblePosition:
    mine = [entry for entry in entries if entry.who.position == opening.code]
    return EligiblePosition(opening, tuple(sorted(mine, key=lambda entry: entry.who.number)))


def _round1(given: Round1Input, rules: RuleSet) -> Round1ListOutcome:
    verdicts = {advance.number: advance for advance in ranking.advance_round1([line.entry for line in given.candidates], rules)}
    lines = sorted((_round1_outcome(line, verdicts[line.who.number], rules) for line in given.candidates), key=lambda line: line.who.number)
    return Round1ListOutcome(
        tuple(Round1Position(opening, tuple(line for line in lines if line.who.position == opening.code)) for opening in given.openings)
    )


def _round1_outcome(line: Round1Line, verdict: Advance, rules: RuleSet) -> Round1Outcome:
    parts = tuple(_part_outcome(part, line.entry.parts.get(part.id)) for part in rules.round1.parts)
    return Round1Outcome(line.who, line.entry.state, parts, verdict.advances, verdict.reason)


def _part_outcome(part: Part, result: PartResult | ExemptResult | None) -> PartOutcome:
    match result:
        case None:
            return PartOutcome(part.id, "not_sat")
        case ExemptResult():
            return PartOutcome(part.id, "exempt")
        case PartResult():
            return PartOutcome(
                part.id, "sat", result.correct, result.questions, result.counted, part.pass_share, result.passed, result.sanctions
            )


def rank_position(opening: Opening, given: RankingInput, rules: RuleSet) -> RankedPosition:
    """The ranking of one position. A recorded decision counts only while it names exactly the people who are tied."""
    mine = {line.who.number: line for line in given.candidates if line.who.position == opening.code}
    scores = {number: _score(line, rules) for number, line in mine.items()}
    entries = [_entry(line, scores[line.who.number]) for line in mine.values()]
    recorded = [decision for decision in given.decisions if decision.position == opening.code]
    untouched = ranking.rank(entries, opening.quota, rules)
    fit = [decision for decision in recorded if _fits(decision, untouched)]
    outcome = ranking.rank(entries, opening.quota, rules, [_as_rule(decision) for decision in fit]) if fit else untouched
    return RankedPosition(
        opening=opening,
        lines=tuple(_ranked(mine[standing.number], scores[standing.number], standing) for standing in outcome.standings),
        pending=outcome.pending_ties,
        steps=outcome.steps,
        decision=fit[0] if fit else None,
        unfit=tuple(decision for decision in recorded if decision not in fit),
    )


def settle(opening: Opening, given: RankingInput, rules: RuleSet, decision: TieDecision) -> Ranking:
    """The ranking of one position under this decision and no other; refused as `ranking.rank` refuses a decision."""
    mine = [line for line in given.candidates if line.who.position == opening.code]
    return ranking.rank([_entry(line, _score(line, rules)) for line in mine], opening.quota, rules, [decision])


def _score(line: Round2Line, rules: RuleSet) -> Round2Score | None:
    return scoring.round2_score(line.agreed, rules, groups=line.groups, penalties=line.penalties) if line.agreed else None


def _entry(line: Round2Line, score: Round2Score | None) -> Entry:
    return Entry(line.who.number, score, line.state, line.correct, line.exempt_round1, line.note)


def _ranked(line: Round2Line, score: Round2Score | None, standing: Standing) -> Ranked:
    return Ranked(line.who, line.agreed, line.groups, score, standing, line.penalties)


def _fits(decision: Decided, untouched: Ranking) -> bool:
    return any(sorted(decision.order) == sorted(tie.numbers) and decision.decider is tie.decider for tie in untouched.pending_ties)


def _as_rule(decision: Decided) -> TieDecision:
    return TieDecision(decision.order, decision.decider, decision.document, decision.reason)


def _recommended(opening: Opening, inside: Sequence[InsideLine]) -> RecommendedPosition:
    mine = [line for line in inside if line.who.position == opening.code]
    return RecommendedPosition(opening, tuple(sorted(mine, key=lambda line: (line.place, line.who.number))))


def inside(outcome: RankingOutcome) -> tuple[InsideLine, ...]:
    """Who may be recommended from a ranking: those inside the quota, nobody of a tie that is still open."""
    return tuple(line for position in outcome.positions for line in _inside(position))


def _inside(position: RankedPosition) -> list[InsideLine]:
    lines = {line.who.number: line for line in position.lines}
    standings = tuple(line.standing for line in position.lines)
    numbers = ranking.recommended(Ranking(position.opening.quota, standings, position.pending, position.steps))
    found = []
    for number in numbers:
        standing = lines[number].standing
        if standing.place is not None and standing.total is not None:
            found.append(InsideLine(lines[number].who, standing.place, standing.total))
    return found
