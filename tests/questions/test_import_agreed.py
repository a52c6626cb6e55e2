"""What is taken in from a file is what its dry run showed; a known stem with another key is no mere duplicate."""

import io
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.questions.intake import Intake, Source
from examsite.questions.models import Item
from examsite.questions.operations import importing
from examsite.questions.queries.banks import bank_of
from examsite.questions.queries.files import dry_run
from examsite.rules.refusal import Conflict
from tests.client import Browser
from tests.questions.conftest import Cast
from tests.questions.typed import agreed

ENGLISH = {"Accept-Language": "en"}
FILE = "Which law? {=This one ~That one}\n\nWho elects? {=The assembly ~The government}\n"
OTHER_KEY = "Who elects? {~The assembly =The government}\n"


def source(cast: Cast, text: str, part: str = "general") -> Source:
    return Source(bank_of(cast.campaign, part, None), "questions.gift", text.encode())


def take(session: Session, cast: Cast, text: str, now: datetime, shown: str | None = None) -> Intake:
    found = source(cast, text)
    return importing.take(session, cast.role(session, cast.reviewer), found, leave_faulty=False, shown=shown, now=now)


def test_a_dry_run_that_is_over_is_shown_again_and_nothing_is_taken(
    session: Session, cast: Cast, browse: Callable[..., Browser], now: datetime
) -> None:
    author = browse(cast.author)
    data = {"bank": "general", "topic": "", "difficulty": "medium", "file": (io.BytesIO(FILE.encode()), "q.gift")}
    address = author.post(f"{cast.address}/import", data, content_type="multipart/form-data").location
    shown = agreed(author.get(address).text)
    take(session, cast, OTHER_KEY, now)  # a colleague brings the same question with another key
    session.commit()
    refused = author.post(address, shown, headers=ENGLISH)
    assert refused.status_code == 422
    assert "What the file comes to has changed since this page was shown." in refused.text
    assert "Not taken: known with another key or other options" in refused.text
    assert "Question 1 of this bank has the same words, but another key or other options." in refused.text
    assert session.scalar(select(func.count()).select_from(Item)) == 1
    assert author.post(address, {"how": "all"}).status_code == 422
    assert author.post(address, agreed(refused.text)).status_code == 303
    assert session.scalar(select(func.count()).select_from(Item)) == 2


def test_what_was_agreed_to_is_asked_while_the_bank_is_held(session: Session, cast: Cast, now: datetime) -> None:
    shown = dry_run(session, cast.campaign, source(cast, FILE)).digest(source(cast, FILE))
    take(session, cast, OTHER_KEY, now)
    with pytest.raises(Conflict, match=r"lists\.changed_since"):
        take(session, cast, FILE, now, shown)
    by_now = dry_run(session, cast.campaign, source(cast, FILE)).digest(source(cast, FILE))
    assert len(take(session, cast, FILE, now, by_now).ready) == 1


@pytest.mark.parametrize(
    ("again", "same"),
    [
        ("WHO  elects? {~The government =The assembly}", True),
        ("Who elects? {=The <b>assembly</b> ~The government}", True),
        (OTHER_KEY, False),
        ("Who elects? {=The assembly ~The party}", False),
        ("Who elects? {=The assembly ~The government ~Nobody}", False),
    ],
)
def test_known_is_the_same_wording_key_and_options(session: Session, cast: Cast, now: datetime, again: str, same: bool) -> None:
    take(session, cast, FILE, now)
    found = dry_run(session, cast.campaign, source(cast, again))
    assert found.ready == ()
    assert [one.code for one in found.duplicates] == ["questions.duplicate_in_bank"] * same
    assert [(one.code, one.params) for one in found.differing] == [("questions.differs_in_bank", {"number": 2})] * (not same)


def test_two_of_one_file(session: Session, cast: Cast) -> None:
    found = dry_run(session, cast.campaign, source(cast, FILE + "\n" + OTHER_KEY + "\nWhich law? {=This one ~That one}\n"))
    assert [(one.code, one.params) for one in found.differing] == [("questions.differs_in_file", {"line": 3})]
    assert [(one.code, one.params) for one in found.duplicates] == [("questions.duplicate_in_file", {"line": 1})]


def test_the_digest_is_of_file_bank_and_outcome(session: Session, cast: Cast, now: datetime) -> None:
    empty = [dry_run(session, cast.campaign, source(cast, text)).digest(source(cast, text)) for text in (FILE, FILE + " ", OTHER_KEY)]
    take(session, cast, OTHER_KEY, now)
    assert len({*empty, dry_run(session, cast.campaign, source(cast, FILE)).digest(source(cast, FILE))}) == 4
