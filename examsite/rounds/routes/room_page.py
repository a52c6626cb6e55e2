"""The page of the exam room, put together from what it has in common with the pages of the whole room.

When a session begins, hundreds ask for it in the same second. All but a dozen words of it are the same for everybody who sits the same part
in the same place: that much is rendered once, with a mark where each of these words goes, and then filled in for each candidate.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from flask import current_app
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from examsite.rounds.queries.room import RoomView
from examsite.rounds.routes import paper_page
from examsite.web.language import clock_time, pick, reading
from examsite.web.pages import for_everybody

REMEMBERED = 200
_CHANCE = secrets.token_hex(16)
# By chance, so that no text can hold a mark; of letters and digits, so that an address can.
_MARK = re.compile(f"{_CHANCE}([a-z]+)0")


class _Mark(str):
    """A place to be filled in."""

    __slots__ = ()

    def __new__(cls, name: str) -> "_Mark":
        return super().__new__(cls, f"{_CHANCE}{name}0")

    def isoformat(self) -> str:
        """Also where the page writes a moment."""
        return self


@dataclass(frozen=True)
class _Part:
    """A part as the pages of the room name it."""

    id: str
    name: str
    exempt: bool
    state: str
    opens_at: datetime | None


@dataclass(frozen=True)
class _Common:
    """What the template knows as `view`: what candidates have in common, and marks for the rest."""

    language: str
    site_name: str
    practice: bool
    part: _Part
    parts: tuple[_Part, ...]
    part_number: int
    parts_total: int
    place: str
    zone: str
    total: int

    sitting, address = _Mark("sitting"), _Mark("address")
    candidate_number, candidate_name = _Mark("number"), _Mark("name")
    server_now, deadline, ends = _Mark("now"), _Mark("deadline"), _Mark("ends")
    last_seq, epoch, save_token, csrf_token = _Mark("seq"), _Mark("epoch"), _Mark("token"), _Mark("csrf")
    answered, blank, flagged, questions = _Mark("answered"), _Mark("blank"), _Mark("flagged"), _Mark("questions")


def room_page(view: RoomView) -> bytes:
    """The whole page of the exam room, or of its practice, for this candidate in the reader's language."""
    texts, names = _pieces(_common(view))
    own = {name: value.encode() for name, value in _own(view).items()}
    own["questions"] = paper_page.sections(view)
    filled = [piece for text, name in zip(texts, names, strict=False) for piece in (text, own[name])]
    return b"".join([*filled, texts[-1]])


def _common(view: RoomView) -> _Common:
    parts = {part.id: _Part(part.id, pick(part.name), part.exempt, part.state, part.opens_at) for part in view.parts}
    others = tuple(part for part in parts.values() if part.id != view.part.id)
    return _Common(
        language=reading(),
        site_name=current_app.config["SITE_NAME"],
        practice=view.practice,
        part=_Part(view.part.id, pick(view.part.name), exempt=False, state="", opens_at=None),
        parts=others,
        part_number=view.part_number,
        parts_total=view.parts_total,
        place=view.place,
        zone=view.zone,
        total=len(view.items),
    )


def _own(view: RoomView) -> dict[str, str]:
    answered = view.answered
    return {
        "sitting": escape(view.sitting),
        "address": escape(view.address),
        "number": escape(view.candidate_number),
        "name": escape(view.candidate_name),
        "now": view.server_now.isoformat(),
        "deadline": view.deadline.isoformat(),
        "ends": clock_time(view.deadline, view.zone),
        "seq": str(view.last_seq),
        "epoch": str(view.epoch),
        "token": escape(view.save_token),
        "csrf": escape(generate_csrf()),
        "answered": str(answered),
        "blank": str(len(view.items) - answered),
        "flagged": str(len(view.flags)),
    }


@lru_cache(maxsize=REMEMBERED)
def _pieces(common: _Common) -> tuple[list[bytes], list[str]]:
    """The page cut at its marks: the texts between them, and their names, of which there is one less."""
    pieces = _MARK.split(for_everybody("rounds/room.html", view=common, site_name=common.site_name))
    return [text.encode() for text in pieces[::2]], pieces[1::2]
