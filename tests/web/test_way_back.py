"""A refused upload leads back to its form."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.client import Browser
from tests.factories import make_staff


def test_a_file_that_is_too_large_leads_back_to_its_form(
    app: Flask, session: Session, browse: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = make_staff(session, "officer", house_role="hr_officer")
    session.commit()
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 10_000)
    too_large = (io.BytesIO(bytes(20_000)), "units.xlsx")
    headers = {"Accept-Language": "en", "Referer": "http://localhost/units/import"}
    answer = browse(officer).post("/units/import", {"file": too_large}, headers=headers)
    assert (answer.status_code, 'href="/units/import">Back' in answer.text) == (413, True)
