"""The phases of a run: each drives candidates in its own way and gives one line of figures."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from time import perf_counter

from examsite import clock
from tests.bench import world
from tests.bench.client import Client, Reply
from tests.bench.machine import processor_seconds
from tests.bench.people import Candidate, UnexpectedError

FAILURES = (UnexpectedError, ConnectionError, TimeoutError, asyncio.IncompleteReadError)
AT_ONCE = 8
SAVE_EVERY = 45.0
ALIVE_EVERY = 30.0


@dataclass
class Figures:
    """What one phase took. `cpu_ms` is the processor time of server and database together for one `unit`."""

    name: str
    unit: str
    seconds: list[float] = field(default_factory=list)
    errors: int = 0
    units: int = 0
    wall: float = 0.0
    cpu: float = 0.0

    @property
    def cpu_ms(self) -> float:
        return 1000 * self.cpu / self.units if self.units else 0.0

    @property
    def rate(self) -> float:
        return self.units / self.wall if self.wall else 0.0

    def percentile(self, share: float) -> float:
        """Nearest rank, in milliseconds."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


@dataclass
class Meter:
    """Runs work and reads the clocks around it."""

    roots: list[int]
    failures: list[str] = field(default_factory=list)

    async def measure(self, name: str, unit: str, work: Iterable[Callable[[Figures], Awaitable[None]]], at_once: int = 0) -> Figures:
        """All of `work`, at most `at_once` at a time (0: all together)."""
        figures = Figures(name, unit)
        jobs = list(work)
        gate = asyncio.Semaphore(at_once or max(1, len(jobs)))
        before, begun = processor_seconds(self.roots), perf_counter()
        await asyncio.gather(*(self._guarded(gate, figures, job) for job in jobs))
        figures.wall, figures.cpu = perf_counter() - begun, processor_seconds(self.roots) - before
        return figures

    async def _guarded(self, gate: asyncio.Semaphore, figures: Figures, job: Callable[[Figures], Awaitable[None]]) -> None:
        async with gate:
            try:
                await job(figures)
            except FAILURES as failure:
                figures.errors += 1
                self.failures.append(f"{figures.name}: {type(failure).__name__} {failure}")


def whole(figures: Figures, replies: list[Reply]) -> None:
    """One unit that took several requests, one after the other."""
    figures.seconds.append(sum(reply.seconds for reply in replies))
    figures.units += 1


async def limit(meter: Meter, port: int, seconds: float) -> Figures:
    """The bare view, by as many clients as save in `save`."""
    ends = perf_counter() + seconds

    def client(number: int) -> Callable[[Figures], Awaitable[None]]:
        async def go_on(figures: Figures) -> None:
            browser, seq = Client(port, {"examsite": "x" * 150}), 0
            while perf_counter() < ends:
                seq += 1
                body = b'{"seq":%d,"epoch":1,"answers":[[%d,"choice","12-1"]]}' % (seq, seq % 90)
                whole(figures, [await browser.post_json(f"/limit/{number}", body, "y" * 43)])
            await browser.close()

        return go_on

    return await meter.measure("limit", "save", (client(number) for number in range(1, AT_ONCE + 1)))


async def saves(meter: Meter, people: list[Candidate], seconds: float) -> Figures:
    """The save path: as many candidates at once as there are clients, each saving as quickly as the server answers."""
    ends = perf_counter() + seconds

    def one(candidate: Candidate) -> Callable[[Figures], Awaitable[None]]:
        async def go_on(figures: Figures) -> None:
            while perf_counter() < ends:
                whole(figures, [await candidate.save()])

        return go_on

    return await meter.measure("save", "save", map(one, people[:AT_ONCE]))


async def starts(meter: Meter, name: str, people: list[Candidate], at_once: int) -> Figures:
    """Each begins the part and opens its page: two requests, one unit. `at_once` 0: everybody in the same second."""

    def one(candidate: Candidate) -> Callable[[Figures], Awaitable[None]]:
        async def go(figures: Figures) -> None:
            if not at_once:
                await asyncio.sleep(random.random())
            whole(figures, await candidate.start())

        return go

    return await meter.measure(name, "start", map(one, people), at_once)


async def submissions(meter: Meter, name: str, people: list[Candidate], at_once: int) -> Figures:
    """Each hands in, is marked, and gets the receipt with the result."""

    def one(candidate: Candidate) -> Callable[[Figures], Awaitable[None]]:
        async def go(figures: Figures) -> None:
            whole(figures, await candidate.submit())

        return go

    return await meter.measure(name, "submission", map(one, people), at_once)


async def whole_candidates(meter: Meter, people: list[Candidate]) -> Figures:
    """Sign-in, waiting room, start, 90 saves, submission, result."""

    def one(candidate: Candidate) -> Callable[[Figures], Awaitable[None]]:
        async def go(figures: Figures) -> None:
            replies = await candidate.sign_in() + await candidate.wait() + await candidate.start()
            replies += [await candidate.save() for _item in range(world.QUESTIONS)]
            whole(figures, replies + await candidate.submit())

        return go

    return await meter.measure("candidate", "candidate", map(one, people), 4)


async def time_up(meter: Meter, site: world.Site, group: str, people: list[Candidate]) -> Figures:
    """The deadline of all of them at once: a last save, then handing in, as their pages do it."""
    moment = clock.now() + timedelta(seconds=3)
    world.end_at(site, group, moment)

    def one(candidate: Candidate) -> Callable[[Figures], Awaitable[None]]:
        async def go(figures: Figures) -> None:
            await asyncio.sleep(max(0.0, (moment - clock.now()).total_seconds()))
            whole(figures, [await candidate.save(), *await candidate.submit()])

        return go

    return await meter.measure("time-up", "candidate", map(one, people))


async def steady(meter: Meter, people: list[Candidate], seconds: float) -> Figures:
    """Everybody works: a save about every 45 seconds and a sign of life every 30, spread as chance has it."""
    ends = perf_counter() + seconds

    async def every(figures: Figures, pause: float, act: Callable[[], Awaitable[Reply]]) -> None:
        await asyncio.sleep(random.random() * pause)
        while perf_counter() < ends:
            whole(figures, [await act()])
            await asyncio.sleep(pause * (0.8 + 0.4 * random.random()))

    def one(candidate: Candidate) -> Callable[[Figures], Awaitable[None]]:
        second = Candidate(candidate.person, Client(candidate.client.port, dict(candidate.client.cookies)))
        second.sitting, second.save_token = candidate.sitting, candidate.save_token

        async def go(figures: Figures) -> None:
            await asyncio.gather(every(figures, SAVE_EVERY, candidate.save), every(figures, ALIVE_EVERY, second.sign_of_life))

        return go

    return await meter.measure("steady", "request", map(one, people))
