"""Tell candidates what was published about them, and what became of their appeals."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from examsite.campaigns.models import Application
from examsite.campaigns.operations.telling import tell_applicants, tell_each_applicant
from examsite.notices.operations import Message
from examsite.results.models import Appeal, Publication
from examsite.results.queries.published import versions

DECIDED = ("eligible", "rejected")


def tell_published(session: Session, publication: Publication, *, corrected: bool, now: datetime) -> None:
    """Tell whoever stands on the list; of the list of those eligible, first everybody what was decided about them since the version before
    it, and why: also whoever stands on it no more."""
    decided = _tell_decisions(session, publication, now) if publication.kind == "eligible" else set()
    if publication.kind == "eligible" and not corrected:
        return
    told = {"list": f"list.{publication.kind}", "campaign": publication.campaign.title}
    message = Message("list_corrected" if corrected else "list_published", told, "results.public_list", _page(publication))
    tell_applicants(session, [one for one in _listed(session, publication) if one not in decided], message, now)


def tell_appeal_recorded(session: Session, appeal: Appeal, now: datetime) -> None:
    """Tell whose appeal it is that it was received."""
    _tell_appellant(session, appeal, Message("appeal_recorded"), now)


def tell_appeal_decided(session: Session, appeal: Appeal, outcome: str, decision: str, now: datetime) -> None:
    """Tell whose appeal it is what was decided, and why."""
    _tell_appellant(session, appeal, Message("appeal_decided", {"outcome": f"appeal.{outcome}", "decision": _sentence(decision)}), now)


def tell_appeal_carried_out(session: Session, appeal: Appeal, carried_out: str, how: str, now: datetime) -> None:
    """Tell whose appeal it is what was done about it."""
    _tell_appellant(session, appeal, Message("appeal_carried_out", {"done": f"appeal.{carried_out}", "how": _sentence(how)}), now)


def _tell_decisions(session: Session, publication: Publication, now: datetime) -> set[int]:
    """Tell whoever was decided about since the version before, at the first list everybody; return their applications."""
    *_earlier, before, _this = [None, *versions(session, publication)]
    decided = select(Application).options(joinedload(Application.position))
    decided = decided.where(Application.campaign_id == publication.campaign_id, Application.state.in_(DECIDED))
    rows = session.scalars(decided if before is None else decided.where(Application.decided_at > before.published_at))
    messages = {application.id: _decision(application, publication) for application in rows}
    tell_each_applicant(session, messages, now)
    return set(messages)


def _decision(application: Application, publication: Publication) -> Message:
    told = {"position": application.position.title, "campaign": publication.campaign.title}
    if application.state == "rejected":
        told["reason"] = application.decision_reason.strip().rstrip(".")
    return Message(application.state, told, "results.public_list", _page(publication))


def _tell_appellant(session: Session, appeal: Appeal, message: Message, now: datetime) -> None:
    told = {"list": f"list.{appeal.about}", "campaign": appeal.application.campaign.title, **message.params}
    tell_applicants(session, [appeal.application_id], Message(message.code, told, "desk.home"), now)


def _listed(session: Session, publication: Publication) -> list[int]:
    outcome = cast("dict[str, Any]", publication.draft.outcome)
    numbers = {line["who"]["number"] for position in outcome["positions"] for line in position["lines"]}
    numbered = select(Application.id, Application.candidate_number).where(
        Application.campaign_id == publication.campaign_id, Application.candidate_number.is_not(None)
    )
    return [application for application, number in session.execute(numbered) if number in numbers]


def _page(publication: Publication) -> dict[str, str]:
    return {"publication_id": publication.public_id}


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
