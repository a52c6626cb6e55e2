"""The staff of the house as a page of a list: found by name or sign-in name without marks, narrowed by state, in the order of names."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from examsite.accounts.models import Account
from examsite.sorting import Order, in_order
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


@dataclass(frozen=True)
class StaffWanted:
    """What an administrator looks for; empty fields do not narrow the list, and a page too far is the last one."""

    text: str = ""
    state: str = ""
    page: int = 1
    order: Order = field(default_factory=lambda: Order(USUAL, usual=USUAL))

    @property
    def narrowed(self) -> dict[str, str]:
        """The fields that narrow the list, as they stand in an address."""
        return {name: value for name, value in (("q", self.text), ("state", self.state)) if value}


@dataclass(frozen=True)
class StaffPage:
    """One page of those who were found."""

    accounts: list[Account]
    found: int
    page: int
    pages: int


def state_of(account: Account) -> str:
    """Whether an account is disabled, active, or waits for its owner to set a password."""
    if account.disabled_at is not None:
        return "disabled"
    return "active" if account.password_hash else "waiting"


def staff_page(staff: Iterable[Account], wanted: StaffWanted) -> StaffPage:
    """The page that was asked for."""
    text = fold(wanted.text)
    found = [account for account in staff if _matches(account, text, wanted.state)]
    found.sort(key=lambda account: (name_sort_key(account.display_name), account.sign_in_name))
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(1, wanted.page), pages)
    found = in_order(found, wanted.order, SORTS)
    return StaffPage(found[(page - 1) * PAGE : page * PAGE], len(found), page, pages)


def _matches(account: Account, text: str, state: str) -> bool:
    if state and state_of(account) != state:
        return False
    return text in fold(account.display_name) or text in fold(account.sign_in_name)
