"""Look up score sheets: one's own, and those of others that one may see."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from examsite.grading.models import Interview, Panel, PanelMember, ScoreSheet
from examsite.grading.permissions import may_score, may_see_sheet, may_see_values
from examsite.grading.queries.progress import Progress, Scorer, progress_of
from examsite.grading.seats import Seat
from examsite.rules.refusal import NotFound


def versions(session: Session, interview: Interview, member: PanelMember) -> list[ScoreSheet]:
    """Every version of one member's sheet, oldest first."""
    return list(
        session.scalars(
            select(ScoreSheet)
            .where(ScoreSheet.interview_id == interview.id, ScoreSheet.member_id == member.id)
            .order_by(ScoreSheet.version)
        )
    )


def newest(session: Session, interview: Interview, member: PanelMember) -> ScoreSheet | None:
    """The newest version of one member's sheet."""
    return session.scalar(
        select(ScoreSheet)
        .where(ScoreSheet.interview_id == interview.id, ScoreSheet.member_id == member.id)
        .order_by(ScoreSheet.version.desc())
        .limit(1)
    )


def sheet_in(session: Session, panel: Panel, public_id: str) -> ScoreSheet:
    """One version of a sheet of this panel, or NotFound; whether it may be read is `read_sheet`'s question."""
    found = session.scalar(
        select(ScoreSheet)
        .join(ScoreSheet.interview)
        .options(joinedload(ScoreSheet.interview), joinedload(ScoreSheet.member).joinedload(PanelMember.account))
        .where(ScoreSheet.public_id == public_id, Interview.panel_id == panel.id)
    )
    if found is None:
        raise NotFound
    return found


def read_sheet(session: Session, seat: Seat, public_id: str) -> ScoreSheet:
    """A version that this person may read now; NotFound also for one that exists and may not be read yet."""
    sheet = sheet_in(session, seat.panel, public_id)
    if not _may_read(seat, sheet, progress_of(session, sheet.interview)):
        raise NotFound
    return sheet


def readable_versions(session: Session, seat: Seat, sheet: ScoreSheet) -> list[ScoreSheet]:
    """The versions of the same member's sheet of the same interview that this person may read, oldest first."""
    progress = progress_of(session, sheet.interview)
    return [version for version in versions(session, sheet.interview, sheet.member) if _may_read(seat, version, progress)]


def readable(seat: Seat, progress: Progress) -> list[Scorer]:
    """The other members of an interview whose locked sheets this person may read now."""
    return [
        scorer
        for scorer in progress.scorers
        if scorer.sheet is not None
        and scorer.locked
        and (seat.member is None or scorer.member.id != seat.member.id)
        and _may_read(seat, scorer.sheet, progress)
    ]


def _may_read(seat: Seat, sheet: ScoreSheet, progress: Progress) -> bool:
    if may_see_values(seat, progress.interview, progress.complete):
        return True
    if seat.member is None or not may_score(seat, progress.interview):
        return False
    return may_see_sheet(seat.member, sheet, own_locked=progress.of(seat.member).locked)


def had_seen_others(own: list[ScoreSheet], others: list[ScoreSheet]) -> bool:
    """Whether the owner of `own` could ever have seen another's sheet: both were locked at one and the same time.

    A version that was locked and reopened counts for the time it was locked.
    """
    return any(_overlap(mine, other) for mine in own for other in others)


def others_of(session: Session, interview: Interview, member: PanelMember) -> list[ScoreSheet]:
    """Every version of every other member's sheet of one interview."""
    return list(session.scalars(select(ScoreSheet).where(ScoreSheet.interview_id == interview.id, ScoreSheet.member_id != member.id)))


def _overlap(mine: ScoreSheet, other: ScoreSheet) -> bool:
    if mine.locked_at is None or other.locked_at is None:
        return False
    mine_first = mine.reopened_at is None or other.locked_at <= mine.reopened_at
    return mine_first and (other.reopened_at is None or mine.locked_at <= other.reopened_at)
