"""Who may move a campaign along, and who may read its log."""

from examsite.campaigns.roles import Role


def may_see_stages(role: Role) -> bool:
    """The stage line and what is missing: everybody who has a seat in the campaign."""
    return bool(role.duties)


def may_advance(role: Role) -> bool:
    """Take the next step of the stages."""
    return role.on("hr") or role.heads("council")


def may_step_back(role: Role) -> bool:
    """Take a step back, which is a recorded decision of the council's chair."""
    return role.heads("council")


def may_read_log(role: Role) -> bool:
    """Read the campaign's log; it names who did what, so it is not for those who act on candidates."""
    return role.on("supervision") or role.heads("council")
