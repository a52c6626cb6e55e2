"""Take in a list of positions with their standards."""

from datetime import datetime

from sqlalchemy.orm import Session

from examsite.accounts import list_uploads
from examsite.accounts.models import ListUpload
from examsite.campaigns.models import Unit
from examsite.campaigns.operations import positions
from examsite.campaigns.operations.campaigns import in_draft, locked
from examsite.campaigns.operations.positions import PositionFacts
from examsite.campaigns.permissions import may_edit_positions
from examsite.campaigns.position_rows import PositionRow
from examsite.campaigns.queries.position_lists import PositionIntake, assess
from examsite.campaigns.roles import Role
from examsite.lists import Intake, ListFile

KIND = "positions"


def take_upload(
    session: Session, role: Role, kept: ListUpload, file: ListFile[PositionRow], *, good_rows: bool, now: datetime
) -> Intake[PositionRow]:
    """Take in an uploaded list and wipe its content; see `take`."""
    done = take(session, role, file, good_rows=good_rows, now=now)
    list_uploads.wipe(session, kept)
    return done


def take(session: Session, role: Role, file: ListFile[PositionRow], *, good_rows: bool, now: datetime) -> PositionIntake:
    """Add and change the positions of a list: all rows or none, unless `good_rows` leaves out those with errors.

    Each goes through `positions.add` or `positions.edit` and leaves its entry in the log, and the list one that names them all. Refuses
    (`intake.`) `has_errors`, `no_good_rows`, and what these refuse.
    """
    role.must(may_edit_positions(role))
    campaign = locked(session, role.campaign)
    in_draft(campaign)
    intake = assess(session, campaign, file)
    intake.must_be_takeable(good_rows=good_rows)
    new, changed = [], []
    for row in intake.good:
        facts = _facts(row, intake.units[row.code])
        position = intake.standing.get(row.code)
        if position is None:
            new.append(positions.add(session, role, facts, row.criteria or (), now).public_id)
            continue
        changed.append(position.public_id)
        texts = {criterion.public_id: criterion.text for criterion in position.criteria}
        kept = texts if row.criteria is None else {one: text for one, text in texts.items() if text in row.criteria}
        added = [text for text in row.criteria or () if text not in kept.values()]
        positions.edit(session, role, position, facts, kept, added, now)
    list_uploads.tell_taken(session, campaign.chain, KIND, file.digest, role.actor, now, new=new, changed=changed)
    return intake


def _facts(row: PositionRow, unit: Unit) -> PositionFacts:
    return PositionFacts(row.code, row.title, row.level, row.quota, row.language, unit)
