"""The pages of a campaign that lead on to each other: every room puts its own on the list, each person sees what their boards open."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from examsite.campaigns.roles import Role


@dataclass(frozen=True)
class Tab:
    """One entry. `boards` are those that may open it, none for everybody with a seat; `allows` narrows it further by the room's own
    predicate; `place` orders the entries of all rooms."""

    endpoint: str
    label: LazyString
    boards: tuple[str, ...]
    place: int
    allows: Callable[[Role], bool] | None = None

    def open_to(self, role: Role) -> bool:
        """Whether this person may follow the entry."""
        return (not self.boards or role.on(*self.boards)) and (self.allows is None or self.allows(role))


_TABS: dict[str, Tab] = {}


def register(
    endpoint: str, label: LazyString, *, place: int, boards: tuple[str, ...] = (), allows: Callable[[Role], bool] | None = None
) -> None:
    """Put a page on the list. Its address takes `campaign_id` and nothing else."""
    if endpoint in _TABS:
        raise RuntimeError(f"{endpoint} is on the list already")
    _TABS[endpoint] = Tab(endpoint, label, boards, place, allows)


def home() -> str:
    """The endpoint that people land on when they open a campaign: the first entry of all rooms."""
    return min(_TABS.values(), key=lambda tab: tab.place).endpoint


def tabs_for(role: Role) -> list[Tab]:
    """The entries that this person's boards open, in order."""
    return sorted((tab for tab in _TABS.values() if tab.open_to(role)), key=lambda tab: tab.place)
