"""A tie across the last seat, taken apart by the rule set's steps and at last by a person's decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from examsite.rules.policy import Decider, TieStep
from examsite.rules.ranking.model import Compared, Entry, StepRecord, TieDecision
from examsite.rules.refusal import Refused


@dataclass(frozen=True, slots=True)
class Block:
    """Candidates who share a place. `by` is the step that put them apart from `rivals` (all who were tied when it was applied)."""

    numbers: tuple[str, ...]
    by: TieStep | None = None
    value: Compared = None
    rivals: tuple[str, ...] = ()
    decision: TieDecision | None = None


@dataclass(slots=True)
class TakenApart:
    """A tie after its steps: blocks above and below the last seat in order, and those still tied across it (empty when settled)."""

    tied: Block
    above: list[Block] = field(default_factory=list)
    below: list[Block] = field(default_factory=list)
    records: list[StepRecord] = field(default_factory=list)

    @property
    def blocks(self) -> list[Block]:
        return [*self.above, *([self.tied] if self.tied.numbers else []), *self.below]


def take_apart(numbers: tuple[str, ...], seats: int, entries: Mapping[str, Entry], steps: Sequence[TieStep]) -> TakenApart:
    """Apply the steps in order to those who are still tied; there are more of them than `seats`, and at least one seat.

    A step that has no value for one of them separates nobody; a decision is no step that can be computed, and is left to `decide`.
    """
    state = TakenApart(Block(numbers))
    for step in steps:
        if not state.tied.numbers or step.name == "decision":
            break
        record = _applied(step, state.tied.numbers, entries)
        state.records.append(record)
        if record.applied:
            _separate(state, record, seats)
    return state


def decide(state: TakenApart, seats: int, decisions: Sequence[TieDecision], decider: Decider) -> None:
    """Put a recorded decision in the place of the tie that is left; without one the tie stays.

    Refused: `tie_decision_wrong_people` (other people than those tied, or nobody is tied), `tie_decision_twice`,
    `tie_decision_wrong_decider`, `tie_decision_incomplete` (no document or no reason).
    """
    tied = state.tied.numbers
    for decision in decisions:
        if not tied or sorted(decision.order) != sorted(tied):
            raise Refused("tie_decision_wrong_people", named=decision.order, tied=tied)
        if decision.decider is not decider:
            raise Refused("tie_decision_wrong_decider", decider=decision.decider.value, wanted=decider.value)
        if not (decision.document.strip() and decision.reason.strip()):
            raise Refused("tie_decision_incomplete")
    if len(decisions) > 1:
        raise Refused("tie_decision_twice", tied=tied)
    for decision in decisions:
        blocks = [Block((number,), rivals=tied, decision=decision) for number in decision.order]
        left = _seats_left(state, seats)
        state.above += blocks[:left]
        state.below = blocks[left:] + state.below
        state.tied = Block(())


def _seats_left(state: TakenApart, seats: int) -> int:
    return seats - sum(len(block.numbers) for block in state.above)


def _separate(state: TakenApart, record: StepRecord, seats: int) -> None:
    """Split the tied block where the step's values differ; only the block across the last seat stays tied."""
    rivals, left = state.tied.numbers, _seats_left(state, seats)
    blocks = [
        Block(tuple(number for number, _ in pairs), record.step, value, rivals)
        for value, pairs in groupby(record.compared, key=lambda pair: pair[1])
    ]
    if len(blocks) == 1:
        return
    state.tied = Block(())
    below: list[Block] = []
    for block in blocks:
        if left >= len(block.numbers):
            state.above.append(block)
        elif left > 0:
            state.tied = block
        else:
            below.append(block)
        left -= len(block.numbers)
    state.below = below + state.below


def _applied(step: TieStep, numbers: Sequence[str], entries: Mapping[str, Entry]) -> StepRecord:
    values = {number: _value(step, entries[number]) for number in sorted(numbers)}
    known = {number: value for number, value in values.items() if value is not None}
    if len(known) < len(values):
        return StepRecord(step, tuple(values.items()), applied=False)
    best_first = sorted(known.items(), key=lambda pair: pair[1], reverse=True)
    return StepRecord(step, tuple(best_first), applied=True)


def _value(step: TieStep, entry: Entry) -> Compared:
    """What the step compares, more is better; None where the candidate has no such value."""
    match step.name:
        case "round2_score":
            return entry.score.official if entry.score else None
        case "component":
            return {part.component: part.mean for part in entry.score.components}.get(step.of) if entry.score else None
        case "part_correct":
            return dict(entry.correct).get(step.of)
        case "exempt_round1":
            return int(entry.exempt_round1)
    raise ValueError(step.name)
