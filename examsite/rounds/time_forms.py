"""What staff type when they give time, record extra time, or stop the clock."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from wtforms import BooleanField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional, StopValidation

from examsite.rounds.models import CAUSES, DECLINED, OTHERWISE
from examsite.rounds.queries.ledger import Want
from examsite.rules.timing import TimeKind
from examsite.web.forms import BaseForm, Within, offered, typed
from examsite.wording import SENTENCES, say

LARGEST = 100_000
GIVABLE = (TimeKind.GRANT, TimeKind.CORRECTION, TimeKind.START)


class WhoForm(BaseForm):
    """Whom an act is for: the room, or the candidates ticked, by public id."""

    scope = RadioField(_("For whom"), default="room")
    entry = SelectMultipleField(_("Candidates"), validate_choice=False)
    reason = TextAreaField(_("Reason"))

    def __init__(self, chosen: list[str], *args: Any, **kwargs: Any) -> None:
        if chosen:
            kwargs |= {"scope": "chosen", "entry": chosen}
        super().__init__(*args, **kwargs)
        self.scope.choices = offered(("room", _("The whole room")), ("chosen", _("The candidates ticked below")))

    def validate_entry(self, field: SelectMultipleField) -> None:
        """Those ticked, if it is not for the room."""
        if self.scope.data == "chosen" and not field.data:
            raise StopValidation(say("rounds.choose_candidates"))

    @property
    def entries(self) -> list[str] | None:
        """Public ids, or None for the room."""
        return list(self.entry.data or []) if self.scope.data == "chosen" else None


class GiveForm(WhoForm):
    """Time given during a session. `digest` is that of the preview, once it was shown."""

    kind = RadioField(_("What is given"), default=TimeKind.GRANT.value)
    part = SelectField(_("Part"), default="")
    minutes = IntegerField(_("Minutes"), validators=[Optional(), Within(-LARGEST, LARGEST)])
    seconds = IntegerField(_("and seconds"), validators=[Optional(), Within(-LARGEST, LARGEST)])
    cause = SelectField(_("What took the time"))
    reopen = BooleanField(_("Also open parts again that these candidates handed in themselves"))
    digest = StringField()

    def __init__(self, chosen: list[str], parts: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(chosen, *args, **kwargs)
        self.kind.choices = offered(*((kind.value, SENTENCES[f"rounds.kind.{kind.value}"]) for kind in GIVABLE))
        self.part.choices = offered(("", _("the part that each is in")), *parts)
        self.cause.choices = offered(*causes())

    @property
    def want(self) -> Want:
        """What was typed, as the preview takes it; only after the form was found valid."""
        return Want(TimeKind(self.kind.data), self.part.data or None, _seconds(self), reopen_handed_in=bool(self.reopen.data))


class AccommodationForm(WhoForm):
    """Extra time that a candidate is entitled to; `reason` is the evidence."""

    part = SelectField(_("Part"), default="")
    percent = IntegerField(_("Percent of the minutes"), validators=[Optional(), Within(-LARGEST, LARGEST)])
    minutes = IntegerField(_("Minutes"), validators=[Optional(), Within(-LARGEST, LARGEST)])
    seconds = IntegerField(_("and seconds"), validators=[Optional(), Within(-LARGEST, LARGEST)])
    digest = StringField()

    def __init__(self, chosen: list[str], parts: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(chosen, *args, **kwargs)
        self.scope.choices = offered(("chosen", _("The candidates ticked below")))
        self.part.choices = offered(("", _("every part")), *parts)
        self.reason.label.text = _("Evidence")

    @property
    def want(self) -> Want:
        """What was typed, as the preview takes it; only after the form was found valid."""
        return Want(TimeKind.ACCOMMODATION, self.part.data or None, _seconds(self), self.percent.data or 0)


class PauseForm(WhoForm):
    """Stop the clock."""

    cause = SelectField(_("What took the time"))

    def __init__(self, chosen: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(chosen, *args, **kwargs)
        self.cause.choices = offered(*causes())


class ResumeForm(BaseForm):
    """Let the clock run again, for those ticked or, by a button of its own, for everybody who is paused."""

    entry = SelectMultipleField(_("Candidates"), validate_choice=False)
    all = BooleanField()

    def validate_entry(self, field: SelectMultipleField) -> None:
        """Nobody is everybody by oversight."""
        if not self.all.data and not field.data:
            raise StopValidation(say("rounds.tick_paused"))

    @property
    def entries(self) -> list[str] | None:
        """Public ids, or None for everybody."""
        return None if self.all.data else list(self.entry.data or [])


class OutageForm(BaseForm):
    """Decide what an outage cost; `digest` is that of the preview shown."""

    digest = StringField()
    reason = TextAreaField(_("Reason"))


class DeclineForm(BaseForm):
    """Decide that no time is given for an outage; `seen` is the digest of the outage shown. It stands beside the other form on the page."""

    seen = StringField()
    decision = RadioField(_("Decision"), default="", validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decision.choices = offered(*((one, SENTENCES[f"rounds.outage_choice.{one}"]) for one in (DECLINED, OTHERWISE)))

    reason = TextAreaField(_("Reason"), id="declined_reason")


def causes() -> list[tuple[str, LazyString]]:
    """What may have taken the time, in words."""
    return [(cause, SENTENCES[f"rounds.cause.{cause}"]) for cause in CAUSES]


def hidden(form: GiveForm | AccommodationForm) -> list[tuple[str, str]]:
    """What was typed, as names and values that the confirmation sends again; the digest is not among it."""
    left_out = {"digest", "csrf_token", "entry"}
    plain = [(field.name, _text(field)) for field in form if field.name not in left_out]
    chosen = [("entry", entry) for entry in form.entry.data or []]
    return [pair for pair in plain if pair[1]] + chosen


def _text(field: Any) -> str:
    if isinstance(field, BooleanField):
        return "y" if field.data else ""
    return str(typed(field)) if field.data is not None else ""


def _seconds(form: GiveForm | AccommodationForm) -> int:
    return (form.minutes.data or 0) * 60 + (form.seconds.data or 0)
