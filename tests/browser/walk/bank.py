"""The question bank: files taken in by one person, approved by another, and what papers must contain."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.walk.person import Person


def take_in(author: Person, bank: str, file: Path, taken: int, refused: int = 0) -> None:
    """Read a file for this bank and take what is good; `refused` questions are listed with their reason and left."""
    author.tab("Question bank")
    author.follow(author.words("Take in a file"))
    author.page.get_by_label(author.words("Part"), exact=True).select_option(bank)
    author.page.locator("input[type=file]").set_input_files(file)
    author.press(author.words("Read the file"))
    expect(author.page.locator("section[aria-labelledby=bad] tbody tr")).to_have_count(refused)
    if refused:
        author.press(
            author.plural("Take the %(num)s good question, leave the rest", "Take the %(num)s good questions, leave the rest", taken)
        )
    else:
        author.press(author.plural("Take in %(num)s question for review", "Take in %(num)s questions for review", taken))
    author.told("questions.taken", count=taken)


def has_nothing_to_review(author: Person) -> None:
    """Nobody reviews what they took in themselves."""
    author.tab("Question bank")
    author.follow(author.words("Review"))
    author.sees(author.words("Nothing waits for your review."))


def approve(reviewer: Person, count: int) -> None:
    """Read what waits and approve all of it."""
    reviewer.tab("Question bank")
    reviewer.follow(reviewer.words("Review"))
    for box in reviewer.page.locator("input[name=version]").all():
        box.check()
    reviewer.press(reviewer.words("Approve the ticked questions"))
    reviewer.told("questions.approved_many", count=count)


def set_blueprint(head: Person, bank: str, cells: dict[tuple[str, str], int]) -> None:
    """Say how many questions of each (topic, difficulty) a paper of this bank holds."""
    head.tab("Blueprints")
    head.follow(head.words("Blueprint of %(name)s", name=bank))
    for (topic, difficulty), count in cells.items():
        head.page.get_by_label(f"{topic}: {head.sentence(f'questions.difficulty.{difficulty}')}", exact=True).fill(str(count))
    head.press(head.words("Save the blueprint"))
    head.sees(head.words("Papers can be drawn from this bank."))
