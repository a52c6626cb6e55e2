"""What rooms above hold fast: they say it here, and are asked before something about an application is decided anew.

This room knows no rosters and no papers, yet papers that two people sealed were drawn for what was decided then.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session

from examsite.campaigns.models import Application

Holder = Callable[[Session, Application], None]
"""Called with an application whose position, exemptions or decision are about to change; refuses what it holds fast."""
_HOLDERS: list[Holder] = []


def asked_before_changes(holder: Holder) -> Holder:
    """Call this before applications change; the campaign's row is locked meanwhile, so nothing is sealed beside it."""
    _HOLDERS.append(holder)
    return holder


def must_not_be_held(session: Session, application: Application) -> None:
    """Refuse, in the words of the room above, while something there rests on how this application was decided."""
    for holder in _HOLDERS:
        holder(session, application)
