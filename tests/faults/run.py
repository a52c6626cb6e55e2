"""One fault run: the site on one database, candidates at work, the adversary beside them, and what came of it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Engine

from tests import databases
from tests.faults import nemesis
from tests.faults.checker.exam import Plan, Result, run
from tests.faults.ground import PART, prepare
from tests.faults.nemesis import Fault, Nemesis
from tests.faults.postgresql import Server
from tests.faults.site import Site

BACKENDS = ("postgresql", "sqlite")


@dataclass(frozen=True)
class Size:
    """How much: candidates, saves to be acknowledged, longest pause of a candidate, time between two faults, the faults of one round.

    `preload` spares the short run most of what it costs; the long one starts its workers as the product is served.
    """

    candidates: int
    acknowledged: int
    pace_ms: int
    gap_s: float
    postgresql: tuple[str, ...]
    sqlite: tuple[str, ...]
    preload: bool = False


SHORT = Size(
    candidates=12,
    acknowledged=300,
    pace_ms=80,
    gap_s=0.5,
    postgresql=("worker", "stop", "reload", "hold", "master"),
    sqlite=("worker", "collide", "reload", "master"),
    preload=True,
)
LONG = Size(
    candidates=40,
    acknowledged=20_000,
    pace_ms=150,
    gap_s=1.0,
    postgresql=("worker", "stop", "worker", "reload", "worker", "hold", "worker", "kill", "worker", "master"),
    sqlite=("worker", "collide", "worker", "reload", "worker", "collide", "worker", "master"),
)


@dataclass(frozen=True)
class Report:
    """What a run found. `orphans` are workers of killed masters that did not go away."""

    backend: str
    result: Result
    faults: dict[str, int]
    longest_down_s: float
    master_starts: int
    orphans: int


@dataclass(frozen=True)
class Target:
    """A database and how to hurt it."""

    engine: Engine
    url: str
    server: Server | None

    def schedule(self, size: Size, site: Site, seed: str) -> list[Fault]:
        """The faults of one round."""
        if self.server is not None:
            own, names = nemesis.on_postgresql(self.server), size.postgresql
        else:
            own, names = nemesis.on_sqlite(Path(self.url.removeprefix("sqlite:///"))), size.sqlite
        known = nemesis.everywhere(site, seed) | own
        return [known[name] for name in names]


def fault_run(backend: str, size: Size, folder: Path, seed: str = "faults") -> Report:
    """Play one run on one database, faults and deadline included; journals and logs go to `folder`."""
    journals = folder / "journals"
    journals.mkdir(parents=True)
    with _target(backend) as target:
        ground = prepare(target.engine, size.candidates)
        with Site(target.url, folder / "site.log", preload=size.preload) as site:
            adversary = Nemesis(site, target.schedule(size, site, seed), folder / "faults.jsonl", gap_s=size.gap_s)
            plan = Plan(site.url, ground.cast, journals, size.acknowledged, part=PART, seed=seed, pace_ms=size.pace_ms)
            plan = replace(plan, invigilator=ground.invigilator, releases=ground.releases)
            steps = {"working": adversary.start, "closing": adversary.calm, "reading": adversary.stop}
            try:
                result = run(plan, say=lambda word: steps[word](), set_deadline=ground.bring_deadline_near, enough=adversary.once_through)
            finally:
                adversary.stop()
            report = Report(backend, result, dict(adversary.counts), adversary.longest_down_s, site.starts, len(site.orphans()))
    (folder / "findings.json").write_text(json.dumps([vars(one) for one in result.verdict.findings], indent=1), encoding="utf-8")
    return report


@contextmanager
def _target(backend: str) -> Iterator[Target]:
    if backend == "postgresql":
        with Server() as server:
            yield Target(server.database.engine, server.database.url, server)
        return
    template = databases.Sqlite(databases.scratch_folder())
    copy = template.copy()
    yield Target(copy.engine, copy.url, None)
    template.drop(copy)
