"""The interviews of a panel a page at a time, in the order of the lots; and the way back to the page on which one of them stands."""

from collections.abc import Sequence

from flask import request

from examsite.grading.models import Interview
from examsite.grading.queries.progress import Progress
from examsite.grading.routes.doors import address_of
from examsite.portions import Portion, portion
from examsite.vietnamese import fold
from examsite.web.asked import asked_page, counted

MOST_INTERVIEWS = 50
LONGEST_SEARCH = 100


def asked_words() -> str:
    """What the address looks for in the list."""
    return request.args.get("q", "").strip()[:LONGEST_SEARCH]


def called(interviews: Sequence[Interview], words: str) -> list[Interview]:
    """Those whose candidate's number or name has these words in it; all of them without words."""
    wanted = fold(words)
    return [one for one in interviews if wanted in fold(f"{one.application.candidate_number} {one.application.person.full_name}")]


def by_candidate(interviews: Sequence[Interview], about: str) -> Portion[Interview]:
    """The page that the address asks for, or that of the application with this public id."""
    places = [place for place, one in enumerate(interviews) if one.application.public_id == about]
    return portion(interviews, _page_at(places[0]) if places else asked_page(), MOST_INTERVIEWS)


def by_code(found: Sequence[Progress]) -> Portion[Progress]:
    """The page that the address asks for, or the first on which a sheet is still awaited."""
    awaited = (place for place, one in enumerate(found) if one.asks_for_sheets and not one.complete)
    return portion(found, request.args.get("page", _page_at(next(awaited, 0)), counted), MOST_INTERVIEWS)


def back_to_candidate(interview: Interview) -> str:
    """The address of the list by name and number with this candidate in view, wherever the lots put them."""
    return _back_to("grading.panel", interview, f"c-{interview.application.public_id}")


def back_to_code(interview: Interview) -> str:
    """The address of the list by code with this interview in view."""
    return _back_to("grading.room", interview, f"i-{interview.public_id}")


def _back_to(endpoint: str, interview: Interview, anchor: str) -> str:
    page = _page_at(interview.number - 1) if interview.number else 1
    return address_of(endpoint, interview.panel, page=page if page > 1 else None, _anchor=anchor)


def _page_at(place: int) -> int:
    return place // MOST_INTERVIEWS + 1
