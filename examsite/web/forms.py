"""The base of all forms: messages in the reader's language, refusals beside the field they are about, what was typed is kept."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import wtforms
from flask import flash, redirect, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from werkzeug.wrappers import Response
from wtforms import FileField, HiddenField, PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from examsite.rules.refusal import Conflict, NotFound, NotPermitted, Refused
from examsite.web.context import SAFE_METHODS, db
from examsite.wording import say


class _Translations:
    """WTForms has no Vietnamese catalogue; its own sentences go through ours."""

    def gettext(self, string: str) -> str:
        return str(gettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(gettext(singular if n == 1 else plural))


class BaseForm(FlaskForm):  # type: ignore[misc]
    """Every form of ours. `refusals()` turns what an operation refuses into errors of the form."""

    refused: bool = False
    stand_last: ClassVar[tuple[str, ...]] = ()
    """Fields that stand below the others on the page, in this order, whatever order the classes give them."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def get_translations(self, form: Any) -> _Translations:  # noqa: ARG002 - the signature is WTForms'
            return _Translations()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was sent: texts for fields of text, files for fields of files. Flask-WTF would also take JSON, of any shape, and a
            file for a text."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            if request.method in SAFE_METHODS:
                return None
            asked = [field.name for field in form if isinstance(field, FileField)]
            files = MultiDict((name, file) for name in asked for file in request.files.getlist(name))
            return CombinedMultiDict((files, request.form)) or None

    def __iter__(self) -> Iterator[Any]:
        """The fields in the order of the page, so that a list of faults follows it."""
        last = [self._fields[name] for name in self.stand_last if name in self._fields]
        return iter([*(field for field in self._fields.values() if field not in last), *last])

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Run an operation; what it refuses is rolled back and stands at the field it is about, or on top of the form."""
        try:
            yield
        except (NotFound, NotPermitted):
            raise
        except Refused as refusal:
            db().rollback()
            self.refuse(refusal)

    def refuse(self, refusal: Refused) -> None:
        """Put a refusal where the reader sees it."""
        self.refused = True
        sentence = say(refusal.code, refusal.params)
        field = self._fields.get(refusal.field) if refusal.field else None
        if field is None:
            self.form_errors.append(sentence)
        else:
            field.errors = [*field.errors, sentence]

    @property
    def status(self) -> int:
        """422 when something has to be mended, else 200."""
        return 422 if self.errors or self.form_errors else 200


class SeenForm(BaseForm):
    """A form over what others may change meanwhile: `seen` is the digest of what its page showed, and its operation refuses an older one.

    After such a conflict what was typed stays, and `catch_up` lets the next try through.
    """

    seen = HiddenField()
    outdated: bool = False

    def refuse(self, refusal: Refused) -> None:
        """Remember that somebody was quicker."""
        self.outdated = self.outdated or isinstance(refusal, Conflict)
        super().refuse(refusal)

    def catch_up(self, fresh: str, standing: Mapping[str, object] | None = None) -> None:
        """After a conflict: carry the digest of what stands now, and say beside each field of `standing` what it says now."""
        if self.outdated:
            self.seen.data = fresh
            for name, value in (standing or {}).items():
                say_what_stands(self[name], value)


class ActForm(BaseForm):
    """A button and nothing else."""


class ReasonForm(BaseForm):
    """An act that needs a written reason."""

    stand_last = ("reason",)
    reason = TextAreaField(_("Reason"), validators=[])

    def validate_reason(self, field: TextAreaField) -> None:
        """A reason of blanks is none."""
        if not (field.data or "").strip():
            raise ValidationError(say("reason_missing"))


class SecondSignatureForm(BaseForm):
    """What the second person sends: the digest of what was shown, and their own password."""

    digest = StringField()
    password = PasswordField(_("Your password, again"))


def required(message: str | None = None) -> InputRequired:
    """The field may not be left empty."""
    return InputRequired(message or _("Fill in this field."))


def at_most(longest: int) -> Length:
    """The longest text that fits."""
    return Length(max=longest, message=_("At most %(max)d characters fit here."))


class Within(NumberRange):
    """A whole number in these bounds, also one that has more digits than a float can count."""

    def __init__(self, least: int, most: int, message: str | None = None) -> None:
        super().__init__(least, most, message or _("Enter a whole number from %(min)s to %(max)s."))

    def __call__(self, form: Any, field: Any) -> None:
        """Refuse what lies outside."""
        try:
            super().__call__(form, field)
        except OverflowError as fault:
            raise ValidationError(str(self.message) % {"min": self.min, "max": self.max}) from fault


def saved(address: str, code: str = "saved", **params: object) -> Response:
    """Commit the request's one transaction, say so, and lead on."""
    db().commit()
    flash(say(code, params), "ok")
    return redirect(address, 303)


def typed(field: Any) -> str:
    """What was typed into a text field; empty text where nothing was."""
    return field.data or ""


def say_what_stands(field: Any, value: object) -> None:
    """Beside a field, what stands there now, where that is not what was typed."""
    if (typed(field) or "") != (value or ""):
        field.errors = [*field.errors, say("stands_now", {"value": label_of(field, value) or "–"})]


def label_of(field: Any, value: object) -> object:
    """What a choice of a field is called; a value that is none stands for itself."""
    labels = {choice: label for choice, label, *_more in getattr(field, "choices", None) or ()}
    return labels.get(value, value)


def with_choices(field: Any, choices: Sequence[tuple[str, str]]) -> None:
    """Give a select field its choices for this request."""
    field.choices = offered(*choices)


def offered(*choices: tuple[str, Any], group: str | None = None) -> list[Any]:
    """Choices of a field, from pairs of value and label; under one heading where `group` names it."""
    made: Any = wtforms  # its stubs are older than SelectChoice
    return [made.SelectChoice(value, label, optgroup=group) for value, label in choices]


WTFORMS_SENTENCES = (
    _("Not a valid choice."),
    _("Not a valid choice"),
    _("Invalid Choice: could not coerce."),
    _("Not a valid integer value."),
    _("Not a valid decimal value."),
    _("Not a valid date value."),
    _("Not a valid datetime value."),
    _("This field is required."),
)
"""What WTForms itself may say; named here so that the catalogue must hold it."""
