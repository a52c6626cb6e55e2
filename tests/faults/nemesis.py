"""The adversary: faults by a schedule, each written down with its time, and how long the site then needed to answer again."""

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event, Thread

from tests.faults.checker.dice import Dice
from tests.faults.postgresql import Server
from tests.faults.site import Site

Fault = tuple[str, Callable[[], None]]
HELD_S = 1.2
CALM_GAP_S = 2.5
FIRST_GAP_S = 0.5


class Nemesis:
    """Goes through a schedule of faults, again and again, until told to be calm (workers only) or to stop.

    `counts` says how often each fault struck, `longest_down_s` the longest time until the site answered again, `stayed` how many orphans of
    killed masters were still there ten seconds later.
    """

    def __init__(self, site: Site, schedule: Sequence[Fault], journal: Path, *, gap_s: float, seed: str = "nemesis") -> None:
        self.counts: Counter[str] = Counter()
        self.longest_down_s = 0.0
        self.rounds = 0
        self._site, self._schedule, self._gap_s = site, list(schedule), gap_s
        self._dice = Dice(seed)
        self._journal = journal
        self._calm, self._stop = Event(), Event()
        self._thread = Thread(target=self._run, name="nemesis")
        self._fault: BaseException | None = None

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def calm(self) -> None:
        """From now on only workers are killed."""
        self._calm.set()

    def stop(self) -> None:
        """No more faults; raises what went wrong with the faults themselves."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._fault is not None:
            raise self._fault

    def once_through(self) -> bool:
        """Whether every fault of the schedule has struck, or nothing more will."""
        return self.rounds > 0 or not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._strike_on()
        except BaseException as fault:  # noqa: BLE001 - it is raised again by stop()
            self._fault = fault

    def _strike_on(self) -> None:
        self._stop.wait(FIRST_GAP_S)
        while not self._stop.is_set():
            for fault in self._schedule:
                calm = self._calm.is_set()
                self._strike(worker(self._site, self._dice) if calm else fault)
                if self._stop.wait((CALM_GAP_S if calm else self._gap_s) * (0.5 + self._dice.below(100) / 100)):
                    return
            self.rounds += 1

    def _strike(self, fault: Fault) -> None:
        name, act = fault
        begun = time.time()
        act()
        down = self._site.wait_until_up()
        self.counts[name] += 1
        self.longest_down_s = max(self.longest_down_s, down)
        with self._journal.open("a", encoding="utf-8") as journal:
            journal.write(json.dumps({"fault": name, "at": begun, "acted_s": time.time() - begun - down, "down_s": down}) + "\n")


def worker(site: Site, dice: Dice) -> Fault:
    """X01: one worker, whichever chance picks."""
    return "worker killed", lambda: site.kill_worker(dice.below(100))


def everywhere(site: Site, seed: str) -> dict[str, Fault]:
    """What can happen to the site itself: X01, X04, X03."""
    return {
        "worker": worker(site, Dice(seed)),
        "reload": ("gentle restart", site.restart_gently),
        "master": ("master killed", site.kill_master),
    }


def on_postgresql(server: Server) -> dict[str, Fault]:
    """What can happen to a database server: X08 in both ways, X10."""

    def after(end: Callable[[], None]) -> Callable[[], None]:
        def act() -> None:
            end()
            server.start()

        return act

    return {
        "stop": ("database stopped at once", after(server.stop_at_once)),
        "kill": ("database killed", after(server.kill)),
        "hold": ("all connections held", lambda: server.hold_all_connections(HELD_S)),
    }


def on_sqlite(path: Path) -> dict[str, Fault]:
    """What can happen to a file: X15, another process that holds the one place for writers."""
    return {"collide": ("writers collided", lambda: hold_the_writer(path, HELD_S))}


def hold_the_writer(path: Path, seconds: float) -> None:
    """X15: begin to write in another connection, and take one's time."""
    connection = sqlite3.connect(path, timeout=20, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    time.sleep(seconds)
    connection.execute("ROLLBACK")
    connection.close()
