"""What rooms above do with applications that leave the running: they say it here, and it is done in the transaction of the act.

This room knows no rosters and no panels, yet a seat has to be free in the moment in which its candidate gives it up.
"""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy.orm import Session

from examsite.audit.operations import Actor
from examsite.campaigns.models import Campaign

Follower = Callable[[Session, Campaign, Collection[int], Actor, datetime], None]
"""Called with the ids of applications that are withdrawn or ended by now, or that a corrected result of round 1 lets in no more."""
_FOLLOWERS: list[Follower] = []


def follows_leaving(follower: Follower) -> Follower:
    """Call this whenever applications leave the running; followers are called in the order in which the rooms stand above each other."""
    _FOLLOWERS.append(follower)
    return follower


def left(session: Session, campaign: Campaign, applications: Collection[int], actor: Actor, now: datetime) -> None:
    """These applications have just left the running, all of it or round 2; their rows say so already."""
    for follower in _FOLLOWERS if applications else ():
        follower(session, campaign, applications, actor, now)
