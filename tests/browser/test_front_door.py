"""Signing in with a real browser: by the form, in both languages, on a desk and on a phone."""

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.site import LiveSite
from tests.browser.watch import assert_accessible, assert_fits
from tests.factories import PASSWORD, make_staff


@pytest.mark.parametrize(("language", "size"), [("vi", (1280, 720)), ("en", (390, 844))])
def test_the_form_lets_its_person_in(live: LiveSite, open_page: OpenPage, language: str, size: tuple[int, int]) -> None:
    with live.session() as session:
        make_staff(session, "hang", "Phạm Thu Hằng", password=True)
        session.commit()
    page = open_page(language=language, size=size)
    page.goto("/sign-in")
    assert_accessible(page)
    assert_fits(page)
    page.locator("input[name=sign_in_name]").fill("hang")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)
    page.goto("/password")
    assert page.get_by_text("Phạm Thu Hằng").is_visible()
    assert_accessible(page)


def test_the_cookie_of_the_tests_is_as_good_as_the_form(live: LiveSite, open_page: OpenPage) -> None:
    with live.session() as session:
        officer = make_staff(session, "hang", "Phạm Thu Hằng")
        session.commit()
    page = open_page(officer)
    answer = page.goto("/password")
    assert answer is not None
    assert answer.status == 200
    assert page.url.endswith("/password")
