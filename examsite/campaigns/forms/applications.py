"""What people type about applications: a file, one application, what screening found, evidence, numbers, codes."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FieldList, Form, FormField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from examsite.campaigns.application_rows.columns import COLUMNS
from examsite.campaigns.models import Position
from examsite.campaigns.operations.screening import Found, Verdict, all_met
from examsite.campaigns.queries.screening import Ground, Judged
from examsite.rules.refusal import Refused
from examsite.web.forms import BaseForm, SeenForm, at_most, typed, with_choices
from examsite.web.language import pick
from examsite.wording import say

LONGEST_REASON = 2000
SAVE_NEXT, ALL_MET, INSTEAD = "save_next", "all_met", "instead"


class TypedApplicationForm(BaseForm):
    """One application; the names of the fields are those of the columns of a file."""

    full_name = StringField(_("Full name"), validators=[at_most(200)])
    birth_date = StringField(_("Date of birth"), validators=[at_most(40)])
    gender = RadioField(_("Gender"), validate_choice=False)
    identity_number = StringField(_("Personal identity number"), validators=[at_most(40)])
    position = SelectField(_("Position"), validate_choice=False)
    workplace = StringField(_("Workplace"), validators=[at_most(300)])
    current_post = StringField(_("Present post"), validators=[at_most(300)])
    qualification = StringField(_("Qualification"), validators=[at_most(300)])
    languages = StringField(_("Foreign languages"), validators=[at_most(300)])
    phone = StringField(_("Phone"), validators=[at_most(40)])
    email = StringField(_("E-mail"), validators=[at_most(200)])
    claimed_priority = StringField(_("Priority group claimed"), validators=[at_most(300)])
    claimed_exemption = StringField(_("Exemption from the language part claimed"), validators=[at_most(300)])
    years_of_service = StringField(_("Years of service"), validators=[at_most(20)])
    joined_on = StringField(_("In the service since"), validators=[at_most(40)])

    def offer(self, positions: Iterable[Position]) -> None:
        """Offer the positions of the campaign, and both genders as a file writes them."""
        with_choices(self.gender, [("Nam", say("male")), ("Nữ", say("female"))])
        with_choices(
            self.position, [("", say("applications.choose_position")), *((one.code, f"{one.code} – {one.title}") for one in positions)]
        )

    @property
    def values(self) -> dict[str, str]:
        """What was typed, by the names of columns."""
        return {column.name: typed(self[column.name]) for column in COLUMNS if column.name in self}


class NewApplicationForm(TypedApplicationForm):
    """One application, and why the one that the person has already is withdrawn, where it takes its place."""

    reason = TextAreaField(_("Why the first application is withdrawn"), validators=[at_most(LONGEST_REASON)])
    first = HiddenField()
    act = HiddenField()


class CorrectionForm(TypedApplicationForm, SeenForm):
    """Other words for an application that stands already, with the reason."""

    reason = TextAreaField(_("Reason"), validators=[at_most(LONGEST_REASON)])


class FindingEntry(Form):
    """What was found about one criterion; left alone, nothing was."""

    criterion = HiddenField()
    met = RadioField(_("Finding"), validate_choice=False)
    why = StringField(_("Why"), validators=[at_most(LONGEST_REASON)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_choices(self.met, [("yes", gettext("fulfilled")), ("no", gettext("not fulfilled"))])


class ScreenForm(SeenForm):
    """All criteria of one application, and the decision."""

    findings = FieldList(FormField(FindingEntry))
    common = StringField(_("One reason for all criteria"), validators=[at_most(LONGEST_REASON)])
    decision = RadioField(_("Decision"), validate_choice=False, default="")
    reason = TextAreaField(_("Reason for the decision"), validators=[at_most(LONGEST_REASON)])
    instead_why = TextAreaField(_("Why the present decision is taken back"), validators=[at_most(LONGEST_REASON)])
    act = HiddenField()

    def show(self, found: Sequence[Judged], stamped: str) -> None:
        """The page as it is first shown: what stands already is filled in."""
        self.seen.data = stamped
        for one in found:
            current = one.current
            met = {True: "yes", False: "no"}[current.met] if current else ""
            self.findings.append_entry({"criterion": one.criterion.public_id, "met": met, "why": current.why if current else ""})

    def offer(self) -> None:
        """Offer the decisions."""
        with_choices(
            self.decision,
            [("", say("screening.no_decision")), ("eligible", say("application.eligible")), ("rejected", say("application.rejected"))],
        )

    def verdict(self, found: Sequence[Judged]) -> Verdict:
        """What was found and decided; a criterion without a reason of its own takes the common one.

        Refuses (`screening.met_missing`) a reason beside which nothing is ticked.
        """
        common = typed(self.common)
        if typed(self.act) == ALL_MET:
            own = {typed(one.criterion): Found(True, typed(one.why)) for one in self._reasoned if typed(one.met) != "no"}
            return Verdict(typed(self.seen), all_met(found, common) | own, "eligible", typed(self.reason))
        self._must_be_ticked(found)
        findings = {
            typed(entry.form.criterion): Found(typed(entry.form.met) == "yes", typed(entry.form.why).strip() or common)
            for entry in self.findings
            if typed(entry.form.met)
        }
        return Verdict(typed(self.seen), findings, typed(self.decision), typed(self.reason))

    def keep(self, found: Sequence[Judged]) -> None:
        """What was sent stands on the page again, by the criteria as they are by now; the one button for all is spelt out in ticks."""
        if typed(self.act) == ALL_MET:
            self.decision.data = "eligible"
            for entry in self.findings:
                entry.form.met.data = typed(entry.form.met) or "yes"
        there = {typed(entry.form.criterion) for entry in self.findings}
        for one in found:
            if one.criterion.public_id not in there:
                self.findings.append_entry({"criterion": one.criterion.public_id, "met": "", "why": ""})

    def beside(self, criterion: str) -> FindingEntry | None:
        """What is typed about a criterion."""
        return next((one.form for one in self.findings if typed(one.form.criterion) == criterion), None)

    @property
    def _reasoned(self) -> list[FindingEntry]:
        """The criteria that have a reason of their own."""
        return [entry.form for entry in self.findings if typed(entry.form.why).strip()]

    def _must_be_ticked(self, found: Sequence[Judged]) -> None:
        numbers = {one.criterion.public_id: one.criterion.number for one in found}
        for one in self._reasoned:
            if not typed(one.met):
                about = typed(one.criterion)
                raise Refused("screening.met_missing", field=f"why-{about}", number=numbers.get(about, ""))

    def refuse(self, refusal: Refused) -> None:
        """A refusal about one criterion stands at that criterion."""
        for entry in self.findings:
            if refusal.field == f"why-{typed(entry.form.criterion)}":
                self.refused = True
                entry.form.why.errors = [*entry.form.why.errors, say(refusal.code, refusal.params)]
                return
        super().refuse(refusal)

    @property
    def status(self) -> int:
        """422 when something has to be mended, else 200."""
        return 422 if self.refused else super().status


class EntitlementForm(BaseForm):
    """One ground, granted or refused on evidence."""

    ground = SelectField(_("Ground"), validate_choice=False)
    granted = RadioField(_("Decision on the evidence"), validate_choice=False)
    evidence = StringField(_("Evidence: which document, by whom, of which day"), validators=[at_most(LONGEST_REASON)])

    def offer(self, offered: Iterable[Ground]) -> None:
        """Offer the grounds of the rule set, and both answers."""
        with_choices(self.granted, [("yes", gettext("granted")), ("no", gettext("refused"))])
        with_choices(self.ground, [("", say("entitlements.choose_ground")), *((f"{one.kind}:{one.id}", pick(one.name)) for one in offered)])

    def validate_granted(self, field: RadioField) -> None:
        """One of the two has to be said."""
        if field.data not in ("yes", "no"):
            raise ValidationError(say("entitlements.choose_decision"))

    @property
    def kind_and_ground(self) -> tuple[str, str]:
        kind, _colon, ground = typed(self.ground).partition(":")
        return kind, ground


class NumbersForm(BaseForm):
    """In which order numbers are given."""

    arrangement = RadioField(_("Order"), validate_choice=False, default="by_name")

    def offer(self) -> None:
        """Offer both orders."""
        with_choices(self.arrangement, [("by_name", say("numbers.by_name")), ("by_lot", say("numbers.by_lot"))])


class CodesForm(BaseForm):
    """For whom codes are made."""

    whom = HiddenField(default="new")

    @property
    def again(self) -> bool:
        return typed(self.whom) == "again"
