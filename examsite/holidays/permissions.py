"""Who may say on which days the house works."""

from examsite.accounts.models import ADMINISTRATOR, HR_OFFICER, STAFF, Account


def may_edit_holidays(actor: Account) -> bool:
    """Add, change and remove days: HR officers and administrators of the house."""
    return actor.kind == STAFF and actor.house_role in {HR_OFFICER, ADMINISTRATOR} and actor.disabled_at is None
