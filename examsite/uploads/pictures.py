"""Pictures as people upload them, made fit to be kept: looked at by content, drawn anew, within bounds. The only caller of Pillow."""

import struct
from io import BytesIO

from PIL import Image, ImageOps

from examsite.rules.refusal import Refused
from examsite.uploads.values import Picture

# What each format may be written as; anything else a file says about its colours becomes plain red, green and blue.
MODES = {"PNG": {"1", "L", "LA", "P", "RGB", "RGBA"}, "JPEG": {"L", "RGB"}, "WEBP": {"RGB", "RGBA"}}
MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
SETTINGS: dict[str, dict[str, int | bool]] = {"PNG": {"optimize": True}, "JPEG": {"quality": 88}, "WEBP": {"quality": 88}}
LARGEST_UPLOAD = 5_000_000
LARGEST_KEPT = 2_000_000
MOST_PIXELS = 25_000_000
LONGEST_SIDE = 1_600
# Pixels are counted below, before any is decoded; Pillow's own limit would only warn.
Image.MAX_IMAGE_PIXELS = None


def drawn_anew(data: bytes, longest_side: int = LONGEST_SIDE) -> Picture:
    """The picture of a PNG, JPEG or WebP file, upright and at most `longest_side` pixels wide and high.

    Refuses, for the field `file`, what is no such picture, moves, is too large to be opened, or stays too heavy.
    """
    if len(data) > LARGEST_UPLOAD:
        raise Refused("uploads.picture_too_big", field="file", limit=LARGEST_UPLOAD // 1_000_000)
    try:
        return _drawn(data, longest_side)
    except (OSError, SyntaxError, ValueError, KeyError, IndexError, EOFError, struct.error) as fault:
        raise Refused("uploads.picture_unreadable", field="file") from fault


def _drawn(data: bytes, longest_side: int) -> Picture:
    with Image.open(BytesIO(data), formats=tuple(MEDIA_TYPES)) as opened:
        # Telephones put a second picture behind the first (MPO), which is an ordinary JPEG and all that anybody sees.
        kind = "JPEG" if opened.format == "MPO" else str(opened.format)
        if opened.format != "MPO" and getattr(opened, "n_frames", 1) > 1:
            raise Refused("uploads.picture_moves", field="file")
        if opened.width * opened.height > MOST_PIXELS:
            raise Refused("uploads.picture_too_large", field="file", limit=MOST_PIXELS // 1_000_000)
        seen = ImageOps.exif_transpose(opened)
        seen.thumbnail((longest_side, longest_side))
        if seen.mode not in MODES[kind]:
            seen = seen.convert("RGBA" if kind != "JPEG" and seen.has_transparency_data else "RGB")
        written = BytesIO()
        bare = seen.copy()
        bare.info = {name: value for name, value in seen.info.items() if name == "transparency"}
        bare.save(written, kind, **SETTINGS[kind])
    if written.tell() > LARGEST_KEPT:
        raise Refused("uploads.picture_too_heavy", field="file", limit=LARGEST_KEPT // 1_000_000)
    return Picture(written.getvalue(), MEDIA_TYPES[kind], bare.width, bare.height)
