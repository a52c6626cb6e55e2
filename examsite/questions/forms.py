"""Forms of the question bank: the shape of what is typed; what it may hold is decided in `writing.py`."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError

from examsite import richtext
from examsite.questions.answer_keys import MOST_OPTIONS, Accepted, Choice
from examsite.questions.models import DIFFICULTIES, AcceptedAnswer, ItemVersion
from examsite.questions.plain import as_plain, one_line
from examsite.questions.writing import LONGEST_TOPIC, Written
from examsite.rules.drawing import Cell
from examsite.rules.keys import ItemKind, MarkingRule
from examsite.vietnamese import tidy
from examsite.web.forms import BaseForm, SeenForm, at_most, offered, required, typed, with_choices
from examsite.web.language import number
from examsite.wording import say

MOST_ROWS = 80
MOST_PER_CELL = 500
SPARE_ROWS = 3


def difficulties() -> list[tuple[str, str]]:
    """The choices of difficulty in the reader's language."""
    return [(name, say(f"questions.difficulty.{name}")) for name in DIFFICULTIES]


def item_kinds() -> list[tuple[str, str]]:
    """The kinds of items in the reader's language."""
    return [(kind.value, say(f"questions.kind.{kind}")) for kind in ItemKind]


# The fields that a kind has beside those of all items.
FIELDS_OF = {
    ItemKind.SINGLE_CHOICE: {"options", "key"},
    ItemKind.MULTIPLE_RESPONSE: {"options", "keys", "rule"},
    ItemKind.SHORT_TEXT: {"accepted", "case_matters"},
    ItemKind.NUMERIC: {"accepted"},
    ItemKind.ESSAY: set[str](),
}


class OptionForm(Form):
    """One row of the options."""

    text = TextAreaField(_("Option"))
    option_id = HiddenField()


class ItemForm(BaseForm):
    """An item of one kind as typed; `bank` is asked for a new one only."""

    kind: ItemKind = ItemKind.SINGLE_CHOICE

    bank = SelectField(_("Part"))
    topic = StringField(_("Topic"), validators=[required(), at_most(LONGEST_TOPIC)])
    difficulty = SelectField(_("Difficulty"))
    typed_as = RadioField(_("Typed as"), default="plain")
    stem = TextAreaField(_("Question"), validators=[required()])
    options = FieldList(FormField(OptionForm), label=_("Options"), min_entries=MOST_OPTIONS, max_entries=MOST_OPTIONS)
    key = StringField(_("Right option"))
    keys = SelectMultipleField(_("Right options"), validate_choice=False)
    rule = RadioField(_("How it is marked"), default=MarkingRule.ALL_OR_NOTHING.value)
    accepted = TextAreaField(_("Accepted answers"))
    case_matters = BooleanField(_("Capital letters count"))
    basis = TextAreaField(_("Basis"))

    def prepare(self, banks: Sequence[tuple[str, str]], kind: str = ItemKind.SINGLE_CHOICE) -> None:
        """Give the choices of this request, and leave the fields of this kind; without `banks` the item has its bank already."""
        self.kind = ItemKind(kind)
        for name in sorted(set().union(*FIELDS_OF.values()) - FIELDS_OF[self.kind]):
            del self[name]
        if self.rule:
            with_choices(self.rule, [(rule.value, say(f"marking.rule.{rule}")) for rule in MarkingRule])
        if banks:
            with_choices(self.bank, banks)
        else:
            del self.bank
        with_choices(self.difficulty, difficulties())
        with_choices(self.typed_as, [("plain", say("questions.typed_plain")), ("html", say("questions.typed_html"))])

    def show(self, version: ItemVersion) -> None:
        """Fill the form from a version: as simple text where that says all, else as HTML."""
        texts = [version.stem, version.basis, *(option.text for option in version.options)]
        plain = [as_plain(text) for text in texts]
        shown = texts if None in plain else [text or "" for text in plain]
        self.typed_as.data = "html" if None in plain else "plain"
        self.topic.data, self.difficulty.data = version.topic, version.difficulty
        self.stem.data, self.basis.data = shown[0], shown[1]
        self._show_key(version, shown[2:])

    def _show_key(self, version: ItemVersion, options: Sequence[str]) -> None:
        """What counts as right, in the fields that this kind has."""
        for place, (option, text) in enumerate(zip(version.options, options, strict=True)):
            self.options[place].form.text.data, self.options[place].form.option_id.data = text, option.option_id
        right = [str(place) for place, option in enumerate(version.options) if option.is_key]
        if self.key:
            self.key.data = next(iter(right), "")
        if self.keys:
            self.keys.data, self.rule.data = right, version.marking_rule
        if self.accepted:
            self.accepted.data = "\n".join(accepted_line(one) for one in version.accepted)
        if self.case_matters:
            self.case_matters.data = version.case_matters

    def written(self) -> Written:
        """What was typed as rich text, not checked yet; empty rows of options are left out."""
        as_rich = richtext.from_plain if self.typed_as.data == "plain" else str
        right = {self.key.data} if self.key else set(self.keys.data or ()) if self.keys else set()
        rows = [(str(place), typed(row.form.text), typed(row.form.option_id)) for place, row in enumerate(self.options or ())]
        return Written(
            topic=typed(self.topic),
            difficulty=typed(self.difficulty),
            stem=as_rich(typed(self.stem)),
            options=tuple(Choice(one_line(as_rich(text)), place in right, option_id) for place, text, option_id in rows if text.strip()),
            basis=as_rich(typed(self.basis)),
            kind=self.kind,
            marking_rule=typed(self.rule) if self.rule else "",
            accepted=tuple(Accepted(line) for line in typed(self.accepted).splitlines()) if self.accepted else (),
            case_matters=bool(self.case_matters and self.case_matters.data),
        )


def accepted_line(accepted: AcceptedAnswer) -> str:
    """An accepted answer as an author types it: a number with the decimal sign of the reader's language."""
    if accepted.tolerance is None:
        return accepted.text
    shown = number(accepted.text)
    return f"{shown} ± {number(accepted.tolerance)}" if accepted.tolerance else shown


class ImageForm(BaseForm):
    """A picture below the stem, with the words for those who do not see it."""

    file = FileField(_("Picture"))
    alt = TextAreaField(_("What it shows, in words"))


class SearchForm(BaseForm):
    """What the list of items is narrowed by; it travels in the address."""

    class Meta(BaseForm.Meta):
        csrf = False

    text = StringField(_("Words, or the number"))
    bank = SelectField(_("Part"), validate_choice=False, default="")
    topic = SelectField(_("Topic"), validate_choice=False, default="")
    difficulty = SelectField(_("Difficulty"), validate_choice=False, default="")
    kind = SelectField(_("Kind"), validate_choice=False, default="")
    state = SelectField(_("State"), validate_choice=False, default="")
    author = SelectField(_("Author"), validate_choice=False, default="")


class ReturnForm(BaseForm):
    """The note that goes back to the author."""

    reason = TextAreaField(_("What has to be changed"))


class UploadForm(BaseForm):
    """A file of questions for one bank."""

    bank = SelectField(_("Part"))
    file = FileField(_("File"))
    topic = StringField(_("Topic of questions that name none"), validators=[at_most(LONGEST_TOPIC)])
    difficulty = SelectField(_("Difficulty of questions that name none"), default="medium")

    def validate_file(self, field: FileField) -> None:
        """Something has to be chosen."""
        if not getattr(field.data, "filename", ""):
            raise ValidationError(say("questions.file_missing"))


class TakeForm(BaseForm):
    """All or none, or all that can be taken."""

    how = StringField(_("What to take"), default="all")
    digest = HiddenField()


class RowForm(Form):
    """One topic of a blueprint with a count for each difficulty."""

    topic = StringField(_("Topic"))
    easy = StringField(_("easy"))
    medium = StringField(_("medium"))
    hard = StringField(_("hard"))


class BlueprintForm(SeenForm):
    """The rows of a blueprint; empty ones do not count."""

    rows = FieldList(FormField(RowForm), label=_("Rows"), max_entries=MOST_ROWS)

    def show(self, topics: Sequence[str], wanted: dict[tuple[str, str], int]) -> None:
        """A row for each topic, and a few more to fill in."""
        for topic in [*topics, *[""] * SPARE_ROWS][:MOST_ROWS]:
            self.rows.append_entry({"topic": topic, **{name: str(wanted.get((topic, name), "")) for name in DIFFICULTIES}})

    def validate_rows(self, field: Any) -> None:
        """Counts are whole numbers, and stand beside a topic."""
        for row in field:
            counts = [typed(row.form[name]).strip() for name in DIFFICULTIES]
            if any(count and not _is_count(count) for count in counts):
                raise ValidationError(say("questions.count_unreadable", {"most": MOST_PER_CELL}))
            if any(counts) and not tidy(typed(row.form.topic)):
                raise ValidationError(say("questions.topic_missing_in_row"))

    def cells(self) -> list[Cell]:
        """The rows as cells of a blueprint, in their order; a count of nothing or 0 is none."""
        found = []
        for row in self.rows:
            for name in DIFFICULTIES:
                count = int(typed(row.form[name]).strip() or 0)
                if count:
                    found.append(Cell(tidy(typed(row.form.topic)), name, count))
        return found

    def differing(self, standing: Mapping[tuple[str, str], int]) -> list[tuple[str, str, int]]:
        """After a conflict: the topics and difficulties whose count is now another one than was typed, with that count."""
        mine = {(cell.topic, cell.difficulty): cell.count for cell in self.cells()} if self.outdated else standing
        return [(*key, standing.get(key, 0)) for key in sorted({*mine, *standing}) if mine.get(key) != standing.get(key)]


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and int(text) <= MOST_PER_CELL


class ExportForm(BaseForm):
    """In which format items leave."""

    format = RadioField(
        _("Format"),
        choices=offered(("xlsx", _("Excel (.xlsx), in the form of the template")), ("gift", _("GIFT, for Moodle and others"))),
        validate_choice=False,
        default="xlsx",
    )
