"""Check candidates in at the door, against their papers, by somebody who neither took in nor screened their application."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.audit.queries import actors_of, data_of, newest_about
from examsite.campaigns.models import Application, ApplicationImport, CriterionFinding, Entitlement, PersonCorrection
from examsite.campaigns.roles import Role
from examsite.db import rows_changed
from examsite.rounds.models import DOCUMENTS, ExamSession, RosterEntry
from examsite.rounds.permissions import may_check_in
from examsite.rules.refusal import Conflict, Refused

SEAT_LONGEST = 20
CHECKED_IN = "rounds:entry:checked_in"
REGISTERED = ("campaigns:application:received", "campaigns:applications:imported", "campaigns:application:corrected")
"""The log's kinds of acts by which an application came to be what it was when it was screened."""


def check_in(
    session: Session, exam: ExamSession, entry: RosterEntry, document: str, seat: str, role: Role, now: datetime, *, seat_reason: str = ""
) -> None:
    """Record that this candidate is here and showed a paper of this kind (one of `DOCUMENTS`); `seat` may be left empty.

    Another seat than the allocated one takes a reason (`rounds.seat_reason_missing`), such as a machine that does not start.
    Refuses (`rounds.own_candidate`) somebody who took the application in, corrected or screened it, or decided on its entitlements,
    (`rounds.seat_taken`) a seat that another candidate of the session has, (`rounds.checked_in_already`), and whoever has begun, is absent
    or voided (`rounds.not_expected`).
    """
    role.must(may_check_in(role))
    _hold(session, exam)
    if exam.state != "sealed":
        raise Refused("rounds.session_is_closed" if exam.state == "closed" else "rounds.not_sealed")
    if document not in DOCUMENTS:
        raise Refused("rounds.document_missing", field="document")
    if role.account.id in screeners(session, entry) or role.account.public_id in registrars(session, entry):
        raise Refused("rounds.own_candidate", number=entry.candidate_number)
    allocated, wanted = entry.seat if entry.room_id is not None else None, seated(seat) or entry.seat
    moved = {"allocated": allocated, "reason": seat_reason.strip()} if allocated not in (None, wanted) else {}
    if moved and not moved["reason"]:
        raise Refused("rounds.seat_reason_missing", field="seat_reason", seat=allocated)
    _take(session, entry, document, wanted, role, now)
    session.refresh(entry)
    told = {"document": document, "number": entry.candidate_number, "seat": entry.seat, **moved}
    record(session, role.campaign.chain, CHECKED_IN, f"entry:{entry.public_id}", role.actor, now, told)


def _hold(session: Session, exam: ExamSession) -> None:
    """The session as it stands now, kept from being opened again or postponed until this is done; many are checked in beside each other."""
    mine = select(ExamSession).where(ExamSession.id == exam.id).with_for_update(read=True)
    session.scalars(mine.execution_options(populate_existing=True)).one()


def undo_check_in(session: Session, entry: RosterEntry, reason: str, role: Role, now: datetime) -> None:
    """Take a check-in back, with a reason, until the candidate has begun. A seat that was not allocated is free again; the allocated one is
    the candidate's again, unless somebody else was given it meanwhile: then they keep the one that they were moved to."""
    role.must(may_check_in(role))
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    checked_in = update(RosterEntry).where(
        RosterEntry.id == entry.id, RosterEntry.state == "listed", RosterEntry.checked_in_at.is_not(None)
    )
    session.refresh(entry)
    before = entry.seat
    away = {"checked_in_at": None, "checked_in_by_id": None, "identity_document": None}
    try:
        with session.begin_nested():
            done = rows_changed(session, checked_in.values(**away, seat=_allocated(session, entry, role)))
    except IntegrityError:
        done = rows_changed(session, checked_in.values(**away))
    if not done:
        raise Refused("rounds.check_in_stands")
    session.refresh(entry)
    told: dict[str, object] = {"number": entry.candidate_number, "reason": reason.strip()}
    if before != entry.seat:
        told |= {"before": {"seat": before}, "after": {"seat": entry.seat}}
    record(session, role.campaign.chain, "rounds:entry:check_in_undone", f"entry:{entry.public_id}", role.actor, now, told)


def _allocated(session: Session, entry: RosterEntry, role: Role) -> str | None:
    """The seat that the plan gave, as the log of the check-in has it where somebody was moved at the door; None where none was given."""
    if entry.room_id is None:
        return None
    about = f"entry:{entry.public_id}"
    newest = newest_about(session, role.campaign.chain, CHECKED_IN, [about]).get(about)
    planned = data_of(newest).get("allocated") if newest else None
    return planned if isinstance(planned, str) else entry.seat


def screeners(session: Session, entry: RosterEntry) -> frozenset[int]:
    """The accounts of those who decided about this candidate's application, a criterion of it, or an entitlement, or corrected the person
    afterwards."""
    wanted = entry.application_id
    decided = select(Application.decided_by_id).where(Application.id == wanted)
    found = select(CriterionFinding.found_by_id).where(CriterionFinding.application_id == wanted)
    entitled = select(Entitlement.decided_by_id).where(Entitlement.application_id == wanted)
    corrected = select(PersonCorrection.corrected_by_id).where(PersonCorrection.application_id == wanted)
    return frozenset(account for account in session.scalars(decided.union(found, entitled, corrected)) if account is not None)


def registrars(session: Session, entry: RosterEntry) -> frozenset[str]:
    """The public ids of those who typed this candidate's application, took in the file that it came with, or corrected it before it was
    decided, by the log."""
    application = entry.application
    came_with = select(ApplicationImport.public_id).where(ApplicationImport.id == application.import_id)
    objects = [f"application:{application.public_id}", *(f"import:{batch}" for batch in session.scalars(came_with))]
    return actors_of(session, application.campaign.chain, REGISTERED, objects)


def seated(seat: str) -> str | None:
    """A seat as it is kept: single blanks, None where none was typed. Refuses one that is too long."""
    kept = " ".join(seat.split())
    if len(kept) > SEAT_LONGEST:
        raise Refused("rounds.seat_long", field="seat", most=SEAT_LONGEST)
    return kept or None


def _take(session: Session, entry: RosterEntry, document: str, seat: str | None, role: Role, now: datetime) -> None:
    """The guarded row; of two invigilators in the same moment one is refused, and a seat is taken once."""
    expected = update(RosterEntry).where(
        RosterEntry.id == entry.id,
        RosterEntry.state == "listed",
        RosterEntry.checked_in_at.is_(None),
        RosterEntry.session_id.in_(select(ExamSession.id).where(ExamSession.state == "sealed")),
    )
    here = {"checked_in_at": now, "checked_in_by_id": role.account.id, "identity_document": document, "seat": seat}
    try:
        with session.begin_nested():
            done = rows_changed(session, expected.values(**here))
    except IntegrityError as fault:
        raise Refused("rounds.seat_taken", field="seat", seat=seat) from fault
    if not done:
        session.refresh(entry)
        if entry.checked_in_at is not None:
            raise Conflict("rounds.checked_in_already", number=entry.candidate_number)
        raise Refused("rounds.not_expected", number=entry.candidate_number)
