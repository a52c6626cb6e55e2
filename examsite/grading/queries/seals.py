"""Compare all that round 2 rests on with what the log says of it, both ways, before two people sign it and whenever it is checked."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from examsite.accounts.models import Account
from examsite.accounts.queries import signed_acts
from examsite.audit.models import LogChain, LogEntry
from examsite.audit.queries import data_of, head_of, newest_about
from examsite.campaigns.models import Application, Campaign
from examsite.grading.models import SCORING_DUTIES, Interview, Panel, PanelMember, Recusal, Sanction, ScoreSheet, SpreadDecision
from examsite.grading.queries import told
from examsite.grading.queries.progress import Gap
from examsite.grading.queries.told import Difference, Facts, Ids, Said, Story
from examsite.grading.sheet_values import codes_commitment, interviews_commitment, seal_of_decision, seal_of_sheet

TRIES = 3
_SAID = select(LogEntry).join(LogChain).order_by(LogEntry.number)
_GAPS = {
    told.PANEL: "grading.gap_seal_panel",
    told.LOTS: "grading.gap_seal_lots",
    told.CODES: "grading.gap_seal_codes",
    told.INTERVIEWS: "grading.gap_seal_interviews",
    told.SEAT: "grading.gap_seal_seat",
    told.PRESENCE: "grading.gap_seal_presence",
    told.SHEET: "grading.gap_seal_sheet",
    told.VERSIONS: "grading.gap_seal_versions",
    told.RECUSAL: "grading.gap_seal_recusal",
    told.DECISION: "grading.gap_seal_decision",
    told.SANCTION: "grading.gap_seal_sanction",
    told.SIGNED: "grading.gap_seal_opening",
}
"""What is said of a thing that differs."""
_GONE = {
    told.PANEL: "grading.gap_seal_panel_gone",
    told.SHEET: "grading.gap_seal_sheet_gone",
    told.RECUSAL: "grading.gap_seal_recusal_gone",
    told.DECISION: "grading.gap_seal_decision_gone",
    told.SANCTION: "grading.gap_seal_sanction_gone",
}
_NEW = {
    told.SHEET: "grading.gap_seal_sheet_new",
    told.RECUSAL: "grading.gap_seal_recusal_new",
    told.DECISION: "grading.gap_seal_decision_new",
    told.SANCTION: "grading.gap_seal_sanction_new",
}
"""The same where the rows, or the log, know nothing of it."""


def broken_seals(session: Session, campaign: Campaign) -> list[Gap]:
    """What was changed behind the application's back since the lots, in the order of the panels; empty when all of it is as the log says.

    A thing that the log knows and no row shows is a fault like a row of which the log knows nothing. No sentence tells a score. Where
    somebody acts between the reading of the log and that of the rows, both are read again.
    """
    for _try in range(TRIES):
        head = head_of(session, campaign.chain)
        found = _compared(session, campaign)
        if not found or head_of(session, campaign.chain) == head:
            break
    return found


def opening_in_log(session: Session, campaign: Campaign) -> str | None:
    """The digest of what two people signed when they opened the codes, as the log took it; None while they are closed."""
    about = f"campaign:{campaign.public_id}"
    entry = newest_about(session, campaign.chain, f"{told.OPENING}:opened", [about]).get(about)
    return str(data_of(entry).get("digest")) if entry is not None else None


def _compared(session: Session, campaign: Campaign) -> list[Gap]:
    rows = _Rows(session, campaign)
    story = told.walk(_said(session, campaign), rows.ids())
    return rows.gaps(story, told.differences(story, rows.facts()))


def _said(session: Session, campaign: Campaign) -> Iterable[Said]:
    entries = session.scalars(_SAID.where(LogChain.name == campaign.chain, LogEntry.kind.in_(told.KINDS)))
    return (Said(entry.kind, entry.about, entry.actor, entry.actor_name, data_of(entry)) for entry in entries)


class _Rows:
    """The rows of round 2 of one campaign, as the log would tell them; read anew, whatever the session holds."""

    def __init__(self, session: Session, campaign: Campaign) -> None:
        self.session, self.campaign = session, campaign
        own = Panel.campaign_id == campaign.id
        panels = select(Panel.public_id, Panel.name, Panel.state, Panel.lot_seed, Panel.codes_salt, Panel.codes_commitment).where(own)
        self.panels = session.execute(panels.order_by(Panel.starts_at, Panel.name, Panel.id)).all()
        seats = (
            select(Panel.public_id.label("panel"), PanelMember.public_id, PanelMember.duty)
            .add_columns(Account.public_id.label("account"), Account.display_name.label("name"))
            .select_from(PanelMember)
            .join(Panel, Panel.id == PanelMember.panel_id)
            .join(Account, Account.id == PanelMember.account_id)
            .where(own)
        )
        self.seats = session.execute(seats).all()
        interviews = (
            select(Panel.public_id.label("panel"), Interview.public_id, Application.candidate_number)
            .add_columns(Interview.code, Interview.number, Interview.state, Interview.state_reason)
            .select_from(Interview)
            .join(Panel, Panel.id == Interview.panel_id)
            .join(Application, Application.id == Interview.application_id)
            .where(own)
            .order_by(Interview.number, Interview.id)
        )
        self.interviews = session.execute(interviews).all()

    def ids(self) -> Ids:
        """How entries that name the same thing in two ways are brought together."""
        return Ids(
            {(row.panel, row.candidate_number or ""): row.public_id for row in self.interviews},
            {(seat.panel, seat.account): seat.public_id for seat in self.seats},
            {row.public_id: row.panel for row in self.interviews},
        )

    def facts(self) -> Facts:
        """Everything of which the log would say something."""
        facts: Facts = {}
        for panel in self.panels:
            facts |= self._of_panel(panel)
        presence = ((row, (row.state, row.state_reason)) for row in self.interviews if row.state != "waiting")
        facts |= {(told.PRESENCE, row.panel, row.candidate_number or ""): fact for row, fact in presence}
        return facts | self._sheets() | self._recusals() | self._decisions() | self._sanctions() | self._signed()

    def gaps(self, story: Story, differences: Iterable[Difference]) -> list[Gap]:
        """Each difference as its sentence: panel by panel in the order in which they meet, then what belongs to none that is there."""
        names = story.names | {panel.public_id: panel.name for panel in self.panels}
        names |= {public_id: seat.name for seat in self.seats for public_id in (seat.public_id, seat.account)}
        names |= {row.public_id: row.code for row in self.interviews if row.code}
        panels = {row.public_id: row.panel for row in self.interviews}
        found = [_gap(difference, names, panels) for difference in differences]
        order = {panel.public_id: place for place, panel in enumerate(self.panels)}
        return sorted(found, key=lambda gap: order.get(gap.panel or "", len(order)))

    def _of_panel(self, panel: Any) -> Facts:
        """Before its lots a panel and its seats change freely."""
        own = [row for row in self.interviews if row.panel == panel.public_id]
        if panel.state == "planned" and panel.lot_seed is None and not any(row.code for row in own):
            return {}
        salt, of = panel.codes_salt or "", panel.public_id
        codes = {row.candidate_number or "": row.code or "" for row in own}
        interviews = {row.candidate_number or "": row.public_id for row in own}
        facts: Facts = {
            (told.PANEL, of): panel.state,
            (told.LOTS, of): (panel.lot_seed or "", tuple(codes)),
            (told.CODES, of): _sealed(panel.codes_commitment, codes_commitment, salt, codes),
            (told.INTERVIEWS, of): _seal(interviews_commitment, salt, interviews),
        }
        return facts | {(told.SEAT, of, seat.account): seat.duty for seat in self.seats if seat.panel == of}

    def _sheets(self) -> Facts:
        """The sheets that count: locked, the newest version of their member, who scores before this panel; and all other versions."""
        scores = and_(PanelMember.panel_id == Interview.panel_id, PanelMember.duty.in_(SCORING_DUTIES))
        query = (
            select(ScoreSheet, Interview.public_id.label("interview"), PanelMember.public_id.label("seat"), scores.label("scores"))
            .join(Interview, Interview.id == ScoreSheet.interview_id)
            .join(PanelMember, PanelMember.id == ScoreSheet.member_id)
            .join(Panel, Panel.id == Interview.panel_id)
            .where(Panel.campaign_id == self.campaign.id)
            .order_by(ScoreSheet.version)
        )
        facts: Facts = {}
        versions: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
        for row in self.session.execute(query.execution_options(populate_existing=True)):
            sheet, of = row.ScoreSheet, (row.interview, row.seat)
            version = (sheet.public_id, _sealed(sheet.seal, seal_of_sheet, sheet, *of))
            why = sheet.reopened_why or "" if sheet.state == "reopened" else ""
            versions.setdefault(of, []).append((*version, why))
            facts.pop((told.SHEET, *of), None)
            if sheet.state == "locked" and row.scores:
                facts[told.SHEET, *of] = version
        for of, every in versions.items():
            others = tuple(sorted(one for one in every if one[:2] != facts.get((told.SHEET, *of))))
            facts |= {(told.VERSIONS, *of): others} if others else {}
        return facts

    def _recusals(self) -> Facts:
        query = (
            select(Recusal.kind, Recusal.relation, Interview.public_id.label("interview"), PanelMember.public_id.label("seat"))
            .join(Interview, Interview.id == Recusal.interview_id)
            .join(PanelMember, PanelMember.id == Recusal.member_id)
            .join(Panel, Panel.id == Interview.panel_id)
            .where(Panel.campaign_id == self.campaign.id, Recusal.lifted_at.is_(None))
        )
        return {(told.RECUSAL, row.interview, row.seat): (row.kind, row.relation or "") for row in self.session.execute(query)}

    def _decisions(self) -> Facts:
        query = (
            select(SpreadDecision, Interview.public_id.label("interview"), Account.public_id.label("by"))
            .join(Interview, Interview.id == SpreadDecision.interview_id)
            .join(Panel, Panel.id == Interview.panel_id)
            .join(Account, Account.id == SpreadDecision.decided_by_id)
            .where(Panel.campaign_id == self.campaign.id, SpreadDecision.superseded_at.is_(None))
        )
        facts: Facts = {}
        for row in self.session.execute(query.execution_options(populate_existing=True)):
            sealed = _sealed(row.SpreadDecision.seal, seal_of_decision, row.SpreadDecision, row.interview)
            facts[told.DECISION, row.interview] = (sealed, row.by)
        return facts

    def _sanctions(self) -> Facts:
        by, recorder = aliased(Account), aliased(Account)
        query = (
            select(Sanction.public_id, Interview.public_id.label("interview"), Sanction.kind, Sanction.reason)
            .add_columns(
                Sanction.outcome, Sanction.decision, Sanction.in_place, by.public_id.label("by"), recorder.public_id.label("recorder")
            )
            .join(Interview, Interview.id == Sanction.interview_id)
            .join(Panel, Panel.id == Interview.panel_id)
            .join(recorder, recorder.id == Sanction.recorded_by_id)
            .outerjoin(by, by.id == Sanction.decided_by_id)
            .where(Panel.campaign_id == self.campaign.id)
        )
        return {
            (told.SANCTION, row.public_id): (
                *(row.interview, row.kind, row.reason, row.recorder),
                *(row.outcome, row.decision, row.in_place, row.by),
            )
            for row in self.session.execute(query)
        }

    def _signed(self) -> Facts:
        acts = signed_acts(self.session, told.OPENING, f"campaign:{self.campaign.public_id}")
        signed = [(act.digest, act.first.public_id, act.second.public_id if act.second else "") for act in reversed(acts)]
        return {(told.SIGNED,): tuple(signed)} if signed else {}


def _sealed(stored: str | None, seal: Callable[..., str], *of: object) -> str:
    """The seal of what stands in a row; nothing where the row shows another one, which is what people read on a page."""
    found = _seal(seal, *of)
    return found if found == stored else ""


def _seal(seal: Callable[..., str], *of: object) -> str:
    """A seal, or nothing where what stands in the row could not have been sealed at all."""
    try:
        return seal(*of)
    except (TypeError, ValueError):
        return ""


def _gap(difference: Difference, names: Mapping[str, str], panels: Mapping[str, str]) -> Gap:
    kind, *of = difference.thing
    if kind == told.SANCTION:
        known = difference.told or difference.stored
        of = [str(known[0])] if isinstance(known, tuple) else of
    first = of[0] if of else ""
    chosen = _GONE if difference.stored is None else _NEW if difference.told is None else {}
    code = chosen.get(kind, _GAPS[kind])
    if kind in (told.PANEL, told.LOTS, told.CODES, told.INTERVIEWS, told.SEAT, told.PRESENCE):
        params = {"panel": names.get(first, first)}
        panel = None if code == _GONE[told.PANEL] else first
    else:
        params, panel = {"interview": names.get(first, first)}, panels.get(first)
    if kind in (told.SEAT, told.SHEET, told.VERSIONS, told.RECUSAL):
        params["member"] = names.get(of[1], of[1])
    if kind == told.PRESENCE:
        params["number"] = of[1]
    return Gap(code, params, panel)
