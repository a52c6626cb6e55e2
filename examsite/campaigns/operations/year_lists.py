"""Take in a list of yearly classifications for applications that are in already."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from examsite.accounts import list_uploads
from examsite.accounts.models import ListUpload
from examsite.audit.operations import record
from examsite.campaigns.models import YearlyClassification
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.permissions import may_keep_dossiers
from examsite.campaigns.queries.intake import batches
from examsite.campaigns.queries.screening import CLASSIFIED_BY_LIST
from examsite.campaigns.queries.year_lists import Entry, YearIntake, assess
from examsite.campaigns.roles import Role
from examsite.campaigns.year_rows import YearRow
from examsite.db import rows_changed
from examsite.lists import ListFile
from examsite.rules import canonical
from examsite.rules.refusal import Conflict, Refused

KIND = "classifications"


def take_upload(session: Session, role: Role, kept: ListUpload, file: ListFile[YearRow], *, good_rows: bool, now: datetime) -> YearIntake:
    """Take in an uploaded list and wipe its content; see `take`."""
    done = take(session, role, file, good_rows=good_rows, now=now)
    list_uploads.wipe(session, kept)
    return done


def take(session: Session, role: Role, file: ListFile[YearRow], *, good_rows: bool, now: datetime) -> YearIntake:
    """Add and correct the yearly classifications of a list: all rows or none, unless `good_rows` leaves out those with errors.

    What is superseded stays readable beside the application, and the one entry in the log tells what was before of each year that was
    changed, and for which applications years are new; its digest binds every year of the list. Possible until the campaign is closed, as
    by hand (`dossiers.record_year`). Refuses `documents.closed` and (`intake.`) `has_errors`, `no_good_rows`.
    """
    role.must(may_keep_dossiers(role))
    campaign = locked(session, role.campaign)
    if campaign.stage == "closed":
        raise Refused("documents.closed")
    intake = assess(session, campaign, file)
    intake.must_be_takeable(good_rows=good_rows)
    if intake.entries:
        _supersede(session, [entry.before.id for entry in intake.entries if entry.before], now)
        _insert(session, role, intake.entries, now)
        _log(session, role, file, intake.entries, now)
    return intake


def _supersede(session: Session, ids: Sequence[int], now: datetime) -> None:
    for some in batches(ids):
        standing = update(YearlyClassification).where(YearlyClassification.id.in_(some), YearlyClassification.superseded_at.is_(None))
        if rows_changed(session, standing.values(superseded_at=now).execution_options(synchronize_session=False)) != len(some):
            raise Conflict("changed_meanwhile")


def _insert(session: Session, role: Role, entries: Sequence[Entry], now: datetime) -> None:
    common = {"recorded_at": now, "recorded_by_id": role.account.id}
    for some in batches(entries):
        values = [{"application_id": one.applicant.id, "year": one.year, "grade": one.grade, "source": one.source} for one in some]
        session.execute(insert(YearlyClassification), [value | common for value in values])


def _log(session: Session, role: Role, file: ListFile[YearRow], entries: Sequence[Entry], now: datetime) -> None:
    changed = [
        {
            "application": one.applicant.public_id,
            "year": one.year,
            "before": {"grade": one.before.grade, "source": one.before.source},
            "after": {"grade": one.grade, "source": one.source},
        }
        for one in entries
        if one.before
    ]
    new = [one for one in entries if one.before is None]
    every = sorted([one.applicant.public_id, one.year, one.grade, one.source] for one in entries)
    data = {
        "file": file.digest,
        "taken": len(entries),
        "new_rows": len(new),
        "new": sorted({one.applicant.public_id for one in new}),
        "changed": changed,
        "digest": canonical.digest(every),
    }
    record(session, role.campaign.chain, CLASSIFIED_BY_LIST, f"campaign:{role.campaign.public_id}", role.actor, now, data)
