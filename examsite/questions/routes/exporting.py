"""Questions as a file: what a filter shows, as XLSX or GIFT, with all that the format cannot carry told before and in the file."""

from collections.abc import Sequence

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from examsite.access import staff
from examsite.campaigns.roles import Role
from examsite.questions.forms import ExportForm
from examsite.questions.operations import exporting as operations
from examsite.questions.outgoing import Loss, Outgoing, SheetOfBank, pictures_lost
from examsite.questions.outgoing.gift import gift_losses, write_gift
from examsite.questions.outgoing.xlsx import write_questions
from examsite.questions.queries.banks import banks_of
from examsite.questions.queries.items import ItemFilter
from examsite.questions.queries.outgoing import to_send
from examsite.questions.routes import bank_name, blueprint, on_board
from examsite.questions.routes.files import XLSX
from examsite.questions.routes.items import search_form, wanted_by
from examsite.web.context import db, now
from examsite.web.forms import typed
from examsite.web.language import local, reading
from examsite.wording import say

SHOWN = 200


@blueprint.route("/campaigns/<campaign_id>/questions/export", methods=["GET", "POST"])
@staff("question")
def export(campaign_id: str) -> ResponseReturnValue:
    """What would leave and what would be lost; sent as a form, the file. The filters travel in the address."""
    role = on_board(campaign_id)
    wanted = wanted_by(role, search_form(role, request.args))
    form = ExportForm()
    if form.validate_on_submit():
        with form.refusals():
            chosen = typed(form.format)
            items = operations.send_out(db(), role, wanted, chosen, now())
            content = _file(role, items, chosen)
            db().commit()
            return _answer(content, _file_name(role, wanted, chosen), chosen)
    items = [item for _version, item in to_send(db(), role.campaign, wanted)]
    names = {bank.key: bank_name(bank) for bank in banks_of(role.campaign)}
    page = render_template(
        "questions/export.html",
        role=role,
        form=form,
        items=items,
        banks=[(names.get(key, key), sum(item.bank == key for item in items)) for key in dict.fromkeys(item.bank for item in items)],
        losses={"xlsx": pictures_lost(items), "gift": gift_losses(items)},
        narrowed={name: value for name, value in request.args.items() if value},
        most=SHOWN,
    )
    return page, form.status


def _file(role: Role, items: Sequence[Outgoing], chosen: str) -> bytes:
    if chosen == "gift":
        return write_gift(items, [*_notes(role, items), *map(_loss_line, gift_losses(items))])
    banks = [SheetOfBank(bank.key, bank_name(bank).replace(":", "")) for bank in banks_of(role.campaign)]
    notes = [
        *_notes(role, items),
        gettext("A cell that begins with [html] holds formatted text."),
        *map(_loss_line, pictures_lost(list(items))),
    ]
    return write_questions(items, banks, notes, reading())


def _notes(role: Role, items: Sequence[Outgoing]) -> list[str]:
    day = local(now(), role.campaign.time_zone).strftime("%d/%m/%Y %H:%M")
    return [
        gettext("%(count)s questions of %(campaign)s, %(when)s.", count=len(items), campaign=role.campaign.code, when=day),
        gettext("The right answers stand in this file: keep it where nobody else can read it."),
    ]


def _loss_line(loss: Loss) -> str:
    return str(gettext("Question %(number)s: %(reason)s", number=loss.number, reason=say(loss.code, loss.params)))


def _file_name(role: Role, wanted: ItemFilter, chosen: str) -> str:
    bank = wanted.bank.key.replace(":", "-") if wanted.bank else "bank"
    day = local(now(), role.campaign.time_zone).strftime("%Y%m%d")
    return f"{role.campaign.code}-{bank}-{day}.{'xlsx' if chosen == 'xlsx' else 'gift'}"


def _answer(content: bytes, name: str, chosen: str) -> Response:
    mimetype = XLSX if chosen == "xlsx" else "text/plain"
    return Response(
        content, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    )
