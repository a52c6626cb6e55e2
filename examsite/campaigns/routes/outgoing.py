"""The list of applications with its filters as a workbook. It carries names away, so it is a form and the log keeps who took it."""

from collections.abc import Sequence

from flask import Response, request
from flask_babel import gettext

from examsite.access import staff
from examsite.accounts.list_pages import download
from examsite.campaigns import permissions
from examsite.campaigns.application_rows.columns import COLUMNS, SHEET_NAMES
from examsite.campaigns.forms.searching import ApplicationSearchForm
from examsite.campaigns.models import Application
from examsite.campaigns.operations.taking import list_taken
from examsite.campaigns.queries import applications as queries
from examsite.campaigns.queries.filters import Search
from examsite.campaigns.roles import Role
from examsite.campaigns.routes import blueprint
from examsite.campaigns.routes.applications import as_typed
from examsite.campaigns.routes.listing import READERS, as_filters, reading, search_form
from examsite.lists.columns import COUNTER
from examsite.sheets.writing import NewSheet, write_xlsx
from examsite.web import language
from examsite.web.context import db, now
from examsite.web.forms import label_of
from examsite.wording import say

PRIVATE = ("email",)


@blueprint.post("/campaigns/<campaign_id>/applications.xlsx")
@staff(*READERS)
def applications_file(campaign_id: str) -> Response:
    """All that the filters find. Its columns are those of the file that applications come in, so it can be taken in elsewhere."""
    role = reading(campaign_id)
    search = Search.of(as_filters(request.form.get("filters", "")))
    found = queries.all_found(db(), role.campaign, search, None, by_identity=permissions.may_screen(role))
    filters = {name: value for name, value in search.filters.items() if name != "text"}  # the words may be a name or a number
    list_taken(db(), role, "applications", len(found), now(), filters=filters)
    db().commit()
    return download(_workbook(role, found, search_form(role, search)), f"{role.campaign.code}-applications.xlsx")


def _workbook(role: Role, found: Sequence[Application], form: ApplicationSearchForm) -> bytes:
    spoken, whole = language.reading(), permissions.may_screen(role)
    columns = [column for column in COLUMNS if whole or column.name not in PRIVATE]
    own = [gettext("Candidate number"), gettext("Position"), gettext("Unit"), gettext("State"), gettext("Reason")]
    header = [*(column.title(spoken).removesuffix(" *") for column in columns), *own]
    rows = []
    for place, one in enumerate(found, start=1):
        cells = {**as_typed(one), COUNTER: str(place)} | ({} if whole else _masked(one))
        rows.append([*(str(cells.get(column.name, "")) for column in columns), *_standing(one)])
    above = [[role.campaign.organisation], [f"{role.campaign.title} ({role.campaign.code})"], [gettext("Applications")]]
    widths = [*(column.width for column in columns), 12, 30, 30, 16, 40]
    return write_xlsx([NewSheet(SHEET_NAMES[spoken], header, rows, widths, above + [[line] for line in _narrowed(form)])])


def _masked(one: Application) -> dict[str, str]:
    return {"identity_number": queries.masked(one.person.identity_number), "phone": queries.masked(one.phone)}


def _standing(one: Application) -> list[str]:
    number, position = one.candidate_number or "", one.position
    return [number, position.title, position.unit.name, say(f"application.{one.state}"), one.decision_reason]


def _narrowed(form: ApplicationSearchForm) -> list[str]:
    """By what the list was narrowed, one line each, as the page says it."""
    return [f"{field.label.text}: {label_of(field, field.data)}" for field in form if field.data]
