"""Look up appeals, and until when each list can be appealed against."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from examsite.campaigns.models import GONE, Application, Campaign, Person
from examsite.results.models import Appeal
from examsite.rules.refusal import NotFound

ABOUT = ("eligible", "round1", "provisional")


def appeals(session: Session, campaign: Campaign) -> list[Appeal]:
    """All appeals of a campaign, undecided ones first, then accepted ones that are not carried out, then the newest."""
    rows = session.scalars(_appeals().where(Application.campaign_id == campaign.id).order_by(Appeal.received_at.desc(), Appeal.id.desc()))
    return sorted(rows, key=lambda appeal: (appeal.decided_at is not None, not appeal.to_carry_out))


def open_appeals(session: Session, campaign: Campaign) -> list[Appeal]:
    """Appeals that wait for their decision, oldest first."""
    query = _appeals().where(Application.campaign_id == campaign.id, Appeal.decided_at.is_(None))
    return list(session.scalars(query.order_by(Appeal.received_at, Appeal.id)))


def appeals_to_carry_out(session: Session, campaign: Campaign) -> list[Appeal]:
    """Accepted appeals of which nobody has recorded what was done about them, oldest decision first."""
    accepted = (Appeal.outcome == "accepted", Appeal.carried_out_at.is_(None))
    query = _appeals().where(Application.campaign_id == campaign.id, *accepted)
    return list(session.scalars(query.order_by(Appeal.decided_at, Appeal.id)))


def appeals_of(session: Session, application: Application) -> list[Appeal]:
    """The appeals of one candidate, oldest first."""
    return list(session.scalars(_appeals().where(Appeal.application_id == application.id).order_by(Appeal.received_at, Appeal.id)))


def appeal_by_public_id(session: Session, campaign: Campaign, public_id: str) -> Appeal:
    """One appeal of this campaign, or NotFound."""
    appeal = session.scalar(_appeals().where(Application.campaign_id == campaign.id, Appeal.public_id == public_id))
    if appeal is None:
        raise NotFound
    return appeal


def appellant(session: Session, campaign: Campaign, known_as: str) -> Application | None:
    """The application that somebody names by candidate number, or, for one without a number, by the personal identity number: of that
    person's the one that was neither given up nor ended, of which a campaign has one at most."""
    query = select(Application).join(Application.person).options(contains_eager(Application.person))
    wanted = known_as.strip()
    found = session.scalar(query.where(Application.campaign_id == campaign.id, Application.candidate_number == wanted))
    if found is not None:
        return found
    standing = (Application.campaign_id == campaign.id, Application.state.not_in(GONE))
    return session.scalar(query.where(*standing, Person.identity_number == wanted))


def _appeals() -> Select[Appeal]:
    return (
        select(Appeal)
        .join(Appeal.application)
        .options(
            contains_eager(Appeal.application).joinedload(Application.person),
            contains_eager(Appeal.application).joinedload(Application.position),
            joinedload(Appeal.recorded_by),
            joinedload(Appeal.decided_by),
            joinedload(Appeal.carried_out_by),
        )
    )
