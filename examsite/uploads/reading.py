"""Has a document written anew by a child process with limits, so that a hostile file can cost seconds and no more."""

import json
import logging
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from examsite.rules.refusal import Refused
from examsite.uploads.values import LIMITS, Limits, SafeFile

# The child finds this very package, also where the parent found it in its working directory.
HERE = str(Path(__file__).parents[2])

log = logging.getLogger(__name__)


def made_safe(data: bytes, limits: Limits = LIMITS) -> SafeFile:
    """A PDF or a picture (PNG, JPEG, WebP), told apart by its bytes and written anew without anything that acts or tells of its maker.

    Refuses, for the field `file`, with the plain reason, what is another kind, encrypted, broken, or past a limit.
    """
    if not data:
        raise Refused("uploads.empty", field="file")
    if len(data) > limits.file_bytes:
        raise Refused("uploads.too_big", field="file", limit=limits.file_bytes // 1_000_000)
    try:
        child = subprocess.run(  # noqa: S603 - our own module, no shell, the file goes in by the pipe
            [sys.executable, "-P", "-m", "examsite.uploads", json.dumps(asdict(limits))],
            input=data,
            capture_output=True,
            timeout=limits.wall_seconds,
            env={"PYTHONPATH": ":".join([HERE, *filter(None, sys.path)]), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused("uploads.too_costly", field="file") from error
    if child.returncode == -signal.SIGXCPU:
        raise Refused("uploads.too_costly", field="file")
    if child.returncode != 0:
        log.error("reading a document ended with %s: %s", child.returncode, child.stderr.decode("utf-8", "replace")[-2000:])
        raise Refused("uploads.too_costly", field="file")
    return _answer(child.stdout)


def _answer(answer: bytes) -> SafeFile:
    head, _newline, content = answer.partition(b"\n")
    match json.loads(head):
        case {"refused": str(code), "params": dict(params)}:
            raise Refused(code, field="file", **params)
        case {"media_type": str(media_type), "pages": int() | None as pages}:
            return SafeFile(content, media_type, pages)
    raise ValueError("the reading process answered in another form than agreed")
