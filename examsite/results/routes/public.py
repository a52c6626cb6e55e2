"""Published lists, open to everybody: what was stored at publication, and nothing computed anew."""

from typing import Any, cast

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from examsite.access import public
from examsite.campaigns.queries import rule_set
from examsite.results.contents import numbers_in
from examsite.results.models import Publication
from examsite.results.queries import published as queries
from examsite.results.queries.seals import holds
from examsite.results.routes import blueprint
from examsite.results.telling import Teller
from examsite.rules import canonical
from examsite.rules.refusal import Conflict
from examsite.web.context import db


@blueprint.get("/lists/<publication_id>")
@public
def public_list(publication_id: str) -> ResponseReturnValue:
    """One published list; `?number=` narrows it to one candidate number."""
    publication = _whole(publication_id)
    content = cast("dict[str, Any]", publication.content)
    wanted = request.args.get("number", "").strip()
    return render_template(
        "results/public_list.html",
        publication=publication,
        campaign=publication.campaign,
        content=content,
        sections=_narrowed(content, wanted),
        searchable="candidate_number" in content["fields"],
        wanted=wanted,
        found=not wanted or wanted in numbers_in(content["sections"]),
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
    sections: list[dict[str, Any]] = content["sections"]
    if not wanted or wanted not in numbers_in(sections):
        return sections
    kept = [{**section, "lines": [line for line in section["lines"] if line["candidate_number"] == wanted]} for section in sections]
    return [section for section in kept if section["lines"]]


def _ranking(publication: Publication) -> Publication | None:
    """The ranking behind a list of recommendations, which tells places without their reasons."""
    return queries.current(db(), publication.campaign, "official") if publication.kind == "recommendations" else None


def _later(publication: Publication) -> Publication | None:
    """The list that stands in place of a superseded one."""
    return queries.current(db(), publication.campaign, publication.kind) if publication.superseded_at else None
