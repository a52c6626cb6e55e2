"""What people type about a position and its criteria."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FieldList, Form, FormField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField

from examsite.campaigns.forms.units import unit_choices
from examsite.campaigns.models import Position, Unit
from examsite.campaigns.operations.positions import PositionFacts, shown
from examsite.campaigns.queries.units import Branch
from examsite.rules.policy import RuleSet
from examsite.web.forms import ReasonForm, SeenForm, at_most, offered, required, say_what_stands, typed
from examsite.web.language import pick
from examsite.wording import say


class WholeNumber(IntegerField):
    """A whole number, refused in a sentence that says what to do."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(gettext("Enter a whole number.")) from error


class ShortageForm(ReasonForm):
    """What becomes of a position with too few candidates, and why."""

    outcome = RadioField(
        _("Decision"),
        choices=offered(("go_on", _("Go on with fewer candidates")), ("close", _("Close the position"))),
        validate_choice=False,
    )


class CriterionEntry(Form):
    """One criterion that stands already, known by its public id."""

    public_id = HiddenField()
    text = TextAreaField(_("Criterion"), validators=[at_most(2000)])


class PositionForm(SeenForm):
    """A position; `kept` are the criteria it has, `added` takes new ones, one a line."""

    title = StringField(_("Title of the post"), validators=[required(), at_most(200)])
    code = StringField(_("Code"), validators=[required(), at_most(40)])
    unit = SelectField(_("Unit"), validate_choice=False)
    level = StringField(_("Level of the post"), validators=[required(), at_most(100)])
    quota = WholeNumber(_("Seats to fill"), validators=[required()])
    language = SelectField(_("Foreign language of round 1"), validate_choice=False)
    kept = FieldList(FormField(CriterionEntry))
    added = TextAreaField(_("Further criteria, one a line"), validators=[at_most(20_000)])

    def offer(self, branches: list[Branch], rules: RuleSet) -> None:
        """Offer the units of the house and the languages of the rule set."""
        self.unit.choices = [("", gettext("Choose a unit")), *unit_choices(branches)]
        none = [] if any(part.by_language for part in rules.round1.parts) else [("", gettext("No language"))]
        self.language.choices = none + [(language.id, pick(language.name)) for language in rules.round1.languages]

    def facts(self, unit: Unit) -> PositionFacts:
        """What was typed."""
        return PositionFacts(
            code=typed(self.code),
            title=typed(self.title),
            level=typed(self.level),
            quota=self.quota.data or 0,
            language=typed(self.language) or None,
            unit=unit,
        )

    def catch_up_with(self, position: Position) -> None:
        """After a conflict: what stands now beside what was typed, also of the criteria, and the next try goes through."""
        if self.outdated:
            standing = filled_with(position)
            del standing["kept"]
            self.catch_up(shown(position), standing)
            self._catch_up_criteria({criterion.public_id: criterion.text for criterion in position.criteria})

    def _catch_up_criteria(self, standing: dict[str, str]) -> None:
        """Those that were added meanwhile join the others, or the next try would take them out; those that are gone are told."""
        for entry in list(self.kept.entries):
            text = standing.pop(typed(entry.form.public_id), None)
            if text is None:
                self.kept.entries.remove(entry)
                self.form_errors.append(say("campaigns.criterion_gone", {"text": typed(entry.form.text)}))
            else:
                say_what_stands(entry.form.text, text)
        for public_id, text in standing.items():
            added = self.kept.append_entry({"public_id": public_id, "text": text})
            added.form.text.errors = [say("campaigns.criterion_new")]

    @property
    def kept_texts(self) -> dict[str, str]:
        """The text of each criterion that stood already, by its public id."""
        return {entry["public_id"]: entry["text"] or "" for entry in self.kept.data}

    @property
    def added_texts(self) -> list[str]:
        """The new criteria."""
        return typed(self.added).splitlines()


def filled_with(position: Position) -> dict[str, object]:
    """A position as the form shows it at first."""
    return {
        "title": position.title,
        "code": position.code,
        "unit": position.unit.public_id,
        "level": position.level,
        "quota": position.quota,
        "language": position.language or "",
        "kept": [{"public_id": criterion.public_id, "text": criterion.text} for criterion in position.criteria],
    }
