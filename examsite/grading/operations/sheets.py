"""Fill in, lock and reopen score sheets. Each saving adds a version; none is ever overwritten."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examsite import richtext
from examsite.audit.operations import record
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role
from examsite.db import new_public_id, rows_changed
from examsite.grading.models import Interview, Panel, PanelMember, ScoreSheet, new_salt
from examsite.grading.operations.decisions import supersede_decision
from examsite.grading.permissions import may_reopen_sheets, may_score
from examsite.grading.queries.sheets import had_seen_others, newest, others_of, versions
from examsite.grading.seats import Seat, held, held_by, seat_of
from examsite.grading.sheet_values import COMMENT_LONGEST, Scores, check, seal_of_sheet, stored
from examsite.rules.refusal import Conflict, NotFound, NotPermitted, Refused


def save_sheet(
    session: Session, role: Role, panel: Panel, interview: Interview, scores: Scores, comment: str, base: int, now: datetime
) -> ScoreSheet:
    """Save a draft as a new version. `scores` by component id, None while unscored; `comment` is plain text; `base` is the version
    that was shown (0 for none).

    Refuses a version that was overtaken (`grading.sheet_changed`), a locked sheet (`grading.sheet_locked`), a candidate who was not
    recorded as present (`grading.not_present`) or takes part no more (`grading.no_sheet_needed`), and scores that do not fit
    (SheetFaulty). The same again is the same version.
    """
    return _write(session, role, panel, interview, scores, comment, base, now, state="draft")


def lock_sheet(
    session: Session, role: Role, panel: Panel, interview: Interview, scores: Scores, comment: str, base: int, now: datetime
) -> ScoreSheet:
    """Lock one's sheet as it stands in the arguments; refuses as `save_sheet`, and a criterion without a score: unscored is not zero."""
    return _write(session, role, panel, interview, scores, comment, base, now, state="locked")


def reopen_sheet(session: Session, role: Role, panel: Panel, sheet: ScoreSheet, reason: str, now: datetime) -> None:
    """End a locked version with a reason, so that its owner can lock a new one; a decision that rested on it no longer stands.

    By the panel's head or the council's chair, never by the owner (`grading.own_sheet`). Whether the owner could have seen another's
    sheet is computed and stays on this version and all later ones.
    """
    interview = sheet.interview
    seat = held_by(session, role, panel, lambda place: interview.panel_id == panel.id and may_reopen_sheets(place, interview), "drawn")
    if seat.member is not None and sheet.member_id == seat.member.id:
        raise NotPermitted("grading.own_sheet")
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    seen = _seen(session, interview, sheet.member)
    reopened = rows_changed(
        session,
        update(ScoreSheet)
        .where(ScoreSheet.id == sheet.id, ScoreSheet.state == "locked")
        .values(state="reopened", reopened_at=now, reopened_by_id=role.account.id, reopened_why=reason.strip(), had_seen_others=seen),
    )
    if reopened != 1:
        raise Conflict("grading.not_locked")
    supersede_decision(session, role, interview, now)
    data = {"interview": interview.public_id, "version": sheet.version, "reason": reason.strip(), "had_seen_others": seen}
    record(session, role.campaign.chain, "grading:sheet:reopened", f"sheet:{sheet.public_id}", role.actor, now, data)


def _write(
    session: Session, role: Role, panel: Panel, interview: Interview, scores: Scores, comment: str, base: int, now: datetime, *, state: str
) -> ScoreSheet:
    _scorer(seat_of(session, role, panel), interview)
    member = _must_score(held(session, role, panel, "drawn"), interview)
    components = rule_set(panel.campaign).round2.components
    wanted: dict[str, object] = {"state": state, "scores": stored(scores, components), "comment": _rich(comment)}
    last = newest(session, interview, member)
    if last is not None and last.version == base + 1 and _content(last) == wanted:
        return last  # the same sent twice, as by a second click or a lost answer
    if last is not None and last.state == "locked":
        raise Conflict("grading.sheet_locked")
    if (last.version if last else 0) != base:
        raise Conflict("grading.sheet_changed")
    check(scores, components, whole=state == "locked")
    sheet = _new_version(session, interview, member, wanted, base + 1, now)
    data = {"interview": interview.public_id, "member": member.public_id, "version": sheet.version, "seal": sheet.seal}
    kind = "grading:sheet:locked" if state == "locked" else "grading:sheet:saved"
    record(session, role.campaign.chain, kind, f"sheet:{sheet.public_id}", role.actor, now, data)
    return sheet


def _scorer(seat: Seat, interview: Interview) -> PanelMember:
    """The seat, if scoring this interview is its business; whoever has no seat, or stepped back, learns nothing of the panel's state."""
    if seat.member is None or not seat.scores:
        raise NotFound
    if interview.id in seat.recused:
        raise NotPermitted("grading.recused_here")
    return seat.member


def _must_score(seat: Seat, interview: Interview) -> PanelMember:
    """The seat, if it may score this interview now; each refusal says which step comes first."""
    member = _scorer(seat, interview)
    if not may_score(seat, interview):
        raise NotPermitted("grading.declare_first")
    if interview.gone:
        raise Refused("grading.no_sheet_needed")
    if interview.state != "present":
        raise Refused("grading.not_present")
    return member


def _new_version(
    session: Session, interview: Interview, member: PanelMember, wanted: dict[str, object], number: int, now: datetime
) -> ScoreSheet:
    sheet = ScoreSheet(
        **wanted,
        public_id=new_public_id(),
        interview_id=interview.id,
        member_id=member.id,
        version=number,
        saved_at=now,
        locked_at=now if wanted["state"] == "locked" else None,
        had_seen_others=any(version.had_seen_others for version in versions(session, interview, member)),
        salt=new_salt(),
    )
    sheet.seal = seal_of_sheet(sheet, interview.public_id, member.public_id)
    try:
        with session.begin_nested():
            session.add(sheet)
    except IntegrityError as error:
        raise Conflict("grading.sheet_changed") from error
    return sheet


def _content(sheet: ScoreSheet) -> dict[str, object]:
    return {"state": sheet.state, "scores": sheet.scores, "comment": sheet.comment}


def _seen(session: Session, interview: Interview, member: PanelMember) -> bool:
    own = versions(session, interview, member)
    return any(version.had_seen_others for version in own) or had_seen_others(own, others_of(session, interview, member))


def _rich(comment: str) -> str:
    if len(comment) > COMMENT_LONGEST:
        raise Refused("grading.comment_long", field="comment", most=COMMENT_LONGEST)
    return richtext.clean(richtext.from_plain(comment))
