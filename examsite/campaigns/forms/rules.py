"""The values of one chapter of the rules, as fields: a form is made for the entries it is about."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField, TextAreaField

from examsite.rules import policy
from examsite.rules.policy import Kind, RuleEntry, Value, Words
from examsite.rules.refusal import Refused
from examsite.web.forms import BaseForm, ReasonForm, SeenForm, typed, with_choices
from examsite.web.language import number, pick

VI, EN = ":vi", ":en"
CHOSEN = (Kind.YES_NO, Kind.CHOICE)


class ChapterForm(ReasonForm, SeenForm):
    """Values and one reason; `chapter_form` gives it its fields."""


class RemoveStepForm(ReasonForm, SeenForm):
    """The reason why a band or level is taken out, and what its page showed of all of them."""


def chapter_form(entries: Sequence[RuleEntry], *, empty: bool = False, seen: str = "") -> ChapterForm:
    """A form with the present value of each of these entries in a field named by its key, and a reason. `empty`: nothing is filled in but
    what is chosen. `seen`: the digest of what is shown."""
    fields: dict[str, Any] = {"reason": TextAreaField(_("Reason for these changes"))}
    for entry in entries:
        fields |= _fields(entry, empty=empty)
    form: ChapterForm = type("FilledChapterForm", (ChapterForm,), fields)(seen=seen)
    for entry in entries:
        if policy.spec_of(entry.key).kind in CHOSEN:
            with_choices(form[entry.key], _choices(entry))
    return form


def standing(entries: Sequence[RuleEntry]) -> dict[str, object]:
    """The present values by the names of their fields, as they are typed."""
    found: dict[str, object] = {}
    for entry in entries:
        if isinstance(entry.value, Words):
            found |= {entry.key + VI: entry.value.vi, entry.key + EN: entry.value.en}
        else:
            found[entry.key] = _text_of(entry.value)
    return found


def values_of(form: BaseForm, entries: Sequence[RuleEntry]) -> dict[str, Value]:
    """What was typed, by key; what cannot be read stands as an error at its field."""
    found: dict[str, Value] = {}
    for entry in entries:
        try:
            found[entry.key] = _typed_value(form, entry)
        except Refused as refusal:
            form.refuse(Refused(refusal.code, field=_first_field(entry), **refusal.params))
    return found


def hint(entry: RuleEntry) -> str:
    """What may be typed, where the field does not say it itself."""
    spec = policy.spec_of(entry.key)
    match spec.kind:
        case Kind.WHOLE | Kind.NUMBER:
            return str(gettext("From %(low)s to %(high)s.", low=number(spec.low), high=number(spec.high)))
        case Kind.CHOICES:
            phrases = dict(entry.phrases)
            words = "; ".join(f"{option} ({pick(phrases[option])})" for option in spec.options)
            return str(gettext("With commas between them, in order, any of: %(words)s.", words=words))
        case Kind.IDS if spec.owns and spec.names not in policy.ORDERED:
            return str(
                gettext(
                    "With commas between them, in order. What is left out no longer holds. "
                    "A new short name (small letters without accents) starts with the values of the last one; give it its own afterwards."
                )
            )
        case Kind.IDS | Kind.STEPS | Kind.WHOLES:
            return str(gettext("With commas between them, in order. What is left out no longer holds."))
    return ""


def _fields(entry: RuleEntry, *, empty: bool) -> dict[str, Any]:
    label, kind, value = pick(entry.label), policy.spec_of(entry.key).kind, entry.value
    if empty and kind not in CHOSEN:
        value = Words("", "") if isinstance(value, Words) else ""
    if isinstance(value, Words):
        return {
            entry.key + VI: TextAreaField(gettext("%(label)s, in Vietnamese", label=label), default=value.vi),
            entry.key + EN: TextAreaField(gettext("%(label)s, in English", label=label), default=value.en),
        }
    if kind in CHOSEN:
        return {entry.key: SelectField(label, default=_text_of(value), validate_choice=False)}
    return {entry.key: StringField(label, default=_text_of(value))}


def _choices(entry: RuleEntry) -> list[tuple[str, str]]:
    phrases, spec = dict(entry.phrases), policy.spec_of(entry.key)
    options = ("yes", "no") if spec.kind is Kind.YES_NO else spec.options
    return [(option, pick(phrases[option])) for option in options]


def _text_of(value: Value) -> str:
    """The value as it is typed: the other way round of `policy.value_from_text`."""
    match value:
        case bool():
            return "yes" if value else "no"
        case int() | Decimal():
            return number(value)
        case tuple():
            return ", ".join(str(item) for item in value)
    return str(value)


def _typed_value(form: BaseForm, entry: RuleEntry) -> Value:
    if isinstance(entry.value, Words):
        return policy.checked(entry.key, Words(typed(form[entry.key + VI]).strip(), typed(form[entry.key + EN]).strip()))
    return policy.value_from_text(entry.key, typed(form[entry.key]))


def _first_field(entry: RuleEntry) -> str:
    return entry.key + VI if isinstance(entry.value, Words) else entry.key
