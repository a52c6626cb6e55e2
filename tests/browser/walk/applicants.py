"""Applications: a file through its dry run, screening, evidence, numbers, and slips to come in with."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.walk.files import BINH, RESTORED, ROWS
from tests.browser.walk.opening import Slip
from tests.browser.walk.person import Person

SEEN = "Đã đối chiếu bản gốc."
EVIDENCE = "Quyết định xuất ngũ số 112/QĐ, bản sao chứng thực."


def take_in_file(hr: Person, file: Path) -> None:
    """Upload the file, see in its dry run what was repaired, and take everything in."""
    hr.tab("Applications")
    hr.follow(hr.words("Take in a file"), inside=hr.page.locator(".ex-empty"))
    hr.page.locator("input[type=file]").set_input_files(file)
    hr.press(hr.words("Try the file out"))
    expect(hr.page.locator("h1")).to_have_text(hr.words("Dry run: nothing has been taken in yet"))
    hr.sees(RESTORED)
    hr.press(hr.plural("Take in %(num)s application", "Take in %(num)s applications", len(ROWS)))
    hr.told("intake.taken", taken=len(ROWS), known=0, left=0)


def screen_everybody(hr: Person) -> None:
    """Judge one application criterion by criterion, the others at once; everybody is eligible."""
    hr.tab("Applications")
    hr.follow(ROWS[0][0])
    for criterion in hr.page.locator(".ex-judge li").all():
        criterion.get_by_label(hr.words("fulfilled"), exact=True).check()
        criterion.get_by_label(hr.words("Why")).fill(SEEN)
    hr.tick(hr.sentence("application.eligible"))
    hr.press(hr.words("Save and go to the next"))
    for _ in ROWS[1:]:
        hr.fill("One reason for all criteria", SEEN)
        hr.press(hr.words("All criteria met: eligible, next"))


def find(hr: Person, text: str) -> None:
    """Find an application by a name typed without its marks."""
    hr.tab("Applications")
    hr.fill("Name or number", text)
    hr.press(hr.words("Search applications"))


def grant_priority(hr: Person) -> None:
    """Grant the priority group that was claimed, on a named document."""
    find(hr, "binh")
    expect(hr.page.locator("main table tbody tr")).to_have_count(1)
    hr.follow(BINH)
    hr.page.get_by_label(hr.words("Ground"), exact=True).select_option("priority:service")
    hr.fill("Evidence: which document, by whom, of which day", EVIDENCE)
    hr.tick(hr.words("granted"))
    hr.press(hr.words("Record the decision on the evidence"))
    hr.told("entitlements.decided")


def give_numbers(hr: Person) -> None:
    """Numbers by position and name, as the page proposes."""
    hr.tab("Applications")
    hr.follow(hr.words("Candidate numbers and codes"))
    hr.press(hr.plural("Give %(num)s candidate number", "Give %(num)s candidate numbers", len(ROWS)))


def make_slips(hr: Person) -> dict[str, Slip]:
    """The slips, by the name on each."""
    hr.tab("Applications")
    hr.follow(hr.words("Candidate numbers and codes"))
    hr.press(hr.plural("Make %(num)s code", "Make %(num)s codes", len(ROWS)))
    slips = {}
    for slip in hr.page.locator(".ex-slip").all():
        lines = slip.locator("dd").all_inner_texts()
        slips[slip.locator("p b").inner_text()] = Slip(lines[2], slip.locator("[data-code]").inner_text())
    return slips
