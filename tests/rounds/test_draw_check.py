"""Papers are checked at sealing by rules of their own; what they found is signed, kept, and shown."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsite.accounts.models import TwoPersonAct
from examsite.questions.models import DIFFICULTIES
from examsite.rounds import draw
from examsite.rounds.models import Paper
from examsite.rounds.operations import sealing
from examsite.rounds.queries.sealing import prepare
from examsite.rules.drawing import PaperItem
from examsite.rules.refusal import Refused
from tests.client import Browser
from tests.conftest import NOW
from tests.rounds.world import MINUTE, World, list_candidate, make_world

EN = {"headers": {"Accept-Language": "en"}}
EVE = NOW - 60 * MINUTE


@pytest.fixture
def planned(session: Session) -> World:
    """A planned session with two candidates, and one more who is exempted from the language part."""
    world = make_world(session, state="planned")
    world.candidates["003"] = list_candidate(session, world.exam, world.position, "003", exempt=True)
    session.commit()
    return world


def seal(world: World) -> TwoPersonAct:
    act = sealing.propose_sealing(world.session, world.exam, world.role("council", "head"), EVE)
    sealing.sign_sealing(world.session, world.exam, act.digest, world.role("question", "head"), EVE)
    return act


def spoil(monkeypatch: pytest.MonkeyPatch, number: str, part: str, change: Callable[[PaperItem], PaperItem]) -> None:
    """From now on the draw gives this candidate a first item that is not as it should be."""
    whole = draw.draw_papers

    def spoilt(seed: bytes, given: draw.Input) -> tuple[draw.Drawn, ...]:
        papers = whole(seed, given)
        return tuple(
            replace(paper, items=(change(paper.items[0]), *paper.items[1:])) if (paper.number, paper.part) == (number, part) else paper
            for paper in papers
        )

    monkeypatch.setattr(draw, "draw_papers", spoilt)


def test_what_the_check_found_is_signed_and_kept(planned: World) -> None:
    act = seal(planned)
    [general, language] = cast("dict[str, Any]", act.content)["check"]
    assert (general["part"], general["papers"], general["questions"], general["bank"]) == ("general", 3, 4, 12)
    assert (language["part"], language["language"], language["papers"]) == ("language", "en", 2)
    assert general["mean"] == general["easiest"] == general["hardest"] == "3/2"
    kept = cast("dict[str, Any]", planned.exam.draw)["check"]
    assert sum(times for _item, times in kept[0]["used"]) == 12
    assert {key: value for key, value in kept[0].items() if key != "used"} == general


def test_what_is_signed_names_no_item(planned: World) -> None:
    act = seal(planned)
    told = str(act.content)
    assert not [item for paper in planned.session.scalars(select(Paper)) for item, _version, _options in paper.items if str(item) in told]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda item: replace(item, version=item.version + 1), "paper.version"),
        (lambda item: replace(item, item="elsewhere"), "paper.foreign"),
        (lambda item: replace(item, options=item.options[1:]), "paper.options"),
    ],
)
def test_a_wrong_paper_stops_the_first_signature_and_names_candidate_and_reason(
    planned: World, monkeypatch: pytest.MonkeyPatch, change: Callable[[PaperItem], PaperItem], why: str
) -> None:
    spoil(monkeypatch, "002", "general", change)
    with pytest.raises(Refused) as refusal:
        sealing.propose_sealing(planned.session, planned.exam, planned.role("council", "head"), EVE)
    assert refusal.value.code == "rounds.paper_wrong"
    assert (refusal.value.params["number"], refusal.value.params["why"]) == ("002", why)
    assert planned.exam.seed is None


def test_a_wrong_paper_stops_the_second_signature_too(planned: World, monkeypatch: pytest.MonkeyPatch) -> None:
    act = sealing.propose_sealing(planned.session, planned.exam, planned.role("council", "head"), EVE)
    spoil(monkeypatch, "001", "language", lambda item: replace(item, options=()))
    with pytest.raises(Refused, match="paper_wrong"):
        sealing.sign_sealing(planned.session, planned.exam, act.digest, planned.role("question", "head"), EVE)
    assert planned.session.scalar(select(func.count()).select_from(Paper)) == 0


def test_a_missing_and_a_foreign_paper_are_found(planned: World) -> None:
    given = prepare(planned.session, planned.exam).given
    papers = draw.draw_papers(bytes(32), given)
    assert len(draw.check(given, papers, DIFFICULTIES)) == 2
    for wrong in (papers[:-1], (*papers, papers[0]), (*papers[:-1], replace(papers[-1], number="004"))):
        with pytest.raises(ValueError, match="not those of the roster"):
            draw.check(given, wrong, DIFFICULTIES)


def test_the_pages_show_it_and_the_refusal_is_a_sentence(
    planned: World, monkeypatch: pytest.MonkeyPatch, browse: Callable[..., Browser]
) -> None:
    planned.exam.opens_at = NOW + 60 * MINUTE
    planned.session.commit()
    at = f"/campaigns/{planned.campaign.public_id}/sessions/{planned.exam.public_id}/sealing"
    chair = browse(planned.role("council", "head").account)
    with monkeypatch.context() as patch:
        spoil(patch, "002", "general", lambda item: replace(item, item="elsewhere"))
        refused = chair.post(at + "/propose", **EN)
    assert refused.status_code == 422
    assert "The paper of candidate 002 in the part General knowledge does not pass the check" in refused.text
    assert "a question in it is not one of the bank it is drawn from" in refused.text
    assert chair.post(at + "/propose").status_code == 303
    page = chair.get(at, **EN).text
    assert "Expected difficulty" in page
    assert "spread 0.00, at most 0.10 from the mean" in page
    seen = planned.session.scalars(select(TwoPersonAct)).one()
    sealing.sign_sealing(planned.session, planned.exam, seen.digest, planned.role("question", "head"), NOW)
    planned.exam.state = "closed"
    planned.session.commit()
    public = browse().get(f"/sessions/{planned.exam.public_id}/draw", **EN).text
    assert "spread 0.00, at most 0.10 from the mean" in public
