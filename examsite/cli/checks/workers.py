"""What gunicorn.conf.py says, read as gunicorn would read it."""

import runpy
from dataclasses import dataclass

from examsite.config import asset


@dataclass(frozen=True)
class Served:
    """How many processes answer, and with how many threads each."""

    workers: int
    threads: int


def served() -> Served:
    """In the present environment; nothing is started by reading."""
    said = runpy.run_path(str(asset("gunicorn.conf.py")))
    return Served(said["workers"], said["threads"])
