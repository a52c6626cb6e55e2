"""What HR types about rooms, needs and seats."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from examsite.rounds.forms import say_what_is_ticked
from examsite.rounds.models import ExamRoom
from examsite.rounds.operations.exam_rooms import shown
from examsite.rounds.queries.seating import Hall
from examsite.rounds.room_facts import RoomFacts
from examsite.rules import allocation
from examsite.web.forms import BaseForm, ReasonForm, SeenForm, at_most, offered, required, typed
from examsite.wording import say

SEPARATORS = re.compile(r"[,;\n]+")


class Ticks(SelectMultipleField):
    """Several of a list, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class RoomForm(SeenForm):
    """A room of the house."""

    code = StringField(_("Code"), validators=[required(), at_most(40)])
    name = StringField(_("Name"), validators=[required(), at_most(120)])
    place = StringField(_("Address"), validators=[required(), at_most(300)])
    rows = IntegerField(_("Rows of seats"), validators=[Optional()])
    columns = IntegerField(_("Seats in a row"), validators=[Optional()])
    seats = IntegerField(_("Number of seats"), validators=[Optional()])
    out_of_use = StringField(_("Seats out of use"), validators=[at_most(1_000)])
    serves = Ticks(_("Equipped for"), validate_choice=False)
    reserved = BooleanField(_("Only candidates with such needs sit here"))
    usable = BooleanField(_("The room can be used"), default=True)
    note = TextAreaField(_("Note"), validators=[at_most(1_000)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.serves.choices = need_choices()

    @classmethod
    def of(cls, room: ExamRoom) -> "RoomForm":
        """The form of a room that stands."""
        return cls(**_typed_of(room), serves=room.serves, reserved=room.reserved, usable=room.usable, seen=shown(room))

    def catch_up_with(self, room: ExamRoom) -> None:
        """After a conflict: what stands now beside what was typed, and the next try goes through."""
        if self.outdated:
            self.catch_up(shown(room), _typed_of(room))
            say_what_is_ticked(self.reserved, room.reserved)
            say_what_is_ticked(self.usable, room.usable)
            if set(self.serves.data or ()) != set(room.serves):
                named = ", ".join(say(f"need.{need}") for need in room.serves)
                self.serves.errors = [*self.serves.errors, say("stands_now", {"value": named or "–"})]

    @property
    def facts(self) -> RoomFacts:
        """What was typed."""
        return RoomFacts(
            code=typed(self.code),
            name=typed(self.name),
            place=typed(self.place),
            seats=self.seats.data,
            rows=self.rows.data,
            columns=self.columns.data,
            out_of_use=seat_names(typed(self.out_of_use)),
            serves=tuple(self.serves.data or ()),
            reserved=bool(self.reserved.data),
            usable=bool(self.usable.data),
            note=typed(self.note),
        )


def _typed_of(room: ExamRoom) -> dict[str, object]:
    """What would be typed to give this room."""
    return {
        "code": room.code,
        "name": room.name,
        "place": room.place,
        "rows": room.rows,
        "columns": room.columns,
        "seats": None if room.rows is not None else room.seats,
        "out_of_use": ", ".join(room.out_of_use),
        "note": room.note,
    }


class SessionRoomsForm(SeenForm):
    """The rooms that a session uses, by public ids."""

    rooms = Ticks(_("Rooms"), validate_choice=False)

    def catch_up_with(self, fresh: str, standing: Sequence[ExamRoom]) -> None:
        """After a conflict: which rooms the session uses now beside those that were ticked, and the next try goes through."""
        self.catch_up(fresh)
        if self.outdated and set(self.rooms.data or ()) != {room.public_id for room in standing}:
            named = ", ".join(room.code for room in standing)
            self.rooms.errors = [*self.rooms.errors, say("stands_now", {"value": named or "–"})]


class DrawForm(ReasonForm):
    """How seats are drawn; the reason is asked for where a draw is in force already."""

    filling = RadioField(_("How are the rooms filled?"), default=allocation.EVENLY, validate_choice=False)
    apart = BooleanField(_("Candidates for the same unit do not sit side by side, as far as possible"), default=True)
    keep_sessions = BooleanField(_("Whoever is on a roster already stays in that session"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filling.choices = offered(*((one, say(f"seats.{one}")) for one in (allocation.EVENLY, allocation.IN_ORDER)))

    def validate_reason(self, field: TextAreaField) -> None:
        """Whether a reason is needed is the operation's question."""


class ConfirmForm(BaseForm):
    """The digest of the seats that the page showed."""

    digest = HiddenField()


class NeedForm(BaseForm):
    """What one candidate needs."""

    number = StringField(_("Candidate number"), validators=[required(), at_most(20)])
    need = SelectField(_("Need"), validate_choice=False)
    evidence = StringField(_("Evidence"), validators=[required(), at_most(500)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.need.choices = need_choices()


class MoveForm(ReasonForm):
    """Where somebody is moved: a seat of one room, and who the page showed there (`A4` or `A4|entry`)."""

    seat = SelectField(_("Seat"), validate_choice=False, validators=[required()])

    def offer(self, hall: Hall) -> None:
        """The seats of a room: free ones, then those of others, who would change places."""
        taken = [desk.name for desk in hall.room.desks if desk.name in hall.by_seat]
        free = [(seat, gettext("%(seat)s, free", seat=seat)) for seat in hall.free]
        others = [(f"{seat}|{hall.by_seat[seat].entry}", _swap(hall, seat)) for seat in taken]
        self.seat.choices = offered(*free, *others)

    @property
    def chosen(self) -> tuple[str, str | None]:
        """The seat, and the roster entry shown there."""
        seat, _bar, entry = typed(self.seat).partition("|")
        return seat, entry or None


def need_choices() -> list[Any]:
    """The special needs with their names."""
    return offered(*((need, say(f"need.{need}")) for need in allocation.NEEDS))


def seat_names(text: str) -> tuple[str, ...]:
    """`A1, B2; C3` as seats."""
    return tuple(name.strip() for name in SEPARATORS.split(text) if name.strip())


def _swap(hall: Hall, seat: str) -> str:
    one = hall.by_seat[seat]
    return str(gettext("%(seat)s, change places with %(number)s %(name)s", seat=seat, number=one.number, name=one.name))


def chosen_of(form: SessionRoomsForm) -> Sequence[str]:
    """The rooms that were ticked."""
    return form.rooms.data or []
