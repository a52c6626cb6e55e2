"""Search the bank, read an item with its history, write drafts and hand them over."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from examsite.access import staff
from examsite.accounts.current import me
from examsite.campaigns.roles import Role
from examsite.questions import difference, permissions
from examsite.questions.forms import ImageForm, ItemForm, ReturnForm, SearchForm, difficulties, item_kinds
from examsite.questions.models import Item, ItemVersion
from examsite.questions.operations import writing as operations
from examsite.questions.queries import items as queries
from examsite.questions.queries.banks import bank_of, banks_of
from examsite.questions.routes import bank_choices, bank_with, blueprint, on_board
from examsite.questions.writing import Written, checked
from examsite.rules.keys import ItemKind
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from examsite.web.asked import asked_order, asked_page
from examsite.web.context import db, now
from examsite.web.forms import ReasonForm, saved, with_choices
from examsite.wording import say

STATES = ("draft", "in_review", "returned", "approved", "retired")


@blueprint.get("/campaigns/<campaign_id>/questions")
@staff("question")
def items(campaign_id: str) -> ResponseReturnValue:
    """The bank: search and pages."""
    role = on_board(campaign_id)
    form = search_form(role, request.args)
    order = asked_order(queries.SORTS, queries.NEWEST.usual)
    page = queries.search(db(), role.campaign, wanted_by(role, form), asked_page(), order)
    return render_template(
        "questions/items.html",
        role=role,
        form=form,
        page=page,
        order=order,
        drafts=queries.drafts_of(db(), role.campaign, me()),
        waiting=queries.count_waiting(db(), role.campaign, me()),
        criteria={name: value for name, value in request.args.items() if value and name not in ("page", "sort")},
        banks={(bank.part.id, bank.language): bank for bank in banks_of(role.campaign)},
    )


@blueprint.route("/campaigns/<campaign_id>/questions/new", methods=["GET", "POST"])
@staff("question")
def new_item(campaign_id: str) -> ResponseReturnValue:
    """Write an item: preview it, keep it as a draft, or hand it over at once."""
    role = on_board(campaign_id)
    role.must(permissions.may_write_items(role))
    form = ItemForm()
    kind = _kind_asked_for(role)
    form.prepare([(key, name) for key, name in bank_choices(role) if kind in bank_with(role, key).kinds], kind)
    preview = None
    if form.validate_on_submit():
        with form.refusals():
            if "preview" in request.form:
                preview = checked(form.written())
            else:
                bank = bank_with(role, form.bank.data)
                item = operations.write_item(db(), role, bank.part.id, bank.language, form.written(), now())
                return _kept(role, item.versions[0])
    elif request.method == "GET" and request.args.get("bank"):
        form.bank.data = request.args["bank"]
    return _editor(role, form, preview, None)


@blueprint.get("/campaigns/<campaign_id>/questions/<item_id>")
@staff("question")
def item(campaign_id: str, item_id: str) -> ResponseReturnValue:
    """One item: the wording that counts, what may be done with it, and every version with what it changed."""
    role = on_board(campaign_id)
    found = queries.item_in(db(), role.campaign, item_id)
    return render_template("questions/item.html", **item_page(role, found))


@blueprint.route("/campaigns/<campaign_id>/questions/<item_id>/edit", methods=["GET", "POST"])
@staff("question")
def edit(campaign_id: str, item_id: str) -> ResponseReturnValue:
    """Change one's own draft, or begin a new version of an item whose last one was decided about."""
    role = on_board(campaign_id)
    found = queries.item_in(db(), role.campaign, item_id)
    newest = _editable(role, found)
    form = ItemForm()
    form.prepare([], found.kind)
    preview = None
    if form.validate_on_submit():
        with form.refusals():
            if "preview" in request.form:
                preview = checked(form.written())
            else:
                return _kept(role, _change(role, found, newest, form.written()))
    elif request.method == "GET":
        form.show(newest)
    return _editor(role, form, preview, found)


@blueprint.post("/campaigns/<campaign_id>/questions/<item_id>/submit")
@staff("question")
def submit(campaign_id: str, item_id: str) -> ResponseReturnValue:
    """Hand one's own draft over for review."""
    role = on_board(campaign_id)
    found = queries.item_in(db(), role.campaign, item_id)
    operations.submit(db(), role, found.versions[-1], now())
    return saved(address_of(role, found), "questions.submitted")


@blueprint.post("/campaigns/<campaign_id>/questions/<item_id>/withdraw")
@staff("question")
def withdraw(campaign_id: str, item_id: str) -> ResponseReturnValue:
    """Take back a version that nobody has decided about."""
    role = on_board(campaign_id)
    found = queries.item_in(db(), role.campaign, item_id)
    operations.withdraw(db(), role, found.versions[-1], now())
    return saved(address_of(role, found), "questions.withdrawn")


@blueprint.post("/campaigns/<campaign_id>/questions/<item_id>/retire")
@staff("question")
def retire(campaign_id: str, item_id: str) -> ResponseReturnValue:
    """Take an item out of the bank, with a reason."""
    role = on_board(campaign_id)
    role.must(permissions.may_retire(role))
    found = queries.item_in(db(), role.campaign, item_id)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.retire(db(), role, found, form.reason.data or "", now())
            return saved(address_of(role, found), "questions.retired")
    return render_template("questions/item.html", **{**item_page(role, found), "retire_form": form}), form.status


@blueprint.post("/campaigns/<campaign_id>/questions/<item_id>/restore")
@staff("question")
def restore(campaign_id: str, item_id: str) -> ResponseReturnValue:
    """Put a retired item back into the bank, with a reason."""
    role = on_board(campaign_id)
    role.must(permissions.may_retire(role))
    found = queries.item_in(db(), role.campaign, item_id)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.restore(db(), role, found, form.reason.data or "", now())
            return saved(address_of(role, found), "questions.restored")
    return render_template("questions/item.html", **{**item_page(role, found), "retire_form": form}), form.status


def search_form(role: Role, args: MultiDict[str, str]) -> SearchForm:
    """The filters of the bank, as an address has them."""
    form = SearchForm(args)
    anything = ("", say("questions.any"))
    with_choices(form.bank, [anything, *bank_choices(role)])
    with_choices(form.topic, [anything, *((topic, topic) for topic in queries.topics_of(db(), role.campaign))])
    with_choices(form.difficulty, [anything, *difficulties()])
    with_choices(form.kind, [anything, *item_kinds()])
    with_choices(form.state, [("", say("questions.any_in_use")), *((state, say(f"questions.state.{state}")) for state in STATES)])
    authors = queries.authors_of(db(), role.campaign)
    with_choices(form.author, [anything, *((author.public_id, author.display_name) for author in authors)])
    return form


def wanted_by(role: Role, form: SearchForm) -> queries.ItemFilter:
    """What the filters ask for; what no filter offers is left out."""
    bank = next((bank for bank in banks_of(role.campaign) if bank.key == form.bank.data), None)
    return queries.ItemFilter(
        text=form.text.data or "",
        bank=bank,
        topic=form.topic.data or "",
        difficulty=form.difficulty.data or "",
        state=form.state.data if form.state.data in STATES else "",
        author=form.author.data or "",
        kind=form.kind.data if form.kind.data in list(ItemKind) else "",
    )


def _kinds(role: Role) -> list[ItemKind]:
    """The kinds that some bank of this campaign may hold, in their order."""
    held = {kind for bank in banks_of(role.campaign) for kind in bank.kinds}
    return [kind for kind in ItemKind if kind in held]


def _kind_asked_for(role: Role) -> ItemKind:
    """The kind that the address names; without one, the first that a bank may hold."""
    kinds = _kinds(role)
    asked = request.args.get("kind", "")
    return next((kind for kind in kinds if kind == asked), kinds[0] if kinds else ItemKind.SINGLE_CHOICE)


def _editable(role: Role, found: Item) -> ItemVersion:
    """The version that the editor starts from; refuses while somebody else has one open."""
    newest = found.versions[-1]
    if found.retired_at is not None:
        raise Refused("questions.item_retired")
    if newest.state == "in_review":
        raise Conflict("questions.version_open")
    if newest.state == "draft" and not permissions.may_change_draft(role, newest):
        raise NotPermitted("questions.not_your_draft")
    return newest


def _change(role: Role, found: Item, newest: ItemVersion, written: Written) -> ItemVersion:
    if newest.state != "draft":
        return operations.write_version(db(), role, found, written, now())
    operations.change_draft(db(), role, newest, written, now())
    return newest


def _kept(role: Role, version: ItemVersion) -> ResponseReturnValue:
    """The draft is kept; where asked, it goes on to review in the same transaction."""
    code = "questions.draft_saved"
    if "submit" in request.form:
        operations.submit(db(), role, version, now())
        code = "questions.submitted"
    return saved(address_of(role, version.item), code)


def _editor(role: Role, form: ItemForm, preview: Written | None, found: Item | None) -> ResponseReturnValue:
    return (
        render_template(
            "questions/edit.html",
            role=role,
            form=form,
            preview=preview,
            item=found,
            kinds=[] if found else _kinds(role),
            bank=bank_of(role.campaign, found.part, found.language) if found else None,
            topics=queries.topics_of(db(), role.campaign),
        ),
        form.status,
    )


def item_page(role: Role, found: Item) -> dict[str, object]:
    """What the page of an item shows."""
    newest = found.versions[-1]
    pairs = zip(found.versions[1:], found.versions, strict=False)
    return {
        "role": role,
        "item": found,
        "newest": newest,
        "approved": next((version for version in found.versions if version.state == "approved"), None),
        "bank": bank_of(role.campaign, found.part, found.language),
        "changes": {version.number: difference.between(before, version) for version, before in pairs},
        "alike": queries.same_stem(db(), newest),
        "uses": queries.uses_of(db(), found),
        "permissions": permissions,
        "return_form": ReturnForm(formdata=None),
        "image_form": ImageForm(formdata=None),
        "retire_form": ReasonForm(formdata=None),
    }


def address_of(role: Role, found: Item) -> str:
    """The address of an item's page."""
    return url_for("questions.item", campaign_id=role.campaign.public_id, item_id=found.public_id)
