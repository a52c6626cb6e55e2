"""A person's place at one panel, proven by rows: the object that the permissions of this room are asked about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from examsite.campaigns.roles import Role
from examsite.db import rows_changed
from examsite.grading.models import HEAD, SCORING_DUTIES, Interview, Panel, PanelMember, Recusal
from examsite.rules.refusal import Conflict, NotFound

NOT_NOW = {
    "planned": "grading.lots_not_drawn",
    "drawn": "grading.lots_drawn_already",
    "closed": "grading.panel_is_closed",
    "opened": "grading.codes_are_open",
}


@dataclass(frozen=True)
class Seat:
    """One role at one panel. `member` is the seat, if any; `recused` maps interviews (by id) to the kind of the standing recusal."""

    role: Role
    panel: Panel
    member: PanelMember | None
    recused: Mapping[int, str]

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
        """Whether the person is the council's chair."""
        return self.role.heads("council")

    @property
    def declared(self) -> bool:
        """Whether conflicts with the candidates of this panel were declared."""
        return self.member is not None and self.member.declared_at is not None

    def conflicted(self, interview: Interview) -> bool:
        """Whether a declared conflict keeps the person away from everything about this interview."""
        return self.recused.get(interview.id) == "conflict"


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
    if member is None:
        return Seat(role, panel, None, {})
    standing = session.execute(
        select(Recusal.interview_id, Recusal.kind).where(Recusal.member_id == member.id, Recusal.lifted_at.is_(None))
    )
    return Seat(role, panel, member, {row.interview_id: row.kind for row in standing})


def held(session: Session, role: Role, panel: Panel, *states: str) -> Seat:
    """Take the panel's row until the transaction ends, if the panel stands in one of `states`; return the place of `role` as it is now.

    Every write about a panel begins here, so that two of them never meet half-way; whatever was read before is read again. Conflict
    with the reason if the panel stands elsewhere.
    """
    taken = rows_changed(session, update(Panel).where(Panel.id == panel.id, Panel.state.in_(states)).values(state=Panel.state))
    session.expire_all()
    if taken != 1:
        raise Conflict(NOT_NOW[panel.state])
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
