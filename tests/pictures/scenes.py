"""One function a picture: go there, do what has to be seen, and hand over the page."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from examsite.accounts.models import Account
from tests.pictures import cast
from tests.pictures.stage import PHONE, Stage

ANSWERED = (23, 11, 17)
"""How many questions each of those at work has answered; the first is the one in view."""
LETTERS = "BADCABDCCABDDBACBDACADB"
SCORES = ("33", "24.5", "25")


def waiting_room(stage: Stage) -> Page:
    """The last of those who can begin, before beginning."""
    page = stage.open(_exam(stage).candidates[-1])
    page.goto("/exam")
    return page


def exam_room(stage: Stage) -> Page:
    """Three candidates at work; the first of them in view, with a flag on a question."""
    for candidate, count in zip(_exam(stage).candidates, ANSWERED, strict=False):
        _work(stage.open(candidate), count)
    page = stage.open(_exam(stage).candidates[0])
    page.keyboard.press("B")
    page.keyboard.press("f")
    expect(page.locator("#connection-first")).to_have_text("Saved on the server")
    return page


def live_room(stage: Stage) -> Page:
    """The same room as its invigilator sees it."""
    exam = _exam(stage)
    page = stage.open(exam.invigilator)
    page.goto(f"/campaigns/{exam.campaign}/sessions/{exam.session}/live")
    page.get_by_role("button", name="Open the room: make a code").click()
    page.goto(f"/campaigns/{exam.campaign}/sessions/{exam.session}/live")
    return page


def score_sheet(stage: Stage) -> Page:
    """A sheet with every score typed, before it is locked."""
    with stage.site.session() as session:
        place = cast.open_interview(session)
    page = stage.open(place.member)
    page.goto(f"/campaigns/{place.campaign}/panels/{place.panel}/interviews/{place.interview}/sheet")
    for box, score in zip(page.locator("main input[inputmode=decimal]").all(), SCORES, strict=False):
        box.fill(score)
    page.keyboard.press("Tab")
    page.evaluate("() => window.scrollTo(0, 0)")
    return page


def ranking(stage: Stage) -> Page:
    """The published ranking where two were equal across the quota: every place with its reason."""
    with stage.site.session() as session:
        address = f"/lists/{cast.published(session, 'official').public_id}"
    page = stage.open(None)
    page.goto(address)
    _look_at(page.locator("main section", has_text="Equal to").first)
    return page


def stages(stage: Stage) -> Page:
    """A campaign with interviews to hold, as its officer sees it."""
    with stage.site.session() as session:
        address = cast.open_interview(session).campaign
    page = stage.open(_officer(stage))
    page.goto(f"/campaigns/{address}")
    return page


def applications(stage: Stage) -> Page:
    """The longest list of applications."""
    with stage.site.session() as session:
        address = cast.fullest_campaign(session).public_id
    page = stage.open(_officer(stage))
    page.goto(f"/campaigns/{address}/applications")
    _look_at(page.get_by_role("search"))
    return page


def rules(stage: Stage) -> Page:
    """The rules of a campaign, number by number with its article, as anybody reads them."""
    page = stage.open(None)
    page.goto(f"/campaigns/{_exam(stage).campaign}/rules")
    _look_at(page.get_by_role("heading", name="Round 1", level=2).first)
    return page


def my_result(stage: Stage) -> Page:
    """A candidate of a finished campaign, on a phone."""
    with stage.site.session() as session:
        account = cast.placed_candidate(session, cast.published(session, "official").campaign)
    page = stage.open(account, "vi", PHONE)
    page.goto("/home")
    _look_at(page.get_by_role("heading", name="Kết quả của tôi và cách tính"))
    return page


def front(stage: Stage) -> Page:
    """What the public sees first, on a phone."""
    page = stage.open(None, "vi", PHONE)
    page.goto("/")
    return page


SCENES: dict[str, Callable[[Stage], Page]] = {
    "waiting-room": waiting_room,
    "exam-room": exam_room,
    "live-room": live_room,
    "score-sheet": score_sheet,
    "ranking": ranking,
    "stages": stages,
    "applications": applications,
    "rules": rules,
    "phone-my-result": my_result,
    "phone-front": front,
}
"""File name to scene, in the order they are taken: the live room shows those who were at work in the exam room."""


def _work(page: Page, count: int) -> None:
    """Begin, and answer the first `count` questions with the keyboard."""
    page.goto("/exam")
    page.get_by_role("button", name="Begin this part").click()
    expect(page.locator("#question-1")).to_be_visible()
    for place in range(count):
        page.keyboard.press(LETTERS[place])
        page.keyboard.press("ArrowRight")
    expect(page.locator(f"#question-{count + 1}")).to_be_visible()
    expect(page.locator("#connection-first")).to_have_text("Saved on the server")


def _look_at(what: Locator) -> None:
    """Bring it to the top of the window, as a reader would."""
    what.evaluate("part => { part.scrollIntoView(); window.scrollBy(0, -24); }")


def _exam(stage: Stage) -> cast.OpenExam:
    """The exam that is open, as it was before anybody began."""
    if stage.exam is None:
        with stage.site.session() as session:
            stage.exam = cast.open_exam(session)
    return stage.exam


def _officer(stage: Stage) -> Account:
    with stage.site.session() as session:
        return cast.officer(session, cast.fullest_campaign(session))
