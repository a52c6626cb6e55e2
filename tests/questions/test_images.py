"""Pictures of items: looked at by content, drawn anew, kept in drafts, seen by the board alone."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.audit.models import LogEntry
from examsite.questions.models import Item, ItemImage
from examsite.questions.operations import writing
from examsite.questions.operations.images import MOST_IMAGES, add_image, remove_image
from examsite.rules.refusal import Conflict, NotPermitted, Refused
from examsite.uploads import Picture, made_safe_picture, pictures
from tests.client import Browser
from tests.conftest import NOW
from tests.questions.conftest import Cast
from tests.questions.typed import without_a_lock, wording

Browse = Callable[..., Browser]


def drawn(kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (40, 30), **settings: object) -> bytes:
    """A file with a picture of one colour."""
    file = BytesIO()
    Image.new(mode, size).save(file, kind, **settings)
    return file.getvalue()


def picture() -> Picture:
    return pictures.drawn_anew(drawn())


@pytest.fixture
def draft(session: Session, cast: Cast) -> Item:
    item = writing.write_item(session, cast.role(session, cast.author), "general", None, wording(), NOW)
    session.commit()
    return item


@pytest.mark.parametrize(
    ("data", "media_type", "size"),
    [
        (drawn(), "image/png", (40, 30)),
        (drawn(mode="RGBA"), "image/png", (40, 30)),
        (drawn(mode="I;16"), "image/png", (40, 30)),
        (drawn("JPEG"), "image/jpeg", (40, 30)),
        (drawn("JPEG", "CMYK"), "image/jpeg", (40, 30)),
        (drawn("WEBP", "RGBA"), "image/webp", (40, 30)),
        (drawn("MPO", save_all=True, append_images=[Image.new("RGB", (40, 30), "red")]), "image/jpeg", (40, 30)),
        (drawn(size=(3200, 800)), "image/png", (1600, 400)),
        (drawn("JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"), "image/jpeg", (30, 40)),
    ],
)
def test_a_picture_is_drawn_anew_upright_and_within_bounds(data: bytes, media_type: str, size: tuple[int, int]) -> None:
    picture = pictures.drawn_anew(data)
    assert (picture.media_type, picture.width, picture.height) == (media_type, *size)
    with Image.open(BytesIO(picture.content)) as shown:
        assert (shown.size, shown.getexif()) == (size, {})


def test_nothing_hidden_in_a_file_is_kept() -> None:
    secret = b"<script>alert(1)</script>"
    with_comment = drawn("JPEG", comment=secret) + secret
    assert secret in with_comment
    assert secret not in pictures.drawn_anew(with_comment).content


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unreadable"),
        (drawn("GIF", "P"), "unreadable"),
        (drawn("BMP"), "unreadable"),
        (drawn()[:60], "unreadable"),
        (drawn(size=(5001, 5000)), "too_large"),
        (b"\x89PNG" + b"0" * pictures.LARGEST_UPLOAD, "too_big"),
        (drawn(save_all=True, append_images=[Image.new("RGB", (40, 30), "red")]), "moves"),
    ],
)
def test_what_is_no_such_picture_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        pictures.drawn_anew(data)
    assert (refused.value.code, refused.value.field) == (f"uploads.picture_{code}", "file")


def test_a_picture_that_stays_too_heavy_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "LARGEST_KEPT", 50)
    with pytest.raises(Refused, match="picture_too_heavy"):
        pictures.drawn_anew(drawn())


def test_an_author_adds_and_takes_away_pictures_of_a_draft(
    session: Session, cast: Cast, browse: Browse, draft: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browse(cast.author)
    monkeypatch.setattr("examsite.questions.routes.images.made_safe_picture", without_a_lock(made_safe_picture))
    address = f"{cast.address}/{draft.public_id}"
    sent = browser.post(f"{address}/images", {"file": (BytesIO(drawn()), "plan.png"), "alt": " A  plan of the room. "})
    assert sent.status_code == 303
    image = session.scalars(select(ItemImage)).one()
    assert (image.alt, image.number, image.media_type) == ("A plan of the room.", 1, "image/png")
    page = browser.get(address).text
    assert f'src="{cast.address}/images/{image.public_id}" alt="A plan of the room." width="40" height="30"' in page
    assert browser.get(f"{cast.address}/images/{image.public_id}").data == pictures.drawn_anew(drawn()).content
    assert browser.post(f"{cast.address}/images/{image.public_id}/remove", {}).status_code == 303
    assert session.scalar(select(ItemImage)) is None
    kinds = set(session.scalars(select(LogEntry.kind)))
    assert {"questions:image:added", "questions:image:removed"} <= kinds


@pytest.mark.parametrize(
    ("data", "alt", "words"),
    [(drawn(), "", "Hãy tả bằng lời"), (b"no picture", "A plan.", "Không đọc được tệp này"), (b"", "A plan.", "Hãy chọn tệp")],
)
def test_a_refused_picture_says_why_on_the_page(
    session: Session, cast: Cast, browse: Browse, draft: Item, data: bytes, alt: str, words: str
) -> None:
    sent = browse(cast.author).post(f"{cast.address}/{draft.public_id}/images", {"file": (BytesIO(data), "a.png"), "alt": alt})
    assert (sent.status_code, words in sent.text) == (422, True)
    assert session.scalar(select(ItemImage)) is None


def test_who_may_see_a_picture_and_who_may_not(session: Session, cast: Cast, browse: Browse, draft: Item) -> None:
    image = add_image(session, cast.role(session, cast.author), draft.versions[0], picture(), "A plan.", NOW)
    session.commit()
    address = f"{cast.address}/images/{image.public_id}"
    assert browse(cast.reviewer).get(address).status_code == 200
    assert browse(cast.supervisor).get(address).status_code == 403
    assert browse(cast.stranger).get(address).status_code == 404
    assert browse(cast.reviewer).post(f"{address}/remove", {}).status_code == 403
    assert browse(cast.reviewer).get(f"{cast.address}/images/nothing").status_code == 404


def test_what_was_handed_over_keeps_its_pictures_and_a_new_version_has_its_own(session: Session, cast: Cast, draft: Item) -> None:
    author = cast.role(session, cast.author)
    first = draft.versions[0]
    image = add_image(session, author, first, picture(), "A plan.", NOW)
    writing.submit(session, author, first, NOW)
    session.expire_all()
    with pytest.raises(Conflict, match="not_a_draft"):
        remove_image(session, author, image, NOW)
    writing.withdraw(session, author, first, NOW)
    session.expire_all()
    second = writing.write_version(session, author, draft, wording(), NOW)
    [copy] = second.images
    assert (copy.content, copy.alt, copy.public_id != image.public_id) == (image.content, "A plan.", True)
    remove_image(session, author, copy, NOW)
    session.expire_all()
    assert ([len(version.images) for version in draft.versions], first.images[0].digest) == ([1, 0], image.digest)


def test_pictures_have_their_author_and_their_number(session: Session, cast: Cast, draft: Item) -> None:
    with pytest.raises(NotPermitted):
        add_image(session, cast.role(session, cast.reviewer), draft.versions[0], picture(), "A plan.", NOW)
    author = cast.role(session, cast.author)
    before = writing.version_digest(draft.versions[0])
    for _ in range(MOST_IMAGES):
        add_image(session, author, draft.versions[0], picture(), "A plan.", NOW)
    assert writing.version_digest(draft.versions[0]) != before
    with pytest.raises(Refused, match="images_many"):
        add_image(session, author, draft.versions[0], picture(), "A plan.", NOW)
