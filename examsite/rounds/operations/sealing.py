"""Seal papers: the first person fixes the seed and draws, the second draws again, gets the same, and only then are papers stored."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examsite.accounts import acts
from examsite.accounts.models import TwoPersonAct
from examsite.accounts.queries import open_act
from examsite.audit.operations import record
from examsite.campaigns.operations import telling
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.roles import Role, role_of
from examsite.db import rows_changed
from examsite.notices.operations import Recipient
from examsite.questions.models import DIFFICULTIES
from examsite.rounds import draw
from examsite.rounds.models import ExamSession, Paper, RosterEntry
from examsite.rounds.operations.announcing import tell_session_reopened, tell_session_set
from examsite.rounds.operations.sessions import about, hold
from examsite.rounds.permissions import may_seal
from examsite.rounds.queries.sealing import Preparation, obstacles, prepare
from examsite.rounds.queries.sessions import has_begun
from examsite.rules import drawing
from examsite.rules.refusal import Conflict, Refused

ACT = "rounds:papers"


def propose_sealing(session: Session, exam: ExamSession, role: Role, now: datetime) -> TwoPersonAct:
    """Fix the seed, draw all papers to see that they can be drawn, and sign as the first person what the second will be shown.

    Refuses (`rounds.not_planned`) a session that is sealed, (`rounds.cannot_seal`) one that something is missing for, and
    (`rounds.paper_wrong`) a paper that does not pass the check.
    """
    role.must(may_seal(role))
    _hold(session, exam)
    prepared = prepare(session, exam)
    if missing := obstacles(exam, prepared, now):
        raise Refused("rounds.cannot_seal", count=len(missing))
    seed = secrets.token_bytes(drawing.SEED_BYTES)
    papers = draw.draw_papers(seed, prepared.given)
    content = sealed_content(exam, seed, prepared.given, papers, _checked(prepared, papers))
    act = acts.propose(session, chain=exam.campaign.chain, kind=ACT, about=about(exam), content=content, actor=role.account, now=now)
    exam.seed, exam.seed_commitment = seed.hex(), drawing.seed_commitment(seed)
    telling.signature_waits(session, exam.campaign, act, _signers(session, exam), _page(exam), now)
    return act


def sign_sealing(session: Session, exam: ExamSession, shown: str, role: Role, now: datetime) -> None:
    """Draw again from what stands now, sign as the second person if it is the same, and store the papers.

    Refuses the first person (`acts.same_person`), and whatever has changed since (`acts.changed_since`): bank, blueprint, roster, times.
    """
    role.must(may_seal(role))
    _hold(session, exam)
    act = _waiting(session, exam)
    seed = bytes.fromhex(exam.seed or "")
    prepared = prepare(session, exam)
    if obstacles(exam, prepared, now):
        raise Conflict("acts.changed_since")
    given = prepared.given
    papers = draw.draw_papers(seed, given)
    checked = _checked(prepared, papers)
    content = sealed_content(exam, seed, given, papers, checked)
    first_may = may_seal(role_of(session, act.first, exam.campaign))
    acts.sign(session, act, content, shown, role.account, now, first_may=first_may)
    _store(session, exam, papers, now)
    kept = draw.published(given, papers, checked)
    exam.state, exam.sealed_at = "sealed", now
    exam.draw, exam.papers_digest = kept, content["papers_digest"]
    record(session, exam.campaign.chain, "rounds:session:sealed", about(exam), role.actor, now, content)
    telling.act_signed(session, exam.campaign, act, role.account, _page(exam), now)
    tell_session_set(session, exam, now)


def withdraw_sealing(session: Session, exam: ExamSession, reason: str, role: Role, now: datetime) -> None:
    """Take back a sealing that has one signature; its seed is thrown away, the next one gets a new seed."""
    role.must(may_seal(role))
    act = _waiting(session, exam)
    acts.withdraw(session, act, reason, role.account, now)
    telling.act_withdrawn(session, exam.campaign, act, role.account, reason, _page(exam), now)
    exam.seed = exam.seed_commitment = None


def unseal(session: Session, exam: ExamSession, reason: str, role: Role, now: datetime) -> None:
    """Open a sealed session again for a correction, with a reason, before its start; the papers nobody has seen are thrown away.

    Check-ins and the access code go with them: the session may take place on another day.
    """
    role.must(may_seal(role))
    hold(session, exam, "sealed")
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    if has_begun(session, exam, now):
        raise Refused("rounds.begun_already")
    told: dict[str, object] = {"papers_digest": exam.papers_digest, "reason": reason.strip(), "seed_commitment": exam.seed_commitment}
    _throw_away_papers(session, exam)
    here = update(RosterEntry).where(RosterEntry.session_id == exam.id, RosterEntry.checked_in_at.is_not(None))
    told["check_ins"] = rows_changed(session, here.values(checked_in_at=None, checked_in_by_id=None, identity_document=None))
    exam.state, exam.access_code = "planned", None
    exam.seed = exam.seed_commitment = exam.papers_digest = exam.draw = exam.sealed_at = None
    record(session, exam.campaign.chain, "rounds:session:unsealed", about(exam), role.actor, now, told)
    tell_session_reopened(session, exam, reason, now)


def _hold(session: Session, exam: ExamSession) -> None:
    """Lock the campaign and then the planned session: nobody's exemption or position changes while papers are drawn for them."""
    locked(session, exam.campaign)
    hold(session, exam, "planned")


def _throw_away_papers(session: Session, exam: ExamSession) -> None:
    """Delete the papers, unless somebody began one in this very moment: whoever sits holds theirs by a key."""
    try:
        session.execute(delete(Paper).where(Paper.entry_id.in_(select(RosterEntry.id).where(RosterEntry.session_id == exam.id))))
    except IntegrityError as error:
        raise Refused("rounds.begun_already") from error


def sealed_content(
    exam: ExamSession, seed: bytes, given: draw.Input, papers: tuple[draw.Drawn, ...], checked: tuple[draw.Checked, ...]
) -> dict[str, Any]:
    """What both sign: everything that decides who sits what and when, and nothing that tells a paper."""
    return {
        "algorithm": drawing.PAPER_LABEL,
        "candidates": len(given.roster),
        "check": draw.checked_summary(checked),
        "closes_at": exam.closes_at,
        "name": exam.name,
        "opens_at": exam.opens_at,
        "papers": len(papers),
        "papers_digest": draw.papers_digest(papers),
        "place": exam.place,
        "pools_digest": draw.pools_digest(given),
        "roster_digest": draw.roster_digest(given),
        "rules": exam.campaign.rules_hash,
        "seed_commitment": drawing.seed_commitment(seed),
        "session": exam.public_id,
    }


def _checked(prepared: Preparation, papers: tuple[draw.Drawn, ...]) -> tuple[draw.Checked, ...]:
    """Every paper checked by rules that share nothing with the draw; the first that does not pass stops the sealing."""
    try:
        return draw.check(prepared.given, papers, DIFFICULTIES)
    except draw.PaperFault as found:
        part, fault = prepared.parts[found.part], found.fault
        raise Refused("rounds.paper_wrong", number=fault.number, part=part.name, why=fault.code, item=fault.item or "–") from found


def _waiting(session: Session, exam: ExamSession) -> TwoPersonAct:
    act = open_act(session, ACT, about(exam))
    if act is None:
        raise Conflict("acts.no_longer_open")
    return act


def _signers(session: Session, exam: ExamSession) -> list[Recipient]:
    return telling.board_members(session, exam.campaign, heads=("council", "question"))


def _page(exam: ExamSession) -> tuple[str, dict[str, str]]:
    return "rounds.sealing", {"campaign_id": exam.campaign.public_id, "session_id": exam.public_id}


def _store(session: Session, exam: ExamSession, papers: tuple[draw.Drawn, ...], now: datetime) -> None:
    entries = {
        number: entry
        for entry, number in session.execute(select(RosterEntry.id, RosterEntry.candidate_number).where(RosterEntry.session_id == exam.id))
    }
    rows = [
        {
            "entry_id": entries[paper.number],
            "part": paper.part,
            "items": [[item.item, item.version, list(item.options)] for item in paper.items],
            "digest": paper.digest,
            "drawn_at": now,
        }
        for paper in papers
    ]
    session.execute(insert(Paper), rows)
