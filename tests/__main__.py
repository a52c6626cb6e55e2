"""`python -m tests`: the whole suite on SQLite and, beside it, all that touches a database on PostgreSQL.

Tests wait for browsers, servers and clocks, each run in its own moments; side by side they keep two cores busy. What PostgreSQL's run
has to say is printed after SQLite's.
"""

import subprocess
import sys
import tempfile

SQLITE = ("-n", "2", "--backend", "sqlite")
POSTGRESQL = ("-n", "2", "--backend", "postgresql", "-m", "not once", "-p", "no:cacheprovider")


def main() -> int:
    """Run both; the exit status is that of a run that failed."""
    with tempfile.TemporaryFile("w+") as told, _pytest(POSTGRESQL, told.fileno()) as beside, _pytest(SQLITE, None) as shown:
        statuses = [shown.wait(), beside.wait()]
        told.seek(0)
        print("\nPostgreSQL:", told.read(), sep="\n")
    return max(statuses)


def _pytest(which: tuple[str, ...], output: int | None) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "pytest", "-q", "--dist", "loadgroup", *which]
    return subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT if output else None)


if __name__ == "__main__":
    sys.exit(main())
