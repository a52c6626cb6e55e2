"""Published lists, open to everybody: what was stored at publication, and nothing computed anew."""

from collections.abc import Callable
from typing import Any, cast

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from examsite.access import public
from examsite.campaigns.queries import rule_set
from examsite.results.models import Publication
from examsite.results.paging import list_page
from examsite.results.queries import published as queries
from examsite.results.queries.seals import holds
from examsite.results.routes import blueprint
from examsite.results.telling import Teller
from examsite.rules import canonical
from examsite.rules.refusal import Conflict
from examsite.vietnamese import fold, tidy
from examsite.web.asked import asked_page
from examsite.web.context import db


@blueprint.get("/lists/<publication_id>")
@public
def public_list(publication_id: str) -> ResponseReturnValue:
    """One published list a page at a time; `?page=0` is the whole, for print, and `?number=` looks for a candidate number or a name."""
    publication = _whole(publication_id)
    content = cast("dict[str, Any]", publication.content)
    wanted = tidy(request.args.get("number", ""))
    found = _narrowed(content, wanted) if wanted else content["sections"]
    narrowed = bool(wanted and found)
    return render_template(
        "results/public_list.html",
        publication=publication,
        campaign=publication.campaign,
        content=content,
        part=list_page(found or content["sections"], asked_page(), cuts=not narrowed),
        searched=[field for field in ("candidate_number", "name") if field in content["fields"]],
        wanted=wanted,
        narrowed=narrowed,
        found=sum(len(section["lines"]) for section in found),
        versions=queries.versions(db(), publication),
        later=_later(publication),
        reasons=_ranking(publication),
        renamed=queries.renamed(db(), publication),
        tell=Teller(rule_set(publication.campaign)),
    )


@blueprint.get("/lists/<publication_id>.json")
@public
def public_list_file(publication_id: str) -> ResponseReturnValue:
    """The same list as the very bytes whose SHA-256 is its digest."""
    publication = _whole(publication_id)
    return Response(canonical.to_bytes(publication.content), mimetype="application/json")


def _whole(publication_id: str) -> Publication:
    """The list of this public id; refused (`results.list_damaged`) where it is not what was published any more."""
    publication = queries.publication_by_public_id(db(), publication_id)
    if not holds(publication):
        raise Conflict("results.list_damaged")
    return publication


def _narrowed(content: dict[str, Any], wanted: str) -> list[dict[str, Any]]:
    """The positions with only the lines of this candidate number, with or without its leading zeros, or of people so called."""
    number, name = wanted.lstrip("0"), fold(wanted)
    by_number = _with(content, lambda line: number != "" and str(line.get("candidate_number", "")).lstrip("0") == number)
    return by_number or _with(content, lambda line: name in fold(line.get("name", "")))


def _with(content: dict[str, Any], fits: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
    kept = [{**section, "lines": [line for line in section["lines"] if fits(line)]} for section in content["sections"]]
    return [section for section in kept if section["lines"]]


def _ranking(publication: Publication) -> Publication | None:
    """The ranking behind a list of recommendations, which tells places without their reasons."""
    return queries.current(db(), publication.campaign, "official") if publication.kind == "recommendations" else None


def _later(publication: Publication) -> Publication | None:
    """The list that stands in place of a superseded one."""
    return queries.current(db(), publication.campaign, publication.kind) if publication.superseded_at else None
