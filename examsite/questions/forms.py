"""Forms of the question bank: the shape of what is typed; what it may hold is decided in `writing.py`."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import FieldList, FileField, Form, FormField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from examsite import richtext
from examsite.questions.models import DIFFICULTIES, ItemVersion
from examsite.questions.writing import LONGEST_TOPIC, MOST_OPTIONS, Choice, Written, as_plain, one_line
from examsite.rules.drawing import Cell
from examsite.vietnamese import tidy
from examsite.web.forms import BaseForm, at_most, required, typed, with_choices
from examsite.wording import say

MOST_ROWS = 80
MOST_PER_CELL = 500
SPARE_ROWS = 3


def difficulties() -> list[tuple[str, str]]:
    """The choices of difficulty in the reader's language."""
    return [(name, say(f"questions.difficulty.{name}")) for name in DIFFICULTIES]


class OptionForm(Form):
    """One row of the options."""

    text = TextAreaField(_("Option"))
    option_id = HiddenField()


class ItemForm(BaseForm):
    """An item as typed; `bank` is asked for a new one only."""

    bank = SelectField(_("Part"))
    topic = StringField(_("Topic"), validators=[required(), at_most(LONGEST_TOPIC)])
    difficulty = SelectField(_("Difficulty"))
    typed_as = RadioField(_("Typed as"), default="plain")
    stem = TextAreaField(_("Question"), validators=[required()])
    options = FieldList(FormField(OptionForm), label=_("Options"), min_entries=MOST_OPTIONS, max_entries=MOST_OPTIONS)
    key = StringField(_("Right option"))
    basis = TextAreaField(_("Basis"))

    def prepare(self, banks: Sequence[tuple[str, str]]) -> None:
        """Give the choices of this request; without `banks` the item has its bank already."""
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
        for place, (option, text) in enumerate(zip(version.options, shown[2:], strict=True)):
            self.options[place].form.text.data, self.options[place].form.option_id.data = text, option.option_id
            if option.is_key:
                self.key.data = str(place)

    def written(self) -> Written:
        """What was typed as rich text, not checked yet; empty rows of options are left out."""
        as_rich = richtext.from_plain if self.typed_as.data == "plain" else str
        rows = [(str(place), typed(row.form.text), typed(row.form.option_id)) for place, row in enumerate(self.options)]
        return Written(
            topic=typed(self.topic),
            difficulty=typed(self.difficulty),
            stem=as_rich(typed(self.stem)),
            options=tuple(
                Choice(one_line(as_rich(text)), place == self.key.data, option_id) for place, text, option_id in rows if text.strip()
            ),
            basis=as_rich(typed(self.basis)),
        )


class SearchForm(BaseForm):
    """What the list of items is narrowed by; it travels in the address."""

    class Meta(BaseForm.Meta):
        csrf = False

    text = StringField(_("Words, or the number"))
    bank = SelectField(_("Part"), validate_choice=False, default="")
    topic = SelectField(_("Topic"), validate_choice=False, default="")
    difficulty = SelectField(_("Difficulty"), validate_choice=False, default="")
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


class RowForm(Form):
    """One topic of a blueprint with a count for each difficulty."""

    topic = StringField(_("Topic"))
    easy = StringField(_("easy"))
    medium = StringField(_("medium"))
    hard = StringField(_("hard"))


class BlueprintForm(BaseForm):
    """The rows of a blueprint; empty ones do not count."""

    seen = HiddenField()
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


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and int(text) <= MOST_PER_CELL
