"""The real site under a supervisor: gunicorn as it is served, workers that can be killed, a master that comes back."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

ROOT = Path(__file__).parents[2]
PRODUCT = "examsite.app:create_app()"
KEY = "a key for fault runs that nobody else will ever use"
UP_WITHIN_S = 30.0
SOON_S = 0.05


class Site:
    """gunicorn with the settings of the product; `starts` counts how often its master had to be started.

    `preload` lets the master read the product, so that a worker that comes after a killed one is a fork and not a second of reading.
    """

    def __init__(self, database_url: str, log: Path, *, preload: bool = False) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self.starts = 0
        bound = f"127.0.0.1:{self.port}"
        self._command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--bind", bound, PRODUCT]
        self._command += ["--preload"] if preload else []
        self._environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "EXAMSITE_SECRET_KEY": KEY,
            "EXAMSITE_WORKERS": "2",
        }
        self._orphans: set[int] = set()
        self._over = Event()

    def __enter__(self) -> "Site":
        self._start()
        self._supervisor = Thread(target=self._supervise, name="supervisor")
        self._supervisor.start()
        self.wait_until_up()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._over.set()
        self._supervisor.join()
        left = [*self.workers(), *self._orphans]
        kill(self._master.pid, signal.SIGQUIT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._master.wait(5)
        for process in (self._master.pid, *left):
            kill(process, signal.SIGKILL)
        self._master.wait()

    def workers(self) -> list[int]:
        """The processes that answer requests now."""
        return children_of(self._master.pid)

    def kill_worker(self, which: int) -> None:
        """X01: one worker, in the middle of whatever it does."""
        workers = self.workers()
        if workers:
            kill(workers[which % len(workers)], signal.SIGKILL)

    def restart_gently(self) -> None:
        """X04: new workers first, then the old ones finish what they have."""
        kill(self._master.pid, signal.SIGHUP)

    def kill_master(self) -> None:
        """X03: the master alone; its workers notice that they are orphans, and the supervisor starts another."""
        killed, starts = self._master, self.starts
        self._orphans |= set(self.workers())
        kill(killed.pid, signal.SIGKILL)
        latest = time.monotonic() + UP_WITHIN_S
        while (self.starts == starts or self.orphans() or not self.workers()) and time.monotonic() < latest:
            time.sleep(SOON_S)

    def orphans(self) -> set[int]:
        """Workers of masters that were killed and that still run."""
        self._orphans = {process for process in self._orphans if runs(process)}
        return self._orphans

    def wait_until_up(self) -> float:
        """Come back once the site answers; gives the seconds that took."""
        return wait_until_up(self.port, lambda: self.log.read_text(encoding="utf-8", errors="replace")[-3000:])

    def _start(self) -> None:
        self.starts += 1
        with self.log.open("ab") as log:
            self._master = subprocess.Popen(self._command, cwd=ROOT, env=self._environment, stdout=log, stderr=log)

    def _supervise(self) -> None:
        while not self._over.wait(SOON_S):
            if self._master.poll() is not None:
                self._start()


def wait_until_up(port: int, told: Callable[[], str]) -> float:
    """Come back once a site answers at this port; gives the seconds that took. Where it never does, `told()` says what it said."""
    begun = time.monotonic()
    while time.monotonic() - begun < UP_WITHIN_S:
        if _answers(port):
            return time.monotonic() - begun
        time.sleep(SOON_S)
    raise TimeoutError(f"the site does not come up:\n{told()}")


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/sign-in")
        return connection.getresponse().status == 200
    return False


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def kill(process: int, how: signal.Signals) -> None:
    """Send a signal; a process that is gone already is no fault."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, how)


def runs(process: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def children_of(process: int) -> list[int]:
    """The processes that this one started and that still run."""
    try:
        listed = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8")
    except OSError:
        return []
    return [child for child in map(int, listed.split()) if runs(child)]
