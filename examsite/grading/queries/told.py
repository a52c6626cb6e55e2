"""What the log of a campaign says of round 2, walked from its first entry to its last, and where the rows say something else.

A thing is named by its kind and the public ids that it belongs to. What the log says of it is how the last entry about it left it; of a
sheet that was opened again, a decision that was superseded or a recusal that was lifted nothing stands, as no row does that counts.
Nothing here reads a database, so that every history can be tried as values.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from examsite.rules import canonical

OPENING = "grading:codes"
"""What the act of two people is called that opens the codes; the log's entries about it begin so."""
PANEL, LOTS, CODES, INTERVIEWS, SEAT, PRESENCE = "panel", "lots", "codes", "interviews", "seat", "presence"
SHEET, VERSIONS, RECUSAL, DECISION, SANCTION, SIGNED = "sheet", "versions", "recusal", "decision", "sanction", "signed"

Thing = tuple[str, ...]
"""A kind, then what it belongs to: `panel`, `lots`, `codes`, `interviews` a panel; `seat` a panel and an account; `presence` a panel and a
candidate number; `sheet`, `versions`, `recusal` an interview and a seat; `decision` an interview; `sanction` itself; `signed` nothing."""
Facts = dict[Thing, Any]

_OF_A_PANEL = frozenset({LOTS, CODES, INTERVIEWS, SEAT, PRESENCE})
_UNSAID = object()
"""What an entry says that was written before it held this field: nothing, and so nothing that could differ."""


@dataclass(frozen=True, slots=True)
class Said:
    """One entry: its kind, what it is about, who acted, and what it says."""

    kind: str
    about: str
    actor: str
    actor_name: str
    data: Mapping[str, object]

    @property
    def subject(self) -> str:
        """The public id of what the entry is about."""
        return self.about.partition(":")[2]

    def text(self, name: str) -> str:
        """One field as text; empty where it is absent."""
        found = self.data.get(name)
        return "" if found is None else str(found)


@dataclass(frozen=True, slots=True)
class Ids:
    """Which interview a candidate number of a panel names, which seat an account has there, and to which panel an interview belongs: some
    entries name the one and some the other."""

    interviews: Mapping[tuple[str, str], str]
    seats: Mapping[tuple[str, str], str]
    panels: Mapping[str, str]


@dataclass
class Story:
    """How the log leaves every thing, and what it calls panels and seats. `created` are the panels whose seats it knows from the first."""

    ids: Ids
    facts: Facts = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    created: set[str] = field(default_factory=set)
    seats: dict[str, dict[str, str]] = field(default_factory=dict)
    sheets: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """Of each sheet ever written its interview, seat and seal."""
    reopened: dict[str, str] = field(default_factory=dict)
    """Why those were opened again that were."""
    scored: dict[str, None] = field(default_factory=dict)
    """The interviews of which a sheet is or was locked."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A thing that the rows do not show as the log says; None where one of them says nothing of it."""

    thing: Thing
    told: object
    stored: object


def walk(entries: Iterable[Said], ids: Ids) -> Story:
    """Walk the entries of one campaign in their order."""
    story = Story(ids)
    for said in entries:
        if said.kind in _SAYS:
            _SAYS[said.kind](story, said)
    for panel, seats in story.seats.items():
        if (PANEL, panel) in story.facts:
            story.facts |= {(SEAT, panel, account): duty for account, duty in seats.items()}
    story.facts |= _versions(story)
    return story


def differences(story: Story, stored: Facts) -> Iterator[Difference]:
    """Every thing of which the rows say more, less or something else than the log; one difference for what has one cause."""
    found = {thing: Difference(thing, told, stored.get(thing)) for thing, told in story.facts.items() if not _same(told, stored.get(thing))}
    found |= {thing: Difference(thing, None, said) for thing, said in stored.items() if thing not in story.facts}
    gone = {thing[1] for thing, one in found.items() if thing[0] == PANEL and one.stored is None}
    for thing, one in found.items():
        unseen = thing[0] == SEAT and thing[1] not in story.created
        follows = (thing[0] in _OF_A_PANEL and thing[1] in gone) or (thing[0] == VERSIONS and (SHEET, *thing[1:]) in found)
        if not unseen and not follows:
            yield one


def _same(told: object, stored: object) -> bool:
    """Texts in the log stand in normal form C, whatever somebody typed."""
    return told is _UNSAID or told == stored or (stored is not None and canonical.to_bytes(told) == canonical.to_bytes(stored))


def _versions(story: Story) -> Facts:
    """Every version that counts no more or not yet, by interview and seat."""
    counted = {fact[0] for thing, fact in story.facts.items() if thing[0] == SHEET}
    found: dict[Thing, list[tuple[str, str, str]]] = {}
    for sheet, (interview, seat, seal) in story.sheets.items():
        if sheet not in counted:
            found.setdefault((VERSIONS, interview, seat), []).append((sheet, seal, story.reopened.get(sheet, "")))
    return {thing: tuple(sorted(versions)) for thing, versions in found.items()}


def _created(story: Story, said: Said) -> None:
    story.names[said.subject] = said.text("name")
    story.created.add(said.subject)
    story.seats.setdefault(said.subject, {})


def _renamed(story: Story, said: Said) -> None:
    story.names[said.subject] = said.text("name")


def _seated(story: Story, said: Said) -> None:
    """Whoever is seated scores no interview of which a sheet is or was locked, which the entry counts and does not name."""
    panel, account = said.subject, said.text("account")
    story.seats.setdefault(panel, {})[account] = said.text("duty")
    for interview in story.scored:
        if story.ids.panels.get(interview) == panel:
            story.facts[RECUSAL, interview, story.ids.seats.get((panel, account), account)] = ("joined_late", "")


def _unseated(story: Story, said: Said) -> None:
    story.seats.get(said.subject, {}).pop(said.text("account"), None)


def _headed(story: Story, said: Said) -> None:
    seats = story.seats.setdefault(said.subject, {})
    seats |= {account: "member" for account, duty in seats.items() if duty == "head"}
    seats[said.text("account")] = "head"


def _drawn(story: Story, said: Said) -> None:
    panel, order = said.subject, said.data.get("order")
    story.facts[PANEL, panel] = "drawn"
    story.facts[LOTS, panel] = (said.text("seed"), tuple(order) if isinstance(order, list) else ())
    story.facts[CODES, panel] = said.text("codes")
    story.facts[INTERVIEWS, panel] = said.data.get("interviews", _UNSAID)


def _moved_to(state: str) -> Callable[[Story, Said], None]:
    def moved(story: Story, said: Said) -> None:
        story.facts[PANEL, said.subject] = state

    return moved


def _opened(story: Story, _said: Said) -> None:
    """The codes of all panels together."""
    story.facts |= {thing: "opened" for thing in story.facts if thing[0] == PANEL}


def _signed(story: Story, said: Said) -> None:
    story.facts[SIGNED,] = (*story.facts.get((SIGNED,), ()), (said.text("digest"), said.text("first"), said.actor))


def _came(story: Story, said: Said) -> None:
    story.facts[PRESENCE, said.subject, said.text("candidate")] = (said.kind.rpartition(":")[2], said.text("reason"))


def _declared(story: Story, said: Said) -> None:
    panel, conflicts = said.subject, said.data.get("conflicts")
    if said.text("duty") == "decider":
        story.seats.setdefault(panel, {})[said.actor] = "decider"
    seat = story.ids.seats.get((panel, said.actor), said.actor)
    story.names[seat] = said.actor_name
    for number, relation in conflicts.items() if isinstance(conflicts, dict) else ():
        story.facts[RECUSAL, story.ids.interviews.get((panel, number), number), seat] = ("conflict", relation or "")


def _recused(story: Story, said: Said) -> None:
    """A conflict takes the place of whatever kept the seat from this interview before, and what its holder decided waits again."""
    seat, again = said.text("member"), said.data.get("sanction")
    story.names[seat] = said.text("name") or said.actor_name
    story.facts[RECUSAL, said.subject, seat] = (said.text("kind"), said.text("relation"))
    for sanction in again if isinstance(again, list) else ():
        _decide(story, str(sanction))


def _lifted(story: Story, said: Said) -> None:
    story.facts.pop((RECUSAL, said.subject, said.text("member")), None)


def _saved(story: Story, said: Said) -> None:
    seat = said.text("member")
    story.names[seat] = said.actor_name
    story.sheets[said.subject] = (said.text("interview"), seat, said.text("seal"))


def _locked(story: Story, said: Said) -> None:
    _saved(story, said)
    interview, seat, seal = story.sheets[said.subject]
    story.facts[SHEET, interview, seat] = (said.subject, seal)
    story.scored[interview] = None


def _reopened(story: Story, said: Said) -> None:
    interview, seat, seal = story.sheets.get(said.subject, ("", "", ""))
    story.reopened[said.subject] = said.text("reason")
    if story.facts.get((SHEET, interview, seat)) == (said.subject, seal):
        del story.facts[SHEET, interview, seat]


def _decided(story: Story, said: Said) -> None:
    story.facts[DECISION, said.subject] = (said.text("seal"), said.actor)


def _superseded(story: Story, said: Said) -> None:
    story.facts.pop((DECISION, said.subject), None)


def _proposed(story: Story, said: Said) -> None:
    recorded = (said.subject, said.text("kind"), said.text("reason"), said.actor)
    story.facts[SANCTION, said.text("sanction")] = (*recorded, None, "", "", None)


def _judged(story: Story, said: Said) -> None:
    outcome = said.kind.rpartition(":")[2]
    _decide(story, said.text("sanction"), outcome, said.text("reason"), said.text("in_place"), said.actor)


def _decide(story: Story, sanction: str, outcome: str | None = None, decision: str = "", in_place: str = "", by: str | None = None) -> None:
    recorded = story.facts.get((SANCTION, sanction), ())[:4]
    story.facts[SANCTION, sanction] = (*recorded, outcome, decision, in_place, by)


_SAYS: dict[str, Callable[[Story, Said], None]] = {
    "grading:panel:created": _created,
    "grading:panel:changed": _renamed,
    "grading:panel:closed": _moved_to("closed"),
    "grading:panel:reopened": _moved_to("drawn"),
    "grading:member:seated": _seated,
    "grading:member:unseated": _unseated,
    "grading:head:changed": _headed,
    "grading:lots:drawn": _drawn,
    "grading:candidate:present": _came,
    "grading:candidate:no_show": _came,
    "grading:conflicts:declared": _declared,
    "grading:recusal:recorded": _recused,
    "grading:recusal:lifted": _lifted,
    "grading:sheet:saved": _saved,
    "grading:sheet:locked": _locked,
    "grading:sheet:reopened": _reopened,
    "grading:spread:decided": _decided,
    "grading:spread:superseded": _superseded,
    "grading:sanction:recorded": _proposed,
    "grading:sanction:imposed": _judged,
    "grading:sanction:dropped": _judged,
    f"{OPENING}:signed": _signed,
    f"{OPENING}:opened": _opened,
}
KINDS = frozenset(_SAYS)
"""The kinds of entries that say how a thing of round 2 stands."""
