"""Log lines for a real site: one JSON object an event, and nothing personal in any of them, whoever wrote the message.

Names come into logs by messages of exceptions and by arguments of messages. So an exception is told by its type, its place and what the
database calls the broken constraint, never by its text; of a message only the fixed part is told, with the numbers in it and names of
types of errors.
"""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

REQUEST: ContextVar[dict[str, Any] | None] = ContextVar("examsite_request", default=None)
"""What every line of a request says of it: its number and its endpoint."""
EVENT = "event_fields"
DEEPEST = 40
_NAME_OF_ERROR = re.compile(r"[A-Z][A-Za-z]{0,60}(Error|Exception|Timeout|Warning|Exit|Interrupt)")


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        said: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": message_of(record),
            "worker": record.process,
            **(REQUEST.get() or {}),
            **getattr(record, EVENT, {}),
        }
        if record.levelno >= logging.WARNING:
            said["from"] = f"{record.name}, {record.module}:{record.lineno}"
        if record.exc_info and record.exc_info[1] is not None:
            said["fault"] = fault_of(record.exc_info[1])
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"), default=lambda value: type(value).__name__)


def event(logger: logging.Logger, level: int, name: str, fields: dict[str, Any]) -> None:
    """Log an event whose fields are known to hold nothing personal."""
    logger.log(level, name, extra={EVENT: fields})


def message_of(record: logging.LogRecord) -> str:
    """What may be told of a message: its fixed part. A message of somebody else that has no arguments may have been put together before."""
    template = str(record.msg)
    if record.name.startswith("gunicorn") and record.levelno <= logging.INFO:
        return record.getMessage()
    if not record.args:
        return template if record.name.split(".")[0] == "examsite" else ""
    arguments = record.args if isinstance(record.args, tuple) else ()
    try:
        return template % tuple(_harmless(argument) for argument in arguments)
    except (TypeError, ValueError):
        return template


def fault_of(error: BaseException, depth: int = 0) -> dict[str, Any]:
    """Type and place of an exception and of what caused it; of a database's also its code and the name of the broken constraint."""
    told: dict[str, Any] = {"type": f"{type(error).__module__}.{type(error).__qualname__}", "at": _places(error.__traceback__)}
    driver = getattr(error, "orig", None)
    for source, name in ((driver, "sqlstate"), (driver, "sqlite_errorname"), (getattr(driver, "diag", None), "constraint_name")):
        if value := getattr(source, name, None):
            told[name] = value
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and depth < 5:
        told["cause"] = fault_of(cause, depth + 1)
    return told


def _places(trace: TracebackType | None) -> list[str]:
    """Where it went through, the outermost first; code, no values."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)[-DEEPEST:]]


def _harmless(argument: object) -> Any:
    if isinstance(argument, int | float):
        return argument
    return argument if isinstance(argument, str) and _NAME_OF_ERROR.fullmatch(argument) else "…"
