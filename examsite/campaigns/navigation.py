"""The pages of a campaign that lead on to each other: every room puts its own on the list, each person sees what their boards open."""

from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from examsite.campaigns.roles import Role


@dataclass(frozen=True)
class Tab:
    """One entry. `boards` are those that may open it, none for everybody with a seat; `place` orders the entries of all rooms."""

    endpoint: str
    label: LazyString
    boards: tuple[str, ...]
    place: int


_TABS: dict[str, Tab] = {}


def register(endpoint: str, label: LazyString, *, place: int, boards: tuple[str, ...] = ()) -> None:
    """Put a page on the list. Its address takes `campaign_id` and nothing else."""
    if endpoint in _TABS:
        raise RuntimeError(f"{endpoint} is on the list already")
    _TABS[endpoint] = Tab(endpoint, label, boards, place)


def tabs_for(role: Role) -> list[Tab]:
    """The entries that this person's boards open, in order."""
    return sorted((tab for tab in _TABS.values() if not tab.boards or role.on(*tab.boards)), key=lambda tab: tab.place)
