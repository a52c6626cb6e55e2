"""What `examsite check` looks at: one module a subject, each check a function from a deployment to findings."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Engine

from examsite.config import Settings

OK, WARNING, FAILED = "OK", "warning", "FAILED"


@dataclass(frozen=True)
class Finding:
    """One line: how it stands, about what, what was found, and what to do where something is to be done."""

    level: str
    about: str
    found: str
    to_do: str = ""

    def __str__(self) -> str:
        line = f"{self.level:<8} {self.about:<16} {self.found}"
        return f"{line}\n{'':25} -> {self.to_do}" if self.to_do else line


@dataclass(frozen=True)
class Deployment:
    """What a check may look at. `environment` is that of the process; the engine has no connection yet."""

    settings: Settings
    environment: dict[str, str]
    engine: Engine


Check = Callable[[Deployment], Iterable[Finding]]


def ok(about: str, found: str) -> Finding:
    """All is well."""
    return Finding(OK, about, found)


def warning(about: str, found: str, to_do: str) -> Finding:
    """It works, and somebody should look at it before an exam."""
    return Finding(WARNING, about, found, to_do)


def failed(about: str, found: str, to_do: str) -> Finding:
    """No exam should be held like this."""
    return Finding(FAILED, about, found, to_do)
