"""The interviews of a panel a page at a time, for HR by name and for the panel by code; an act leads back to where it was done."""

from collections.abc import Callable

import pytest

from examsite.grading.routes import long_lists
from tests.client import Browser
from tests.grading.world import World


def test_a_long_panel_goes_over_pages(
    begun: World,
    browse: Callable[..., Browser],
    url: Callable[..., str],
    by_name: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(long_lists, "MOST_INTERVIEWS", 1)
    first, second = sorted((begun.interview("001"), begun.interview("002")), key=lambda one: one.number or 0)
    hr, head = browse(begun.people["hr"]), browse(begun.people["head"])
    by_code = [f'id="i-{one.public_id}"' for one in (first, second)]
    named = [f'id="c-{one.application.public_id}"' for one in (first, second)]
    for reader, address, rows in ((hr, url(), named), (head, url("/room"), by_code)):
        pages = [reader.get(f"{address}?page={page}").text for page in (1, 2)]
        assert [rows[0] in page for page in pages] == [True, False]
        assert [rows[1] in page for page in pages] == [False, True]
    name = begun.applications["002"].person.full_name
    assert hr.get(url(), query_string={"q": name}).text.count('<tr id="c-') == 1
    assert "Không ai trong số này" in hr.get(url() + "?q=Somebody").text
    head.post(f"{url()}/interviews/{first.public_id}/presence", {"state": "no_show", "reason": "Did not come."})
    assert by_code[1] in head.get(url("/room")).text, "the room opens where a sheet is awaited"
    answer = hr.post(by_name("/presence", second.application.candidate_number), {"state": "no_show", "reason": "Did not come."})
    assert answer.location.endswith(f"?page=2#c-{second.application.public_id}")
    assert hr.get(url("/lots")).text.count("<b>1</b>") == 1
