"""Who may do what in a campaign, decided by the boards they sit on. Whether the stage still allows it is the operation's question."""

from examsite.accounts.models import HR_OFFICER, STAFF, Account
from examsite.campaigns.roles import Role


def may_edit_campaign(role: Role) -> bool:
    """Change the title, the organisation and the like."""
    return role.on("hr")


def may_change_rules(role: Role) -> bool:
    """Put a campaign's own value in place of the one its rule set gives."""
    return role.on("hr")


def may_freeze_rules(role: Role) -> bool:
    """Freeze the rules, which is what announcing the campaign does to them."""
    return role.on("hr") or role.heads("council")


def may_appoint(role: Role) -> bool:
    """Appoint people to boards and end their seats."""
    return role.on("hr") or role.heads("council")


def may_read_boards(role: Role) -> bool:
    """See who sits on which board."""
    return role.on("hr", "council", "supervision")


def may_edit_positions(role: Role) -> bool:
    """Add, change and remove positions with their criteria."""
    return role.on("hr")


def may_decide_shortage(role: Role) -> bool:
    """Decide about a position with fewer candidates than the rules ask for."""
    return role.heads("council")


def may_import_applications(role: Role) -> bool:
    """Take in applications from a file."""
    return role.on("hr")


def may_read_applications(role: Role) -> bool:
    """See who applied, with what, and what screening found."""
    return role.on("hr", "council", "supervision")


def may_screen(role: Role) -> bool:
    """Judge an application against the criteria of its position."""
    return role.on("hr")


def may_keep_dossiers(role: Role) -> bool:
    """Write notes, keep documents and yearly classifications beside an application."""
    return role.on("hr")


def may_see_documents(role: Role) -> bool:
    """Open the documents of an application: who screens, and who watches over it."""
    return role.on("hr", "supervision") or role.heads("council")


def may_close_positions(role: Role) -> bool:
    """Close a position that stands in an announced campaign."""
    return role.heads("council")


def may_correct_people(role: Role) -> bool:
    """Correct a misspelt name or a wrong date of birth after the application was decided."""
    return role.on("hr")


def may_grant_entitlements(role: Role) -> bool:
    """Grant or refuse an exemption or a priority group on evidence."""
    return role.on("hr")


def may_number_candidates(role: Role) -> bool:
    """Give candidate numbers and accounts to those who are eligible."""
    return role.on("hr")


def may_edit_units(actor: Account) -> bool:
    """Change the tree of units, which all campaigns of the house share."""
    return actor.kind == STAFF and actor.house_role == HR_OFFICER and actor.disabled_at is None
