"""What lies beside an application: documents, notes, yearly classifications; and the views that a person kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from examsite.accounts.models import Account
from examsite.campaigns.models import Application, ApplicationDocument, ApplicationNote, Campaign, SavedView, YearlyClassification
from examsite.campaigns.roles import Role
from examsite.rules.refusal import NotFound


@dataclass(frozen=True)
class Year:
    """How somebody was classified for a year, and what stood there before, newest first."""

    current: YearlyClassification
    earlier: Sequence[YearlyClassification]


@dataclass(frozen=True)
class Dossier:
    """All that lies beside one application. `withdrawn`: documents that count no more; `evidence`: those that speak to a criterion."""

    documents: Sequence[ApplicationDocument]
    withdrawn: Sequence[ApplicationDocument]
    evidence: Mapping[int, Sequence[ApplicationDocument]]
    years: Sequence[Year]
    notes: Sequence[ApplicationNote]

    def corrections_of(self, note: ApplicationNote) -> list[ApplicationNote]:
        """The notes that correct this one, oldest first."""
        return [one for one in self.notes if one.corrects_id == note.id]


def dossier(session: Session, application: Application) -> Dossier:
    """The dossier of one application, without the bytes of its documents."""
    found = _documents(session, application)
    standing = [document for document in found if document.withdrawn_at is None]
    return Dossier(
        documents=standing,
        withdrawn=[document for document in found if document.withdrawn_at is not None],
        evidence=_by_criterion(standing),
        years=_years(session, application),
        notes=session.scalars(
            select(ApplicationNote)
            .options(joinedload(ApplicationNote.written_by))
            .where(ApplicationNote.application_id == application.id)
            .order_by(ApplicationNote.id)
        ).all(),
    )


def documents_of(session: Session, application: Application) -> list[ApplicationDocument]:
    """The documents that stand, for the candidate's own eyes."""
    return [document for document in _documents(session, application) if document.withdrawn_at is None]


def document_of(session: Session, application: Application, public_id: str) -> ApplicationDocument:
    """One document of this application, also one that was withdrawn, or NotFound."""
    wanted = (ApplicationDocument.application_id == application.id, ApplicationDocument.public_id == public_id)
    document = session.scalar(select(ApplicationDocument).where(*wanted))
    if document is None:
        raise NotFound
    return document


def own_document(session: Session, account: Account, public_id: str) -> ApplicationDocument:
    """A standing document of an application that belongs to this account, or NotFound."""
    document = session.scalar(
        select(ApplicationDocument)
        .join(ApplicationDocument.application)
        .where(
            ApplicationDocument.public_id == public_id,
            ApplicationDocument.withdrawn_at.is_(None),
            Application.account_id == account.id,
        )
    )
    if document is None:
        raise NotFound
    return document


def note_of(session: Session, application: Application, public_id: str) -> ApplicationNote:
    """One note of this application, or NotFound."""
    wanted = (ApplicationNote.application_id == application.id, ApplicationNote.public_id == public_id)
    note = session.scalar(select(ApplicationNote).where(*wanted))
    if note is None:
        raise NotFound
    return note


def views_of(session: Session, role: Role) -> list[SavedView]:
    """The views that this person kept for the campaign, by name."""
    mine = (SavedView.campaign_id == role.campaign.id, SavedView.account_id == role.account.id)
    return list(session.scalars(select(SavedView).where(*mine).order_by(SavedView.name)))


def view_of(session: Session, role: Role, public_id: str) -> SavedView:
    """One view of this person in this campaign, or NotFound."""
    view = session.scalar(
        select(SavedView).where(
            SavedView.campaign_id == role.campaign.id, SavedView.account_id == role.account.id, SavedView.public_id == public_id
        )
    )
    if view is None:
        raise NotFound
    return view


def note_counts(session: Session, campaign: Campaign, applications: Iterable[int]) -> dict[int, int]:
    """How many notes each of these applications has, by the application's id; those without one are not named."""
    rows = session.execute(
        select(ApplicationNote.application_id, func.count())
        .where(ApplicationNote.application_id.in_(list(applications)))
        .join(Application, Application.id == ApplicationNote.application_id)
        .where(Application.campaign_id == campaign.id)
        .group_by(ApplicationNote.application_id)
    )
    return {row[0]: row[1] for row in rows}


def _documents(session: Session, application: Application) -> Sequence[ApplicationDocument]:
    return session.scalars(
        select(ApplicationDocument)
        .options(
            joinedload(ApplicationDocument.added_by),
            joinedload(ApplicationDocument.withdrawn_by),
            selectinload(ApplicationDocument.criteria),
        )
        .where(ApplicationDocument.application_id == application.id)
        .order_by(ApplicationDocument.id)
    ).all()


def _by_criterion(documents: Sequence[ApplicationDocument]) -> dict[int, list[ApplicationDocument]]:
    found: dict[int, list[ApplicationDocument]] = {}
    for document in documents:
        for criterion in document.criteria:
            found.setdefault(criterion.id, []).append(document)
    return found


def _years(session: Session, application: Application) -> list[Year]:
    rows = session.scalars(
        select(YearlyClassification)
        .options(joinedload(YearlyClassification.recorded_by))
        .where(YearlyClassification.application_id == application.id)
        .order_by(YearlyClassification.year.desc(), YearlyClassification.id.desc())
    ).all()
    return [
        Year(one, [old for old in rows if old.year == one.year and old.superseded_at is not None])
        for one in rows
        if one.superseded_at is None
    ]
