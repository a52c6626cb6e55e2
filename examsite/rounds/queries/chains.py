"""Walk the chains of sittings, and name the first link of each that does not hold."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from examsite.rounds import chain
from examsite.rounds.models import EvidenceDecision, ExamSession, RosterEntry, Sitting, SittingEvent, SittingMark
from examsite.rounds.queries.evidence import Folder, admitted_body, folder_of, told
from examsite.rounds.queries.marking import VALUES, Known, marked
from examsite.rounds.queries.sittings import answers_of, paper_items
from examsite.rules import canonical, hashchain
from examsite.rules.drawing import paper_digest
from examsite.rules.refusal import Refused

BATCH = 100


@dataclass(frozen=True)
class Fault:
    """The first event of a sitting that does not hold, by its `seq`, and why.

    gap, destroyed, content, head as in `hashchain`; digest: its body has another digest than its column says; admitted: a link after the
    sealing says something else than the late evidence that it names, or than the decision on it; tail: the sitting row names another end,
    another count of saves, another receipt, or other counts than its sealing; paper: its questions are not those that the start names;
    marks: they are not what the answers come to by the keys of the paper.
    """

    seq: int
    why: str


@dataclass(frozen=True)
class SittingCheck:
    """What walking one sitting found."""

    sitting: str
    campaign: str
    candidate_number: str
    part: str
    events: int
    fault: Fault | None


def check_sittings(session: Session) -> Iterator[SittingCheck]:
    """Check every sitting of the house, oldest first."""
    last, known = 0, Known()
    while batch := _after(session, last):
        for sitting in batch:
            yield check_sitting(session, sitting, known)
        last = batch[-1].id


def check_sitting(session: Session, sitting: Sitting, known: Known | None = None) -> SittingCheck:
    """Walk one sitting from its start, compare its row with the end of the walk, and mark it again by the keys as they stand.

    `known` are keys that this check has read already; whatever the process remembers from before is not asked.
    """
    wanted = select(SittingEvent).where(SittingEvent.sitting_id == sitting.id).order_by(SittingEvent.seq)
    events = list(session.scalars(wanted.execution_options(populate_existing=True)))
    entry = sitting.entry
    fault = _in_chain(sitting, events) or _at_end(session, sitting, events)
    if fault is None:
        folder = folder_of(session, sitting)
        fault = _after_sealing(folder, events) or _on_paper(sitting, events)
        fault = fault or _in_marks(session, folder, events, {} if known is None else known)
    return SittingCheck(sitting.public_id, entry.session.campaign.code, entry.candidate_number, sitting.part, len(events), fault)


def _in_chain(sitting: Sitting, events: list[SittingEvent]) -> Fault | None:
    broken = hashchain.first_break((_link(sitting, event) for event in events), number=0)
    differing = next((event.seq for event in events if not _digest_fits(event)), None)
    if broken is not None and (differing is None or broken.number - 1 <= differing):
        return Fault(broken.number - 1, broken.reason.value)
    return None if differing is None else Fault(differing, "digest")


def _at_end(session: Session, sitting: Sitting, events: list[SittingEvent]) -> Fault | None:
    stretches = _stretches(events)
    last = stretches[-1]
    seal = next((event for event in last if event.kind == chain.SEAL), None)
    whole = (
        bool(last)
        and sitting.head == last[-1].head
        and sitting.last_seq == last[0].seq + sum(event.kind == chain.SAVE for event in last)
        and (seal is not None) == (sitting.state != "open")
        and all(_in_order(stretch, sealed=True) for stretch in stretches[:-1])
        and _in_order(last, sealed=seal is not None)
        and (seal is None or _sealing_fits(session, sitting, seal))
    )
    return None if whole else Fault(len(events), "tail")


def _stretches(events: list[SittingEvent]) -> list[list[SittingEvent]]:
    """The links from the start, and those from each time the sitting was opened again."""
    found: list[list[SittingEvent]] = [[]]
    for event in events:
        if event.kind == chain.REOPENED:
            found.append([])
        found[-1].append(event)
    return found


def _in_order(stretch: list[SittingEvent], *, sealed: bool) -> bool:
    """Whether the links of a stretch are of the right kinds: its begin, its saves, the sealing, and what was decided after it."""
    begin = chain.START if stretch[0].seq == 0 else chain.REOPENED
    saves = sum(event.kind == chain.SAVE for event in stretch)
    wanted = [begin, *(chain.SAVE for _ in range(saves))]
    if sealed:
        wanted += [chain.SEAL, *(chain.ADMITTED for _ in range(len(stretch) - saves - 2))]
    return [event.kind for event in stretch] == wanted


def _after_sealing(folder: Folder, events: list[SittingEvent]) -> Fault | None:
    """The first decision on late evidence whose link does not follow from the evidence and from the decision itself."""
    links = {event.seq: event for event in events if event.kind == chain.ADMITTED}
    wanted = {decision.event_seq: decision for piece in folder.pieces for decision in piece.decisions if decision.event_seq is not None}
    for seq in sorted(links.keys() | wanted.keys()):
        if seq not in links or seq not in wanted or not _admission_fits(folder.before(seq), wanted[seq], links[seq].body):
            return Fault(seq, "admitted")
    return None


def _admission_fits(folder: Folder, decision: EvidenceDecision, body: str | None) -> bool:
    if body is None:
        return False
    by_name = {piece.public_id: piece for piece in folder.pieces}
    names = [one["evidence"] for one in chain.value_of(body)["counted"]]
    if not by_name.keys() >= set(names) or (decision.evidence.public_id in names) != decision.counts:
        return False
    counted = [piece for piece in folder.pieces if piece.public_id in names]
    return body == admitted_body(folder, counted, told(decision))


def _on_paper(sitting: Sitting, events: list[SittingEvent]) -> Fault | None:
    """Whether the paper is the one that the start names: marks rest on it."""
    try:
        digest = paper_digest(paper_items(sitting.paper))
    except (TypeError, ValueError):
        return Fault(0, "paper")
    return None if digest == sitting.paper.digest == chain.value_of(events[0].body or "")["paper"] else Fault(0, "paper")


def _in_marks(session: Session, folder: Folder, events: list[SittingEvent], known: Known) -> Fault | None:
    """Each sealing and each decision on late evidence was marked once, and the marks that count follow from what counts by then."""
    links = [event.seq for event in events if event.kind in (chain.SEAL, chain.ADMITTED)]
    marks = session.scalars(select(SittingMark).where(SittingMark.sitting_id == folder.sitting.id).order_by(SittingMark.number)).all()
    if [mark.number for mark in marks] != list(range(1, len(links) + 1)):
        return Fault(links[-1] if links else 0, "marks")
    if folder.sitting.state == "open":
        return None
    return None if _follows(session, folder, marks[-1], known) else Fault(links[-1], "marks")


def _follows(session: Session, folder: Folder, mark: SittingMark, known: Known) -> bool:
    answers = folder.answers(folder.counted) if folder.counted else answers_of(session, folder.sitting)
    try:
        again = marked(session, folder.sitting.paper, answers, known)
    except Refused:
        return False
    return again == {name: getattr(mark, name) for name in VALUES}


def _sealing_fits(session: Session, sitting: Sitting, seal: SittingEvent) -> bool:
    answered = answers_of(session, sitting).answered()
    told = {"answered": answered, "blank": len(sitting.paper.items) - answered, "closed_at": sitting.closed_at, "state": sitting.state}
    shown = (sitting.answered, sitting.blank) == (told["answered"], told["blank"])
    return seal.body == chain.text_of(told) and shown and sitting.receipt_code == hashchain.receipt_code(seal.head)


def _link(sitting: Sitting, event: SittingEvent) -> hashchain.Link:
    """An event as a link; those of a chain count from 1, events from 0."""
    bound = None
    if event.body is not None:
        bound = chain.content(sitting.public_id, event.seq, event.epoch, event.received_at, event.body)
    return hashchain.Link(event.seq + 1, event.salt, chain.commitment_kind(event.kind), bound, event.commitment, event.head)


def _digest_fits(event: SittingEvent) -> bool:
    if event.body is None:
        return False
    try:
        json.loads(event.body)
    except ValueError:
        return False
    return canonical.digest_bytes(event.body.encode()) == event.body_digest


def _after(session: Session, last: int) -> list[Sitting]:
    return list(
        session.scalars(
            select(Sitting)
            .options(joinedload(Sitting.paper), joinedload(Sitting.entry).joinedload(RosterEntry.session).joinedload(ExamSession.campaign))
            .where(Sitting.id > last)
            .order_by(Sitting.id)
            .limit(BATCH)
        )
    )
