"""Round 1: a session, its roster, papers sealed by two people, candidates who sit their parts, the end."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from playwright.sync_api import expect

from tests.browser.walk.files import KEYS
from tests.browser.walk.person import Person

SESSION = "Ca 1"


def plan_session(hr: Person, opens_at: datetime, closes_at: datetime, candidates: int) -> None:
    """A session between two moments (in the time zone of the campaign) with everybody on its roster."""
    hr.tab("Exam sessions")
    hr.follow(hr.words("Plan a session"))
    hr.fill("Name of the session", SESSION)
    hr.fill("Place of the exam", "Phòng máy 03")
    hr.fill("Start of the session", f"{opens_at:%d/%m/%Y %H:%M}")
    hr.fill("Latest end", f"{closes_at:%d/%m/%Y %H:%M}")
    hr.press(hr.words("Save the session"))
    hr.told("rounds.session_planned")
    hr.follow(hr.words("Add candidates"))
    hr.press(hr.plural("List %(num)s candidate", "List all %(num)s candidates", candidates))
    hr.told("rounds.candidates_listed", count=candidates)


def open_session(person: Person) -> None:
    """Go to the page of the session."""
    person.tab("Exam sessions")
    person.follow(SESSION)


def seal(first: Person, second: Person) -> None:
    """One draws the papers, the other draws again and must get the same."""
    open_session(first)
    first.follow(first.words("To the sealing of the papers"))
    first.press(first.words("Draw the papers and sign as the first"))
    first.told("rounds.sealing_proposed")
    expect(first.page.get_by_label(first.words("Your password, again"))).to_have_count(0)
    second.open("/home")
    second.answer("rounds:papers")
    second.sign("Draw again and seal the papers")
    second.told("rounds.papers_sealed")


def check_in(invigilator: Person, candidates: Mapping[str, str]) -> None:
    """At the door: find each by name, look at the paper, give the seat."""
    open_session(invigilator)
    invigilator.follow(invigilator.words("To the room"))
    invigilator.follow(invigilator.words("Check-in"))
    for name, seat in candidates.items():
        invigilator.fill("Candidate number or name", name)
        invigilator.press(invigilator.words("Find"))
        invigilator.fill("Seat", seat)
        invigilator.press(invigilator.words("Check in"))
        invigilator.sees(invigilator.words("Seat %(seat)s", seat=seat))


def sit_part(candidate: Person, wrong: int = 0, *, by: Literal["mouse", "keyboard"] = "mouse") -> str:
    """Sit the part that is open, from the waiting room to its receipt; answer so many questions wrong, all others right.
    Returns the code of the receipt."""
    candidate.open("/exam")
    candidate.press(candidate.words("Begin this part"))
    questions = candidate.page.locator(".ex-cell[data-cell]").count()
    for number in range(1, questions + 1):
        _answer(candidate, number, right=number > wrong, by=by)
    expect(candidate.page.locator("#connection-first")).to_have_text(candidate.words("Saved on the server"))
    candidate.follow(candidate.words("Review and hand in"), inside=candidate.page.locator("#cells"))
    candidate.press(candidate.words("Hand in, everything is answered"))
    expect(candidate.page.locator(".ex-banner.is-ok")).to_be_visible()
    return candidate.page.locator(".ex-receipt").inner_text()


def sees_result(candidate: Person, correct: int, questions: int, outcome: str) -> None:
    """The receipt shows the result of the part at once, as the rules ask for."""
    row = candidate.page.locator("main table tbody tr")
    expect(row).to_contain_text(candidate.words("%(correct)s of %(questions)s", correct=correct, questions=questions))
    expect(row.locator("td").last).to_have_text(candidate.words(outcome))


def close_session(invigilator: Person) -> None:
    """Record who stayed away, and close the session."""
    open_session(invigilator)
    invigilator.press(invigilator.plural("Record %(num)s candidate as absent", "Record %(num)s candidates as absent", 1))
    invigilator.told("rounds.absent_recorded", count=1)
    invigilator.press(invigilator.words("Close the session"))
    invigilator.told("rounds.session_closed")


def _answer(candidate: Person, number: int, *, right: bool, by: str) -> None:
    question = candidate.page.locator(f"#question-{number}")
    expect(question).to_be_visible()
    key = KEYS[" ".join(question.locator(".ex-stem").inner_text().split())]
    options = [" ".join(text.split()) for text in question.locator(".ex-opt-text").all_inner_texts()]
    place = options.index(key) if right else (options.index(key) + 1) % len(options)
    if by == "keyboard":
        candidate.page.keyboard.press("ABCD"[place].lower())
        candidate.page.keyboard.press("ArrowRight")
        return
    question.locator(".ex-opt").nth(place).click()
    forward = candidate.page.get_by_role("button", name=candidate.words("Next"))
    if forward.is_visible():
        forward.click()
