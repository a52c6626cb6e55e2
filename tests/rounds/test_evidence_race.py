"""Late evidence when many act in one moment: one decision, one link, one mark; and bounds that hold but for a few."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.db import open_session
from examsite.rounds.models import EvidenceDecision, LateEvidence, Sitting, SittingEvent, SittingMark
from examsite.rounds.operations import evidence
from examsite.rounds.operations.evidence import decide_evidence
from examsite.rounds.operations.save import save_answers
from examsite.rounds.queries.chains import check_sitting
from examsite.rounds.save_body import SaveBody
from tests.conftest import NOW
from tests.databases import Copy
from tests.rounds.test_save_race import together
from tests.rounds.world import MINUTE, make_world, options_of

AFTER = NOW + 60 * MINUTE + timedelta(seconds=40)


def test_a_piece_is_decided_on_once(own_database: Copy) -> None:
    with open_session(own_database.engine) as session:
        world = make_world(session)
        sitting, token = world.start()
        save_answers(session, sitting.public_id, token, SaveBody(1, 1, ((1, "choice", options_of(sitting)[0][0]),)), AFTER)
        chair = world.role("council", "head")
        session.commit()

    def act(session: Session, place: int) -> str:
        piece = session.scalars(select(LateEvidence)).one()
        decide_evidence(session, piece, place % 2 == 0, "The line was cut.", 0, chair, AFTER)
        return "decided"

    assert Counter(together(own_database, 8, act)) == {"decided": 1, "changed_meanwhile": 7}
    with open_session(own_database.engine, read_only=True) as session:
        decision = session.scalars(select(EvidenceDecision)).one()
        links = session.scalars(select(SittingEvent.kind).order_by(SittingEvent.seq)).all()
        assert links == ["start", "seal", "admitted"] if decision.counts else ["start", "seal"]
        assert session.scalar(select(func.count()).select_from(SittingMark)) == len(links) - 1
        assert check_sitting(session, session.scalars(select(Sitting)).one()).fault is None


def test_a_flood_from_many_connections_leaves_little_more_than_the_bound(own_database: Copy) -> None:
    with open_session(own_database.engine) as session:
        sitting, token = make_world(session).start()
        option = options_of(sitting)[0][0]
        session.commit()

    def act(session: Session, place: int) -> object:
        return save_answers(session, sitting.public_id, token, SaveBody(place + 1, 1, ((1, "choice", option),)), AFTER)

    answers = together(own_database, evidence.MOST_PIECES + 60, act)
    with open_session(own_database.engine, read_only=True) as session:
        kept = session.scalar(select(func.count()).select_from(LateEvidence)) or 0
    assert evidence.MOST_PIECES <= kept < evidence.MOST_PIECES + 16
    assert sum(answer.kept for answer in answers) == kept  # type: ignore[attr-defined]
