"""Take in a list of rooms."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsite.accounts import list_uploads
from examsite.accounts.models import Account, ListUpload
from examsite.accounts.operations import actor_of
from examsite.audit.models import HOUSE
from examsite.lists import Intake, ListFile
from examsite.rounds.models import ExamRoom
from examsite.rounds.operations.exam_rooms import change_room, create_room, must_be_allowed
from examsite.rounds.queries.exam_rooms import rooms_by_code
from examsite.rounds.queries.room_lists import assess, facts_of
from examsite.rounds.room_rows import RoomRow

KIND = "rooms"


def take_upload(
    session: Session, kept: ListUpload, file: ListFile[RoomRow], actor: Account, *, good_rows: bool, now: datetime
) -> Intake[RoomRow]:
    """Add and change the rooms of an uploaded list, all rows or none, unless `good_rows` leaves out those with errors; wipe its content.

    Each room leaves its entry in the log, and the list one that names them all. Refuses (`intake.`) `has_errors`, `no_good_rows`, and
    (`rooms.code_taken`) a code that somebody else took at the same moment.
    """
    must_be_allowed(actor)
    session.execute(select(ExamRoom.id).order_by(ExamRoom.id).with_for_update()).all()
    intake = assess(session, file)
    intake.must_be_takeable(good_rows=good_rows)
    rooms = rooms_by_code(session, [row.code for row in intake.good])
    new, changed = [], []
    for row in intake.good:
        room = rooms.get(row.code)
        if room is None:
            new.append(create_room(session, facts_of(row, None), actor, now).public_id)
        else:
            change_room(session, room, facts_of(row, room), actor, now)
            changed.append(room.public_id)
    list_uploads.tell_taken(session, HOUSE, KIND, file.digest, actor_of(actor), now, new=new, changed=changed)
    list_uploads.wipe(session, kept)
    return intake
