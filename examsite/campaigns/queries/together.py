"""What one act on many applications would change, one line each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from examsite.campaigns.models import Application
from examsite.campaigns.queries.screening import Judged, judged_all, lapsed_exemptions, stamp
from examsite.rules import canonical

MET, UNMET, ALL_MET, NOTE = "met", "unmet", "all_met", "note"
ACTS = (MET, UNMET, ALL_MET, NOTE)
MOST = 500
CHANGES, AS_BEFORE, DECIDED, NO_CRITERION = "changes", "as_before", "decided", "no_criterion"
EXEMPTION_OPEN = "exemption_open"


@dataclass(frozen=True)
class Together:
    """One act on many: `criterion` is the key of a wording (`met` and `unmet` alone need one), `why` the common reason or the note."""

    act: str
    criterion: str
    why: str


@dataclass(frozen=True)
class Planned:
    """What the act would do to one application: change it, or leave it alone and why. `found` are the criteria that it is about."""

    application: Application
    stamp: str
    outcome: str
    found: Sequence[Judged]

    @property
    def changes(self) -> bool:
        return self.outcome == CHANGES


def wording_key(text: str) -> str:
    """The key of a criterion's wording: positions that ask for the same in the same words are judged together."""
    return canonical.digest(text)[:16]


def wordings(session: Session, applications: Collection[Application]) -> Mapping[str, tuple[str, int]]:
    """The criteria of these applications by key: the words, and how many of the applications they concern; the most common first."""
    found: dict[str, tuple[str, int]] = {}
    for judged in judged_all(session, applications).values():
        for text in {one.criterion.text for one in judged}:
            key = wording_key(text)
            found[key] = (text, found.get(key, (text, 0))[1] + 1)
    return dict(sorted(found.items(), key=lambda item: (-item[1][1], item[1][0])))


def plan(session: Session, applications: Collection[Application], wanted: Together) -> list[Planned]:
    """One line for each application, in the order given."""
    judged = judged_all(session, applications)
    lapsed = lapsed_exemptions(session, applications) if wanted.act == ALL_MET else set()
    return [_planned(application, judged[application.id], wanted, application.id in lapsed) for application in applications]


def _planned(application: Application, judged: Sequence[Judged], wanted: Together, lapsed: bool) -> Planned:
    shown = stamp(application, judged)
    if wanted.act == NOTE:
        return Planned(application, shown, CHANGES, ())
    if application.state != "received":
        return Planned(application, shown, DECIDED, ())
    if wanted.act == ALL_MET:
        return Planned(application, shown, EXEMPTION_OPEN if lapsed else CHANGES, judged)
    mine = [one for one in judged if wording_key(one.criterion.text) == wanted.criterion]
    if not mine:
        return Planned(application, shown, NO_CRITERION, ())
    same = all(one.current is not None and one.current.met is (wanted.act == MET) for one in mine)
    return Planned(application, shown, AS_BEFORE if same else CHANGES, mine)
