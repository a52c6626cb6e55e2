"""Processes under measurement: gunicorn with the project's own settings, and the processor time of it and of the database."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
TICK = os.sysconf("SC_CLK_TCK")


def processor_seconds(roots: list[int]) -> float:
    """User and system seconds of these processes and all their descendants, the reaped ones included."""
    table = _table()
    total, waiting = 0.0, list(roots)
    while waiting:
        pid = waiting.pop()
        if pid in table:
            total += table[pid][1]
            waiting.extend(child for child, (parent, _spent) in table.items() if parent == pid)
    return total


@contextmanager
def gunicorn(app: str, environment: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """Serve `app` as in production; gives the port and the process number of the master."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py"), "--log-level", "warning"]
    process = subprocess.Popen([*command, "--bind", f"127.0.0.1:{port}", app], cwd=ROOT, env=dict(os.environ) | dict(environment))
    try:
        _wait_for(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(30)


def postmaster(folder: Path) -> int:
    """The process number of the PostgreSQL server that runs on this data folder."""
    return int((folder / "postmaster.pid").read_text().splitlines()[0])


def _table() -> dict[int, tuple[int, float]]:
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            found[int(entry.name)] = (int(fields[1]), sum(map(int, fields[11:15])) / TICK)
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _attempt in range(200):
        if process.poll() is not None:
            raise RuntimeError("gunicorn ended before it answered")
        try:
            with urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("gunicorn does not answer")
