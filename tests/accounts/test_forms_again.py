"""What is wrong with a form stands at its fields, in the order of the page, and the form is there again."""

import re
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from tests.client import Browser
from tests.factories import make_staff

Browse = Callable[..., Browser]


def test_faults_follow_the_order_of_the_page(session: Session, browse: Browse) -> None:
    member = make_staff(session, "hang")
    session.commit()
    activation = browse().post("/activate", {})
    assert (activation.status_code, _listed(activation.text)) == (422, ["code", "password", "again"])
    change = browse(member).post("/password", {})
    assert (change.status_code, _listed(change.text)) == (422, ["old_password", "password", "again"])


def test_disabling_without_a_reason_shows_the_form_again(session: Session, browse: Browse, now: datetime) -> None:
    administrator, member = make_staff(session, "an", house_role="administrator"), make_staff(session, "hang")
    session.commit()
    browser = browse(administrator)
    answer = browser.post(f"/staff/{member.public_id}/disable", {"reason": " "})
    assert answer.status_code == 422
    assert "Tài khoản cán bộ" in answer.text
    assert answer.text.count('aria-invalid="true"') == 1
    assert re.search(rf'<details open>.*?/staff/{member.public_id}/disable.*?id="reason-error"', answer.text, re.DOTALL)
    himself = browser.post(f"/staff/{administrator.public_id}/disable", {"reason": "Thử."})
    assert (himself.status_code, 'id="faults"' in himself.text) == (422, True)
    session.expire_all()
    assert member.disabled_at is None
    assert browser.post(f"/staff/{member.public_id}/disable", {"reason": "Nghỉ việc."}).status_code == 303
    session.expire_all()
    assert member.disabled_at == now


def _listed(page: str) -> list[str]:
    """The fields that the list of faults leads to."""
    faults = page[page.index('id="faults"') : page.index("</ul>", page.index('id="faults"'))]
    return re.findall(r'href="#(\w+)"', faults)


def test_the_page_opens_at_its_first_fault(session: Session, browse: Browse) -> None:
    officer = make_staff(session, "phuc", house_role="hr_officer")
    session.commit()
    browser = browse(officer)
    several, one = browser.post("/units/new", {}).text, browser.post("/units/new", {"name": "Sở Nội vụ"}).text
    assert re.findall(r'id="(\w+)" [^>]*autofocus', several) == ["faults"]
    assert [re.findall(r' id="(\w+)"', tag) for tag in re.findall(r"<[^>]*autofocus[^>]*>", one)] == [["code"]]
    assert "autofocus" not in browser.get("/units/new").text
