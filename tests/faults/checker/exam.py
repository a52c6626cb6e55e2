"""All candidates together: sign in, begin in the same moment, work until enough is acknowledged, hand in at the deadline, read back."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

from tests.faults.checker import told, verdict
from tests.faults.checker.candidate import Candidate
from tests.faults.checker.dice import Dice
from tests.faults.checker.invigilator import Invigilator
from tests.faults.checker.journal import Journal
from tests.faults.checker.moves import USUAL, Move, another_machine, next_save
from tests.faults.checker.person import StuckError

AFTER_THE_CLOSE_S, AFTER_THE_CLOSE = 1.0, 6
PROGRESS_S = 0.25
LAST_PACE_MS = 60


@dataclass(frozen=True)
class Plan:
    """One run. `cast` holds names and passwords; `pace_ms` is the longest pause of a candidate between two moves.

    `invigilator` is the name and password of who keeps watch, `releases` the address of the form that lets each candidate in elsewhere.
    """

    site: str
    cast: Sequence[tuple[str, str]]
    folder: Path
    acknowledged: int
    part: str = "general"
    seed: str = "faults"
    pace_ms: int = 40
    longest_s: float = 3600
    moves: dict[Move, int] = field(default_factory=lambda: USUAL)
    invigilator: tuple[str, str] | None = None
    releases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What came of a run: the verdict, how the requests went, the longest wait for an answer, how long it took."""

    verdict: verdict.Verdict
    requests: dict[str, int]
    slowest_s: float
    seconds: float


def nothing(_word: str) -> None:
    """Nobody wants to know how far it is."""


def run(
    plan: Plan,
    *,
    say: Callable[[str], None] = nothing,
    set_deadline: Callable[[], None] | None = None,
    enough: Callable[[], bool] = lambda: True,
) -> Result:
    """Play the whole run. `say` hears `working`, `closing`, `reading`.

    `enough` may ask for more than the plan does; `set_deadline` brings the deadline near when enough is saved.
    """
    begun = time.monotonic()
    watch = _invigilator(plan)
    candidates = [_candidate(plan, number, *person, watch) for number, person in enumerate(plan.cast)]
    with ThreadPoolExecutor(max_workers=len(candidates)) as pool:
        _all(pool, candidates, lambda one: one.sign_in())
        _all(pool, candidates, lambda one: one.begin(plan.part))
        if watch is not None:
            watch.sign_in()
        say("working")
        _work(pool, plan, candidates, enough)
        if set_deadline is not None:
            say("closing")
            set_deadline()
            _all(pool, candidates, lambda one: _to_the_end(one, candidates.index(one) % 2 == 0))
        say("reading")
        _all(pool, candidates, lambda one: one.hand_in())
        _all(pool, candidates, lambda one: _keep(plan, one, one.read_back(_neighbour(candidates, one))))
    for one in candidates:
        one.journal.close()
        one.leave()
    if watch is not None:
        watch.wire.close()
    everybody = told.read(plan.folder)
    slowest = max(one.slowest for one in candidates)
    return Result(verdict.judge(everybody), verdict.summary(everybody), slowest, time.monotonic() - begun)


def as_json(result: Result) -> str:
    """The result as one line."""
    return json.dumps(asdict(result), ensure_ascii=False)


def _candidate(plan: Plan, number: int, name: str, password: str, watch: Invigilator | None) -> Candidate:
    journal = Journal(plan.folder / f"{number:03d}.jsonl")
    return Candidate(plan.site, name, password, journal, Dice(plan.seed, number), watch)


def _invigilator(plan: Plan) -> Invigilator | None:
    if plan.invigilator is None:
        return None
    return Invigilator(plan.site, *plan.invigilator, Dice(plan.seed, "watch"), plan.releases)


def _all(pool: ThreadPoolExecutor, candidates: Sequence[Candidate], act: Callable[[Candidate], None]) -> None:
    for waiting in [pool.submit(act, one) for one in candidates]:
        waiting.result()


def _neighbour(candidates: Sequence[Candidate], one: Candidate) -> Candidate:
    return candidates[(candidates.index(one) + 1) % len(candidates)]


def _work(pool: ThreadPoolExecutor, plan: Plan, candidates: Sequence[Candidate], enough: Callable[[], bool]) -> None:
    over = Event()
    working = [pool.submit(_moves, plan, one, _neighbour(candidates, one), over) for one in candidates]
    latest = time.monotonic() + plan.longest_s
    while sum(len(one.acknowledged) for one in candidates) < plan.acknowledged or not enough():
        if time.monotonic() > latest or any(waiting.done() for waiting in working):
            break
        time.sleep(PROGRESS_S)
    over.set()
    for waiting in working:
        waiting.result()


def _moves(plan: Plan, one: Candidate, neighbour: Candidate, over: Event) -> None:
    if one.invigilator is not None and plan.cast[0][0] == one.name:  # at least once, however short the run is
        another_machine(one, neighbour)
    while not over.is_set():
        one.dice.weighed(plan.moves)(one, neighbour)
        over.wait(one.dice.below(plan.pace_ms + 1) / 1000)


def _to_the_end(one: Candidate, hands_in: bool) -> None:
    """Save quickly over the end: those who hand in do so at the very deadline, the others work past the close.

    However slowly the site answers, they send a few saves there: a run that sent none would say nothing of the close.
    """
    times = one.look()
    deadline, closes_at = (datetime.fromisoformat(times[name]).timestamp() for name in ("deadline", "closes_at"))
    end = deadline if hands_in else closes_at + AFTER_THE_CLOSE_S
    missing = 0 if hands_in else AFTER_THE_CLOSE
    while (now := time.time()) < end or missing > 0:
        one.take(next_save(one), hope="stored")
        missing -= now >= closes_at
        time.sleep(one.dice.below(LAST_PACE_MS) / 1000)
    if hands_in:
        one.hand_in()
        one.take(next_save(one))


def _keep(plan: Plan, one: Candidate, final: dict[str, Any]) -> None:
    number = next(place for place, (name, _) in enumerate(plan.cast) if name == one.name)
    (plan.folder / f"{number:03d}.final.json").write_text(json.dumps(final, ensure_ascii=False), encoding="utf-8")


__all__ = ["Plan", "Result", "StuckError", "as_json", "run"]
