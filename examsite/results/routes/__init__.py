"""The pages of this room."""

from flask import Blueprint
from flask_babel import lazy_gettext as _

from examsite.campaigns import navigation

blueprint = Blueprint("results", __name__)

from examsite.results.routes import appeals, drafts, lists, public, ties  # noqa: E402, F401 - they put their views on the blueprint

navigation.register("results.lists", _("Lists and results"), place=70, boards=("hr", "council", "supervision"))
navigation.register("results.appeals", _("Appeals"), place=75, boards=("hr", "council", "supervision"))
