"""What was meant and what came of it: one line each, on the disk before anything else happens."""

import json
import os
import time
from pathlib import Path
from threading import Lock
from typing import Any


class Journal:
    """The journal of one candidate."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab")
        self._lock = Lock()
        self._last = 0

    def intent(self, **what: Any) -> int:
        """Write down what is about to be sent; gives the number under which its outcome is written."""
        with self._lock:
            self._last += 1
            self._write({"line": "intent", "number": self._last, "at": time.time(), **what})
            return self._last

    def outcome(self, number: int, **what: Any) -> None:
        """Write down what came of it."""
        with self._lock:
            self._write({"line": "outcome", "number": number, "at": time.time(), **what})

    def seen(self, answers: dict[str, Any]) -> None:
        """Write down what the server showed while nothing was under way."""
        with self._lock:
            self._write({"line": "seen", "at": time.time(), "answers": answers})

    def close(self) -> None:
        """No more lines."""
        self._file.close()

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
