"""What passes between the process that serves and the child that reads a document."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

PDF: Final = "application/pdf"


@dataclass(frozen=True)
class Limits:
    """What a document may cost: bytes of the file and of what is kept of it, pages, objects, seconds, bytes of memory.

    `longest_side` is in pixels, of pictures; the usual one is a page of A4 at about 200 dots an inch: small print of a scan stays readable.
    """

    file_bytes: int = 10_000_000
    kept_bytes: int = 10_000_000
    pages: int = 100
    objects: int = 50_000
    longest_side: int = 2_400
    cpu_seconds: int = 15
    wall_seconds: int = 40
    memory_bytes: int = 512 * 1024 * 1024


LIMITS: Final = Limits()


@dataclass(frozen=True)
class SafeFile:
    """A document as it was written anew; `pages` is None for a picture, `size` its width and height and None for other documents."""

    content: bytes
    media_type: str
    pages: int | None
    size: tuple[int, int] | None = None


@dataclass(frozen=True)
class Picture:
    """A picture that was drawn anew: nothing of the file is left but what can be seen."""

    content: bytes
    media_type: str
    width: int
    height: int

    @property
    def digest(self) -> str:
        """SHA-256 of the content."""
        return sha256(self.content).hexdigest()
