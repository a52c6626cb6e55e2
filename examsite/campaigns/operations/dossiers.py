"""Write beside an application: notes, how its person was classified year by year; keep a view of the list."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.models import GRADES, Application, ApplicationNote, SavedView, YearlyClassification
from examsite.campaigns.operations.documents import hold
from examsite.campaigns.operations.unique import unless_taken
from examsite.campaigns.permissions import may_keep_dossiers, may_read_applications
from examsite.campaigns.roles import Role
from examsite.db import new_public_id, rows_changed
from examsite.rules.refusal import Conflict, Refused
from examsite.vietnamese import tidy

LONGEST_NOTE = 2_000
LONGEST_NAME = 80
MOST_VIEWS = 30
YEARS_BACK = 20


def years_of(now: datetime) -> range:
    """The years for which a classification may be recorded, newest first."""
    return range(now.year, now.year - YEARS_BACK - 1, -1)


def add_note(
    session: Session, role: Role, application: Application, text: str, now: datetime, corrects: ApplicationNote | None = None
) -> None:
    """Write a note, or one that corrects an earlier one. Refuses (`dossiers.`) `note_missing`, `note_long`, and `documents.closed`."""
    role.must(may_keep_dossiers(role))
    hold(session, role, application)
    words = text.strip()
    if not words:
        raise Refused("dossiers.note_missing", field="text")
    if len(words) > LONGEST_NOTE:
        raise Refused("dossiers.note_long", field="text", longest=LONGEST_NOTE)
    note = ApplicationNote(
        public_id=new_public_id(),
        application_id=application.id,
        text=words,
        written_at=now,
        written_by_id=role.account.id,
        corrects_id=corrects.id if corrects else None,
    )
    session.add(note)
    session.flush()
    data = {"note": note.public_id, "text": words} | ({"corrects": corrects.public_id} if corrects else {})
    _log(session, role, application, "note:written", now, data)


def record_year(session: Session, role: Role, application: Application, year: int, grade: str, source: str, now: datetime) -> None:
    """Record how the person was classified for a year; it supersedes what stood there, which stays readable.

    `grade` is one of `GRADES`, which are assumed there. Refuses (`dossiers.`) `year_range`, `grade_unknown`, `year_as_before`, and
    `documents.closed`.
    """
    role.must(may_keep_dossiers(role))
    hold(session, role, application)
    if year not in years_of(now):
        raise Refused("dossiers.year_range", field="year", first=now.year - YEARS_BACK, last=now.year)
    if grade not in GRADES:
        raise Refused("dossiers.grade_unknown", field="grade")
    named = tidy(source)
    mine = (
        YearlyClassification.application_id == application.id,
        YearlyClassification.year == year,
        YearlyClassification.superseded_at.is_(None),
    )
    before = session.scalar(select(YearlyClassification).where(*mine))
    if before is not None and (before.grade, before.source) == (grade, named):
        raise Refused("dossiers.year_as_before", field="grade", year=year)
    if before is not None and rows_changed(session, update(YearlyClassification).where(*mine).values(superseded_at=now)) != 1:
        raise Conflict("changed_meanwhile")
    with unless_taken(session, Conflict("changed_meanwhile")):
        session.add(
            YearlyClassification(
                application_id=application.id,
                year=year,
                grade=grade,
                source=named,
                recorded_at=now,
                recorded_by_id=role.account.id,
            )
        )
    data = {"year": year, "grade": grade, "source": named, "before": before.grade if before else None}
    _log(session, role, application, "classification:recorded", now, data)


def save_view(session: Session, role: Role, name: str, filters: Mapping[str, str], now: datetime) -> SavedView:
    """Keep the filters of the list under a name; one's own view of the same name is replaced.

    A view changes nothing that anybody else sees, so it leaves no entry in the log. Refuses (`dossiers.`) `view_unnamed`, `view_long`,
    `view_empty`, `views_many`.
    """
    role.must(may_read_applications(role))
    words = tidy(name)
    if not words:
        raise Refused("dossiers.view_unnamed", field="name")
    if len(words) > LONGEST_NAME:
        raise Refused("dossiers.view_long", field="name", longest=LONGEST_NAME)
    kept = {key: value for key, value in filters.items() if value}
    if not kept:
        raise Refused("dossiers.view_empty", field="name")
    mine = select(SavedView).where(SavedView.campaign_id == role.campaign.id, SavedView.account_id == role.account.id)
    views = {view.name: view for view in session.scalars(mine)}
    if words not in views and len(views) >= MOST_VIEWS:
        raise Refused("dossiers.views_many", field="name", most=MOST_VIEWS)
    view = views.get(words) or SavedView(public_id=new_public_id(), campaign_id=role.campaign.id, account_id=role.account.id, name=words)
    view.filters, view.saved_at = kept, now
    with unless_taken(session, Conflict("changed_meanwhile")):
        session.add(view)
    return view


def drop_view(session: Session, role: Role, view: SavedView) -> None:
    """Forget a view of one's own."""
    role.must(view.account_id == role.account.id)
    session.delete(view)
    session.flush()


def _log(session: Session, role: Role, application: Application, what: str, now: datetime, data: Mapping[str, object]) -> None:
    record(session, role.campaign.chain, f"campaigns:{what}", f"application:{application.public_id}", role.actor, now, data)
