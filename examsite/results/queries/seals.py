"""Compare published lists, and the drafts behind them, with the digests that were signed and that the log took of them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Text, select, type_coerce
from sqlalchemy.orm import Session

from examsite.audit.models import LogEntry
from examsite.audit.queries import data_of, entries_by_object
from examsite.campaigns.models import Campaign
from examsite.results.models import Draft, Publication
from examsite.results.outcomes import digest_of
from examsite.rules import canonical

PUBLISHED = "results:publication:published"


@dataclass(frozen=True, slots=True)
class ListCheck:
    """One published list, named by its campaign's code, kind and number, and why it does not hold.

    content: it does not give its digest; draft: the figures behind it do not give theirs; log: the log took another list, moment or
    digest, or took none or more than one; gone: the log names it and it is not there; order: not the newest of its kind alone stands.
    """

    campaign: str
    kind: str
    number: int
    publication: str
    fault: str | None


def holds(publication: Publication) -> bool:
    """Whether the content of a list still gives the digest that stands on it."""
    return _digest(publication.content) == publication.digest


def check_publications(session: Session) -> Iterator[ListCheck]:
    """Check every published list of the house, by campaign, kind and number; those of which only the log knows come last."""
    logged, newest = entries_by_object(session, PUBLISHED), _newest(session)
    for row in session.execute(_ROWS):
        entries = logged.pop((row.Campaign.chain, f"publication:{row.public_id}"), [])
        last = newest[row.Campaign.id, row.kind] == row.number
        yield ListCheck(row.Campaign.code, row.kind, row.number, row.public_id, _fault(row, entries, last))
    codes = {campaign.chain: campaign.code for campaign in session.scalars(select(Campaign))}
    for (chain, about), entries in logged.items():
        data = data_of(entries[0])
        yield ListCheck(codes.get(chain, chain), str(data.get("kind")), int(str(data.get("number", 0))), about.partition(":")[2], "gone")


# The texts as they are stored: what is no JSON any more is a fault to be named, not one to stumble over.
_ROWS = (
    select(
        Campaign,
        Publication.public_id,
        Publication.kind,
        Publication.number,
        Publication.digest,
        Publication.log_head,
        Publication.published_at,
        Publication.superseded_at,
        type_coerce(Publication.content, Text).label("content"),
        Draft.digest.label("draft_digest"),
        type_coerce(Draft.input, Text).label("input"),
        type_coerce(Draft.outcome, Text).label("outcome"),
    )
    .select_from(Publication)
    .join(Campaign, Campaign.id == Publication.campaign_id)
    .join(Draft, Draft.id == Publication.draft_id)
    .order_by(Campaign.code, Publication.kind, Publication.number)
)


def _fault(row: Row[*tuple[Any, ...]], entries: Sequence[LogEntry], last: bool) -> str | None:
    if _digest(_value(row.content)) != row.digest:
        return "content"
    drafted = {"campaign": row.Campaign.public_id, "kind": row.kind, "rules_hash": row.Campaign.rules_hash or ""}
    if _draft_digest(drafted, row) != row.draft_digest:
        return "draft"
    if len(entries) != 1 or not _as_logged(row, entries[0]):
        return "log"
    return None if last == (row.superseded_at is None) else "order"


def _as_logged(row: Row[*tuple[Any, ...]], entry: LogEntry) -> bool:
    told = {"kind": row.kind, "number": row.number, "digest": row.digest, "draft_digest": row.draft_digest}
    return data_of(entry) == told and (entry.head.hex(), entry.at) == (row.log_head, row.published_at)


def _draft_digest(drafted: Mapping[str, str], row: Row[*tuple[Any, ...]]) -> str | None:
    try:
        return digest_of(**drafted, given=_value(row.input), outcome=_value(row.outcome))
    except (TypeError, ValueError):
        return None


def _digest(content: object) -> str | None:
    try:
        return canonical.digest(content)
    except (TypeError, ValueError):
        return None


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _newest(session: Session) -> dict[tuple[int, str], int]:
    """The number of the newest list of each kind in each campaign."""
    rows = select(Publication.campaign_id, Publication.kind, Publication.number).order_by(Publication.number)
    return {(campaign, kind): number for campaign, kind, number in session.execute(rows)}
