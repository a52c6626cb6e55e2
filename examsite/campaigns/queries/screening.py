"""What screening has found about one application, what it may still decide, and whether it is still open at all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from examsite.accounts.models import TwoPersonAct
from examsite.audit.models import LogEntry
from examsite.audit.queries import LogFilter, entries_naming, entries_of
from examsite.campaigns.models import STAGES, Application, Campaign, Criterion, CriterionFinding, Entitlement, Position
from examsite.campaigns.queries.campaigns import rule_set
from examsite.campaigns.queries.steps import stepped_back_since
from examsite.rules import canonical
from examsite.rules.policy import RuleSet, Words

OPEN_STAGES = ("announced", "applications")
PUBLICATION = "results:publication"
TOGETHER = "campaigns:applications:judged_together"
CLASSIFIED_BY_LIST = "campaigns:classifications:imported"
EXEMPTION, PRIORITY = "exemption", "priority"


@dataclass(frozen=True)
class Judged:
    """One criterion of the position, what stands about it now, and what stood before, newest first."""

    criterion: Criterion
    current: CriterionFinding | None
    earlier: Sequence[CriterionFinding]


@dataclass(frozen=True)
class Ground:
    """A ground of the rule set on which something may be granted. `part`: the one part an exemption is from, None where it is more."""

    kind: str
    id: str
    name: Words
    part: str | None = None
    points: Decimal | None = None


@dataclass(frozen=True)
class Claim:
    """A ground, what was decided about it now, and what was decided before, newest first."""

    ground: Ground
    current: Entitlement | None
    earlier: Sequence[Entitlement]

    @property
    def lapsed(self) -> bool:
        """Whether it was decided for another position and has to be decided anew."""
        return self.current is None and bool(self.earlier)


def why_closed(session: Session, campaign: Campaign) -> str | None:
    """The code of the reason why applications may not be taken in or judged now; None while they may.

    Open from the announcement until the stage `screened`, and no longer once a list was published: a list that stands must not change
    behind its readers' backs. A recorded step back after the publication opens it again.
    """
    if campaign.stage not in OPEN_STAGES:
        return "screening.not_announced" if campaign.stage == STAGES[0] else "screening.over"
    published = session.scalar(
        select(func.max(TwoPersonAct.second_at)).where(
            TwoPersonAct.chain == campaign.chain, TwoPersonAct.kind == PUBLICATION, TwoPersonAct.state == "signed"
        )
    )
    if published is None or stepped_back_since(session, campaign, OPEN_STAGES, published):
        return None
    return "screening.published"


def judged(session: Session, application: Application) -> list[Judged]:
    """Every criterion of the position in order, with its findings."""
    return judged_all(session, [application])[application.id]


def judged_all(session: Session, applications: Collection[Application]) -> dict[int, list[Judged]]:
    """The same for many applications at once, by the application's id."""
    of_position: dict[int, list[Criterion]] = {application.position_id: [] for application in applications}
    of_application: dict[int, list[CriterionFinding]] = {application.id: [] for application in applications}
    for criterion in session.scalars(select(Criterion).where(Criterion.position_id.in_(of_position)).order_by(Criterion.number)):
        of_position[criterion.position_id].append(criterion)
    for finding in session.scalars(
        select(CriterionFinding)
        .options(joinedload(CriterionFinding.found_by))
        .where(CriterionFinding.application_id.in_(of_application))
        .order_by(CriterionFinding.id.desc())
    ):
        of_application[finding.application_id].append(finding)
    return {one.id: [_judged(criterion, of_application[one.id]) for criterion in of_position[one.position_id]] for one in applications}


def grounds(rules: RuleSet, position: Position) -> list[Ground]:
    """What may be granted for this position: exemptions where it needs a language and an exemptable part asks for it, then priority."""
    return [ground for ground in all_grounds(rules) if ground.kind == PRIORITY or position.language]


def all_grounds(rules: RuleSet) -> list[Ground]:
    """What may be granted for some position of a campaign under these rules."""
    exemptable = {part.id for part in rules.round1.parts if part.exemptable and part.by_language}
    found = []
    for ground in rules.round1.exemptions:
        covered = [part for part in ground.parts if part in exemptable]
        if covered:
            found.append(Ground(EXEMPTION, ground.id, ground.name, part=covered[0] if len(covered) == 1 else None))
    return found + [Ground(PRIORITY, group.id, group.name, points=group.points) for group in rules.priority.groups]


def claims(session: Session, application: Application) -> list[Claim]:
    """Every ground that may be granted to this application, with what was decided about it."""
    decided = session.scalars(
        select(Entitlement)
        .options(joinedload(Entitlement.decided_by))
        .where(Entitlement.application_id == application.id)
        .order_by(Entitlement.id.desc())
    ).all()
    return [
        Claim(
            ground,
            next((one for one in decided if (one.kind, one.ground) == (ground.kind, ground.id) and one.superseded_at is None), None),
            [one for one in decided if (one.kind, one.ground) == (ground.kind, ground.id) and one.superseded_at is not None],
        )
        for ground in grounds(rule_set(application.campaign), application.position)
    ]


def lapsed_exemptions(session: Session, applications: Collection[Application]) -> set[int]:
    """Those of these applications, by their id, whose exemption was decided for another position and has to be decided anew."""
    standing = func.count(case((Entitlement.superseded_at.is_(None), 1)))
    decided = select(Entitlement.application_id, Entitlement.ground).where(
        Entitlement.application_id.in_([application.id for application in applications]), Entitlement.kind == EXEMPTION
    )
    lapsed = {
        (row[0], row[1]) for row in session.execute(decided.group_by(Entitlement.application_id, Entitlement.ground).having(standing == 0))
    }
    if not lapsed:
        return set()
    of_position = {one.position_id: grounds(rule_set(one.campaign), one.position) for one in applications}
    return {one.id for one in applications if any((one.id, ground.id) in lapsed for ground in of_position[one.position_id])}


def stamp(application: Application, found: Sequence[Judged]) -> str:
    """What a page showed of an application, in one short text: a form that carries an older stamp is refused."""
    shown = [[one.criterion.public_id, [one.current.met, one.current.why] if one.current else None] for one in found]
    return canonical.digest([application.state, application.decision_reason, shown])[:16]


def history(session: Session, application: Application) -> list[LogEntry]:
    """What the log says about this application, newest first, also where one act was about many applications."""
    chain, about = application.campaign.chain, f"application:{application.public_id}"
    alone = entries_of(session, chain, LogFilter(about=about))
    together = entries_naming(session, chain, (TOGETHER, CLASSIFIED_BY_LIST), application.public_id)
    return sorted([*alone, *together], key=lambda entry: entry.number, reverse=True)


def _judged(criterion: Criterion, found: Sequence[CriterionFinding]) -> Judged:
    about = [one for one in found if one.criterion_id == criterion.id]
    current = next((one for one in about if one.superseded_at is None), None)
    return Judged(criterion, current, [one for one in about if one.superseded_at is not None])
