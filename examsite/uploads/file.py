"""Chooses what to do with a document by its bytes. Only the child process calls this on files from outside."""

from typing import Final

from examsite.rules.refusal import Refused
from examsite.uploads.values import PDF, Limits, SafeFile

PICTURES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")
PDF_BEGINS: Final = b"%PDF-"
PDF_BEGINS_WITHIN: Final = 1024


def safe_file(data: bytes, limits: Limits) -> SafeFile:
    """The document anew, in this process. Refuses (`uploads.`) `unknown_kind`, `too_heavy`, and what `pdf` and `pictures` refuse."""
    if data.startswith(PICTURES):
        from examsite.uploads.pictures import drawn_anew

        picture = drawn_anew(data, limits.longest_side)
        return _within(SafeFile(picture.content, picture.media_type, None, (picture.width, picture.height)), limits)
    if PDF_BEGINS in data[:PDF_BEGINS_WITHIN]:
        from examsite.uploads.pdf import rewritten

        content, pages = rewritten(data, limits)
        return _within(SafeFile(content, PDF, pages), limits)
    raise Refused("uploads.unknown_kind", field="file")


def _within(safe: SafeFile, limits: Limits) -> SafeFile:
    if len(safe.content) > limits.kept_bytes:
        raise Refused("uploads.too_heavy", field="file", limit=limits.kept_bytes // 1_000_000)
    return safe
