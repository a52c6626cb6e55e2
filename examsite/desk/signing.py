"""Where each kind of two-person act is signed."""

from typing import Any

from flask import url_for

from examsite.accounts.models import TwoPersonAct
from examsite.wording import SENTENCES, say

PAGES = {
    "rounds:papers": ("rounds.sealing", "session_id"),
    "grading:codes": ("grading.codes", None),
    "results:tie": ("results.tie", "position_id"),
    "results:publication": ("results.draft", "draft_id"),
}
"""Kind of act to the endpoint of its page, and what the page calls the object's public id (None: it is the campaign's own)."""


def signed_thing(act: TwoPersonAct) -> str:
    """What the act is about, as the signed content names it: the list, the exam session or the position; empty where it is the campaign."""
    content = act.content if isinstance(act.content, dict) else {}
    kind = f"list.{content.get('kind')}"
    return say(kind) if kind in SENTENCES else str(content.get("name") or content.get("position") or "")


def signing_address(act: TwoPersonAct) -> str:
    """The page on which the second person sees and signs the act."""
    endpoint, name = PAGES[act.kind]
    values: dict[str, Any] = {"campaign_id": act.chain.partition(":")[2]}
    if name is not None:
        values[name] = act.about.partition(":")[2]
    return url_for(endpoint, **values)
