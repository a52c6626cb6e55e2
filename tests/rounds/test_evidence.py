"""What came late is kept within bounds, decided on by the chair alone, and counted without touching what was sealed."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from examsite.audit.models import LogEntry
from examsite.campaigns.models import StageStep
from examsite.rounds import chain
from examsite.rounds.models import EvidenceDecision, LateEvidence, Sitting, SittingEvent, SittingMark
from examsite.rounds.operations import closing, evidence, roll
from examsite.rounds.operations.entrants import enter_round2
from examsite.rounds.operations.evidence import decide_evidence
from examsite.rounds.operations.save import Closed, Late, Moved, Saved, save_answers
from examsite.rounds.queries import evidence as queries
from examsite.rounds.queries.chains import Fault, check_sitting
from examsite.rounds.queries.marks import marks_of
from examsite.rounds.queries.receipts import receipt_by_code
from examsite.rounds.save_body import SaveBody
from examsite.rules import hashchain
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from tests.conftest import NOW
from tests.rounds.world import MINUTE, World, options_of

CLOSE = NOW + 60 * MINUTE + timedelta(seconds=30)
AFTER = CLOSE + MINUTE


class Late001:
    """Candidate 001 with two answers saved on time (items 1 and 2), then sitting and token for what comes late."""

    def __init__(self, world: World) -> None:
        self.world, self.session = world, world.session
        self.sitting, self.token = world.start()
        self.options = options_of(self.sitting)
        self.send(1, {1: 0, 2: 0}, NOW)
        self.chair = world.role("council", "head")

    def send(self, seq: int, chosen: dict[int, int], now: datetime, epoch: int = 1, token: str | None = None) -> object:
        answers = tuple((item, "choice", self.options[item - 1][place]) for item, place in chosen.items())
        return save_answers(self.session, self.sitting.public_id, token or self.token, SaveBody(seq, epoch, answers), now)

    def piece(self, number: int = -1) -> LateEvidence:
        return list(self.session.scalars(select(LateEvidence).order_by(LateEvidence.id)))[number]

    def decide(self, counts: bool = True, piece: LateEvidence | None = None, seen: int = 0, now: datetime = AFTER) -> None:
        decide_evidence(self.session, piece or self.piece(), counts, "The server stood still.", seen, self.chair, now)

    def now(self) -> Sitting:
        return self.world.reload(self.sitting)

    def fault(self) -> Fault | None:
        self.session.expire_all()
        return check_sitting(self.session, self.now()).fault


@pytest.fixture
def late(world: World) -> Late001:
    return Late001(world)


def difference(late: Late001, piece: LateEvidence) -> queries.Difference:
    return queries.difference(queries.folder_of(late.session, late.sitting), piece)


def test_what_counts_becomes_a_link_of_the_chain_and_is_marked_again(late: Late001) -> None:
    assert isinstance(late.send(2, {2: 1, 3: 0}, AFTER), Late)
    late.decide()
    sitting = late.now()
    assert (sitting.state, sitting.answered, sitting.blank) == ("closed", 2, 2)
    kinds = late.session.scalars(select(SittingEvent.kind).where(SittingEvent.sitting_id == sitting.id).order_by(SittingEvent.seq)).all()
    assert kinds == ["start", "save", "seal", "admitted"]
    link = late.session.scalars(select(SittingEvent).where(SittingEvent.kind == chain.ADMITTED)).one()
    told = chain.value_of(link.body or "")
    assert (told["answered"], told["blank"], told["reason"]) == (3, 1, "The server stood still.")
    assert told["changes"] == [[2, "choice", late.options[1][1]], [3, "choice", late.options[2][0]]]
    assert (link.head, late.piece().decisions[-1].event_seq) == (sitting.head, link.seq)
    numbers = late.session.scalars(select(SittingMark.number).order_by(SittingMark.number)).all()
    assert numbers == [1, 2]
    assert marks_of(late.session, [sitting])[sitting.id].blank == 1
    assert late.fault() is None


def test_the_receipt_code_stays_that_of_the_sealing(late: Late001) -> None:
    late.send(2, {3: 0}, AFTER)
    closing.seal_if_due(late.session, late.now(), AFTER)
    code, head = late.now().receipt_code, late.now().head
    late.decide()
    assert late.now().receipt_code == code
    assert late.now().head != head
    found = receipt_by_code(late.session, code or "")
    assert found is not None
    assert (bytes.fromhex(found.head), found.answered, found.after) == (head, 2, (3, 1))
    assert hashchain.receipt_code(bytes.fromhex(found.head)) == code


def test_a_later_decision_takes_the_place_of_the_earlier_one_and_both_stay(late: Late001) -> None:
    late.send(2, {3: 0}, AFTER)
    late.decide()
    late.decide(counts=False, seen=1)
    decisions = late.piece().decisions
    assert [(one.number, one.counts, one.event_seq) for one in decisions] == [(1, True, 3), (2, False, 4)]
    newest = marks_of(late.session, [late.now()])[late.sitting.id]
    assert (newest.number, newest.blank) == (3, 2)
    assert late.fault() is None
    late.decide(seen=2)
    assert marks_of(late.session, [late.now()])[late.sitting.id].blank == 1
    assert late.fault() is None


def test_what_does_not_count_changes_nothing_but_the_log(late: Late001) -> None:
    late.send(2, {3: 0}, AFTER)
    late.decide(counts=False)
    assert late.piece().decisions[-1].event_seq is None
    assert late.session.scalar(select(func.count()).select_from(SittingMark)) == 1
    entry = late.session.scalars(select(LogEntry).where(LogEntry.kind == "rounds:evidence:decided")).one()
    assert "The server stood still." in (entry.content or "")
    assert f'"{late.options[2][0]}"' not in (entry.content or "")


def test_an_older_device_fills_blanks_and_never_replaces_what_the_next_one_answered(late: Late001) -> None:
    login, _ = late.world.sign_in()
    late.session.execute(update(Sitting).values(epoch=2, login_session_id=login.id))
    second = login.token_hash
    late.send(2, {2: 2}, NOW + MINUTE, epoch=2, token=second)
    assert late.send(2, {1: 1, 2: 1, 4: 0}, NOW + 2 * MINUTE) == Moved(2, kept=True)
    found = difference(late, late.piece())
    assert (found.fills, found.replaces, found.newer) == ((4,), (1,), (2,))
    late.decide()
    answers = queries.folder_of(late.session, late.sitting).answers([late.piece()])
    assert answers.choices == {1: late.options[0][1], 2: late.options[1][2], 4: late.options[3][0]}
    assert (late.piece().held_epoch, late.piece().epoch) == (2, 1)


def test_two_pieces_count_together_in_the_order_of_their_places(late: Late001) -> None:
    late.send(3, {3: 1}, AFTER)
    late.send(2, {3: 0, 4: 0}, AFTER + MINUTE)
    late.decide(piece=late.piece(0))
    late.decide(piece=late.piece(1))
    answers = queries.folder_of(late.session, late.sitting).answers([late.piece(0), late.piece(1)])
    assert (answers.choices[3], answers.choices[4]) == (late.options[2][1], late.options[3][0])
    assert late.fault() is None


def refused(late: Late001, code: str, kind: type[Refused] = Refused, **decision: object) -> None:
    with pytest.raises(kind) as refusal:
        late.decide(**decision)  # type: ignore[arg-type]
    assert refusal.value.code == code


def test_nothing_is_decided_while_the_sitting_has_time(late: Late001) -> None:
    login, _ = late.world.sign_in()
    late.session.execute(update(Sitting).values(epoch=2, login_session_id=login.id))
    late.send(2, {3: 0}, NOW)
    refused(late, "rounds.evidence_still_open", now=CLOSE - timedelta(microseconds=1))
    late.decide(now=CLOSE)


def test_a_decision_is_made_once(late: Late001) -> None:
    late.send(2, {3: 0}, AFTER)
    late.decide()
    refused(late, "changed_meanwhile", Conflict, counts=False)
    refused(late, "rounds.evidence_as_before", seen=1)
    assert late.session.scalar(select(func.count()).select_from(EvidenceDecision)) == 1


def test_what_would_change_nothing_is_not_counted_but_may_be_recorded_as_such(late: Late001) -> None:
    late.send(2, {1: 0}, AFTER)
    refused(late, "rounds.evidence_changes_nothing")
    late.decide(counts=False)


def test_a_reason_is_asked_for(late: Late001) -> None:
    late.send(2, {3: 0}, AFTER)
    with pytest.raises(Refused, match="reason_missing"):
        decide_evidence(late.session, late.piece(), True, "  ", 0, late.chair, AFTER)


@pytest.mark.parametrize(("board", "duty"), [("council", "member"), ("hr", "head"), ("invigilation", "head"), ("question", "head")])
def test_nobody_but_the_chair_decides(late: Late001, board: str, duty: str) -> None:
    late.send(2, {3: 0}, AFTER)
    with pytest.raises(NotPermitted):
        decide_evidence(late.session, late.piece(), True, "Because.", 0, late.world.role(board, duty), AFTER)


def test_nothing_counts_for_somebody_whose_exam_is_voided(late: Late001) -> None:
    roll.void(late.session, late.world.exam, late.world.entry(), "Impersonation.", late.chair, NOW + MINUTE)
    assert late.send(2, {3: 0}, NOW + 2 * MINUTE) == Closed("closed", late.sitting.deadline, kept=True)
    refused(late, "rounds.evidence_voided")


def test_after_the_result_of_round_1_only_an_appeal_helps_unless_a_step_back_reopened_it(late: Late001) -> None:
    late.send(2, {3: 0}, AFTER)
    enter_round2(late.session, [], "nobody", late.chair, AFTER)
    refused(late, "rounds.evidence_published")
    step = {"from_stage": "round1_result", "to_stage": "round1_held", "reason": "A wrong key.", "taken_by_id": late.chair.account.id}
    late.session.add(StageStep(campaign_id=late.world.campaign.id, taken_at=AFTER + MINUTE, **step))
    late.session.flush()
    late.decide(now=AFTER + 2 * MINUTE)


def test_one_sitting_leaves_so_many_pieces_and_no_more(late: Late001, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST_PIECES", 3)
    kept = [late.send(seq, {3: 0}, AFTER) for seq in range(2, 7)]
    assert [one.kept for one in kept if isinstance(one, Late)] == [True, True, True, False, False]
    again = late.send(4, {3: 0}, AFTER)
    assert isinstance(again, Late)
    assert again.kept
    assert late.session.scalar(select(func.count()).select_from(LateEvidence)) == 3


def test_one_sitting_leaves_so_much_text_and_no_more(late: Late001, monkeypatch: pytest.MonkeyPatch) -> None:
    late.send(2, {3: 0}, AFTER)
    size = len(late.piece().body)
    monkeypatch.setattr(evidence, "MOST_CHARACTERS", 2 * size)
    kept = [late.send(seq, {3: 0}, AFTER) for seq in (3, 4)]
    assert [one.kept for one in kept if isinstance(one, Late)] == [True, False]
    other, token = late.world.start("002")
    body = SaveBody(1, 1, ((1, "choice", options_of(other)[0][0]),))
    assert save_answers(late.session, other.public_id, token, body, AFTER) == Late(other.deadline, other.closes_at, kept=True)


@pytest.mark.parametrize("what", ["body", "digest", "reason", "counts", "event_seq", "gone"])
def test_what_was_edited_behind_the_decision_is_named(late: Late001, what: str) -> None:
    late.send(2, {3: 0}, AFTER)
    late.decide()
    edits = {
        "body": update(LateEvidence).values(body=f'[[4,"choice","{late.options[3][0]}"]]'),
        "digest": update(LateEvidence).values(body_digest="0" * 64),
        "reason": update(EvidenceDecision).values(reason="Another."),
        "counts": update(EvidenceDecision).values(counts=False),
        "event_seq": update(EvidenceDecision).values(event_seq=None),
        "gone": update(EvidenceDecision).values(event_seq=9),
    }
    late.session.execute(edits[what])
    assert late.fault() == Fault(3, "admitted")


def test_a_link_that_was_cut_off_the_end_is_named(late: Late001, session: Session) -> None:
    late.send(2, {3: 0}, AFTER)
    late.decide()
    session.delete(session.scalars(select(SittingEvent).where(SittingEvent.kind == chain.ADMITTED)).one())
    session.flush()
    assert late.fault() == Fault(3, "tail")


def test_a_decision_to_count_lapses_when_the_sitting_is_opened_again(late: Late001) -> None:
    late.send(2, {2: 1, 3: 0}, AFTER)
    late.decide()
    sitting = late.now()
    link = chain.new_link(chain.REOPENED, sitting.public_id, 4, 1, AFTER, "{}")
    sitting.head = hashchain.step(sitting.head, link.commitment)
    late.session.execute(insert(SittingEvent).values(**link.row(sitting.id, sitting.head)))
    sitting.state, sitting.last_seq, sitting.closes_at = "open", 4, AFTER + 5 * MINUTE
    sitting.closed_at = sitting.answered = sitting.blank = sitting.receipt_code = None
    late.session.flush()
    assert isinstance(late.send(5, {2: 2}, AFTER + MINUTE), Saved)
    closing.seal_if_due(late.session, late.now(), sitting.closes_at)
    folder = queries.folder_of(late.session, late.sitting)
    assert (folder.state(late.piece()), folder.counted) == ("lapsed", ())
    assert marks_of(late.session, [late.now()])[sitting.id].blank == 2
    assert late.fault() is None
    late.decide(seen=1, now=sitting.closes_at)
    answers = queries.folder_of(late.session, late.sitting).answers([late.piece()])
    assert answers.choices == {1: late.options[0][0], 2: late.options[1][2], 3: late.options[2][0]}
    assert late.fault() is None
