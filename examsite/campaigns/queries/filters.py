"""What a list of applications is narrowed by and how it is sorted: plain values that travel in an address and can be kept as a view."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, false, or_, select

from examsite.campaigns.models import (
    Application,
    ApplicationDocument,
    ApplicationNote,
    Campaign,
    Criterion,
    CriterionFinding,
    Entitlement,
    Person,
    Position,
    Unit,
)
from examsite.sorting import Order, in_sql, ranked
from examsite.vietnamese import fold

STATES: Final = ("received", "eligible", "rejected", "withdrawn", "ended")
CRITERIA: Final = ("open", "met", "unmet")
ANSWERS: Final = ("waiting", "granted", "refused")
HAS: Final = ("claims", "notes", "documents", "no_documents")
SORTS: Final[Mapping[str, Any]] = {
    "name": Person.name_sort_key,
    "number": Application.candidate_number,
    "birth": Person.birth_date,
    "position": Position.code,
    "received": Application.received_at,
    "state": ranked(Application.state, STATES),
}
USUAL: Final = "name"
IDENTITY_LENGTH: Final = 12


@dataclass(frozen=True)
class Search:
    """What a reader looks for; empty fields do not narrow the list. `page` counts from 1.

    `position`, `unit`: codes. `criteria`: some are not judged yet (`open`), all are met, one is not (`unmet`). `exemption`: claimed and
    waiting for a decision, granted, refused. `priority`: the same, or the id of a group that was granted. `has`: claims of either
    kind that wait for a decision, notes, documents, none.
    """

    text: str = ""
    position: str = ""
    unit: str = ""
    state: str = ""
    criteria: str = ""
    exemption: str = ""
    priority: str = ""
    has: str = ""
    sort: str = ""
    page: int = 1

    @property
    def order(self) -> Order:
        """How the list is sorted: by name where nothing else is asked for."""
        return Order.of(self.sort, SORTS, USUAL)

    @property
    def filters(self) -> dict[str, str]:
        """The fields that narrow or sort, without the page, as an address carries them."""
        return {name: value for name, value in asdict(self).items() if value and name != "page"}

    @classmethod
    def of(cls, filters: Mapping[str, str], page: int = 1) -> "Search":
        """The search of such an address; what it does not know is passed over."""
        known = {one.name for one in fields(cls)} - {"page", "sort"}
        order = Order.of(filters.get("sort", ""), SORTS, USUAL)
        return cls(**{name: value for name, value in filters.items() if name in known}, sort=order.carried or "", page=page)


def conditions(campaign: Campaign, wanted: Search, by_identity: bool) -> list[ColumnElement[bool]]:
    """What a row of applications joined with person and position has to meet."""
    narrowed: list[tuple[str, Callable[[str], ColumnElement[bool]]]] = [
        (wanted.position, lambda code: Position.code == code),
        (wanted.unit, _in_unit),
        (wanted.state, lambda state: Application.state == state if state in STATES else false()),
        (wanted.criteria, _by_criteria),
        (wanted.exemption, lambda answer: _entitled("exemption", answer, Application.claimed_exemption)),
        (wanted.priority, lambda answer: _entitled("priority", answer, Application.claimed_priority)),
        (wanted.has, _by_what_it_has),
        (wanted.text.strip(), lambda text: _by_text(text, by_identity)),
    ]
    return [Application.campaign_id == campaign.id, *(make(value) for value, make in narrowed if value)]


def order_of(wanted: Search) -> tuple[Any, ...]:
    """By which columns the list is sorted; the same rows always stand in the same order."""
    return in_sql(wanted.order, SORTS, Person.name_sort_key, Application.id)


def _in_unit(code: str) -> ColumnElement[bool]:
    """The positions of a unit and of all units beneath it."""
    beneath = select(Unit.id).where(Unit.code == code).cte("beneath", recursive=True)
    beneath = beneath.union(select(Unit.id).where(Unit.parent_id == beneath.c.id))
    return Position.unit_id.in_(select(beneath.c.id))


def _by_criteria(answer: str) -> ColumnElement[bool]:
    found = and_(CriterionFinding.application_id == Application.id, CriterionFinding.superseded_at.is_(None))
    of_it = Criterion.position_id == Application.position_id
    unmet = select(CriterionFinding.id).where(found, CriterionFinding.met.is_(False)).exists()
    judged = (
        select(CriterionFinding.id).where(found, CriterionFinding.criterion_id == Criterion.id).correlate(Application, Criterion).exists()
    )
    open_one = select(Criterion.id).where(of_it, ~judged).exists()
    wanted = {"open": and_(Application.state == "received", open_one), "met": and_(~open_one, ~unmet), "unmet": unmet}
    return wanted.get(answer, false())


def _entitled(kind: str, answer: str, claimed: Any) -> ColumnElement[bool]:
    current = and_(Entitlement.application_id == Application.id, Entitlement.kind == kind, Entitlement.superseded_at.is_(None))

    def decided(*more: ColumnElement[bool]) -> ColumnElement[bool]:
        return select(Entitlement.id).where(current, *more).exists()

    if answer == "waiting":
        return and_(claimed != "", ~decided())
    if answer in ANSWERS:
        return decided(Entitlement.granted.is_(answer == "granted"))
    return decided(Entitlement.granted.is_(True), Entitlement.ground == answer)


def _by_what_it_has(what: str) -> ColumnElement[bool]:
    notes = select(ApplicationNote.id).where(ApplicationNote.application_id == Application.id).exists()
    standing = and_(ApplicationDocument.application_id == Application.id, ApplicationDocument.withdrawn_at.is_(None))
    documents = select(ApplicationDocument.id).where(standing).exists()
    claims = or_(
        _entitled("priority", "waiting", Application.claimed_priority), _entitled("exemption", "waiting", Application.claimed_exemption)
    )
    undecided = and_(Application.state.in_(("received", "eligible")), claims)
    return {"claims": undecided, "notes": notes, "documents": documents, "no_documents": ~documents}.get(what, false())


def _by_text(text: str, by_identity: bool) -> ColumnElement[bool]:
    number = "".join(text.split())
    if not (number.isascii() and number.isdigit()):
        return or_(Person.name_fold.contains(fold(text), autoescape=True), Application.candidate_number == text.strip())
    if len(number) >= IDENTITY_LENGTH - 2:
        return Person.identity_number == number.zfill(IDENTITY_LENGTH) if by_identity else false()
    return Application.candidate_number == number.zfill(4)
