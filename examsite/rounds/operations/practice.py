"""Practise in the exam room. Nothing of it enters a sitting, a mark, the evidence or the log: it is no act of the campaign."""

import json
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.campaigns.operations.unique import unless_taken
from examsite.db import new_public_id, rows_changed
from examsite.rounds.answer_shapes import answer_fault
from examsite.rounds.models import Practice
from examsite.rounds.operations.save import Closed, Differs, Gap, Malformed, Moved, Outcome, Repeated, Saved
from examsite.rounds.practice_paper import MINUTES, practice_options
from examsite.rounds.queries.practice import KEPT, answers_in, ground_of, is_over, practice_of
from examsite.rounds.queries.sittings import Answers, fold
from examsite.rounds.save_body import SaveBody
from examsite.rules import canonical
from examsite.rules.refusal import Conflict, NotFound, Refused


def begin(session: Session, account: Account, now: datetime) -> Practice:
    """Begin to practise, or come back to a run that is not over. It ends after ten minutes, or when the candidate's own session starts.

    Refuses `rounds.no_practice` for whoever is not eligible, and from the start of their own session on. Runs of anybody that are older
    than a day are deleted.
    """
    ground = ground_of(session, account)
    if ground is None:
        raise NotFound
    if not ground.is_open(now):
        raise Refused("rounds.no_practice")
    sweep(session, now)
    run = practice_of(session, account, now)
    if run is not None and not is_over(run, now):
        return run
    ends = now + timedelta(minutes=MINUTES)
    deadline = ends if ground.session_opens_at is None else min(ends, ground.session_opens_at)
    return _anew(session, run, now, deadline) if run else _first(session, account, now, deadline)


def sweep(session: Session, now: datetime) -> None:
    """Delete the runs of everybody that are older than a day."""
    session.execute(delete(Practice).where(Practice.started_at <= now - KEPT))


def save(session: Session, run: Practice, body: SaveBody, now: datetime) -> Outcome:
    """Take what the page sends, by the same protocol as the exam; the receipt of a save is the digest of its text."""
    if (fault := _fault(body)) is not None:
        return Malformed(fault)
    digest = canonical.digest(body.text)
    if body.epoch != run.epoch:
        return Moved(run.epoch, kept=False)
    if is_over(run, now):
        return Closed("closed", run.deadline, kept=False)
    if body.seq == run.last_seq:
        same = digest == run.last_body
        return Repeated(run.last_seq, run.deadline, bytes.fromhex(digest), "open") if same else Differs(run.last_seq)
    mine = (Practice.id == run.id, Practice.epoch == body.epoch, Practice.last_seq == body.seq - 1, Practice.handed_in_at.is_(None))
    values = {"last_seq": body.seq, "last_body": digest, "answers": _text(fold([run.answers, body.text]))}
    if body.seq != run.last_seq + 1 or rows_changed(session, update(Practice).where(*mine).values(**values)) != 1:
        return Gap(run.last_seq)
    return Saved(body.seq, run.deadline, bytes.fromhex(digest))


def hand_in(session: Session, account: Account, now: datetime) -> Practice:
    """Hand in; repeating it changes nothing. NotFound where nothing was begun."""
    run = practice_of(session, account, now)
    if run is None:
        raise NotFound
    if not is_over(run, now):
        session.execute(update(Practice).where(Practice.id == run.id, Practice.handed_in_at.is_(None)).values(handed_in_at=now))
    return run


def counts(run: Practice, questions: int) -> tuple[int, int]:
    """How many questions of a run are answered, and how many blank."""
    answered = answers_in(run).answered()
    return answered, questions - answered


def _first(session: Session, account: Account, now: datetime, deadline: datetime) -> Practice:
    run = Practice(public_id=new_public_id(), account_id=account.id, epoch=1, started_at=now, deadline=deadline, last_seq=0, answers="[]")
    with unless_taken(session, Conflict("changed_meanwhile")):
        session.add(run)
    return run


def _anew(session: Session, run: Practice, now: datetime, deadline: datetime) -> Practice:
    values = {
        "public_id": new_public_id(),
        "epoch": run.epoch + 1,
        "started_at": now,
        "deadline": deadline,
        "handed_in_at": None,
        "last_seq": 0,
        "last_body": None,
        "answers": "[]",
    }
    if rows_changed(session, update(Practice).where(Practice.id == run.id, Practice.epoch == run.epoch).values(**values)) != 1:
        raise Conflict("changed_meanwhile")
    session.refresh(run)
    return run


def _fault(body: SaveBody) -> str | None:
    known = practice_options()
    for number, kind, value in body.answers:
        if number not in known:
            return "item_unknown"
        if (fault := answer_fault(kind, value, known[number])) is not None:
            return fault
    return None


def _text(answers: Answers) -> str:
    """Each answer as it stands, as a save would bring it."""
    rows: list[list[object]] = [[number, "choice", option] for number, option in answers.choices.items()]
    rows += [[number, "choices", list(options)] for number, options in answers.several.items()]
    rows += [[number, "text", text] for number, text in answers.texts.items()]
    rows += [[number, "flag", True] for number in sorted(answers.flags)]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
