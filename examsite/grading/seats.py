"""A person's place at one panel, proven by rows: the object that the permissions of this room are asked about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from examsite.campaigns.roles import Role
from examsite.db import rows_changed
from examsite.grading.models import HEAD, SCORING_DUTIES, Interview, Panel, PanelMember, Recusal, Sanction
from examsite.grading.queries.chairing import Kept, kept_from
from examsite.rules.refusal import Conflict, NotFound

NOT_NOW = {
    "planned": "grading.lots_not_drawn",
    "drawn": "grading.lots_drawn_already",
    "closed": "grading.panel_is_closed",
    "opened": "grading.codes_are_open",
}


@dataclass(frozen=True)
class Seat:
    """One role at one panel. `member` is the seat, if any; `recused` maps interviews (by id) to the kind of the standing recusal; `kept`,
    known to the council's chair and deputies alone, are those who do not decide as the chair here."""

    role: Role
    panel: Panel
    member: PanelMember | None
    recused: Mapping[int, str]
    kept: Kept = field(default_factory=Kept)

    @property
    def scores(self) -> bool:
        """Whether the person gives scores on this panel; a seat ends with the seat on the board it comes from."""
        return self.member is not None and self.member.duty in SCORING_DUTIES and self.role.on("panel")

    @property
    def leads(self) -> bool:
        """Whether the person heads this panel, or the board that all panels of the campaign come from."""
        return (self.scores and self.member is not None and self.member.duty == HEAD) or self.role.heads("panel")

    @property
    def chairs(self) -> bool:
        """Whether the person is the council's chair, or a deputy who decides something at this panel in the chair's place."""
        if self.role.deputises and self.role.account.id in self.kept.panel:
            return False
        return self.role.heads("council") or (self.role.deputises and self.kept.somewhere(self.role.chair_id))

    def chairs_over(self, interview: Interview, sanction: Sanction | None = None) -> bool:
        """Whether the person decides about one interview, or a sanction in it, as the council's chair or in the chair's place."""
        return self.role.chairs(self.kept.of(interview, sanction))

    @property
    def chairs_panel(self) -> bool:
        """Whether the person acts on the whole panel as the council's chair: a deputy only where the chair keeps away from all of it."""
        return (self.role.heads("council") and not self.role.deputises) or self.role.chairs(self.kept.panel)

    def reads_over(self, interview: Interview) -> bool:
        """Whether the person comes to one interview as the council's chair, or as a deputy who decides something in it."""
        reported = self.role.deputises and self.kept.reported_in(interview, self.role.chair_id)
        return (reported and self.role.account.id not in self.kept.panel) or self.chairs_over(interview)

    def in_place(self, interview: Interview, sanction: Sanction | None = None) -> str:
        """Why the person does so in the chair's place; empty for the chair."""
        return self.role.in_place(self.kept.of(interview, sanction))

    @property
    def declared(self) -> bool:
        """Whether conflicts with the candidates of this panel were declared."""
        return self.member is not None and self.member.declared_at is not None

    @property
    def conflicts(self) -> frozenset[int]:
        """The interviews (by id) of which a declared conflict keeps the person away."""
        return frozenset(interview for interview, kind in self.recused.items() if kind == "conflict")

    def conflicted(self, interview: Interview) -> bool:
        """Whether a declared conflict keeps the person away from everything about this interview."""
        return interview.id in self.conflicts


def seat_at(session: Session, role: Role, panel_public_id: str) -> Seat:
    """The place of a role at a panel of its campaign; NotFound for a panel of another."""
    panel = session.scalar(select(Panel).where(Panel.public_id == panel_public_id, Panel.campaign_id == role.campaign.id))
    if panel is None:
        raise NotFound
    return seat_of(session, role, panel)


def seat_of(session: Session, role: Role, panel: Panel) -> Seat:
    """The place of a role at a panel that is loaded already."""
    member = session.scalar(
        select(PanelMember)
        .options(joinedload(PanelMember.account))
        .where(PanelMember.panel_id == panel.id, PanelMember.account_id == role.account.id)
    )
    kept = kept_from(session, panel) if role.heads("council") or role.deputises else Kept()
    if member is None:
        return Seat(role, panel, None, {}, kept)
    standing = session.execute(
        select(Recusal.interview_id, Recusal.kind).where(Recusal.member_id == member.id, Recusal.lifted_at.is_(None))
    )
    return Seat(role, panel, member, {row.interview_id: row.kind for row in standing}, kept)


def held(session: Session, role: Role, panel: Panel, *states: str) -> Seat:
    """Take the panel's row until the transaction ends, if the panel stands in one of `states`; return the place of `role` as it is now.

    Every write about a panel begins here, so that two of them never meet half-way; whatever was read before is read again. Conflict
    with the reason if the panel stands elsewhere, NotFound if it was removed meanwhile.
    """
    panel_id = panel.id
    taken = rows_changed(session, update(Panel).where(Panel.id == panel_id, Panel.state.in_(states)).values(state=Panel.state))
    session.expire_all()
    if taken != 1:
        state = session.scalar(select(Panel.state).where(Panel.id == panel_id))
        raise Conflict(NOT_NOW[state]) if state else NotFound
    return seat_of(session, role, panel)


def held_by(session: Session, role: Role, panel: Panel, may: Callable[[Seat], bool], *states: str) -> Seat:
    """As `held`, for a place that `may` allows the act.

    Asked before the panel's state is looked at, so that nobody learns it from an act that is not theirs, and again on the place as it is
    once the row is held. Raises NotPermitted.
    """
    role.must(may(seat_of(session, role, panel)))
    seat = held(session, role, panel, *states)
    role.must(may(seat))
    return seat
