"""What several workers of one run use together: made by whoever comes first, found ready by the others.

The controller of a run makes the folder before it starts its workers (`tests/conftest.py`).
"""

import fcntl
import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from tests.databases import SHARED

Made = TypeVar("Made")


def once(name: str, make: Callable[[], Made]) -> Made:
    """What `make` returns, made by one worker while the others wait; it is pickled."""
    with _locked(name, wait=True):
        return _kept(name, make)


def each(names: list[str], make: Callable[[str], Made]) -> dict[str, Made]:
    """The same for many names, so that workers who want all of them share the work: each takes what nobody is at, and waits last."""
    first = os.getpid() % len(names)
    found: dict[str, Made] = {}
    for wait in (False, True):
        for name in (*names[first:], *names[:first]):
            if name not in found:
                with _locked(name, wait=wait) as mine:
                    if mine:
                        found[name] = _kept(name, partial(make, name))
    return found


def _kept(name: str, make: Callable[[], Made]) -> Made:
    file = _file(name, "made")
    if not file.exists():
        file.write_bytes(pickle.dumps(make()))
    made: Made = pickle.loads(file.read_bytes())
    return made


@contextmanager
def _locked(name: str, *, wait: bool) -> Iterator[bool]:
    """Hold the lock of this name; False where somebody else holds it and we do not wait."""
    with _file(name, "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True


def _file(name: str, suffix: str) -> Path:
    return Path(os.environ[SHARED]) / f"{name.replace(' ', '-')}.{suffix}"
