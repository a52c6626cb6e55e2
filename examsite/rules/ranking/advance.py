"""From round 1 to round 2."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from examsite.rules.marking import ExemptResult, PartResult
from examsite.rules.policy import RuleSet
from examsite.rules.ranking.model import Reason, State, reason, refuse_twice


@dataclass(frozen=True, slots=True)
class Round1Entry:
    """One candidate after round 1: the result of each part of the rule set, None where a part was not sat."""

    number: str
    parts: Mapping[str, PartResult | ExemptResult | None]
    state: State = State.PRESENT
    note: str = ""


@dataclass(frozen=True, slots=True)
class Advance:
    """Whether a candidate goes on to round 2, and why."""

    number: str
    advances: bool
    reason: Reason


def advance_round1(results: Sequence[Round1Entry], rules: RuleSet) -> tuple[Advance, ...]:
    """Who goes on: every part of the rule set passed or exempt. By candidate number; a number twice is refused (`number_twice`)."""
    refuse_twice([entry.number for entry in results])
    return tuple(_advance(entry, rules) for entry in sorted(results, key=lambda entry: entry.number))


def _advance(entry: Round1Entry, rules: RuleSet) -> Advance:
    if entry.state is not State.PRESENT:
        return Advance(entry.number, advances=False, reason=reason(entry.state.value, note=entry.note))
    results = {part.id: entry.parts.get(part.id) for part in rules.round1.parts}
    not_sat = tuple(part for part, result in results.items() if result is None)
    failed = tuple(part for part, result in results.items() if result is not None and not result.passed)
    if not_sat or failed:
        why = reason("part_not_sat", parts=not_sat) if not_sat else reason("part_failed", parts=failed)
        return Advance(entry.number, advances=False, reason=why)
    exempt = tuple(part for part, result in results.items() if isinstance(result, ExemptResult))
    return Advance(entry.number, advances=True, reason=reason("advances", exempt=exempt))
