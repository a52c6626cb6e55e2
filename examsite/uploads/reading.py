"""Has a document written anew by a child process with limits, so that a hostile file can cost seconds and no more."""

import json
from typing import Final

from examsite import confined
from examsite.rules.refusal import Refused
from examsite.uploads.file import PICTURES
from examsite.uploads.values import LIMITS, Limits, Picture, SafeFile

PICTURE_LIMITS: Final = Limits(longest_side=1_600)
"""Questions stand on a screen, not on paper."""


def made_safe(data: bytes, limits: Limits = LIMITS) -> SafeFile:
    """A PDF or a picture (PNG, JPEG, WebP), told apart by its bytes and written anew without anything that acts or tells of its maker.

    Refuses, for the field `file`, with the plain reason, what is another kind, encrypted, broken, or past a limit.
    """
    if not data:
        raise Refused("uploads.empty", field="file")
    if len(data) > limits.file_bytes:
        raise Refused("uploads.too_big", field="file", limit=limits.file_bytes // 1_000_000)
    try:
        return _answer(confined.run("examsite.uploads", data, limits))
    except (confined.TooSlow, confined.Failed) as error:
        raise Refused("uploads.too_costly", field="file") from error


def made_safe_picture(data: bytes) -> Picture:
    """A picture for a question, made safe in the same way. Refuses other documents too (`uploads.picture_unreadable`)."""
    if not data.startswith(PICTURES):
        raise Refused("uploads.picture_unreadable", field="file")
    safe = made_safe(data, PICTURE_LIMITS)
    width, height = safe.size or (0, 0)
    return Picture(safe.content, safe.media_type, width, height)


def _answer(answer: bytes) -> SafeFile:
    head, _newline, content = answer.partition(b"\n")
    match json.loads(head):
        case {"refused": str(code), "params": dict(params)}:
            raise Refused(code, field="file", **params)
        case {"media_type": str(media_type), "pages": int() | None as pages, "size": None}:
            return SafeFile(content, media_type, pages)
        case {"media_type": str(media_type), "pages": None, "size": [int(width), int(height)]}:
            return SafeFile(content, media_type, None, (width, height))
    raise ValueError("the reading process answered in another form than agreed")
