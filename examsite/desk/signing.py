"""Where each kind of two-person act is signed."""

from flask import url_for
from werkzeug.routing import BuildError

from examsite.accounts.models import TwoPersonAct

PAGES = {
    "rounds:papers": ("rounds.sealing", "session_id"),
    "grading:codes": ("grading.codes", "panel_id"),
    "results:tie": ("results.tie", "position_id"),
    "results:publication": ("results.draft", "draft_id"),
}
"""Kind of act (its first two parts) to the endpoint of its page and the name of the object's public id there."""


def signing_address(act: TwoPersonAct) -> str:
    """The page on which the second person sees and signs the act."""
    room_and_subject = ":".join(act.kind.split(":")[:2])
    endpoint, name = PAGES[room_and_subject]
    campaign_id = act.chain.partition(":")[2]
    try:
        return url_for(endpoint, campaign_id=campaign_id, **{name: act.about.partition(":")[2]})
    except BuildError:
        return url_for("desk.campaign_stages", campaign_id=campaign_id)
