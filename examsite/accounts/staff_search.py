"""Staff accounts as a list: found by name or sign-in name without marks, narrowed by state, sorted by a column."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from examsite.accounts.models import Account
from examsite.vietnamese import fold, name_sort_key

PAGE = 50
STATES = ("active", "waiting", "disabled")
USUAL: Final = "name"
SORTS: Final[Mapping[str, Callable[[Account], Any]]] = {
    "name": lambda account: name_sort_key(account.display_name),
    "sign_in": lambda account: account.sign_in_name,
    "role": lambda account: account.house_role,
    "state": lambda account: STATES.index(state_of(account)),
}


def state_of(account: Account) -> str:
    """Whether an account is disabled, active, or waits for its owner to set a password."""
    if account.disabled_at is not None:
        return "disabled"
    return "active" if account.password_hash else "waiting"


def narrowed(staff: Iterable[Account], words: str, state: str) -> list[Account]:
    """Those whose name or sign-in name holds the words and who are in this state, where either is given; in the order of names,
    and equal names as they came."""
    text = fold(words)
    found = [account for account in staff if _matches(account, text, state)]
    return sorted(found, key=SORTS[USUAL])


def _matches(account: Account, text: str, state: str) -> bool:
    if state and state_of(account) != state:
        return False
    return text in fold(account.display_name) or text in fold(account.sign_in_name)
