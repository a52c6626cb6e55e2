"""Whoever withdraws, or whose position is closed, leaves the rosters of planned sessions at once, and the seat is free."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.queries import open_act
from examsite.audit.operations import Actor, record
from examsite.campaigns.models import Campaign
from examsite.campaigns.operations.leaving import follows_leaving
from examsite.rounds.models import ExamSession, RosterEntry
from examsite.rounds.operations.sessions import about, unlist
from examsite.rules.refusal import Refused

PORTION = 500


@follows_leaving
def leave_rosters(session: Session, campaign: Campaign, applications: Collection[int], actor: Actor, now: datetime) -> None:
    """Take these applications off the rosters of planned sessions, each with its entry in the log.

    A roster that two people are signing or have signed stays as it is: whoever has left is marked on it and may begin nothing.
    """
    for exam in _held(session, campaign):
        for entry in list(_entries(session, exam, applications)):
            with suppress(Refused):  # minutes of the room name the entry, so it stays, and is marked
                told = unlist(session, entry)
                record(session, campaign.chain, "rounds:roster:left", about(exam), actor, now, told)


def _held(session: Session, campaign: Campaign) -> list[ExamSession]:
    """The campaign's planned sessions that no sealing waits for, locked in one order for everybody."""
    planned = select(ExamSession).where(ExamSession.campaign_id == campaign.id, ExamSession.state == "planned").order_by(ExamSession.id)
    held = session.scalars(planned.with_for_update().execution_options(populate_existing=True)).all()
    return [exam for exam in held if open_act(session, "rounds:papers", about(exam)) is None]


def _entries(session: Session, exam: ExamSession, applications: Collection[int]) -> Iterator[RosterEntry]:
    listed = select(RosterEntry).where(RosterEntry.session_id == exam.id).order_by(RosterEntry.candidate_number)
    ids = sorted(applications)
    for start in range(0, len(ids), PORTION):
        yield from session.scalars(listed.where(RosterEntry.application_id.in_(ids[start : start + PORTION])))
