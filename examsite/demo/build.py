"""The demonstration: three campaigns at three stages, built through the same operations as real data."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.accounts.operations import account_exists
from examsite.campaigns.models import Application, Campaign, Entitlement
from examsite.campaigns.operations.campaigns import CampaignFacts
from examsite.demo import applying, lists, round1, round2, setup
from examsite.demo.people import choice
from examsite.demo.posts import CITY, INTERVIEWS, OPEN, PUBLISHED, Planned
from examsite.grading.models import Interview, Panel
from examsite.grading.queries.panels import interviews_of
from examsite.rounds.models import ExamSession, RosterEntry

ZONE = "Asia/Ho_Chi_Minh"
OPEN_FOR = timedelta(days=2)
CANDIDATES_A_SESSION = 12
CODES_USED = 60

STAYS_AWAY = 20
TIE_AT = "HT-HB"
DIVIDED = [["30", "22", "22"], ["28", "21", "20"], ["27", "20", "19"]]

Tell = Callable[[str], object]


def build(session: Session, now: datetime, tell: Tell, *, one_in: int = 1) -> bool:
    """Build everything on an empty database; False where somebody works already.

    `one_in`: how many of the people apply; every campaign, position, panel and kind of case is there with one in three of them too.
    """
    if account_exists(session):
        return False
    setup.make_staff(session, now - timedelta(days=120))
    setup.make_units(session, now - timedelta(days=119))
    setup.make_rooms(session, now - timedelta(days=119))
    tell("A campaign that is finished and published ...")
    _published(session, now - timedelta(days=90), one_in)
    tell("A campaign with interviews to score ...")
    _interviews(session, now - timedelta(days=45), one_in)
    tell("A campaign whose exam is open now ...")
    _open(session, now - timedelta(days=30), one_in)
    return True


def keep_an_exam_open(session: Session, now: datetime) -> None:
    """Open a new exam session where none is open, for the next candidates who have not sat yet."""
    campaign = session.scalar(select(Campaign).where(Campaign.code == OPEN.code))
    if campaign is None or campaign.stage != "screened" or _is_open(session, campaign, now):
        return
    unlisted = ~select(RosterEntry.id).where(RosterEntry.application_id == Application.id).exists()
    waiting = select(Application.candidate_number).where(
        Application.campaign_id == campaign.id, Application.state == "eligible", Application.candidate_number.is_not(None), unlisted
    )
    numbers = [number for number in session.scalars(waiting.order_by(Application.candidate_number).limit(CANDIDATES_A_SESSION)) if number]
    if numbers:
        count = session.scalar(select(func.count()).select_from(ExamSession).where(ExamSession.campaign_id == campaign.id)) or 0
        opens_at, closes_at = now + timedelta(minutes=1), now + OPEN_FOR
        round1.plan(session, campaign, f"Ca {count + 1}", opens_at, closes_at, numbers, now, checked_in=True)


def _open(session: Session, day: datetime, one_in: int) -> None:
    personal = {"session.clock": ("personal", "Bản trình diễn: mỗi người bắt đầu lúc nào cũng được trong hai ngày.")}
    campaign = _announce(session, OPEN, personal, day)
    _screened(session, campaign, OPEN, day + timedelta(days=20), one_in, soon=CODES_USED // one_in)


def _interviews(session: Session, day: datetime, one_in: int) -> None:
    """Two panels in the middle of their day: some candidates are scored, one divides the panel, the others wait."""
    campaign = _announce(session, INTERVIEWS, {}, day)
    _screened(session, campaign, INTERVIEWS, day + timedelta(days=15), one_in)
    _hold_round1(session, campaign, day + timedelta(days=25))
    starts_at, now = day + timedelta(days=45), day + timedelta(days=38)
    panels = [
        round2.set_up(session, campaign, 1, ["TP-TCCB", "PTP-CCHC"], starts_at, now),
        round2.set_up(session, campaign, 2, ["PTP-QH", "TP-HTKT"], starts_at, now),
    ]
    lists.step(session, campaign, "round2_timetable", day + timedelta(days=39))
    for panel in panels:
        for place, interview in enumerate(interviews_of(session, panel)[:5]):
            moment = day + timedelta(days=44, minutes=20 * place)
            round2.receive(session, panel, interview, True, moment)
            if place in (1, 2, 3):
                usual = round2.usual_scores(round2.number_of(session, interview), 62 + choice(f"{panel.name}/{place}", 25))
                round2.score(session, panel, interview, DIVIDED if place == 1 else usual, moment + timedelta(minutes=18))


def _published(session: Session, day: datetime, one_in: int) -> None:
    campaign = _announce(session, PUBLISHED, {}, day)
    _screened(session, campaign, PUBLISHED, day + timedelta(days=15), one_in)
    _hold_round1(session, campaign, day + timedelta(days=25))
    starts_at, now = day + timedelta(days=40), day + timedelta(days=36)
    panels = [
        round2.set_up(session, campaign, 1, ["HT-HB", "PHT-HB"], starts_at, now),
        round2.set_up(session, campaign, 2, ["PTP-VHXH", "TP-KTHT", "PCVP"], starts_at, now),
    ]
    lists.step(session, campaign, "round2_timetable", day + timedelta(days=37))
    _hold_round2(session, campaign, panels, starts_at)
    _rank(session, campaign, day + timedelta(days=43))


def _announce(session: Session, planned: Planned, changes: Mapping[str, tuple[object, str]], day: datetime) -> Campaign:
    facts = CampaignFacts(planned.code, planned.title, CITY, ZONE)
    campaign = setup.open_campaign(session, facts, planned.wanted, changes, day)
    campaign = setup.fill_banks(session, campaign, day + timedelta(days=1))
    lists.step(session, campaign, "announced", day + timedelta(days=2))
    lists.step(session, campaign, "applications", day + timedelta(days=3))
    return campaign


def _screened(session: Session, campaign: Campaign, planned: Planned, day: datetime, one_in: int, *, soon: int | None = None) -> None:
    applying.apply(session, campaign, {wanted.code: wanted.some(one_in) for wanted in planned.wanted}, day)
    applying.screen(session, campaign, day + timedelta(days=2))
    applying.let_in(session, campaign, day + timedelta(days=3), soon=soon)
    lists.publish(session, campaign, "eligible", day + timedelta(days=4))
    lists.step(session, campaign, "screened", day + timedelta(days=5))


def _hold_round1(session: Session, campaign: Campaign, day: datetime) -> None:
    """One session under the shared clock: a few candidates stay away, a few fail, one is reprimanded, the others pass."""
    begins = day.replace(minute=0, second=0, microsecond=0)
    numbers = _numbers(session, campaign)
    exam = round1.plan(session, campaign, "Ca 1", begins, None, numbers, begins - timedelta(days=1), rooms=setup.ROOMS)
    lists.step(session, campaign, "round1_timetable", begins - timedelta(hours=12))
    for place, number in enumerate(numbers):
        if place % STAYS_AWAY != 3:
            round1.sit(session, exam, number, 45 if place % 6 == 5 else 68 + choice(f"skill/{number}", 25), begins + timedelta(seconds=20))
    round1.note_incident(session, exam, numbers[1], begins + timedelta(minutes=25))
    round1.reprimand(session, exam, numbers[2], begins + timedelta(minutes=40))
    round1.close(session, exam, begins + timedelta(hours=3))
    lists.step(session, campaign, "round1_held", begins + timedelta(hours=6))
    lists.publish(session, campaign, "round1", begins + timedelta(days=1))
    lists.step(session, campaign, "round1_result", begins + timedelta(days=2))


def _hold_round2(session: Session, campaign: Campaign, panels: Sequence[Panel], day: datetime) -> None:
    """Everybody is scored but one who does not come; one divides the panel, and two tie across the cut."""
    for panel in panels:
        interviews = interviews_of(session, panel)
        wanted = _scores(session, interviews)
        for place, interview in enumerate(interviews):
            moment, scores = day + timedelta(minutes=12 * place), wanted[interview.id]
            round2.receive(session, panel, interview, scores is not None, moment)
            if scores is not None:
                round2.score(session, panel, interview, scores, moment + timedelta(minutes=10))
    round2.finish(session, campaign, panels, day + timedelta(days=1))
    lists.step(session, campaign, "round2_held", day + timedelta(days=2))


def _scores(session: Session, interviews: Sequence[Interview]) -> dict[int, list[list[str]] | None]:
    """What each member gives, by interview and criterion; None for one who stays away."""
    by_number = sorted(interviews, key=lambda interview: round2.number_of(session, interview))
    found: dict[int, list[list[str]] | None] = {}
    for place, interview in enumerate(by_number):
        number = round2.number_of(session, interview)
        tied = interview.application.position.code == TIE_AT
        level = 50 + choice(f"level/{number}", 8) if tied else 44 if place % 8 == 4 else 62 + choice(f"level/{number}", 30)
        found[interview.id] = round2.usual_scores(number, level)
    _make_tie(session, [interview for interview in by_number if interview.application.position.code == TIE_AT], found)
    others = [interview for interview in by_number if interview.application.position.code != TIE_AT]
    found[others[1].id], found[others[-1].id] = DIVIDED, None
    return found


def _make_tie(session: Session, interviews: Sequence[Interview], found: dict[int, list[list[str]] | None]) -> None:
    """Whoever has priority points and somebody without them come to the same total, on both sides of the quota."""
    favoured = {found.application_id for found in session.scalars(select(Entitlement).where(Entitlement.kind == "priority"))}
    first = next((one for one in interviews if one.application_id in favoured), None)
    second = next((one for one in interviews if one.application_id not in favoured), None)
    if first is not None and second is not None:
        found[first.id], found[second.id] = [["25.5", "19.5", "19.5"]] * 3, [["27", "20", "20"]] * 3


def _rank(session: Session, campaign: Campaign, day: datetime) -> None:
    lists.publish(session, campaign, "provisional", day)
    lists.step(session, campaign, "provisional", day + timedelta(days=1))
    lists.step(session, campaign, "appeals", day + timedelta(days=1, hours=1))
    # Appeals begin an hour into a day of their own where the demonstration is built late in the evening;
    # their time must be over all the same.
    lists.publish(session, campaign, "official", day + timedelta(days=17))
    lists.step(session, campaign, "official", day + timedelta(days=17, hours=1))
    lists.publish(session, campaign, "recommendations", day + timedelta(days=18))
    lists.step(session, campaign, "recommendations", day + timedelta(days=19))


def _numbers(session: Session, campaign: Campaign) -> list[str]:
    query = select(Application.candidate_number).where(Application.campaign_id == campaign.id, Application.state == "eligible")
    return [number for number in session.scalars(query.order_by(Application.candidate_number)) if number]


def _is_open(session: Session, campaign: Campaign, now: datetime) -> bool:
    """Whether somebody could still begin: a sealed session inside its window with a candidate who has not started."""
    query = (
        select(RosterEntry.id)
        .join(ExamSession)
        .where(ExamSession.campaign_id == campaign.id, ExamSession.state == "sealed", ExamSession.closes_at > now + timedelta(hours=3))
        .where(RosterEntry.state == "listed")
    )
    return session.scalar(query.limit(1)) is not None
