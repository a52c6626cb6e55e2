"""Round 2: a panel, lots, declarations, presence, score sheets, a decision, codes opened by two people."""

from datetime import datetime

from playwright.sync_api import expect

from tests.browser.walk.person import Person, about

PANEL = "Tổ phỏng vấn 1"


def create_panel(hr: Person, starts_at: datetime, head: str, members: list[str]) -> None:
    """A panel with its members (the first is its head) and all candidates of the one position."""
    hr.tab("Panels")
    hr.follow(hr.words("Create a panel"))
    hr.fill("Name of the panel", PANEL)
    hr.fill("Place of the panel", "Hội trường B")
    hr.fill("Start of the first turn", f"{starts_at:%Y-%m-%dT%H:%M}")
    hr.press(hr.words("Create the panel"))
    for name in [head, *members]:
        hr.choose("Person", name)
        hr.choose("Duty", hr.sentence(f"grading.duty_{'head' if name == head else 'member'}"))
        hr.press(hr.words("Seat this person"))
        hr.told("grading.member_seated", name=name)
    hr.press(hr.words("Put its candidates before this panel"))


def draw_lots(hr: Person) -> None:
    """Draw the order and the codes, once."""
    hr.tab("Panels")
    hr.follow(PANEL)
    hr.follow(hr.words("Go to the lots"))
    hr.press(hr.words("Draw the lots"))
    hr.told("grading.lots_drawn")


def record_presence(hr: Person, number: str) -> None:
    """Record that the candidate of this number is there."""
    hr.tab("Panels")
    hr.follow(PANEL)
    hr.press(about(hr.words("Present"), number))


def declare(member: Person) -> None:
    """Declare that there is no conflict; only then does today's list show."""
    member.tab("Panels")
    member.follow(PANEL)
    member.tick(member.sentence("grading.declare_none"))
    member.press(member.words("Make this declaration"))
    member.told("grading.declared")


def codes(member: Person) -> list[str]:
    """The codes on today's list, in the order of the interviews."""
    member.tab("Panels")
    member.follow(PANEL)
    return member.page.locator("main table tbody th").all_inner_texts()


def score(member: Person, code: str, scores: tuple[str, ...], seen: list[str]) -> None:
    """Fill in the sheet for this code and lock it. Before that nobody else's total shows; afterwards those in `seen` do."""
    member.tab("Panels")
    member.follow(PANEL)
    member.follow(code)
    expect(member.page.get_by_role("heading", name=member.words("The other members"))).to_have_count(0)
    for field, value in zip(member.page.locator("input[name^='score-']").all(), scores, strict=True):
        field.fill(value)
    member.press(member.words("Lock the sheet"))
    others = member.page.locator("section[aria-labelledby=h-others]")
    expect(others).to_be_visible()
    for total in seen:
        expect(others).to_contain_text(total)


def decide(head: Person, code: str, value: str, reason: str) -> None:
    """Decide the score of an interview about which the members differ too much."""
    head.tab("Panels")
    head.follow(PANEL)
    head.follow(head.words("Discrepancies"))
    head.follow(about(head.words("Decide the score"), code))
    head.fill("Score", value)
    head.fill("Reason", reason)
    head.press(head.words("Record the decision"))
    head.told("grading.decided")


def close_panel(head: Person) -> None:
    """Close the panel: from then on its scores stand."""
    head.tab("Panels")
    head.follow(PANEL)
    head.press(head.words("Close the panel"))
    head.told("grading.closed")


def open_codes(first: Person, second: Person) -> None:
    """One signs the opening, another opens the codes."""
    first.tab("Codes")
    first.press(first.words("Sign the opening as the first person"))
    first.told("grading.opening_proposed")
    second.open("/home")
    second.answer("grading:codes")
    second.sign("Sign and open the codes")
    second.told("grading.codes_opened")
