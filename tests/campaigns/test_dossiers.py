"""What lies beside an application: documents in and out, notes, yearly classifications, and who sees which of it."""

from collections.abc import Callable
from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.audit.models import LogEntry
from examsite.campaigns.models import Application, ApplicationDocument, ApplicationNote, YearlyClassification
from examsite.campaigns.operations import documents, dossiers
from examsite.campaigns.operations.documents import DocumentFacts
from examsite.campaigns.queries.dossiers import documents_of, dossier
from examsite.campaigns.roles import role_of
from examsite.rules.refusal import Conflict, NotFound, NotPermitted, Refused
from examsite.uploads import SafeFile
from tests.campaigns.house import ENGLISH, log_kinds
from tests.campaigns.intake_file import Desk
from tests.client import Browser
from tests.conftest import NOW
from tests.factories import appoint, make_application, make_staff
from tests.uploads.hostile import armed, locked

Browse = Callable[..., Browser]
SAFE = SafeFile(b"%PDF safe", "application/pdf", 2)


@pytest.fixture
def application(desk: Desk) -> Application:
    found = make_application(desk.session, desk.position, "Nguyễn Thị Ánh", "eligible", "0001", account=True)
    desk.session.commit()
    return found


def add(desk: Desk, application: Application, title: str = "Bằng luật", safe: SafeFile = SAFE, **more: object) -> ApplicationDocument:
    facts = DocumentFacts("degree", title, [desk.position.criteria[0].public_id])
    return documents.add_document(desk.session, desk.role, application, facts, safe, b"as it came", NOW, **more)  # type: ignore[arg-type]


def test_a_document_is_kept_with_its_digests_and_stands_at_its_criterion(desk: Desk, application: Application) -> None:
    document = add(desk, application)
    assert document.digest == sha256(SAFE.content).hexdigest()
    assert document.handed_in_digest == sha256(b"as it came").hexdigest()
    beside = dossier(desk.session, application)
    assert beside.evidence[desk.position.criteria[0].id] == [document]
    documents.set_evidence(desk.session, desk.role, document, [desk.position.criteria[1].public_id], NOW)
    assert list(dossier(desk.session, application).evidence) == [desk.position.criteria[1].id]
    assert log_kinds(desk.session, desk.campaign.chain) == ["campaigns:document:added", "campaigns:document:evidence"]
    with pytest.raises(NotFound):
        documents.set_evidence(desk.session, desk.role, document, ["somebody else's"], NOW)


def test_a_newer_one_takes_its_place_and_a_withdrawn_one_stays_readable(desk: Desk, application: Application) -> None:
    old = add(desk, application)
    new = add(desk, application, safe=SafeFile(b"%PDF newer", "application/pdf", 1), replaces=old)
    desk.session.refresh(old)
    assert (old.replaced_by_id, old.withdrawn_at) == (new.id, NOW)
    documents.withdraw_document(desk.session, desk.role, new, "Nộp nhầm", NOW)
    desk.session.expire_all()
    beside = dossier(desk.session, application)
    assert (beside.documents, [one.withdrawn_why for one in beside.withdrawn]) == ([], ["", "Nộp nhầm"])
    for act in (
        lambda: documents.withdraw_document(desk.session, desk.role, new, "again", NOW),
        lambda: documents.set_evidence(desk.session, desk.role, new, [], NOW),
    ):
        with pytest.raises(Refused, match="withdrawn_already"):
            act()
    with pytest.raises(Conflict, match="withdrawn_already"):
        add(desk, application, safe=SafeFile(b"%PDF third", "application/pdf", 1), replaces=old)


def test_documents_that_cannot_be_kept(desk: Desk, application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    add(desk, application)
    facts = (("kind_unknown", "poem", "x"), ("title_missing", "degree", " "), ("title_long", "degree", "x" * 201))
    for code, kind, title in facts:
        with pytest.raises(Refused, match=code):
            documents.add_document(desk.session, desk.role, application, DocumentFacts(kind, title), SAFE, b"", NOW)
    with pytest.raises(Refused, match="there_already"):
        add(desk, application)
    monkeypatch.setattr(documents, "MOST", 1)
    with pytest.raises(Refused, match="too_many"):
        add(desk, application, safe=SafeFile(b"%PDF other", "application/pdf", 1))
    with pytest.raises(Refused, match="reason_missing"):
        documents.withdraw_document(desk.session, desk.role, dossier(desk.session, application).documents[0], " ", NOW)
    desk.campaign.stage = "closed"
    with pytest.raises(Refused, match="closed"):
        add(desk, application)


def test_a_note_is_corrected_by_another_and_never_erased(desk: Desk, application: Application) -> None:
    dossiers.add_note(desk.session, desk.role, application, " Thiếu bản sao.\nGọi lại. ", NOW)
    first = desk.session.scalars(select(ApplicationNote)).one()
    dossiers.add_note(desk.session, desk.role, application, "Đủ bản sao.", NOW, corrects=first)
    beside = dossier(desk.session, application)
    assert [note.text for note in beside.notes] == ["Thiếu bản sao.\nGọi lại.", "Đủ bản sao."]
    assert beside.corrections_of(first) == [beside.notes[1]]
    for text, code in (("  ", "note_missing"), ("x" * 2001, "note_long")):
        with pytest.raises(Refused, match=code):
            dossiers.add_note(desk.session, desk.role, application, text, NOW)


def test_a_year_is_superseded_and_stays_readable(desk: Desk, application: Application) -> None:
    for grade in ("good", "excellent"):
        dossiers.record_year(desk.session, desk.role, application, 2025, grade, "QĐ 12", NOW)
    [year] = dossier(desk.session, application).years
    assert (year.current.grade, [old.grade for old in year.earlier]) == ("excellent", ["good"])
    for wrong, grade, code in (
        (2025, "excellent", "year_as_before"),
        (2027, "good", "year_range"),
        (1990, "good", "year_range"),
        (2024, "best", "grade"),
    ):
        with pytest.raises(Refused, match=code):
            dossiers.record_year(desk.session, desk.role, application, wrong, grade, "QĐ 12", NOW)


def test_who_only_reads_writes_nothing(desk: Desk, application: Application) -> None:
    council = make_staff(desk.session, "council")
    appoint(desk.session, desk.campaign, council, "council", "head")
    role = role_of(desk.session, council, desk.campaign)
    with pytest.raises(NotPermitted):
        documents.add_document(desk.session, role, application, DocumentFacts("degree", "x"), SAFE, b"", NOW)
    with pytest.raises(NotPermitted):
        dossiers.add_note(desk.session, role, application, "x", NOW)
    with pytest.raises(NotPermitted):
        dossiers.record_year(desk.session, role, application, 2025, "good", "", NOW)


def jpeg() -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 30)).save(file, "JPEG", comment=b"<script>")
    return file.getvalue()


def sent(data: bytes, name: str = "bang.exe", **more: object) -> dict[str, object]:
    return {"file": (BytesIO(data), name), "kind": "degree", "title": "Bằng Luật 2009", **more}


def test_the_way_of_a_document_on_the_pages(desk: Desk, browse: Browse, application: Application) -> None:
    place = f"/campaigns/{desk.campaign.public_id}/applications/{application.public_id}"
    browser = browse(desk.hr)
    for data, words in ((locked(), "protected by a password"), (b"MZ program", "neither a PDF nor"), (b"", "not empty")):
        refused = browser.post(f"{place}/documents/new", sent(data), headers=ENGLISH)
        assert refused.status_code == 422
        assert words in refused.text
        assert "Bằng Luật 2009" in refused.text
    criterion = desk.position.criteria[0].public_id
    assert browser.post(f"{place}/documents/new", sent(armed(), criteria=criterion)).location == f"{place}#documents"
    document = desk.session.scalars(select(ApplicationDocument)).one()
    assert b"hidden" not in document.content
    assert "Evidence:" in browser.get(place, headers=ENGLISH).text
    answer = browser.post(f"{place}/documents/{document.public_id}/content")
    assert (answer.data, answer.mimetype) == (document.content, "application/pdf")
    assert answer.headers["Content-Disposition"] == "inline; filename=document.pdf; filename*=UTF-8''B%E1%BA%B1ng%20Lu%E1%BA%ADt%202009.pdf"
    assert (answer.headers["X-Content-Type-Options"], answer.headers["Cache-Control"]) == ("nosniff", "no-store")
    assert browser.post(f"{place}/documents/{document.public_id}/replace", sent(jpeg())).status_code == 303
    picture = desk.session.scalars(select(ApplicationDocument).where(ApplicationDocument.withdrawn_at.is_(None))).one()
    answer = browser.post(f"{place}/documents/{picture.public_id}/content")
    assert b"script" not in answer.data
    assert "default-src 'none'; img-src 'self'; sandbox" in answer.headers.getlist("Content-Security-Policy")
    page = f"{place}/documents/{picture.public_id}"
    assert browser.post(f"{page}/evidence", {"criteria": criterion}).status_code == 303
    assert browser.post(f"{page}/withdraw", {"reason": " "}).status_code == 422
    assert browser.post(f"{page}/withdraw", {"reason": "Nộp nhầm"}).status_code == 303
    assert "Nộp nhầm" in browser.get(page).text
    assert browser.post(f"{place}/documents/{picture.public_id}/replace", sent(jpeg())).status_code == 422


def test_who_may_open_a_document(desk: Desk, browse: Browse, session: Session, application: Application) -> None:
    document = add(desk, application)
    people = {name: make_staff(session, name) for name in ("member", "chair", "supervisor", "invigilator", "outsider")}
    for name, (board, duty) in {
        "member": ("council", "member"),
        "chair": ("council", "head"),
        "supervisor": ("supervision", "member"),
        "invigilator": ("invigilation", "member"),
    }.items():
        appoint(session, desk.campaign, people[name], board, duty)
    other = make_application(session, desk.position, "Trần Văn Bình", "eligible", "0002", account=True)
    session.commit()
    address = f"/campaigns/{desk.campaign.public_id}/applications/{application.public_id}/documents/{document.public_id}/content"
    statuses = {name: browse(account).post(address).status_code for name, account in people.items()}
    assert statuses == {"member": 403, "chair": 200, "supervisor": 200, "invigilator": 403, "outsider": 403}
    seen = session.scalars(select(LogEntry).where(LogEntry.kind == "campaigns:document:opened").order_by(LogEntry.id)).all()
    assert [entry.actor_name for entry in seen] == [people[name].display_name for name in ("chair", "supervisor")]
    assert seen[0].about == f"application:{application.public_id}"
    read = browse(people["supervisor"]).get(f"/campaigns/{desk.campaign.public_id}/log?kind=campaigns:document:opened").text
    assert read.count("Mở tài liệu của hồ sơ") == 3, "the choice of the filter, and both entries"
    assert browse(None).post(address).status_code == 303
    own = f"/my/documents/{document.public_id}"
    assert browse(application.account).get(own).data == SAFE.content
    assert browse(other.account).get(own).status_code == 404
    assert browse(desk.hr).get(own).status_code == 403
    assert browse(desk.hr).post(address.replace(application.public_id, other.public_id)).status_code == 404
    assert documents_of(session, application) == [document]
    documents.withdraw_document(session, desk.role, document, "x", NOW)
    session.commit()
    assert browse(application.account).get(own).status_code == 404


def test_notes_and_years_on_the_page(desk: Desk, browse: Browse, application: Application) -> None:
    place = f"/campaigns/{desk.campaign.public_id}/applications/{application.public_id}"
    browser = browse(desk.hr)
    assert browser.post(f"{place}/notes", {"text": "Gọi điện hẹn nộp bản sao."}).location == f"{place}#notes"
    note = desk.session.scalars(select(ApplicationNote)).one()
    assert browser.post(f"{place}/notes", {"text": "Đã nộp.", "corrects": note.public_id}).status_code == 303
    assert browser.post(f"{place}/notes", {"text": "x", "corrects": "nobody"}).status_code == 404
    assert browser.post(f"{place}/notes", {"text": " "}).status_code == 422
    assert browser.post(f"{place}/years", {"year": "2025", "grade": "good", "source": "QĐ 12"}).location == f"{place}#years"
    assert browser.post(f"{place}/years", {"year": "x", "grade": "good"}).status_code == 422
    page = browser.get(place, headers=ENGLISH).text
    assert "first words, corrected since" in page
    assert "fulfilled the tasks well" in page
    assert desk.session.scalars(select(YearlyClassification.year)).one() == 2025
