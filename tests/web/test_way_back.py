"""A refused upload leads back to its form."""

import io
from collections.abc import Callable

from sqlalchemy.orm import Session

from tests.client import Browser
from tests.factories import make_staff


def test_a_file_that_is_too_large_leads_back_to_its_form(session: Session, browse: Callable[..., Browser]) -> None:
    officer = make_staff(session, "officer", house_role="hr_officer")
    session.commit()
    too_large = (io.BytesIO(bytes(13_000_000)), "units.xlsx")
    headers = {"Accept-Language": "en", "Referer": "http://localhost/units/import"}
    answer = browse(officer).post("/units/import", {"file": too_large}, headers=headers)
    assert (answer.status_code, 'href="/units/import">Back' in answer.text) == (413, True)
