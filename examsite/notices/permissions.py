"""Who may see that mail is not going out."""

from examsite.accounts.models import ADMINISTRATOR, STAFF, Account


def may_manage_mail(actor: Account) -> bool:
    """See the queue, with addresses of those mails that were given up, and try them again."""
    return actor.kind == STAFF and actor.house_role == ADMINISTRATOR and actor.disabled_at is None
