"""What people add to a dossier: documents, notes, yearly classifications."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import lazy_gettext as _
from wtforms import FileField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField, widgets
from wtforms.validators import ValidationError

from examsite.campaigns.models import DOCUMENT_KINDS, GRADES, Criterion
from examsite.campaigns.operations.documents import LONGEST_TITLE, DocumentFacts
from examsite.campaigns.operations.dossiers import LONGEST_NOTE
from examsite.web.forms import BaseForm, at_most, typed, with_choices
from examsite.wording import say

YEARS_OFFERED = 6


class CriteriaField(SelectMultipleField):
    """Criteria to tick."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class EvidenceForm(BaseForm):
    """Which criteria a document speaks to."""

    criteria = CriteriaField(_("Criteria that it speaks to"), validate_choice=False)

    def offer(self, criteria: Iterable[Criterion]) -> None:
        """Offer the criteria of the position."""
        with_choices(self.criteria, [(one.public_id, f"{one.number}. {one.text}") for one in criteria])


class DocumentForm(EvidenceForm):
    """A document to keep, or one in the place of another."""

    stand_last = ("criteria",)
    file = FileField(_("File"))
    kind = SelectField(_("Kind of document"), validate_choice=False)
    title = StringField(_("What it is"), validators=[at_most(LONGEST_TITLE)])

    def offer(self, criteria: Iterable[Criterion]) -> None:
        """Offer the kinds of documents and the criteria of the position."""
        super().offer(criteria)
        with_choices(self.kind, [(kind, say(f"document.{kind}")) for kind in DOCUMENT_KINDS])

    def validate_file(self, field: FileField) -> None:
        """Something has to be chosen."""
        if not getattr(field.data, "filename", ""):
            raise ValidationError(say("intake.file_missing"))

    @property
    def facts(self) -> DocumentFacts:
        return DocumentFacts(typed(self.kind), typed(self.title), self.criteria.data or [])


class NoteForm(BaseForm):
    """A remark, or the correction of one."""

    text = TextAreaField(_("Note"), validators=[at_most(LONGEST_NOTE)])
    corrects = HiddenField()


class YearForm(BaseForm):
    """How somebody was classified for one year."""

    year = SelectField(_("Year"), validate_choice=False)
    grade = SelectField(_("Classification"), validate_choice=False)
    source = StringField(_("Decision that says so"), validators=[at_most(300)])

    def offer(self, now: datetime) -> None:
        """Offer the last years and the four grades."""
        with_choices(self.year, [(str(year), str(year)) for year in range(now.year, now.year - YEARS_OFFERED, -1)])
        with_choices(self.grade, [(grade, say(f"grade.{grade}")) for grade in GRADES])

    @property
    def number(self) -> int:
        text = typed(self.year)
        return int(text) if text.isascii() and text.isdigit() else 0
