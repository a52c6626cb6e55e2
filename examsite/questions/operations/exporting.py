"""Let items leave the bank as a file. Keys leave with them, so each time stands in the log."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.roles import Role
from examsite.questions.models import ItemVersion
from examsite.questions.operations.writing import version_digest
from examsite.questions.outgoing import Outgoing
from examsite.questions.permissions import may_read_items
from examsite.questions.queries.items import ItemFilter
from examsite.questions.queries.outgoing import to_send
from examsite.rules import canonical
from examsite.rules.refusal import Refused

FORMATS = ("xlsx", "gift")


def send_out(session: Session, role: Role, wanted: ItemFilter, file_format: str, now: datetime) -> list[Outgoing]:
    """The items that a filter shows, to be written into a file; the log names the format, the filter and the digest of all of them.

    Refuses (`exports.`) `format_unknown`, `nothing`.
    """
    role.must(may_read_items(role))
    if file_format not in FORMATS:
        raise Refused("exports.format_unknown", field="format")
    found = to_send(session, role.campaign, wanted)
    if not found:
        raise Refused("exports.nothing")
    data = {"format": file_format, "items": len(found), "filter": _plain(wanted), "digest": _digest([version for version, _item in found])}
    about = f"campaign:{role.campaign.public_id}"
    record(session, role.campaign.chain, "questions:items:exported", about, role.actor, now, data)
    return [item for _version, item in found]


def _digest(versions: Sequence[ItemVersion]) -> str:
    return canonical.digest({version.public_id: version_digest(version) for version in versions})


def _plain(wanted: ItemFilter) -> Mapping[str, str]:
    told = {
        "text": wanted.text,
        "bank": wanted.bank.key if wanted.bank else "",
        "topic": wanted.topic,
        "difficulty": wanted.difficulty,
        "state": wanted.state,
        "author": wanted.author,
        "kind": wanted.kind,
    }
    return {name: value for name, value in told.items() if value}
