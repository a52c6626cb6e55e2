"""Walk what has to hold in a database, for every command that says whether it does: the log with what rests on it, and the sittings."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.audit.queries import ChainCheck, check_chains
from examsite.campaigns.models import Campaign
from examsite.grading.queries.outcomes import opened_otherwise
from examsite.grading.queries.seals import broken_seals
from examsite.results.queries.seals import ListCheck, check_publications
from examsite.results.queries.tie_proof import tie_gaps
from examsite.rounds.queries.chains import SittingCheck, check_sittings
from examsite.rounds.queries.closings import check_closings
from examsite.wording import say

WHY_ENTRY = {
    "gap": "its number does not follow the one before it: an entry was removed, added or moved",
    "destroyed": "what it says was taken out of it, so that what it shows could be anything",
    "content": "what it says is not what was committed to",
    "head": "its head does not follow from the entry before it",
    "columns": "its columns say something else than its committed content",
    "tail": "the chain's own row names another end: entries were cut off or added there",
}
WHY_LIST = {
    "content": "its content does not give its digest",
    "draft": "the figures behind it do not give their digest",
    "log": "it is not the list that the log took when it was published",
    "gone": "the log says that it was published, and it is not there",
    "order": "not the newest list of its kind alone stands",
}
WHY_EVENT = {
    "gap": "its number does not follow the one before it: an event was removed, added or moved",
    "destroyed": "what it says was taken out of it",
    "content": "what it says is not what was committed to",
    "head": "its head does not follow from the event before it",
    "digest": "its text is not the one that was received",
    "admitted": "what it admits is not what the late evidence and the decision on it say",
    "tail": "the sitting's own row says something else: another end, count, state or receipt",
    "paper": "it names another paper than the one that is stored",
    "marks": "the marks that are stored are not what the answers come to by the key of the paper",
}
WHY_SESSION = {
    "log": "it stands closed and the log does not say so once, or the other way round",
    "sittings": "its sittings are not those whose chains the log took when it was closed",
    "marks": "the marks of its sittings are not those that the log took",
}


@dataclass(frozen=True)
class LogWalk:
    """Every chain of the log, every published list, how many campaigns were looked through for seals, and a sentence for each fault."""

    chains: list[ChainCheck]
    lists: list[ListCheck]
    campaigns: int
    broken: list[str]


@dataclass(frozen=True)
class SittingsWalk:
    """How many sittings with how many events were walked, how many closed sessions compared, and a sentence for each fault."""

    sittings: int
    events: int
    sessions: int
    broken: list[str]


def walk_log(session: Session) -> LogWalk:
    """Walk every chain of the log, and compare with it lists, drafts behind them, and all that round 2 rests on."""
    chains, lists = list(check_chains(session)), list(check_publications(session))
    campaigns = list(session.scalars(select(Campaign).order_by(Campaign.code)))
    broken = [f"{one.chain}: entry {one.fault.number} is broken: {WHY_ENTRY[one.fault.why]}" for one in chains if one.fault]
    broken += [
        f"{one.campaign}: {one.kind} list {one.number} ({one.publication}) does not hold: {WHY_LIST[one.fault]}"
        for one in lists
        if one.fault
    ]
    broken += _seals(session, campaigns, {one.chain for one in chains if one.fault})
    return LogWalk(chains, lists, len(campaigns), broken)


def walk_sittings(session: Session) -> SittingsWalk:
    """Walk the chain of every sitting, mark each again, and compare closed sessions with what the log took of them."""
    sittings = events = 0
    broken = []
    for check in check_sittings(session):
        sittings, events = sittings + 1, events + check.events
        broken += _sitting(check)
    closings = list(check_closings(session))
    broken += [f"{one.campaign}, session {one.name}: {WHY_SESSION[one.fault]}" for one in closings if one.fault]
    return SittingsWalk(sittings, events, len(closings), broken)


def _seals(session: Session, campaigns: list[Campaign], broken: set[str]) -> Iterator[str]:
    """What of round 2 and of ties of each campaign is not as the log took it; a log that is broken cannot say."""
    for campaign in campaigns:
        if campaign.chain in broken:
            continue
        for gap in broken_seals(session, campaign) + opened_otherwise(session, campaign):
            yield f"{campaign.code}: {say(gap.code, gap.params)}"
        for tie in tie_gaps(session, campaign):
            yield f"{campaign.code}: {say(tie.code, tie.params)}"


def _sitting(check: SittingCheck) -> list[str]:
    if check.fault is None:
        return []
    where = f"{check.campaign}, candidate {check.candidate_number}, part {check.part} ({check.sitting})"
    return [f"{where}: event {check.fault.seq} is broken: {WHY_EVENT[check.fault.why]}"]
