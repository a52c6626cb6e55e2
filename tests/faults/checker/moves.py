"""What a candidate, a browser with a bad line, a second tab and a curious neighbour do to a server, one small function each."""

from collections.abc import Callable
from typing import Any

from tests.faults.checker import answers
from tests.faults.checker.candidate import FENCED, FOREIGN, UNPROVEN, Candidate
from tests.faults.checker.room import ACK, Pen, Save

MOST_IN_A_BATCH = 8


def answer(candidate: Candidate) -> list[Any]:
    """Answer an item in its way, or take the answer back, or set or take down a flag."""
    dice = candidate.dice
    item = dice.pick(sorted(candidate.items))
    chance = dice.below(20)
    if chance < 3:
        return [item, "flag", chance == 0]
    if chance == 3:
        return [item, *answers.taken_back(candidate.items[item])]
    return [item, *answers.given(dice, candidate.items[item], candidate.typed(item))]


def next_save(candidate: Candidate, ahead: int = 0, most: int = 1) -> Save:
    """The save that comes next, or `ahead` places after it."""
    count = 1 + candidate.dice.below(most)
    return Save(candidate.seq + 1 + ahead, candidate.epoch, [answer(candidate) for _ in range(count)])


def other_than(candidate: Candidate, save: Save) -> Save:
    """Another body in the same place, as a second tab would send."""
    item = save.answers[0][0]
    other = [item, *answers.given(candidate.dice, candidate.items[item], "")]
    while other == save.answers[0]:
        other = [item, *answers.given(candidate.dice, candidate.items[item], "")]
    return Save(save.seq, save.epoch, [other, *save.answers[1:]])


def plain(candidate: Candidate, _neighbour: Candidate) -> None:
    """One answer."""
    candidate.take(next_save(candidate), hope="stored")


def batch(candidate: Candidate, _neighbour: Candidate) -> None:
    """What piled up while the line was down."""
    candidate.take(next_save(candidate, most=MOST_IN_A_BATCH), hope="stored")


def twice_at_once(candidate: Candidate, _neighbour: Candidate) -> None:
    """The same save three times at the same moment."""
    save = next_save(candidate)
    candidate.take_together(save, save, save)


def again(candidate: Candidate, _neighbour: Candidate) -> None:
    """The newest save once more: its reply seemed lost."""
    _repeat(candidate, candidate.seq)


def much_later_again(candidate: Candidate, _neighbour: Candidate) -> None:
    """Any earlier save once more: a tab that had been asleep."""
    _repeat(candidate, 1 + candidate.dice.below(max(candidate.seq, 1)))


def ahead_of_its_turn(candidate: Candidate, _neighbour: Candidate) -> None:
    """The save after the next first, then both in their order."""
    first, second = next_save(candidate), next_save(candidate, ahead=1)
    candidate.save(second)
    candidate.take(first, hope="stored")
    candidate.take(second, hope="stored")


def racing(candidate: Candidate, _neighbour: Candidate) -> None:
    """Two saves that follow each other, sent at the same moment."""
    first, second = next_save(candidate), next_save(candidate, ahead=1)
    outcome, _ = candidate.take_together(first, second)
    if outcome.verdict == ACK:
        candidate.take(second, hope="stored")


def rivals(candidate: Candidate, _neighbour: Candidate) -> None:
    """Two tabs want the same place with different answers: one may have it."""
    save = next_save(candidate)
    candidate.take_together(save, other_than(candidate, save))


def second_tab(candidate: Candidate, _neighbour: Candidate) -> None:
    """Another answer for a place that was acknowledged before."""
    known = candidate.acknowledged.get(candidate.seq)
    if known is not None:
        candidate.save(other_than(candidate, known))


def another_device(candidate: Candidate, _neighbour: Candidate) -> None:
    """A save under an epoch that this sitting never had."""
    save = next_save(candidate)
    candidate.save(Save(save.seq, save.epoch + 5, save.answers))


def another_machine(candidate: Candidate, _neighbour: Candidate) -> None:
    """The invigilator lets the candidate go on at another machine; the first one still sends what it had not, and then something more."""
    if candidate.invigilator is None:
        return
    unsent = next_save(candidate)
    wire, pen = candidate.change_machine(candidate.invigilator)
    for save in (unsent, Save(unsent.seq + 1, unsent.epoch, [answer(candidate)])):
        candidate.settle(save, kind=FENCED, pen=pen, wire=wire)
    wire.close()
    candidate.take(next_save(candidate), hope="stored")


def into_anothers_sitting(candidate: Candidate, neighbour: Candidate) -> None:
    """Somebody else's sitting with one's own cookie: under one's own token, and under the other's."""
    for token in (candidate.pen.token, neighbour.pen.token):
        save = Save(neighbour.seq + 1, neighbour.epoch, _odd_flags(candidate))
        candidate.save(save, kind=FOREIGN, pen=Pen(neighbour.pen.sitting, token))


def without_the_token(candidate: Candidate, neighbour: Candidate) -> None:
    """One's own sitting, but not from its page: a forged request."""
    for token in ("", neighbour.pen.token):
        save = Save(candidate.seq + 1, candidate.epoch, _odd_flags(candidate))
        candidate.save(save, kind=UNPROVEN, pen=Pen(candidate.pen.sitting, token))


def look(candidate: Candidate, _neighbour: Candidate) -> None:
    """What the server holds, compared later with what it had acknowledged by now."""
    candidate.look()


Move = Callable[[Candidate, Candidate], None]
USUAL: dict[Move, int] = {
    plain: 44,
    batch: 14,
    twice_at_once: 8,
    again: 5,
    much_later_again: 4,
    ahead_of_its_turn: 6,
    racing: 6,
    rivals: 3,
    second_tab: 3,
    another_device: 1,
    another_machine: 1,
    into_anothers_sitting: 1,
    without_the_token: 1,
    look: 4,
}
"""Each move and how often of a hundred it is made."""


def _repeat(candidate: Candidate, seq: int) -> None:
    known = candidate.acknowledged.get(seq)
    if known is not None:
        candidate.take(known, hope="stored")


def _odd_flags(candidate: Candidate) -> list[list[Any]]:
    """A body that is well formed in every sitting, and that nobody sends as an answer."""
    return [[1, "flag", bool(candidate.dice.below(2))] for _ in range(MOST_IN_A_BATCH + 4)]
