"""Files from outside are read by a child process with limits, so that a hostile one can cost seconds and no more.

The parent calls `run` with the name of a package that has a `__main__`; that begins with `limit_this_process`.
"""

import json
import logging
import resource
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar, Protocol

# The child finds this very package, also where the parent found it in its working directory.
HERE = str(Path(__file__).parents[1])

log = logging.getLogger(__name__)


class Limits(Protocol):
    """What a child may cost at least these; a package adds its own, and all of them are plain numbers of a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def cpu_seconds(self) -> int: ...
    @property
    def wall_seconds(self) -> int: ...
    @property
    def memory_bytes(self) -> int: ...


class TooSlow(Exception):  # noqa: N818 - caught by the caller, where it becomes a refusal
    """The child needed more than `seconds`, of the clock or of the processor."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Failed(Exception):  # noqa: N818 - caught by the caller, where it becomes a refusal
    """The child ended without an answer; the log has what it said last."""


def run(package: str, data: bytes, limits: Limits) -> bytes:
    """What `package` writes about `data`. The child gets none of this process's environment. Raises TooSlow and Failed."""
    try:
        child = subprocess.run(  # noqa: S603 - our own module, no shell, the file goes in by the pipe
            [sys.executable, "-P", "-m", package, json.dumps(asdict(limits))],
            input=data,
            capture_output=True,
            timeout=limits.wall_seconds,
            env={"PYTHONPATH": ":".join([HERE, *filter(None, sys.path)]), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TooSlow(limits.wall_seconds) from error
    if child.returncode == -signal.SIGXCPU:
        raise TooSlow(limits.cpu_seconds)
    if child.returncode != 0:
        log.error("%s ended with %s: %s", package, child.returncode, child.stderr.decode("utf-8", "replace")[-2000:])
        raise Failed
    return child.stdout


def limit_this_process(limits: Limits) -> None:
    """In the child: CPU seconds, address space, and nothing written to any file."""
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
