"""Keep the documents of applications: add one that was written anew, replace it, say what it speaks to, withdraw it with a reason."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.models import DOCUMENT_KINDS, Application, ApplicationDocument, Criterion
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.operations.unique import unless_taken
from examsite.campaigns.permissions import may_keep_dossiers, may_see_documents
from examsite.campaigns.roles import Role
from examsite.db import new_public_id, rows_changed
from examsite.rules.refusal import Conflict, NotFound, Refused
from examsite.uploads import SafeFile
from examsite.vietnamese import tidy

MOST = 30
LONGEST_TITLE = 200


@dataclass(frozen=True)
class DocumentFacts:
    """What a document is, and by their public ids the criteria of the position that it speaks to."""

    kind: str
    title: str
    criteria: Collection[str] = ()


def add_document(
    session: Session,
    role: Role,
    application: Application,
    facts: DocumentFacts,
    safe: SafeFile,
    handed_in: bytes,
    now: datetime,
    replaces: ApplicationDocument | None = None,
) -> ApplicationDocument:
    """Keep a document; `safe` is what `uploads.made_safe` made of `handed_in`. One that it `replaces` counts no more and stays readable.

    Refuses (`documents.`) `closed`, `kind_unknown`, `title_missing`, `title_long`, `too_many`, `there_already`, `withdrawn_already`.
    """
    role.must(may_keep_dossiers(role))
    hold(session, role, application)
    title = _checked(facts)
    if replaces is None and _count(session, application) >= MOST:
        raise Refused("documents.too_many", field="file", most=MOST)
    document = ApplicationDocument(
        public_id=new_public_id(),
        application_id=application.id,
        kind=facts.kind,
        title=title,
        media_type=safe.media_type,
        size=len(safe.content),
        pages=safe.pages,
        digest=sha256(safe.content).hexdigest(),
        handed_in_digest=sha256(handed_in).hexdigest(),
        content=safe.content,
        added_at=now,
        added_by_id=role.account.id,
        criteria=_criteria(session, application, facts.criteria),
    )
    with unless_taken(session, Refused("documents.there_already", field="file")):
        session.add(document)
    if replaces is not None:
        _withdraw(session, role, replaces, "", now, replaced_by_id=document.id)
    _log(session, role, application, "added", now, _told(document) | ({"replaces": replaces.public_id} if replaces else {}))
    return document


def withdraw_document(session: Session, role: Role, document: ApplicationDocument, reason: str, now: datetime) -> None:
    """Let a document count no more, with a reason; it stays readable. Refuses (`documents.`) `closed`, `withdrawn_already`."""
    role.must(may_keep_dossiers(role))
    hold(session, role, document.application)
    why = tidy(reason)
    if not why:
        raise Refused("reason_missing", field="reason")
    _withdraw(session, role, document, why, now)
    _log(session, role, document.application, "withdrawn", now, {"document": document.public_id, "digest": document.digest, "reason": why})


def set_evidence(session: Session, role: Role, document: ApplicationDocument, criteria: Collection[str], now: datetime) -> None:
    """Say which criteria a standing document speaks to. Refuses (`documents.`) `closed`, `withdrawn_already`."""
    role.must(may_keep_dossiers(role))
    hold(session, role, document.application)
    session.refresh(document, ["withdrawn_at", "criteria"])
    if document.withdrawn_at is not None:
        raise Refused("documents.withdrawn_already")
    wanted = _criteria(session, document.application, criteria)
    if wanted == document.criteria:
        return
    document.criteria = wanted
    session.flush()
    data = {"document": document.public_id, "criteria": [criterion.public_id for criterion in wanted]}
    _log(session, role, document.application, "evidence", now, data)


def open_document(session: Session, role: Role, document: ApplicationDocument, now: datetime) -> ApplicationDocument:
    """Hand a document out to be read: the log keeps who saw which."""
    role.must(may_see_documents(role))
    if document.application.campaign_id != role.campaign.id:
        raise NotFound
    _log(session, role, document.application, "opened", now, {"document": document.public_id, "title": document.title})
    return document


def hold(session: Session, role: Role, application: Application) -> None:
    """Keep the row of the campaign until the end, so that no count is taken twice; nothing is added to a campaign that is closed."""
    if application.campaign_id != role.campaign.id:
        raise NotFound
    if locked(session, role.campaign).stage == "closed":
        raise Refused("documents.closed")


def _checked(facts: DocumentFacts) -> str:
    title = tidy(facts.title)
    if facts.kind not in DOCUMENT_KINDS:
        raise Refused("documents.kind_unknown", field="kind")
    if not title:
        raise Refused("documents.title_missing", field="title")
    if len(title) > LONGEST_TITLE:
        raise Refused("documents.title_long", field="title", longest=LONGEST_TITLE)
    return title


def _count(session: Session, application: Application) -> int:
    standing = (ApplicationDocument.application_id == application.id, ApplicationDocument.withdrawn_at.is_(None))
    return session.scalar(select(func.count()).select_from(ApplicationDocument).where(*standing)) or 0


def _criteria(session: Session, application: Application, public_ids: Collection[str]) -> list[Criterion]:
    mine = select(Criterion).where(Criterion.position_id == application.position_id, Criterion.public_id.in_(public_ids))
    found = list(session.scalars(mine.order_by(Criterion.number)))
    if len(found) != len(set(public_ids)):
        raise NotFound
    return found


def _withdraw(
    session: Session, role: Role, document: ApplicationDocument, why: str, now: datetime, replaced_by_id: int | None = None
) -> None:
    standing = update(ApplicationDocument).where(ApplicationDocument.id == document.id, ApplicationDocument.withdrawn_at.is_(None))
    values = {"withdrawn_at": now, "withdrawn_by_id": role.account.id, "withdrawn_why": why, "replaced_by_id": replaced_by_id}
    if rows_changed(session, standing.values(**values)) != 1:
        raise Conflict("documents.withdrawn_already")


def _told(document: ApplicationDocument) -> dict[str, object]:
    return {
        "document": document.public_id,
        "kind": document.kind,
        "title": document.title,
        "digest": document.digest,
        "handed_in_digest": document.handed_in_digest,
        "criteria": [criterion.public_id for criterion in document.criteria],
    }


def _log(session: Session, role: Role, application: Application, action: str, now: datetime, data: Mapping[str, object]) -> None:
    about = f"application:{application.public_id}"
    record(session, role.campaign.chain, f"campaigns:document:{action}", about, role.actor, now, data)
