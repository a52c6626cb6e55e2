"""What passes between the process that serves and the child that reads a document."""

from dataclasses import dataclass
from typing import Final

PDF: Final = "application/pdf"


@dataclass(frozen=True)
class Limits:
    """What a document may cost: bytes of the file and of what is kept of it, pages, objects, seconds, bytes of memory."""

    file_bytes: int = 10_000_000
    kept_bytes: int = 10_000_000
    pages: int = 100
    objects: int = 50_000
    cpu_seconds: int = 15
    wall_seconds: int = 40
    memory_bytes: int = 512 * 1024 * 1024


LIMITS: Final = Limits()


@dataclass(frozen=True)
class SafeFile:
    """A document as it was written anew; `pages` is None for a picture."""

    content: bytes
    media_type: str
    pages: int | None
