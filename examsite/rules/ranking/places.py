"""From round 2 scores to places, seats and the reason of each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from examsite.rules.policy import RuleSet
from examsite.rules.ranking.model import (
    Entry,
    PendingTie,
    Ranking,
    Reason,
    Seat,
    Standing,
    State,
    StepRecord,
    TieDecision,
    reason,
    refuse_twice,
)
from examsite.rules.ranking.ties import Block, TakenApart, decide, take_apart
from examsite.rules.refusal import Refused
from examsite.rules.scoring import reaches_pass


def rank(entries: Sequence[Entry], quota: int, rules: RuleSet, decisions: Sequence[TieDecision] = ()) -> Ranking:
    """The ranking of one position with `quota` seats.

    Places are competition ranking (1, 2, 2, 4) on the official total; equal totals share a place, and only a tie across the last seat
    is broken, by the rule set's tie steps (for example Decree 170/2025, Art. 10). The order of the input never matters. Refused: a
    quota below 1 (`quota_too_small`), a number twice (`number_twice`), and a decision that `decide` refuses.
    """
    if quota < 1:
        raise Refused("quota_too_small", field="quota", quota=quota)
    refuse_twice(entry.number for entry in entries)
    by_number = {entry.number: entry for entry in sorted(entries, key=lambda entry: entry.number)}
    placed = {number: entry for number, entry in by_number.items() if _unplaced(entry, rules) is None}
    blocks, cut = _broken(_by_total(placed.values()), quota, placed, rules, decisions)
    open_tie = _pending(blocks, cut, quota, rules)
    records = tuple(cut.records) if cut else ()
    standings = [*_placed(blocks, quota, placed, open_tie, records), *_without_place(by_number.values(), rules)]
    return Ranking(quota, tuple(standings), (open_tie,) if open_tie else (), records)


def recommended(ranking: Ranking) -> tuple[str, ...]:
    """The candidate numbers inside the quota, by place: never more than there are seats, none while their tie is undecided."""
    return tuple(standing.number for standing in ranking.standings if standing.seat is Seat.INSIDE)


def _by_total(entries: Iterable[Entry]) -> list[Block]:
    """Blocks of equal total, highest first, within each by candidate number."""
    totals = sorted(((_total(entry), entry.number) for entry in entries), key=lambda pair: (-pair[0], pair[1]))
    return [Block(tuple(number for _, number in pairs)) for _, pairs in groupby(totals, key=lambda pair: pair[0])]


def _total(entry: Entry) -> Decimal:
    if entry.score is None:  # only scored candidates are placed
        raise ValueError(entry.number)
    return entry.score.total


def _broken(
    blocks: Sequence[Block], quota: int, entries: Mapping[str, Entry], rules: RuleSet, decisions: Sequence[TieDecision]
) -> tuple[list[Block], TakenApart | None]:
    """The blocks with the one that straddles the last seat taken apart, and how; None where no block does."""
    before: list[Block] = []
    seats = quota
    for place, block in enumerate(blocks):
        if 0 < seats < len(block.numbers):
            cut = take_apart(block.numbers, seats, entries, rules.ranking.tie_steps)
            decide(cut, seats, decisions, rules.ranking.decider)
            return [*before, *cut.blocks, *blocks[place + 1 :]], cut
        before.append(block)
        seats -= len(block.numbers)
    decide(TakenApart(Block(())), 0, decisions, rules.ranking.decider)
    return before, None


def _pending(blocks: Sequence[Block], cut: TakenApart | None, quota: int, rules: RuleSet) -> PendingTie | None:
    if cut is None or not cut.tied.numbers:
        return None
    above = sum(len(block.numbers) for block in blocks[: blocks.index(cut.tied)])
    return PendingTie(cut.tied.numbers, quota - above, rules.ranking.decider)


def _placed(
    blocks: Sequence[Block], quota: int, entries: Mapping[str, Entry], pending: PendingTie | None, records: tuple[StepRecord, ...]
) -> Iterator[Standing]:
    place = 1
    for block in blocks:
        last = place + len(block.numbers) - 1
        tie = pending if pending and pending.numbers == block.numbers else None
        for number in sorted(block.numbers):
            yield Standing(
                number=number,
                place=place,
                last_place=last if tie else place,
                seat=Seat.UNDECIDED if tie else Seat.INSIDE if last <= quota else Seat.OUTSIDE,
                reason=_why(block, number, place, quota, _total(entries[number]), tie),
                total=_total(entries[number]),
                steps=tuple(record for record in records if number in dict(record.compared)),
            )
        place = last + 1


def _why(block: Block, number: str, place: int, quota: int, total: Decimal, tie: PendingTie | None) -> Reason:
    others = tuple(other for other in sorted(block.rivals or block.numbers) if other != number)
    side = "inside" if place <= quota else "outside"
    if tie:
        last, among = place + len(tie.numbers) - 1, tuple(other for other in sorted(tie.numbers) if other != number)
        decider = tie.decider.value
        return reason("undecided", place=place, last_place=last, total=total, seats=tie.seats, decider=decider, others=among)
    if block.decision:
        decider, document = block.decision.decider.value, block.decision.document
        return reason(f"{side}_by_decision", place=place, total=total, decider=decider, document=document, others=others)
    if block.by:
        value = block.value if block.value is not None else 0
        return reason(f"{side}_by_step", place=place, total=total, step=block.by.name, of=block.by.of, value=value, others=others)
    if others:
        return reason(f"{side}_shared", place=place, total=total, quota=quota, others=others)
    return reason(side, place=place, total=total, quota=quota)


def _without_place(entries: Iterable[Entry], rules: RuleSet) -> Iterator[Standing]:
    for entry in entries:
        why = _unplaced(entry, rules)
        if why:
            yield Standing(entry.number, None, None, Seat.NONE, why, entry.score.total if entry.score else None)


def _unplaced(entry: Entry, rules: RuleSet) -> Reason | None:
    """Why the candidate has no place; None for one who has."""
    if entry.state is not State.PRESENT:
        return reason(entry.state.value, note=entry.note)
    score = entry.score
    if score is None:
        return reason("not_scored")
    if score.passed:
        return None
    pass_mark = rules.round2.pass_mark
    if score.failed_floors and reaches_pass(score.exact, score.official, rules):
        return reason("below_floor", components=score.failed_floors, official=score.official)
    return reason("below_pass", exact=score.exact, official=score.official, pass_mark=pass_mark)
