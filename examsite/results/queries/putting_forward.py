"""What two people sign when they publish a list, and what the list will hold."""

from typing import Any, cast

from sqlalchemy.orm import Session

from examsite.accounts.models import TwoPersonAct
from examsite.accounts.queries import open_act
from examsite.campaigns.queries import rule_set
from examsite.results.contents import FORMAT, Section, fields_of, sections
from examsite.results.differences import between
from examsite.results.models import Draft, Publication
from examsite.results.queries.published import current, last_number
from examsite.rules import canonical

PUBLICATION = "results:publication"


def about(draft: Draft) -> str:
    """What the act of publishing is about, as acts and log name it."""
    return f"draft:{draft.public_id}"


def page_of(draft: Draft) -> tuple[str, dict[str, str]]:
    """Where the act of publishing is signed, as notices address it."""
    return "results.draft", {"campaign_id": draft.campaign.public_id, "draft_id": draft.public_id}


def waiting_publication(session: Session, draft: Draft) -> TwoPersonAct | None:
    """The publication that has its first signature and waits for the second."""
    return open_act(session, PUBLICATION, about(draft))


def public_sections(draft: Draft) -> list[Section]:
    """The draft as the public would see it."""
    rules = rule_set(draft.campaign)
    shown = frozenset(fields_of(draft.kind, rules))
    return sections(draft.kind, cast("dict[str, Any]", draft.outcome), rules, shown)


def body_of(session: Session, draft: Draft, reason: str) -> dict[str, Any]:
    """The list as it will be published, without its signatures. A list that replaces another says which, why, and what differs.

    The digest of the draft is not in it: it covers figures that the list hides, and these are few enough to be tried out against it.
    """
    campaign, rules = draft.campaign, rule_set(draft.campaign)
    standing = current(session, campaign, draft.kind)
    shown = public_sections(draft)
    return {
        "format": FORMAT,
        "campaign": {
            "id": campaign.public_id,
            "code": campaign.code,
            "title": campaign.title,
            "organisation": campaign.organisation,
            "time_zone": campaign.time_zone,
        },
        "kind": draft.kind,
        "number": last_number(session, campaign, draft.kind) + 1,
        "rules": campaign.rules_hash,
        "draft": draft.number,
        "fields": list(fields_of(draft.kind, rules)),
        "places": rules.rounding.places,
        "sections": shown,
        "corrects": _corrected(standing, shown, reason) if standing else None,
    }


def signed_content(draft: Draft, body: dict[str, Any]) -> dict[str, object]:
    """What both people sign: which draft, by its digest, and the list that comes of it, by its own."""
    corrects = body["corrects"]
    return {
        "campaign": draft.campaign.public_id,
        "kind": draft.kind,
        "draft": draft.number,
        "draft_digest": draft.digest,
        "number": body["number"],
        "list_digest": canonical.digest(body),
        "corrects": corrects["number"] if corrects else None,
        "reason": corrects["reason"] if corrects else "",
    }


def _corrected(standing: Publication, shown: list[Section], reason: str) -> dict[str, Any]:
    before = cast("dict[str, Any]", standing.content)["sections"]
    return {"list": standing.public_id, "number": standing.number, "reason": reason, "changes": between(before, shown)}
