"""Notes and yearly classifications, written on the page of an application."""

from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.campaigns.forms.dossiers import NoteForm, YearForm
from examsite.campaigns.operations import dossiers as operations
from examsite.campaigns.queries import applications as queries
from examsite.campaigns.queries import dossiers
from examsite.campaigns.routes import blueprint
from examsite.campaigns.routes.applications import hr_of
from examsite.campaigns.routes.screening import ONE, address_of, application_page
from examsite.web.context import db, now
from examsite.web.forms import saved, typed


@blueprint.post(f"{ONE}/notes")
@staff("hr")
def add_note(campaign_id: str, application_id: str) -> ResponseReturnValue:
    """Write a note, or one that corrects another."""
    role = hr_of(campaign_id)
    found = queries.application_by_public_id(db(), role.campaign, application_id)
    form = NoteForm()
    corrects = dossiers.note_of(db(), found, typed(form.corrects)) if typed(form.corrects) else None
    if form.validate_on_submit():
        with form.refusals():
            operations.add_note(db(), role, found, typed(form.text), now(), corrects)
            return saved(address_of(role, found) + "#notes", "dossiers.note_written")
    return application_page(role, found, noting=form)


@blueprint.post(f"{ONE}/years")
@staff("hr")
def record_year(campaign_id: str, application_id: str) -> ResponseReturnValue:
    """Record how the person was classified for a year."""
    role = hr_of(campaign_id)
    found = queries.application_by_public_id(db(), role.campaign, application_id)
    form = YearForm()
    form.offer(now())
    if form.validate_on_submit():
        with form.refusals():
            operations.record_year(db(), role, found, form.number, typed(form.grade), typed(form.source), now())
            return saved(address_of(role, found) + "#years", "dossiers.year_recorded", year=form.number)
    return application_page(role, found, dating=form)
