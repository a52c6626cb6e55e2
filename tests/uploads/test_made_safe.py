"""Documents from outside: told apart by content, written anew, nothing that acts comes through, costs are bounded."""

from io import BytesIO

import pytest
from PIL import Image
from pypdf.generic import NameObject

from examsite.rules.refusal import Refused
from examsite.uploads import Limits, made_safe
from examsite.uploads.file import safe_file
from tests.uploads.hostile import armed, locked, named, opened, pdf, script, stamped, writer_of, written

LIMITS = Limits()


def picture(kind: str = "JPEG", **settings: object) -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 30)).save(file, kind, **settings)
    return file.getvalue()


def test_a_pdf_keeps_its_pages_and_their_words() -> None:
    safe = safe_file(pdf(3, words="Bachelor of Law"), LIMITS)
    assert (safe.media_type, safe.pages) == ("application/pdf", 3)
    assert [page.extract_text() for page in opened(safe.content).pages] == ["Bachelor of Law"] * 3


def test_nothing_that_acts_or_tells_of_its_maker_comes_through() -> None:
    data = armed()
    assert data.count(b"hidden") >= 6  # the file is what the test takes it for
    safe = safe_file(data, LIMITS)
    written_anew = opened(safe.content)
    for word in (b"hidden", b"/JavaScript", b"/JS", b"/AA", b"/OpenAction", b"/EmbeddedFile", b"/URI", b"/Annots", b"/PieceInfo"):
        assert word not in safe.content, word
    assert set(written_anew.root_object) == {"/Type", "/Pages"}
    assert not written_anew.attachments
    assert written_anew.pages[0].extract_text() == "Degree"


def test_a_signature_drawn_by_an_annotation_becomes_part_of_the_page() -> None:
    page = opened(safe_file(stamped(), LIMITS).content).pages[0]
    assert "/Annots" not in page
    assert "Signed" in page.extract_text()
    assert b"1.00000 0.00000 0.00000 1.00000 50.00000 50.00000 cm" in page.get_contents().get_data()


def test_a_picture_is_drawn_anew() -> None:
    safe = safe_file(picture(comment=b"<script>") + b"%PDF-1.7", LIMITS)
    assert (safe.media_type, safe.pages) == ("image/jpeg", None)
    assert b"script" not in safe.content
    assert b"%PDF" not in safe.content


@pytest.mark.parametrize(
    ("data", "limits", "code"),
    [
        (locked(), LIMITS, "uploads.pdf_locked"),
        (pdf()[:200], LIMITS, "uploads.pdf_broken"),
        (b"%PDF-1.7\n" + b"[" * 100_000, LIMITS, "uploads.pdf_broken"),
        (written(writer_of(0)), LIMITS, "uploads.pdf_empty"),
        (pdf(4), Limits(pages=3), "uploads.too_many_pages"),
        (pdf(4), Limits(objects=10), "uploads.too_intricate"),
        (pdf(), Limits(kept_bytes=10), "uploads.too_heavy"),
        (b"<html><script>alert(1)</script>", LIMITS, "uploads.unknown_kind"),
        (b"PK\x03\x04", LIMITS, "uploads.unknown_kind"),
        (b"\x89PNG\r\n\x1a\nno picture", LIMITS, "uploads.picture_unreadable"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_reason(data: bytes, limits: Limits, code: str) -> None:
    with pytest.raises(Refused) as refused:
        safe_file(data, limits)
    assert (refused.value.code, refused.value.field) == (code, "file")


def test_the_child_process_answers_with_the_document_or_the_reason() -> None:
    assert made_safe(pdf()).content == safe_file(pdf(), LIMITS).content
    with pytest.raises(Refused, match="pdf_locked"):
        made_safe(locked())


@pytest.mark.parametrize(
    ("data", "limits", "code"),
    [
        (b"", LIMITS, "uploads.empty"),
        (b"x" * 11, Limits(file_bytes=10), "uploads.too_big"),
        (pdf(), Limits(wall_seconds=0), "uploads.too_costly"),
        (pdf(), Limits(memory_bytes=1_000_000), "uploads.too_costly"),
    ],
)
def test_a_document_that_costs_too_much_is_refused(data: bytes, limits: Limits, code: str) -> None:
    with pytest.raises(Refused, match=code):
        made_safe(data, limits)


def test_a_circle_of_objects_ends() -> None:
    writer = writer_of(1)
    font = writer.pages[0]["/Resources"]["/Font"]["/F"]
    one, other = writer._add_object(named({"/A1": script()})), writer._add_object(named({}))
    one.get_object()[NameObject("/Next")], other.get_object()[NameObject("/Next")] = other, one
    font[NameObject("/Circle")] = one
    safe = safe_file(written(writer), LIMITS)
    assert safe.pages == 1
    assert b"/JS" not in safe.content
