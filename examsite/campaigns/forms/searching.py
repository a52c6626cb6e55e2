"""What the list of applications is narrowed by, the name of a view, and one act on many."""

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField

from examsite.campaigns.models import Application, Position
from examsite.campaigns.queries.filters import ANSWERS, CRITERIA, HAS, SORTS, STATES, USUAL, Search
from examsite.campaigns.queries.screening import PRIORITY, Ground
from examsite.campaigns.queries.together import ACTS, Planned, Together
from examsite.vietnamese import title_sort_key
from examsite.web.forms import BaseForm, at_most, typed, with_choices
from examsite.web.language import pick
from examsite.wording import say

LONGEST_REASON = 2_000


class ApplicationSearchForm(BaseForm):
    """What the list is narrowed by; it travels in the address."""

    class Meta(BaseForm.Meta):
        csrf = False

    q = StringField(_("Name or number"))
    position = SelectField(_("Position"), validate_choice=False, default="")
    state = SelectField(_("State"), validate_choice=False, default="")
    unit = SelectField(_("Unit"), validate_choice=False, default="")
    criteria = SelectField(_("Criteria"), validate_choice=False, default="")
    exemption = SelectField(_("Exemption"), validate_choice=False, default="")
    priority = SelectField(_("Priority"), validate_choice=False, default="")
    has = SelectField(_("Claims, notes and documents"), validate_choice=False, default="")
    sort = SelectField(_("Sorted by"), validate_choice=False, default="")

    def offer(self, positions: Sequence[Position], grounds: Iterable[Ground]) -> None:
        """Offer what the campaign has: its positions, their units, its priority groups."""
        units = {one.unit.code: one.unit.name for one in positions}
        groups = [(one.id, pick(one.name)) for one in grounds if one.kind == PRIORITY]
        answers = [(one, say(f"applications.answer_{one}")) for one in ANSWERS]
        codes = [(one.code, f"{one.code} – {one.title}") for one in positions]
        with_choices(self.position, [("", say("applications.any_position")), *codes])
        with_choices(self.state, [("", say("applications.any_state")), *((one, say(f"application.{one}")) for one in STATES)])
        with_choices(self.unit, [("", say("applications.any_unit")), *sorted(units.items(), key=lambda unit: title_sort_key(unit[1]))])
        with_choices(self.criteria, [("", say("applications.any")), *((one, say(f"applications.criteria_{one}")) for one in CRITERIA)])
        with_choices(self.exemption, [("", say("applications.any")), *answers])
        with_choices(self.priority, [("", say("applications.any")), *answers, *groups])
        with_choices(self.has, [("", say("applications.any")), *((one, say(f"applications.has_{one}")) for one in HAS)])
        named = [(one, say(f"applications.sort_{one}")) for one in SORTS]
        turned = [(f"-{one}", say("applications.sort_turned", {"what": name})) for one, name in named]
        with_choices(self.sort, [("" if one == USUAL else one, name) for one, name in (*named, *turned)])

    def search(self, page: int) -> Search:
        """What was asked for."""
        asked = {field.name: typed(field) for field in self}
        return Search.of(asked | {"text": asked["q"]}, page)


class ViewForm(BaseForm):
    """The name under which the present filters are kept."""

    name = StringField(_("Name of the view"), validators=[at_most(80)])
    filters = HiddenField()


class TogetherForm(BaseForm):
    """One act on the applications that were ticked. `chosen` names them with the stamp that the page showed of each."""

    application = SelectMultipleField(validate_choice=False)
    chosen = HiddenField()
    filters = HiddenField()
    step = HiddenField(default="choose")
    act = RadioField(_("What is to be done"), validate_choice=False, default="")
    criterion = SelectField(_("Criterion"), validate_choice=False, default="")
    why = TextAreaField(_("Reason, or the words of the note"), validators=[at_most(LONGEST_REASON)])

    def offer(self, wordings: Mapping[str, tuple[str, int]]) -> None:
        """Offer the acts, and the criteria of those who were chosen."""
        with_choices(self.act, [(act, say(f"together.{act}")) for act in ACTS])
        named = [
            (key, f"{text} ({ngettext('%(num)s application', '%(num)s applications', count)})") for key, (text, count) in wordings.items()
        ]
        with_choices(self.criterion, [("", say("together.choose_criterion")), *named])

    @property
    def wanted(self) -> Together:
        return Together(typed(self.act), typed(self.criterion), typed(self.why))

    @property
    def seen(self) -> dict[str, str]:
        """The stamp of each application that was shown, by public id."""
        pairs = (entry.partition(":") for entry in typed(self.chosen).split())
        return {public_id: stamp for public_id, _colon, stamp in pairs}

    def keep(self, applications: Iterable[Application], planned: Iterable[Planned] = ()) -> None:
        """Carry on those who were chosen, with their stamps once something was shown of them."""
        stamps = {one.application.public_id: one.stamp for one in planned}
        self.chosen.data = " ".join(f"{one.public_id}:{stamps.get(one.public_id, '')}" for one in applications)
