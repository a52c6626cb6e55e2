"""A candidate's time line: what happened and when, what comes next, and what the candidate has to do now. Rows in, values out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from examsite.desk.candidate import CandidateHome
from examsite.grading.models import Interview
from examsite.results.models import Publication
from examsite.results.queries.appealed import ABOUT
from examsite.results.queries.published import OwnLine
from examsite.results.window import closes_at
from examsite.rounds.models import RosterEntry, Sitting
from examsite.rounds.queries.sittings import is_closed, was_handed_in
from examsite.rules import hashchain

DONE, NOW, LATER = "done", "now", "later"
_IN_THE_RUNNING = ("received", "eligible")
_A_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True)
class Event:
    """One point of the time line. Its sentence is `timeline.<code>` with `params`, in which moments stand as such.

    `at` is None for what has no day yet. `why` are somebody's own words; `receipt` the grouped code of `sitting`; `own` what a published
    list says of the candidate; `publication` the list itself.
    """

    code: str
    at: datetime | None = None
    state: str = DONE
    params: Mapping[str, object] = field(default_factory=dict)
    why: str = ""
    sitting: str = ""
    receipt: str = ""
    own: OwnLine | None = None
    publication: Publication | None = None


@dataclass(frozen=True)
class TimeLine:
    """What happened, oldest first; what comes, those with a day first; what to do now, the most urgent first."""

    past: tuple[Event, ...]
    ahead: tuple[Event, ...]
    to_do: tuple[Event, ...]


def time_line(view: CandidateHome, now: datetime) -> TimeLine:
    """The time line of one candidate at `now`."""
    dated = [*_application(view), *_round1(view, now), *_interview(view, now), *_lists(view), *_appeals(view)]
    past = sorted((event for event in dated if event.state == DONE), key=_when)
    coming = [event for event in dated if event.state != DONE] + list(_windows(view, now))
    ahead = [*sorted(coming, key=_when), *_undated(view)]
    return TimeLine(tuple(past), tuple(ahead), tuple(_to_do(ahead)))


def _when(event: Event) -> datetime:
    if event.at is None:
        raise ValueError(f"{event.code} has no day")
    return event.at


def _application(view: CandidateHome) -> Iterator[Event]:
    application = view.application
    yield Event("received", application.received_at, params={"position": application.position.title})
    if application.decided_at is not None and application.state != "received":
        yield Event(application.state, application.decided_at, why=application.decision_reason)
    if view.numbered_at is not None:
        yield Event("numbered", view.numbered_at, params={"number": application.candidate_number})
    if view.activated_at is not None:
        yield Event("activated", view.activated_at)
    for one in view.corrections:
        if one.old_name != one.new_name:
            yield Event("corrected", one.corrected_at, params={"before": one.old_name, "after": one.new_name}, why=one.reason)
        if one.old_birth_date != one.new_birth_date:
            born = {"before": one.old_birth_date, "after": one.new_birth_date}
            yield Event("corrected_birth", one.corrected_at, params=born, why=one.reason)


def _round1(view: CandidateHome, now: datetime) -> Iterator[Event]:
    entry = view.entry
    if entry is None:
        return
    for one in view.postponements:
        moved = {"name": entry.session.name, "before": one.from_opens_at, "after": one.to_opens_at}
        yield Event("postponed", one.postponed_at, params=moved, why=one.reason)
    if (session := _session(view, entry, now)) is not None:
        yield session
    if entry.state in ("absent", "voided"):
        yield Event(entry.state, entry.decided_at or entry.session.opens_at, params={"name": entry.session.name}, why=entry.reason)
    names = {part.id: part.name for part in view.rules.round1.parts}
    for sitting in entry.sittings:
        if view.application.gone and not is_closed(sitting, now):
            continue  # it counts for nothing, so nobody is sent back to it
        yield _sat(sitting, {"part": names[sitting.part]}, now)


def _session(view: CandidateHome, entry: RosterEntry, now: datetime) -> Event | None:
    """The session ahead or under way; one that is over tells nothing that its sittings do not."""
    exam = entry.session
    all_sat = 0 < len(entry.papers) <= sum(is_closed(sitting, now) for sitting in entry.sittings)
    if not _in_the_running(view) or entry.state in ("absent", "voided") or exam.state == "closed" or all_sat:
        return None
    told = {"name": exam.name, "place": _place(entry) or "–", "seat": entry.seat or "–"}
    code = "session_planned" if exam.state == "planned" else "session_seat" if entry.seat else "session"
    return Event(code, exam.opens_at, LATER if now < exam.opens_at else NOW, told)


def _place(entry: RosterEntry) -> str:
    room = entry.room
    return f"{room.name}, {room.place}" if room else entry.session.place


def _sat(sitting: Sitting, part: Mapping[str, object], now: datetime) -> Event:
    if not is_closed(sitting, now):
        return Event("sitting", sitting.started_at, NOW, part)
    code = "handed_in" if was_handed_in(sitting) else "time_up"
    receipt = hashchain.group_code(sitting.receipt_code) if sitting.receipt_code else ""
    return Event(code, sitting.closed_at or sitting.closes_at, params=part, sitting=sitting.public_id, receipt=receipt)


def _interview(view: CandidateHome, now: datetime) -> Iterator[Event]:
    interview = view.interview
    if interview is None or interview.number is None:  # before the lots are drawn nobody knows the slot
        return
    panel = {"panel": interview.panel.name, "number": interview.number, "place": interview.panel.place or "–"}
    begins = _begins(interview)
    if interview.state == "present":
        yield Event("interviewed", interview.state_at or begins, params=panel)
    elif interview.state == "no_show":
        yield Event("no_show", interview.state_at or begins, params=panel, why=interview.state_reason)
    elif _in_the_running(view) and not interview.dropped:
        prepares = begins - timedelta(minutes=view.rules.round2.preparation_minutes)
        if prepares < begins:
            yield Event("prepare", prepares, LATER if now < prepares else NOW, panel)
        yield Event("interview", begins, LATER if now < begins else NOW, {**panel, "prepares": prepares})


def _begins(interview: Interview) -> datetime:
    return interview.planned_at or interview.panel.starts_at


def _lists(view: CandidateHome) -> Iterator[Event]:
    for one in view.publications:
        code = "list" if one.number == 1 else "list_corrected"
        named = view.own_line(one.kind)
        if one.kind == "recommendations" and named is not None:
            code = "recommended"
        yield Event(code, one.published_at, params={"list": f"list.{one.kind}"}, own=named, publication=one)


def _appeals(view: CandidateHome) -> Iterator[Event]:
    for one in view.appeals:
        about = {"list": f"list.{one.about}"}
        yield Event("appealed", one.received_at, params=about, why=one.text)
        if one.outcome is not None and one.decided_at is not None:
            yield Event(f"appeal_{one.outcome}", one.decided_at, params=about, why=one.decision)
        if one.carried_out is not None and one.carried_out_at is not None:
            yield Event(f"appeal_{one.carried_out}", one.carried_out_at, params=about, why=one.carried_out_how)


def _windows(view: CandidateHome, now: datetime) -> Iterator[Event]:
    """Until when the lists that concern the candidate can be appealed against; the day that is shown is the last one."""
    for one in view.publications:
        if one.kind not in ABOUT or not _may_appeal(view, one.kind):
            continue
        closes = closes_at(one, view.rules.appeals)
        if now < closes:
            last = closes - _A_MOMENT
            yield Event("appeal_until", last, LATER, {"list": f"list.{one.kind}", "day": last.date()}, publication=one)


def _may_appeal(view: CandidateHome, kind: str) -> bool:
    """Whether they may find fault with a list: that of the eligible when they are not on it, others until a later one settles them."""
    if kind == "eligible":
        return view.application.state == "rejected"
    settled = kind == "provisional" and view.published("official") is not None
    return view.own_line(kind) is not None and not settled


def _undated(view: CandidateHome) -> Iterator[Event]:
    """What is still to come and has no day yet, in the order of the campaign."""
    if not _in_the_running(view) or view.application.campaign.stage == "closed":
        return
    if view.application.state == "received":
        yield Event("to_decide", state=LATER)
    if view.application.candidate_number is None:
        yield Event("to_number", state=LATER)
    if view.rules.round1.parts:
        yield from _undated_round1(view)
    if view.interview is None or view.interview.number is None:
        yield Event("to_interview", state=LATER)
    for kind in ("provisional", "official", "recommendations"):
        if view.published(kind) is None:
            yield Event(f"to_publish_{kind}", state=LATER)


def _undated_round1(view: CandidateHome) -> Iterator[Event]:
    if view.entry is None:
        yield Event("to_list", state=LATER)
    if view.published("round1") is None:
        yield Event("to_publish_round1", state=LATER)


def _in_the_running(view: CandidateHome) -> bool:
    """Whether anything of the campaign still lies before this candidate."""
    if view.application.state not in _IN_THE_RUNNING:
        return False
    round1 = view.own_line("round1")
    return round1 is None or round1.line.get("advances") is not False


def _to_do(ahead: list[Event]) -> Iterator[Event]:
    """What the candidate has to do, from what lies ahead; nothing where there is nothing."""
    for event in ahead:
        at = {**event.params, "when": event.at}
        if event.code in ("session", "session_seat") and event.state == NOW:
            yield Event("do_go_in", event.at, NOW, at)
        elif event.code in ("session", "session_seat", "session_planned"):
            yield Event("do_come", event.at, LATER, at)
        elif event.code == "interview":
            yield Event("do_interview" if event.at == event.params["prepares"] else "do_prepare", event.at, event.state, at)
        elif event.code == "appeal_until":
            yield Event("do_appeal", event.at, LATER, event.params)
        elif event.code == "to_decide":
            yield Event("do_wait", state=LATER)
