"""The whole job: a small recruitment from its first unit to its recommendation, each person at a browser of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from examsite import clock
from tests.browser.conftest import OpenPage
from tests.browser.site import LiveSite
from tests.browser.walk import applicants, bank, entry, exam, files, interviews, lists, logbook, opening
from tests.browser.walk.files import AN, BINH, CUC
from tests.browser.walk.opening import is_held_up, take_step
from tests.browser.walk.people import MEMBERS, OFFICER, People
from tests.browser.walk.person import Person

MORNING = datetime(2026, 11, 9, 0, 30, tzinfo=UTC)
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
CANDIDATES = {"an": (AN, "vi"), "binh": (BINH, "en")}


@dataclass
class Day:
    """The clock of the site: it runs on from Monday 09/11/2026, 07:30 in Hanoi, and can be put forward."""

    real: Callable[[], datetime]
    ahead: timedelta

    def now(self) -> datetime:
        """The present moment of the site."""
        return self.real() + self.ahead

    def goes_on(self, minutes: int) -> None:
        """So much later."""
        self.ahead += timedelta(minutes=minutes)

    def in_hanoi(self, minutes: int = 0) -> datetime:
        """A moment so much later, as people there write it."""
        return (self.now() + timedelta(minutes=minutes)).astimezone(HANOI)


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Day:
    """The clock of the site, put to one morning."""
    day = Day(clock.now, MORNING - clock.now())
    monkeypatch.setattr(clock, "now", day.now)
    return day


def test_a_recruitment_from_the_first_unit_to_the_recommendation(live: LiveSite, open_page: OpenPage, day: Day, tmp_path: Path) -> None:
    people = People(open_page)
    people.make_accounts()
    open_a_campaign(people)
    fill_the_bank(people, tmp_path)
    take_applications(people, tmp_path)
    receipts = hold_round1(people, day)
    hold_round2(people, day)
    publish_the_ranking(people, day)
    the_public_checks(people, receipts)
    the_log_holds(live, people["supervisor"])


def open_a_campaign(people: People) -> None:
    officer = people.stranger("officer", OFFICER, "vi")
    slip = opening.invite(people["admin"], OFFICER, "hang", "HR officer")
    entry.activate(officer, slip)
    entry.sign_in(officer, slip)
    opening.add_units(officer)
    opening.open_campaign(officer)
    opening.change_rules(officer, "Vòng 1", opening.SMALL_EXAM, "Kỳ thi nhỏ.")
    opening.change_rules(officer, "Ca thi và nội quy", opening.OWN_CLOCK, "Mỗi thí sinh một giờ bắt đầu.")
    opening.add_position(officer)
    is_held_up(officer, "announced")
    opening.appoint(officer, MEMBERS.values())
    take_step(people["chair"], "announced")
    take_step(officer, "applications")


def fill_the_bank(people: People, folder: Path) -> None:
    author, examiner = people["author"], people["examiner"]
    bank.take_in(author, "general", files.write_general(folder), 8, refused=1)
    bank.take_in(author, "language:en", files.write_english(folder), 4)
    bank.has_nothing_to_review(author)
    bank.approve(examiner, 12)
    bank.set_blueprint(examiner, "General knowledge", {("law", "easy"): 2, ("office", "medium"): 2})
    bank.set_blueprint(examiner, "Foreign language: English", {("grammar", "easy"): 2})


def take_applications(people: People, folder: Path) -> None:
    officer, drafter = people["officer"], people["drafter"]
    applicants.take_in_file(drafter, files.write_applications(folder))
    applicants.screen_everybody(drafter)
    applicants.grant_priority(drafter)
    is_held_up(drafter, "screened")
    applicants.give_numbers(drafter)
    lists.draft(drafter, "eligible")
    lists.publish(people["councillor"])
    take_step(officer, "screened")
    slips = applicants.make_slips(officer)
    assert set(slips) == {AN, BINH, CUC}
    for key, (name, language) in CANDIDATES.items():
        candidate = people.stranger(key, name, language)
        entry.activate(candidate, slips[name])
        entry.sign_in(candidate, slips[name])


def hold_round1(people: People, day: Day) -> list[str]:
    drafter, invigilator, an, binh = (people[key] for key in ("drafter", "invigilator", "an", "binh"))
    exam.plan_session(drafter, day.in_hanoi(30), day.in_hanoi(90), 3)
    exam.seal(people["examiner"], people["chair"])
    take_step(drafter, "round1_timetable")
    day.goes_on(31)
    exam.check_in(invigilator, {AN: "A1", BINH: "A2"})
    receipts = [exam.sit_part(an)]
    exam.sees_result(an, 4, 4, "passed")
    receipts.append(exam.sit_part(binh, wrong=1, by="keyboard"))
    exam.sees_result(binh, 3, 4, "passed")
    receipts.append(exam.sit_part(an))
    receipts.append(exam.sit_part(binh, by="keyboard"))
    exam.sees_result(binh, 2, 2, "passed")
    is_held_up(people["chair"], "round1_held")
    day.goes_on(60)
    exam.close_session(invigilator)
    take_step(people["chair"], "round1_held")
    lists.draft(drafter, "round1")
    lists.publish(people["councillor"])
    take_step(drafter, "round1_result")
    return receipts


def hold_round2(people: People, day: Day) -> None:
    drafter, head, panellist = people["drafter"], people["panel_head"], people["panellist"]
    interviews.create_panel(drafter, day.in_hanoi(60), head.name, [panellist.name])
    interviews.draw_lots(drafter)
    order = drafter.page.locator("section[aria-labelledby=h-order] tbody th").all_inner_texts()
    take_step(drafter, "round2_timetable")
    for member in (head, panellist):
        interviews.declare(member)
    codes = dict(zip(order, interviews.codes(head), strict=True))
    for number in order:
        interviews.record_presence(drafter, number)
    score_both(head, panellist, codes)
    is_held_up(drafter, "round2_held")
    interviews.close_panel(head)
    interviews.open_codes(people["keeper"], people["supervisor"])
    take_step(drafter, "round2_held")


def score_both(head: Person, panellist: Person, codes: dict[str, str]) -> None:
    """An divides the panel by 7 points, which its head decides; about Bình the two nearly agree."""
    an, binh = codes["0001"], codes["0002"]
    interviews.score(head, an, ("34", "25", "25"), [])
    interviews.score(panellist, an, ("31", "23", "23"), ["84"])
    interviews.score(panellist, binh, ("32", "24", "23"), [])
    interviews.score(head, binh, ("33", "24", "24"), ["79"])
    interviews.decide(head, an, "80", "Sau trao đổi, hai thành viên thống nhất cách hiểu tiêu chí trình bày.")


def publish_the_ranking(people: People, day: Day) -> None:
    drafter, chair = people["drafter"], people["chair"]
    lists.draft(drafter, "provisional")
    lists.publish(people["councillor"])
    take_step(drafter, "provisional")
    take_step(drafter, "appeals")
    lists.record_appeal(drafter, "provisional", "0001", day.in_hanoi().date(), "Đề nghị xem lại điểm bảo vệ.")
    is_held_up(drafter, "official")
    lists.decide_appeal(chair, AN, "Điểm do hai thành viên chấm độc lập và đã được quyết định theo quy định.")
    day.goes_on(16 * 24 * 60)
    people.come_back("drafter", "chair", "councillor", "supervisor")
    lists.draft(drafter, "official")
    lists.publish(chair)
    take_step(drafter, "official")
    lists.draft(drafter, "recommendations")
    lists.publish(people["councillor"])
    take_step(drafter, "recommendations")


def the_public_checks(people: People, receipts: list[str]) -> None:
    for language in ("vi", "en"):
        anybody = people.stranger(f"public-{language}", "anybody", language)
        ranking = lists.read(anybody, "official")
        expect(ranking).to_have_count(2)
        expect(ranking.first).to_contain_text(BINH)
        expect(ranking.first).to_contain_text({"vi": "82,5", "en": "82.5"}[language])
        expect(ranking.last).to_contain_text(AN)
        recommended = lists.read(anybody, "recommendations")
        expect(recommended).to_have_count(1)
        expect(recommended).to_contain_text(BINH)
        check_receipts(anybody, receipts)


def check_receipts(anybody: Person, receipts: list[str]) -> None:
    for code in receipts:
        anybody.open("/receipt")
        anybody.fill("Code on the receipt", code)
        anybody.press(anybody.words("Check"))
        anybody.sees(anybody.words("There is a receipt with this code."))


def the_log_holds(live: LiveSite, supervisor: Person) -> None:
    logbook.read(supervisor, "results:publication:published", 5)
    whole = logbook.check_log(live)
    assert whole.exit_code == 0, whole.output
    chain, number = logbook.edit_entry(live, "results:publication:published")
    broken = logbook.check_log(live)
    assert broken.exit_code == 1
    assert f"{chain}: entry {number} is broken" in broken.stderr
