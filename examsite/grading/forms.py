"""What people type about panels, attendance, conflicts and scores. The criteria of a sheet come from the campaign's rules."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from wtforms import DateTimeLocalField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import HiddenInput, TextInput

from examsite.accounts.models import Account
from examsite.campaigns.models import Campaign
from examsite.grading.models import Interview, Panel, ScoreSheet
from examsite.grading.queries.placing import Seats
from examsite.grading.sheet_values import COMMENT_LONGEST, SheetFaulty
from examsite.richtext import to_text
from examsite.rules.policy import Component, Named, Penalty
from examsite.rules.refusal import Refused
from examsite.web.forms import BaseForm, ReasonForm, SeenForm, Within, at_most, offered, required, typed
from examsite.web.language import number, pick
from examsite.wording import say

NUMBER = re.compile(r"-?[0-9]{1,6}([.,][0-9]{1,6})?", re.ASCII)
LONGEST_PAUSE = 120
"""Minutes between two interviews: a midday break at most. No article says how long; more would be hours typed for minutes."""


def _moment(label: Any) -> DateTimeLocalField:
    """Day, month, year and time as they are said; what a browser's own field for moments sends is read as well."""
    known = ["%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M"]
    return DateTimeLocalField(label, format=known, widget=TextInput(), validators=[required(), _of_our_time])


def _of_our_time(_form: Any, field: Any) -> None:
    """A year with a digit too few is a slip, and the first of all years has no moment in UTC."""
    if field.data is not None and not 2000 <= field.data.year < 2200:
        raise ValidationError(field.gettext("Not a valid datetime value."))


class PanelForm(BaseForm):
    """Name, place and start of a panel; the start is in the time zone of the campaign."""

    name = StringField(_("Name of the panel"), validators=[required(), at_most(120)])
    place = StringField(_("Place of the panel"), validators=[required(), at_most(200)])
    starts_at = _moment(_("Start of the first turn"))
    pause = IntegerField(
        _("Pause between two turns, in minutes"),
        default=0,
        validators=[Optional(), Within(0, LONGEST_PAUSE, _("Enter 0 to 120 minutes."))],
    )

    @classmethod
    def showing(cls, panel: Panel) -> "PanelForm":
        """The form with what stands."""
        zone = ZoneInfo(panel.campaign.time_zone)
        return cls(
            name=panel.name, place=panel.place, starts_at=panel.starts_at.astimezone(zone).replace(tzinfo=None), pause=panel.pause_minutes
        )

    def start(self, campaign: Campaign) -> datetime:
        """The start as a moment."""
        local = cast("datetime", self.starts_at.data)
        return local.replace(tzinfo=ZoneInfo(campaign.time_zone)).astimezone(UTC)


class ReplanForm(ReasonForm):
    """Another start of one interview, in the time zone of the campaign."""

    at = _moment(_("New start"))

    def moment(self, campaign: Campaign) -> datetime:
        """The start as a moment."""
        return cast("datetime", self.at.data).replace(tzinfo=ZoneInfo(campaign.time_zone)).astimezone(UTC)


class SeatForm(BaseForm):
    """Who sits down, as what; after the lots also why."""

    account = SelectField(_("Person"), validate_choice=False)
    duty = SelectField(_("Duty"), validate_choice=False)
    reason = TextAreaField(_("Reason"))

    def offer(self, people: Sequence[Account]) -> None:
        """Offer the people of the board who do not sit here yet."""
        self.account.choices = [(account.public_id, account.display_name) for account in people]
        self.duty.choices = [(duty, say(f"grading.duty_{duty}")) for duty in ("member", "head")]


class AssignForm(BaseForm):
    """The position whose candidates come before this panel."""

    position = SelectField(_("Position"), validate_choice=False)

    def offer(self, seats: Sequence[Seats]) -> None:
        """Offer the positions that have candidates without a panel."""
        self.position.choices = [
            (found.position.public_id, f"{found.position.code} {found.position.title} ({found.unplaced})")
            for found in seats
            if found.unplaced
        ]


class MoveForm(BaseForm):
    """The panel a candidate moves to."""

    panel = SelectField(_("Panel"), validate_choice=False)

    def offer(self, panels: Iterable[Panel], here: Panel) -> None:
        """Offer the other panels that have not drawn their lots."""
        self.panel.choices = [(panel.public_id, panel.name) for panel in panels if panel.state == "planned" and panel.id != here.id]


class PresenceForm(BaseForm):
    """Whether a candidate came."""

    state = RadioField(_("The candidate"), validate_choice=False)
    reason = TextAreaField(_("Reason"))

    def offer(self) -> None:
        """Offer the two answers."""
        self.state.choices = [("present", say("grading.state_present")), ("no_show", say("grading.state_no_show"))]


class RelationForm(BaseForm):
    """One's relation to one candidate, when stepping back from an interview."""

    relation = SelectField(_("Relation"), validate_choice=False)
    words = StringField(_("In a few words"), validators=[at_most(300)])

    def offer(self, relations: Sequence[Named]) -> None:
        """Offer the kinds of relation."""
        self.relation.choices = relation_choices(relations)


class DeclarationForm(BaseForm):
    """None, or some; for each candidate a relation. Built for the candidates of one panel by `declaration_form`."""

    answer = RadioField(_("My declaration"), validate_choice=False)
    interviews: Sequence[Interview] = ()

    def rows(self) -> list[tuple[Interview, SelectField, StringField]]:
        """Each candidate with the two fields about them."""
        return [(one, self[f"relation-{one.application.public_id}"], self[f"words-{one.application.public_id}"]) for one in self.interviews]

    def offer(self, relations: Sequence[Named]) -> None:
        """Offer the answers, and for each candidate the kinds of relation."""
        self.answer.choices = [("none", say("grading.declare_none")), ("some", say("grading.declare_some"))]
        for _interview, relation, _words in self.rows():
            relation.choices = relation_choices(relations)

    def relations(self) -> dict[str, tuple[str, str]]:
        """What was declared, by the public id of the application."""
        return {one.application.public_id: (typed(relation), typed(words)) for one, relation, words in self.rows() if typed(relation)}

    def validate_answer(self, field: RadioField) -> None:
        """The answer and the list must say the same."""
        if field.data not in {"none", "some"}:
            raise ValidationError(say("grading.declaration_missing"))
        if field.data == "none" and self.relations():
            raise ValidationError(say("grading.declaration_none_but_some"))
        if field.data == "some" and not self.relations():
            raise ValidationError(say("grading.declaration_some_but_none"))


class ScoreField(StringField):
    """One score as people type it: a comma or a point before the decimals; empty is unscored, never zero."""

    score: Decimal | None = None

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - as WTForms calls it
        """Read the number exactly."""
        text = (self.data or "").strip()
        self.score = None
        if not text:
            return
        if not NUMBER.fullmatch(text):
            raise ValidationError(say("grading.fault_not_a_number", {"typed": text[:20]}))
        self.score = Decimal(text.replace(",", "."))


class SheetForm(BaseForm):
    """A score sheet. Built for the criteria of one rule set by `sheet_form`."""

    comment = TextAreaField(_("Comment"), validators=[at_most(COMMENT_LONGEST)])
    version = IntegerField(widget=HiddenInput(), default=0)
    components: Sequence[Component] = ()

    def field_of(self, component: Component) -> ScoreField:
        """The field of one criterion."""
        found: ScoreField = self[f"score-{component.id}"]
        return found

    def value_of(self, component: Component) -> Decimal | None:
        """The number that stands in a field, if it is one: for the level it falls in."""
        text = (self.field_of(component).data or "").strip()
        return Decimal(text.replace(",", ".")) if NUMBER.fullmatch(text) else None

    def scores(self) -> dict[str, Decimal | None]:
        """What was typed, by criterion."""
        return {component.id: self.field_of(component).score for component in self.components}

    def show(self, sheet: ScoreSheet | None) -> None:
        """Fill in a version that stands."""
        if sheet is None:
            return
        self.version.data = sheet.version
        self.comment.data = as_typed(sheet.comment)
        for component in self.components:
            score = sheet.scores.get(component.id)
            self.field_of(component).data = "" if score is None else number(score)

    def refuse(self, refusal: Refused) -> None:
        """Each fault of the sheet stands at its criterion."""
        if not isinstance(refusal, SheetFaulty):
            super().refuse(refusal)
            return
        self.refused = True
        by_id = {component.id: component for component in self.components}
        for fault in refusal.faults:
            component = by_id[fault.component]
            field = self.field_of(component)
            words = {"typed": field.data, "maximum": component.maximum, "step": number(component.step), "criterion": pick(component.name)}
            field.errors = [*field.errors, say(f"grading.fault_{fault.code}", words)]


class SanctionForm(ReasonForm):
    """Which sanction a breach calls for, and what happened."""

    kind = SelectField(_("Sanction"), validate_choice=False)

    def offer(self, kinds: Sequence[Penalty]) -> None:
        """Offer the sanctions of the rules."""
        self.kind.choices = [(kind.id, pick(kind.name)) for kind in kinds]


class SanctionDecisionForm(ReasonForm, SeenForm):
    """What the chair decides about a sanction."""

    outcome = RadioField(_("Decision"), choices=offered(("imposed", _("Impose it")), ("dropped", _("Drop it"))), validate_choice=False)


class DecisionForm(ReasonForm, SeenForm):
    """The score that a person decides, and why."""

    score = ScoreField(_("Score"), validators=[required()])


def sheet_form(components: Sequence[Component]) -> SheetForm:
    """A form with one field a criterion."""
    fields = {f"score-{component.id}": ScoreField(pick(component.name)) for component in components}
    form: SheetForm = type("SheetFormHere", (SheetForm,), {**fields, "components": components})()
    return form


def declaration_form(interviews: Sequence[Interview], relations: Sequence[Named]) -> DeclarationForm:
    """A form with one row a candidate, and the kinds of relation that the rules name. Its fields are called after the application: this
    page shows names, and the id of an interview stands beside its code elsewhere."""
    fields: dict[str, object] = {"interviews": interviews}
    for application in (found.application for found in interviews):
        name = application.person.full_name
        fields[f"relation-{application.public_id}"] = SelectField(say("grading.relation_to", {"name": name}), validate_choice=False)
        fields[f"words-{application.public_id}"] = StringField(say("grading.relation_words", {"name": name}), validators=[at_most(300)])
    form: DeclarationForm = type("DeclarationFormHere", (DeclarationForm,), fields)()
    form.offer(relations)
    return form


def relation_choices(relations: Sequence[Named]) -> list[tuple[str, str]]:
    """No relation, then each kind."""
    return [("", say("grading.relation_none")), *((relation.id, pick(relation.name)) for relation in relations)]


def as_typed(comment: str) -> str:
    """A stored comment as the plain text it was typed as."""
    return "\n\n".join(to_text(paragraph) for paragraph in comment.split("</p><p>"))
