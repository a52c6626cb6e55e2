"""What people type about a unit."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField

from examsite.campaigns.queries.units import Branch
from examsite.web.forms import SeenForm, at_most, required


class UnitForm(SeenForm):
    """A unit and where it belongs."""

    name = StringField(_("Name"), validators=[required(), at_most(200)])
    code = StringField(_("Code"), validators=[required(), at_most(40)])
    parent = SelectField(_("Belongs to"), validate_choice=False)

    def offer_parents(self, branches: list[Branch]) -> None:
        """Offer the tree, and the top of it."""
        self.parent.choices = [("", gettext("No other unit: it stands at the top")), *unit_choices(branches)]


def unit_choices(branches: list[Branch]) -> list[tuple[str, str]]:
    """The tree as the entries of a list, deeper ones set in."""
    return [(branch.unit.public_id, "\u2003" * branch.depth + branch.unit.name) for branch in branches]
