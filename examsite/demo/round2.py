"""Round 2 of the demonstration: panels, lots, score sheets, decisions, codes opened by two people."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.campaigns.models import Application, Campaign, Position
from examsite.campaigns.queries import rule_set
from examsite.demo.people import choice
from examsite.demo.setup import named, role
from examsite.grading.models import Interview, Panel
from examsite.grading.operations import attendance, closing, conflicts, decisions, lots, opening, panels, sheets
from examsite.grading.queries.decisions import question_of
from examsite.grading.queries.outcomes import opening_content
from examsite.grading.queries.progress import panel_progress
from examsite.rules import canonical

PANELS = (("long", "huong", "tuan"), ("chau", "kien", "nhung"))
"""The members of the first panel and of the second, the head first."""


def set_up(session: Session, campaign: Campaign, which: int, positions: Sequence[str], starts_at: datetime, now: datetime) -> Panel:
    """The first or the second panel for these positions, its lots drawn, conflicts declared."""
    officer, members = role(session, campaign, "phuc"), PANELS[which - 1]
    panel = panels.create_panel(session, officer, f"Tổ phỏng vấn {which}", f"Hội trường {'AB'[which - 1]}, Sở Nội vụ", starts_at, now)
    for member in members:
        duty = "head" if member == members[0] else "member"
        panels.seat_member(session, officer, panel, named(session, member).public_id, duty, "", now)
    for position in session.scalars(select(Position).where(Position.campaign_id == campaign.id, Position.code.in_(positions))):
        panels.assign_position(session, officer, panel, position, now)
    lots.draw_lots(session, officer, panel, now)
    for member in members:
        conflicts.declare(session, role(session, campaign, member), panel, {}, now + timedelta(minutes=10))
    session.refresh(panel)
    return panel


def receive(session: Session, panel: Panel, interview: Interview, present: bool, now: datetime) -> None:
    """Record whether the candidate came."""
    officer = role(session, panel.campaign, "phuc")
    state, reason = ("present", "") if present else ("no_show", "Báo ốm qua điện thoại lúc 07:30, không đến dự phỏng vấn.")
    attendance.record_presence(session, officer, panel, interview, state, reason, now)


def score(session: Session, panel: Panel, interview: Interview, wanted: Sequence[Sequence[str]], now: datetime) -> None:
    """Every member fills in and locks a sheet: `wanted` holds each member's scores of the components in order."""
    components = rule_set(panel.campaign).round2.components
    for member, values in zip(members_of(panel), wanted, strict=True):
        scores: dict[str, Decimal | None] = {component.id: Decimal(value) for component, value in zip(components, values, strict=True)}
        who = role(session, panel.campaign, member)
        sheets.save_sheet(session, who, panel, interview, scores, "", 0, now)
        sheets.lock_sheet(session, who, panel, interview, scores, "", 1, now + timedelta(minutes=2))


def members_of(panel: Panel) -> tuple[str, ...]:
    """The sign-in names of a panel's members, the head first."""
    return PANELS[int(panel.name[-1]) - 1]


def usual_scores(number: str, level: int) -> list[list[str]]:
    """Three members who nearly agree about a candidate of `level` per cent."""
    shares = [(40, 0), (30, 1), (30, 2)]
    return [
        [_half(maximum * (level + choice(f"score/{number}/{member}/{place}", 5) - 2)) for maximum, place in shares] for member in range(3)
    ]


def decide(session: Session, panel: Panel, now: datetime) -> None:
    """Decide every spread that asks for it, by whom the rules name."""
    rules = rule_set(panel.campaign)
    for progress in panel_progress(session, panel):
        question = question_of(progress, rules)
        if question is None:
            continue
        decider = members_of(panel)[0] if question.by.value == "board_head" else "thao"
        reason = "Sau đối thoại, các thành viên thống nhất cách hiểu tiêu chí bảo vệ."
        decisions.decide_spread(session, role(session, panel.campaign, decider), panel, progress.interview, Decimal("71.5"), reason, now)


def finish(session: Session, campaign: Campaign, opened: Sequence[Panel], now: datetime) -> None:
    """Close the panels and open the codes, two people."""
    for panel in opened:
        decide(session, panel, now)
        closing.close_panel(session, role(session, campaign, members_of(panel)[0]), panel, now + timedelta(minutes=5))
    shown = canonical.digest(opening_content(session, campaign))
    act = opening.propose_opening(session, role(session, campaign, "oanh"), shown, now + timedelta(minutes=20))
    opening.sign_opening(session, role(session, campaign, "giang"), act, shown, now + timedelta(minutes=30))


def number_of(session: Session, interview: Interview) -> str:
    """The candidate number behind an interview."""
    return session.scalars(select(Application.candidate_number).where(Application.id == interview.application_id)).one() or ""


def _half(hundredfold: int) -> str:
    """A score in steps of a half, from hundredths of a maximum."""
    halves = round(hundredfold / 50)
    return f"{halves // 2}.5" if halves % 2 else str(halves // 2)
