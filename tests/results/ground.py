"""A campaign that has come as far as a test needs: candidates, round 1 sat and marked, interviews scored and opened."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts.models import Account, LoginSession, TwoPersonAct
from examsite.audit.operations import SYSTEM, record
from examsite.campaigns.models import Application, Campaign, Entitlement, Membership, Position
from examsite.campaigns.queries import rule_set
from examsite.campaigns.roles import Role, role_of
from examsite.grading.models import Interview, Panel, PanelMember, Recusal, ScoreSheet
from examsite.grading.queries.outcomes import OPENING, about, opening_content
from examsite.results.models import Draft, Publication
from examsite.results.operations.drafts import make_draft
from examsite.results.operations.publishing import publish, put_forward
from examsite.results.queries.standing import MADE_AT, appeals_close
from examsite.rounds.models import Entrant, ExamSession, Paper, RosterEntry, Sitting, SittingMark
from examsite.rules import canonical
from examsite.rules.refusal import Refused
from tests.factories import CREATED, appoint, make_application, make_campaign, make_position, make_staff

QUESTIONS = {"general": 60, "language": 30}


@dataclass
class Ground:
    """One campaign with its people; `now` is the moment of its acts."""

    session: Session
    now: datetime
    campaign: Campaign
    hr: Account
    hr_second: Account
    chair: Account
    council: Account
    supervisor: Account
    positions: dict[str, Position] = field(default_factory=dict)
    exam: ExamSession | None = None
    panel: Panel | None = None

    def conflict(self, number: str, account: Account) -> None:
        """Somebody who scores nothing declared a conflict with a candidate before the panel."""
        interview = self.session.scalars(select(Interview).where(Interview.application_id == self.application(number).id)).one()
        member = PanelMember(panel_id=interview.panel_id, account_id=account.id, duty="decider", declared_at=CREATED)
        self.session.add(member)
        self.session.flush()
        told = {"kind": "conflict", "relation": "work", "reason": "", "recorded_at": CREATED, "recorded_by_id": account.id}
        self.session.add(Recusal(interview_id=interview.id, member_id=member.id, **told))
        self.session.flush()

    def deputy(self) -> Account:
        """The other member of the council becomes its deputy chair."""
        seat = self.session.scalars(select(Membership).where(Membership.account_id == self.council.id)).one()
        seat.duty = "deputy"
        self.session.flush()
        return self.council

    def role(self, account: Account) -> Role:
        """The role of somebody in this campaign."""
        return role_of(self.session, account, self.campaign)

    def position(self, code: str = "VT01", title: str = "Head of division", quota: int = 1) -> Position:
        """A position, made when first named."""
        if code not in self.positions:
            self.positions[code] = make_position(self.session, self.campaign, code, title, quota=quota)
        return self.positions[code]

    def candidate(self, number: str, name: str = "", position: str = "VT01", state: str = "eligible", **columns: object) -> Application:
        """An eligible candidate."""
        shown = name or f"Candidate {number}"
        columns.setdefault("workplace", f"Office {number}")
        return make_application(self.session, self.position(position), shown, state, number, account=True, **columns)

    def application(self, number: str) -> Application:
        """The application of a candidate number."""
        return self.session.scalars(
            select(Application).where(Application.campaign_id == self.campaign.id, Application.candidate_number == number)
        ).one()

    def entitle(self, number: str, kind: str, ground: str, part: str | None = None) -> None:
        """A granted priority group or exemption."""
        self.session.add(
            Entitlement(
                application_id=self.application(number).id,
                kind=kind,
                ground=ground,
                part=part,
                granted=True,
                evidence="a paper",
                decided_at=CREATED,
                decided_by_id=self.hr.id,
            )
        )
        self.session.flush()

    def sits(self, number: str, general: int = 45, language: int | None = 20, state: str = "started", reason: str = "") -> RosterEntry:
        """Round 1 of one candidate, marked; `language=None`: exempted from it, no paper was drawn."""
        self.exam = self.exam or self._exam()
        entry = RosterEntry(
            session_id=self.exam.id, application_id=self.application(number).id, candidate_number=number, state=state, reason=reason
        )
        self.session.add(entry)
        self.session.flush()
        for part, correct in {"general": general, "language": language}.items():
            if correct is not None:
                self._part(entry, part, correct)
        return entry

    def enters(self, number: str, language: int | None = 20) -> None:
        """Round 1 passed, and round 2 entered."""
        self.sits(number, language=language)
        application = self.application(number)
        self.session.add(Entrant(campaign_id=self.campaign.id, application_id=application.id, publication="by-hand", entered_at=CREATED))
        self.session.flush()

    def scores(self, number: str, *sheets: Sequence[str], state: str = "present", reason: str = "") -> Interview:
        """An interview with one locked sheet a member, scores in the order of the criteria; one sheet given stands for all members."""
        self.panel = self.panel or self._panel()
        count = len(self.panel.interviews) + 1
        interview = Interview(
            panel=self.panel,
            application_id=self.application(number).id,
            code=f"C{count:03d}",
            number=count,
            state=state,
            state_reason=reason,
        )
        self.session.add(interview)
        self.session.flush()
        for member, sheet in zip(self.panel.members, sheets if len(sheets) > 1 else sheets * len(self.panel.members), strict=False):
            self._sheet(interview, member, sheet)
        return interview

    def ranked(self, *people: tuple[str, str]) -> None:
        """Candidates (number, total) of VT01 who entered round 2 and were scored alike by both members; then the codes are opened."""
        for number, total in people:
            self.candidate(number)
            self.enters(number)
            self.scores(number, thirds(total))
        self.opens()

    def opens(self) -> None:
        """The codes opened by two people: the signed act over what stands now."""
        if self.panel is None:
            raise AssertionError("nobody was interviewed")
        self.panel.state = "opened"
        self.session.flush()
        content = opening_content(self.session, self.campaign)
        same = (TwoPersonAct.kind == OPENING, TwoPersonAct.about == about(self.campaign))
        act = self.session.scalar(select(TwoPersonAct).where(*same)) or TwoPersonAct(kind=OPENING, about=about(self.campaign))
        act.chain, act.first_id, act.first_at = self.campaign.chain, self.chair.id, CREATED
        act.digest, act.content, act.state = canonical.digest(content), {}, "signed"
        act.second_id, act.second_at = self.council.id, CREATED
        self.session.add(act)
        self.session.flush()
        record(self.session, act.chain, f"{OPENING}:opened", act.about, SYSTEM, CREATED, {"digest": act.digest, "panels": 1})

    def draft(self, kind: str) -> Draft:
        """A draft by HR, at the stage where its list is made."""
        self.campaign.stage = MADE_AT[kind]
        self.session.flush()
        return make_draft(self.session, kind, self.role(self.hr), self.now)

    def published(self, kind: str, reason: str = "") -> Publication:
        """A draft by HR, published by the chair; an official ranking once the time for appeals is over."""
        if kind == "official":
            self.waits_out_appeals()
        draft = self.draft(kind)
        act = put_forward(self.session, draft, reason, self.role(self.hr), self.now)
        return publish(self.session, draft, act.digest, self.role(self.chair), self.now)

    def waits_out_appeals(self) -> None:
        """Go on to the moment at which the time for appeals against the provisional ranking ends."""
        closes = appeals_close(self.session, self.campaign)
        if closes is not None:
            self.now = max(self.now, closes)

    def _exam(self) -> ExamSession:
        exam = ExamSession(campaign_id=self.campaign.id, name="Session 1", opens_at=CREATED, state="closed", closed_at=CREATED)
        self.session.add(exam)
        self.session.flush()
        return exam

    def _part(self, entry: RosterEntry, part: str, correct: int) -> None:
        token = hashlib.sha256(f"{entry.id}-{part}".encode()).hexdigest()
        login = LoginSession(token_hash=token, account_id=entry.application.account_id, created_at=CREATED, expires_at=CREATED)
        paper = Paper(entry_id=entry.id, part=part, items=[], digest=token, drawn_at=CREATED)
        self.session.add_all([login, paper])
        self.session.flush()
        if entry.state != "started":
            return
        times = dict.fromkeys(("opens_at", "deadline", "closes_at", "started_at", "closed_at"), CREATED)
        sitting = Sitting(
            entry_id=entry.id, paper_id=paper.id, part=part, login_session_id=login.id, state="submitted", head=b"h" * 32, **times
        )
        self.session.add(sitting)
        self.session.flush()
        questions = QUESTIONS[part]
        self.session.add(
            SittingMark(
                sitting_id=sitting.id,
                key_digest=token,
                correct=correct,
                wrong=questions - correct,
                blank=0,
                questions=questions,
                points=Fraction(correct),
                marked_at=CREATED,
            )
        )
        self.session.flush()

    def _panel(self) -> Panel:
        panel = Panel(campaign_id=self.campaign.id, name="Panel 1", starts_at=CREATED, state="closed", lot_seed="0" * 64)
        self.session.add(panel)
        self.session.flush()
        for number in range(1, max(2, rule_set(self.campaign).round2.minimum_members) + 1):
            person = make_staff(self.session, f"panel-{number}-{self.campaign.code}".lower())
            panel.members.append(PanelMember(account_id=person.id, duty="member" if number > 1 else "head", declared_at=CREATED))
        self.session.flush()
        return panel

    def _sheet(self, interview: Interview, member: PanelMember, sheet: Sequence[str]) -> None:
        self.session.add(
            ScoreSheet(
                interview_id=interview.id,
                member_id=member.id,
                version=1,
                state="locked",
                scores=dict(zip((one.id for one in rule_set(self.campaign).round2.components), sheet, strict=True)),
                saved_at=CREATED,
                locked_at=CREATED,
                seal="0" * 64,
            )
        )
        self.session.flush()


def make_ground(
    session: Session, now: datetime, code: str = "LA-2026-01", changes: dict[str, object] | None = None, rules: str = "leader-screening"
) -> Ground:
    """A campaign with its HR, its council and its supervision, and nobody in it yet."""
    names = {name: make_staff(session, f"{name}-{code}".lower(), password=name in ("chair", "council")) for name in _CAST}
    campaign = make_campaign(session, rules, code, "announced", names["hr"], changes)
    appoint(session, campaign, names["hr_second"], "hr")
    appoint(session, campaign, names["chair"], "council", "head")
    appoint(session, campaign, names["council"], "council")
    appoint(session, campaign, names["supervisor"], "supervision")
    return Ground(session, now, campaign, **names)


_CAST = ("hr", "hr_second", "chair", "council", "supervisor")


def thirds(total: str) -> tuple[str, str, str]:
    """Scores of the three criteria that add up to a total, as far as their steps allow: presentation takes what the others leave."""
    whole = Decimal(total)
    each = (whole * Decimal("0.6")).quantize(Decimal(1)) / 2
    return str(whole - 2 * each), str(each), str(each)


@contextmanager
def refused(code: str, kind: type[Refused] = Refused) -> Iterator[None]:
    """What is done inside is refused with exactly this code."""
    with pytest.raises(kind) as caught:
        yield
    assert caught.value.code == code
