"""Documents of an application: taken in, shown, replaced, withdrawn; and to candidates their own."""

from urllib.parse import quote

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue

from examsite.access import candidate, staff
from examsite.accounts.current import me
from examsite.campaigns import permissions
from examsite.campaigns.forms.dossiers import DocumentForm, EvidenceForm
from examsite.campaigns.models import Application, ApplicationDocument
from examsite.campaigns.operations import documents as operations
from examsite.campaigns.queries import applications as queries
from examsite.campaigns.queries import dossiers
from examsite.campaigns.roles import Role, role_in
from examsite.campaigns.routes import blueprint
from examsite.campaigns.routes.applications import hr_of
from examsite.campaigns.routes.listing import READERS
from examsite.rules.refusal import Refused
from examsite.uploads import SafeFile, made_safe
from examsite.web.context import db, now
from examsite.web.forms import ReasonForm, saved, typed
from examsite.web.headers import SEALED_POLICY

ALL = "/campaigns/<campaign_id>/applications/<application_id>/documents"
ONE = f"{ALL}/<document_id>"
ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


@blueprint.route(f"{ALL}/new", methods=["GET", "POST"])
@staff("hr")
def new_document(campaign_id: str, application_id: str) -> ResponseReturnValue:
    """Take in a document."""
    role, found = _screening(campaign_id, application_id)
    form = DocumentForm()
    form.offer(found.position.criteria)
    if form.validate_on_submit():
        with form.refusals():
            _add(campaign_id, application_id, form)
            return saved(_dossier(role, found), "documents.added")
    page = render_template("campaigns/add_document.html", role=role, application=found, form=form, replaced=None)
    return page, form.status


@blueprint.route(f"{ONE}/replace", methods=["GET", "POST"])
@staff("hr")
def replace_document(campaign_id: str, application_id: str, document_id: str) -> ResponseReturnValue:
    """Put a newer document in the place of one."""
    role, found = _screening(campaign_id, application_id)
    old = dossiers.document_of(db(), found, document_id)
    form = DocumentForm(data={"kind": old.kind, "title": old.title, "criteria": [one.public_id for one in old.criteria]})
    form.offer(found.position.criteria)
    if form.validate_on_submit():
        with form.refusals():
            _add(campaign_id, application_id, form, document_id)
            return saved(_dossier(role, found), "documents.replaced")
    return render_template("campaigns/add_document.html", role=role, application=found, form=form, replaced=old), form.status


@blueprint.get(ONE)
@staff(*READERS)
def document(campaign_id: str, application_id: str, document_id: str) -> ResponseReturnValue:
    """What is known of a document, and what can be done with it."""
    role, found = _seeing(campaign_id, application_id)
    return _page(role, found, dossiers.document_of(db(), found, document_id))


@blueprint.post(f"{ONE}/content")
@staff(*READERS)
def document_content(campaign_id: str, application_id: str, document_id: str) -> Response:
    """The document itself. Opening it leaves an entry in the log, so it is a form."""
    role, found = _seeing(campaign_id, application_id)
    answer = shown(operations.open_document(db(), role, dossiers.document_of(db(), found, document_id), now()))
    db().commit()
    return answer


@blueprint.post(f"{ONE}/evidence")
@staff("hr")
def set_evidence(campaign_id: str, application_id: str, document_id: str) -> ResponseReturnValue:
    """Say which criteria it speaks to."""
    role, found = _screening(campaign_id, application_id)
    one = dossiers.document_of(db(), found, document_id)
    form = EvidenceForm()
    form.offer(found.position.criteria)
    if form.validate_on_submit():
        with form.refusals():
            operations.set_evidence(db(), role, one, form.criteria.data or [], now())
            return saved(_dossier(role, found), "documents.evidence_set")
    return _page(role, found, one, evidence=form)


@blueprint.post(f"{ONE}/withdraw")
@staff("hr")
def withdraw_document(campaign_id: str, application_id: str, document_id: str) -> ResponseReturnValue:
    """Let it count no more."""
    role, found = _screening(campaign_id, application_id)
    one = dossiers.document_of(db(), found, document_id)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.withdraw_document(db(), role, one, typed(form.reason), now())
            return saved(_dossier(role, found), "documents.withdrawn")
    return _page(role, found, one, withdrawing=form)


@blueprint.get("/my/documents/<document_id>")
@candidate
def own_document(document_id: str) -> Response:
    """A document of the candidate's own application."""
    return shown(dossiers.own_document(db(), me(), document_id))


def shown(document: ApplicationDocument) -> Response:
    """The bytes, to be looked at and to do nothing: no script, no form, no way out of the frame of the document."""
    name = quote(f"{document.title}.{ENDINGS[document.media_type]}", safe="")
    answer = Response(document.content, mimetype=document.media_type)
    answer.headers["Content-Disposition"] = f"inline; filename=document.{ENDINGS[document.media_type]}; filename*=UTF-8''{name}"
    if document.media_type != "application/pdf":  # browsers open no PDF in a sandbox of this kind; the site's own policy still holds
        answer.headers["Content-Security-Policy"] = SEALED_POLICY
    return answer


def _add(campaign_id: str, application_id: str, form: DocumentForm, replaces: str = "") -> None:
    """The document is read before anything is locked: that may take seconds, and nobody's save waits for it."""
    sent = form.file.data.read()
    db().rollback()
    safe: SafeFile = made_safe(sent)
    role, found = _screening(campaign_id, application_id)
    old = dossiers.document_of(db(), found, replaces) if replaces else None
    if old is not None and old.withdrawn_at is not None:
        raise Refused("documents.withdrawn_already")
    operations.add_document(db(), role, found, form.facts, safe, sent, now(), old)


def _screening(campaign_id: str, application_id: str) -> tuple[Role, Application]:
    role = hr_of(campaign_id)
    role.must(permissions.may_keep_dossiers(role))
    return role, queries.application_by_public_id(db(), role.campaign, application_id)


def _seeing(campaign_id: str, application_id: str) -> tuple[Role, Application]:
    role = role_in(db(), me(), campaign_id)
    role.must(permissions.may_see_documents(role))
    return role, queries.application_by_public_id(db(), role.campaign, application_id)


def _dossier(role: Role, found: Application) -> str:
    return url_for("campaigns.application", campaign_id=role.campaign.public_id, application_id=found.public_id) + "#documents"


def _page(
    role: Role,
    found: Application,
    one: ApplicationDocument,
    evidence: EvidenceForm | None = None,
    withdrawing: ReasonForm | None = None,
) -> ResponseReturnValue:
    fresh = EvidenceForm(formdata=None, data={"criteria": [criterion.public_id for criterion in one.criteria]})
    fresh.offer(found.position.criteria)
    page = render_template(
        "campaigns/document.html",
        role=role,
        application=found,
        document=one,
        evidence=evidence or fresh,
        withdrawing=withdrawing or ReasonForm(formdata=None),
        may_keep=permissions.may_keep_dossiers(role) and role.campaign.stage != "closed",
    )
    return page, max(form.status for form in (evidence, withdrawing, ReasonForm(formdata=None)) if form is not None)
