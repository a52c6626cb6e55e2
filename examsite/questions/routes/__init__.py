"""Pages of the question bank."""

from flask import Blueprint
from flask_babel import lazy_gettext as _

from examsite import richtext
from examsite.accounts.current import me
from examsite.campaigns import navigation
from examsite.campaigns.roles import Role, role_in
from examsite.questions.permissions import may_read_items
from examsite.questions.queries.banks import Bank, banks_of
from examsite.rules.refusal import NotFound
from examsite.web.context import db
from examsite.web.language import pick

blueprint = Blueprint("questions", __name__)
navigation.register("questions.items", _("Question bank"), place=40, boards=("question",))
navigation.register("questions.all_figures", _("Blueprints"), place=42, boards=("question", "supervision"))


def on_board(campaign_id: str) -> Role:
    """The role of a member of the question board; everybody else is refused, whatever office they hold."""
    role = role_in(db(), me(), campaign_id)
    role.must(may_read_items(role))
    return role


def bank_with(role: Role, key: str) -> Bank:
    """The bank that an address or a field names by its key, or NotFound."""
    for bank in banks_of(role.campaign):
        if bank.key == key:
            return bank
    raise NotFound("questions.no_such_bank")


def bank_choices(role: Role) -> list[tuple[str, str]]:
    """All banks of a campaign, for a select field."""
    return [(bank.key, bank_name(bank)) for bank in banks_of(role.campaign)]


@blueprint.app_template_filter("bank_name")
def bank_name(bank: Bank) -> str:
    """`General knowledge`, `Foreign language: English`."""
    part = pick(bank.part.name)
    return part if bank.language_name is None else f"{part}: {pick(bank.language_name)}"


@blueprint.app_template_filter("words_of")
def words_of(html: str) -> str:
    """The words of rich text on one line, for lists."""
    return " ".join(richtext.to_text(html).split())


from examsite.questions.routes import blueprints, exporting, files, images, items, review  # noqa: E402, F401 - they hang their views on it
