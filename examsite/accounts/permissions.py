"""Who may do what to accounts. Administrators manage staff, never candidates' codes, papers or scores."""

from examsite.accounts.models import ADMINISTRATOR, HR_OFFICER, STAFF, Account


def may_manage_staff(actor: Account) -> bool:
    """Invite, disable, enable and re-code staff accounts."""
    return actor.kind == STAFF and actor.house_role == ADMINISTRATOR and actor.disabled_at is None


def may_create_campaigns(actor: Account) -> bool:
    """Open a new campaign."""
    return actor.kind == STAFF and actor.house_role == HR_OFFICER and actor.disabled_at is None
