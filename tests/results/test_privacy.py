"""What a public list must not tell, looked for in its raw bytes."""

import re
from datetime import date
from typing import Any

import pytest

from examsite.campaigns.queries import rule_set
from examsite.results.contents import ALL, sections, told_reason
from examsite.results.models import Publication
from tests.factories import make_application, make_person
from tests.results.ground import Ground, make_ground

SECRETS = ("079185012345", "17/04/1985", "1985-04-17", "0912 345 678", "secret@example.vn", "minority_service", "dân tộc", "Kinh Bac")


@pytest.fixture
def fields() -> list[str]:
    """What the lists of this campaign show at the end; the default of the rule set."""
    return ["candidate_number", "name", "unit", "position", "total", "place", "result"]


def fill(ground: Ground) -> None:
    """One candidate with everything that is nobody's business, one who lost a tie by a step, one who was ill."""
    person = make_person(ground.session, "Hà Thị Mây", "079185012345", date(1985, 4, 17), "female")
    hidden = {"phone": "0912 345 678", "email": "secret@example.vn", "claimed_priority": "dân tộc Tày, Kinh Bac", "workplace": "Office"}
    make_application(ground.session, ground.position(), "", "eligible", "001", account=True, person=person, **hidden)
    for number in ("002", "003"):
        ground.candidate(number)
    for number in ("001", "002", "003"):
        ground.enters(number, language=None if number == "001" else 20)
    ground.scores("001", ("30", "20", "15"))
    ground.entitle("001", "priority", "minority_service")
    ground.entitle("001", "exemption", "minority_language")
    ground.scores("002", ("28.5", "21.5", "20"))
    ground.scores("003", state="no_show", reason="In hospital since Monday.")
    ground.opens()


def raw(publication: Publication, browse: Any) -> str:
    anybody = browse()
    pages = [anybody.get(f"/lists/{publication.public_id}{suffix}").text for suffix in ("", ".json")]
    return "\n".join([*pages, anybody.get(f"/lists/{publication.public_id}", headers={"Accept-Language": "en"}).text])


@pytest.mark.parametrize("kind", ["eligible", "round1", "provisional"])
def test_no_list_tells_who_is_who_beyond_its_fields(ground: Ground, browse: Any, kind: str) -> None:
    fill(ground)
    publication = ground.published(kind)
    ground.session.commit()
    text = raw(publication, browse)
    assert "Hà Thị Mây" in text
    assert publication.draft.digest not in text  # it covers what is hidden, which could be tried out against it
    for secret in (*SECRETS, "hospital", "minority"):
        assert secret not in text


def test_a_total_alone_tells_no_component_no_round_2_score_and_no_priority_points(ground: Ground, browse: Any) -> None:
    fill(ground)
    publication = ground.published("provisional")
    ground.session.commit()
    text = raw(publication, browse)
    content: Any = publication.content
    lines = {line["candidate_number"]: line for section in content["sections"] for line in section["lines"]}
    assert lines["001"]["reason"] == {"code": "outside_by_step_general", "params": {}}
    assert set(lines["001"]) == {"candidate_number", "name", "unit", "total", "place", "result", "reason"}
    assert "70,0" in text
    told = re.sub(r'href="[^"]*"', "", text.split("Số: 1/")[-1].split("Ai đã lập")[0])
    for figure in ("21,5", "21.5", "28,5", "65", '"5"'):
        assert figure not in told.replace(publication.digest, "")


def test_fields_that_hold_the_reason_and_its_figures_tell_them(ground: Ground, browse: Any) -> None:
    shown = ["candidate_number", "name", "components", "round2_score", "priority_points", "total", "place", "result", "reason"]
    open_ground = make_ground(ground.session, ground.now, "LA-2026-07", {"publication.final": tuple(shown)})
    fill(open_ground)
    content: Any = open_ground.published("provisional").content
    lines = {line["candidate_number"]: line for line in content["sections"][0]["lines"]}
    assert lines["002"]["reason"]["code"] == "inside_by_step"
    assert lines["002"]["reason"]["params"]["value"] == "70"
    assert lines["003"]["reason"] == {"code": "absent_general", "params": {}}


@pytest.mark.parametrize(
    ("code", "params", "needs"),
    [
        ("inside", {"place": 1, "total": "82", "quota": 2}, {"place", "total"}),
        ("outside_shared", {"place": 4, "total": "74.5", "quota": 2, "others": ["0138"]}, {"place", "total", "candidate_number"}),
        ("inside_by_step", {"place": 2, "total": "82", "step": "component", "of": "defence", "value": "25", "others": ["0131"]},
         {"place", "total", "candidate_number", "components"}),
        ("inside_by_step", {"place": 2, "total": "82", "step": "part_correct", "of": "general", "value": 40, "others": ["0131"]},
         {"place", "total", "candidate_number", "correct"}),
        ("below_pass", {"exact": "999/20", "official": "50", "pass_mark": "50"}, {"total"}),
        ("below_floor", {"components": ["defence"], "official": "60"}, {"components"}),
        ("part_failed", {"parts": ["language"]}, {"round1_result", "correct"}),
        ("advances", {"exempt": ["language"]}, {"round1_result", "exempt"}),
    ],
)  # fmt: skip
def test_a_reason_is_told_in_full_only_where_the_list_shows_every_figure_in_it(code: str, params: dict[str, Any], needs: set[str]) -> None:
    reason = {"code": code, "params": list(params.items())}
    assert told_reason(reason, frozenset(needs | {"reason"}))["code"] == code
    for hidden in needs | {"reason"}:
        told = told_reason(reason, frozenset((needs | {"reason"}) - {hidden}))
        assert told["code"] == f"{code}_general"
        assert set(told["params"]) <= {"quota", "pass_mark"}


@pytest.mark.parametrize("code", ["absent", "voided", "withdrawn"])
def test_why_somebody_was_absent_is_never_published(code: str) -> None:
    reason = {"code": code, "params": [("note", "In hospital.")]}
    assert told_reason(reason, ALL) == {"code": f"{code}_general", "params": {}}


def test_a_list_without_places_and_totals_is_not_in_the_order_of_places(ground: Ground) -> None:
    ground.position(quota=2)
    ground.ranked(("001", "60"), ("002", "90"))
    shown = frozenset({"candidate_number", "name", "result"})
    for kind in ("provisional", "official", "recommendations"):
        outcome: Any = ground.published(kind).draft.outcome
        lines = sections(kind, outcome, rule_set(ground.campaign), shown)[0]["lines"]
        assert [line["candidate_number"] for line in lines] == ["001", "002"], kind


def test_rejected_applications_are_on_no_public_list(ground: Ground, browse: Any) -> None:
    ground.candidate("001")
    make_application(ground.session, ground.position(), "Đỗ Văn Mười", "rejected")
    publication = ground.published("eligible")
    ground.session.commit()
    assert "Đỗ Văn Mười" not in raw(publication, browse)
