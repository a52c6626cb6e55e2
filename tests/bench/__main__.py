"""`python -m tests.bench`: run every phase on both databases, print a table for people and one JSON line for programs."""

import argparse
import asyncio
import json
import sys

from sqlalchemy import text

from tests.bench import phases, world
from tests.bench.machine import gunicorn
from tests.bench.people import Candidate

GROUPS = {"save": phases.AT_ONCE, "open": 200, "candidate": 60, "herd-300": 300, "herd-500": 500, "steady": 2000}
Results = dict[str, phases.Figures]


def main() -> None:
    """Read the options, run, report; ends with status 1 where a request of an honest browser failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--backend", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--seconds", type=float, default=10, help="how long the limit and the save path are measured")
    parser.add_argument("--steady-seconds", type=float, default=300, help="how long 2,000 candidates work; 0 leaves this out")
    parser.add_argument("--only", default="", help="phases to run, with commas between them; all if empty")
    options = parser.parse_args()
    backends = ["postgresql", "sqlite"] if options.backend == "both" else [options.backend]
    wanted = set(options.only.split(",")) if options.only else {"limit", *GROUPS}
    groups = {group: count for group, count in GROUPS.items() if group in wanted and (group != "steady" or options.steady_seconds)}
    found, failures = {}, []
    for backend in backends:
        results, failed = _run(backend, groups, options.seconds, options.steady_seconds)
        print(_table(backend, results))
        found[backend] = _json(results)
        failures += [f"{backend}: {failure}" for failure in failed]
    for failure in failures[:20]:
        print(failure, file=sys.stderr)
    print(json.dumps(found))
    sys.exit(1 if failures else 0)


def _run(backend: str, groups: dict[str, int], seconds: float, steady_seconds: float) -> tuple[Results, list[str]]:
    with world.database(backend) as site:
        people = world.build(site, groups)
        with site.database.engine.begin() as connection:
            connection.execute(text("CREATE TABLE bench_limit (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, body TEXT NOT NULL)"))
        with gunicorn("tests.bench.limit:create_app()", site.environment) as (port, pid):
            meter = phases.Meter([pid, *site.roots])
            asyncio.run(phases.limit(meter, port, 1))
            results = {"limit": asyncio.run(phases.limit(meter, port, seconds))}
        with gunicorn("examsite.app:create_app()", site.environment) as (port, pid):
            meter = phases.Meter([pid, *site.roots])
            browsers = {group: [Candidate.signed_in(person, port) for person in some] for group, some in people.items()}
            asyncio.run(_phases(meter, site, browsers, results, seconds, steady_seconds))
            return results, meter.failures


async def _phases(
    meter: phases.Meter, site: world.Site, people: dict[str, list[Candidate]], results: Results, seconds: float, steady_seconds: float
) -> None:
    if "save" in people:
        await _prepare(meter, site, "save", people["save"])
        await phases.starts(meter, "warm-up", people["save"], phases.AT_ONCE)
        await phases.saves(meter, people["save"], 1)
        results["save"] = await phases.saves(meter, people["save"], seconds)
    if "open" in people:
        await _prepare(meter, site, "open", people["open"])
        results["open"] = await phases.starts(meter, "open", people["open"], 4)
        results["submit"] = await phases.submissions(meter, "submit", people["open"], 4)
    if "candidate" in people:
        world.open_now(site, "candidate")
        for candidate in people["candidate"]:
            candidate.client.cookies.clear()
        results["candidate"] = await phases.whole_candidates(meter, people["candidate"])
    for herd in ("herd-300", "herd-500"):
        if herd in people:
            await _prepare(meter, site, herd, people[herd])
            results[herd] = await phases.starts(meter, herd, people[herd], 0)
    if "herd-500" in people:
        results["time-up"] = await phases.time_up(meter, site, "herd-500", people["herd-500"])
    if "steady" in people:
        await _prepare(meter, site, "steady", people["steady"])
        await phases.starts(meter, "warm-up", people["steady"], 4)
        results["steady"] = await phases.steady(meter, people["steady"], steady_seconds)


async def _prepare(meter: phases.Meter, site: world.Site, group: str, people: list[Candidate]) -> None:
    """Everybody sits in the waiting room, and the session has just begun."""
    world.open_now(site, group)

    async def wait(candidate: Candidate) -> None:
        await candidate.wait()

    await meter.measure("waiting room", "page", (lambda _figures, one=candidate: wait(one) for candidate in people), 4)


def _table(backend: str, results: Results) -> str:
    lines = [f"{backend:12} {'units':>8} {'a second':>9} {'p50 ms':>9} {'p95 ms':>9} {'p99 ms':>9} {'CPU ms':>9} {'errors':>7}"]
    for name, line in results.items():
        shown = [line.percentile(share) for share in (0.5, 0.95, 0.99)]
        figures = " ".join(f"{value:9.1f}" for value in (line.rate, *shown))
        lines.append(f"{name:12} {line.units:8} {figures} {line.cpu_ms:9.2f} {line.errors:7}")
    return "\n".join(lines)


def _json(results: Results) -> dict[str, dict[str, float]]:
    """The figures that later runs are compared with."""
    found = {name: {"cpu_ms": round(line.cpu_ms, 3), "p99_ms": round(line.percentile(0.99), 1)} for name, line in results.items()}
    for name, line in results.items():
        found[name] |= {"errors": line.errors, "per_second": round(line.rate, 1)}
    if "save" in found:
        found["save"]["ratio"] = round(results["limit"].cpu_ms / results["save"].cpu_ms, 3)
    if "candidate" in found:
        found["candidate"]["cpu_s"] = round(results["candidate"].cpu_ms / 1000, 4)
    for name, line in results.items():
        if name.startswith("herd"):
            found[name]["p99_s"] = round(line.percentile(0.99) / 1000, 3)
    if "herd-300" in found:
        found["herd"] = found["herd-300"]
    return found


if __name__ == "__main__":
    main()
