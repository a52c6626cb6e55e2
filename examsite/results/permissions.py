"""Who may do what with lists, ties and appeals, decided by the boards a person sits on."""

from collections.abc import Mapping

from examsite.campaigns.roles import NOBODY, Role


def may_read_lists(role: Role) -> bool:
    """See drafts with every figure, and what was published."""
    return role.on("hr", "council", "supervision")


def may_draft(role: Role) -> bool:
    """Compute a list and sign it as the first person."""
    return role.on("hr")


def may_publish(role: Role) -> bool:
    """Sign a drafted list as the second person, which publishes it."""
    return role.on("council")


def may_withdraw_publication(role: Role) -> bool:
    """Take back a list that waits for its second signature."""
    return role.on("hr", "council")


def may_propose_tie(role: Role, kept: Mapping[int, str]) -> bool:
    """Record, as the first person, how a tie across the quota was decided: the chair, or a deputy where one of `kept` is the chair."""
    return role.chairs(kept)


def may_have_proposed_tie(role: Role, kept: Mapping[int, str], in_place: str) -> bool:
    """Whether the decision of somebody who recorded it still stands: a deputy was in the chair's place also where the chair is back."""
    return may_propose_tie(role, kept) or (bool(in_place) and role.deputises and role.account.id not in kept)


def may_sign_tie(role: Role, kept: Mapping[int, str] = NOBODY) -> bool:
    """Sign the decision of a tie as the second person: a member of the council, none of `kept`."""
    return role.on("council") and role.account.id not in kept


def may_read_appeals(role: Role) -> bool:
    """See who appealed against what, and what was decided."""
    return role.on("hr", "council", "supervision")


def may_record_appeal(role: Role) -> bool:
    """Take in an appeal."""
    return role.on("hr")


def may_decide_appeal(role: Role, kept: Mapping[int, str]) -> bool:
    """Decide an appeal: the chair, or a deputy where one of `kept` is the chair."""
    return role.chairs(kept)
