"""Take items in from files: uploaded first and looked at, or in one go from the command line. They land in review."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.roles import Role
from examsite.db import rows_changed
from examsite.questions.intake import Intake, Ready, Source
from examsite.questions.models import DIFFICULTIES, Item, QuestionFile
from examsite.questions.operations.writing import drafted, next_number, version_digest
from examsite.questions.permissions import may_write_items
from examsite.questions.queries.files import dry_run
from examsite.questions.writing import LONGEST_TOPIC
from examsite.rules import canonical
from examsite.rules.refusal import Conflict, Refused


def upload(session: Session, role: Role, source: Source, now: datetime) -> QuestionFile:
    """Keep a file until its uploader has looked at the dry run. An earlier one that was left undecided is dropped.

    Raises SheetRefused where the file cannot be read at all.
    """
    role.must(may_write_items(role))
    _check(source)
    dry_run(session, role.campaign, source)
    session.execute(
        delete(QuestionFile).where(QuestionFile.campaign_id == role.campaign.id, QuestionFile.uploaded_by_id == role.account.id)
    )
    file = QuestionFile(
        campaign_id=role.campaign.id,
        part=source.bank.part.id,
        language=source.bank.language,
        topic=source.topic,
        difficulty=source.difficulty,
        name=source.name[:300],
        digest=source.digest,
        content=source.data,
        uploaded_by_id=role.account.id,
        uploaded_at=now,
    )
    session.add(file)
    session.flush()
    record(session, role.campaign.chain, "questions:file:uploaded", _about(file), role.actor, now, _file_facts(source))
    return file


def take_file(session: Session, role: Role, file: QuestionFile, source: Source, *, leave_faulty: bool, shown: str, now: datetime) -> Intake:
    """Take in an uploaded file, whose content `source` is, and wipe it; see `take`. `shown` is the digest of the dry run that was agreed
    to. Refuses a second decision at the same moment (`questions.file_decided`)."""
    intake = take(session, role, source, leave_faulty=leave_faulty, shown=shown, now=now)
    _wipe(session, file)
    return intake


def drop_file(session: Session, role: Role, file: QuestionFile, now: datetime) -> None:
    """Decide against an uploaded file: its content is wiped, nothing is taken."""
    role.must(may_write_items(role))
    _wipe(session, file)
    record(session, role.campaign.chain, "questions:file:dropped", _about(file), role.actor, now, {"file": file.digest})


def take(session: Session, role: Role, source: Source, *, leave_faulty: bool, shown: str | None = None, now: datetime) -> Intake:
    """Take in the items of a file, with `role` as their author; each lands in review, so that somebody else has to approve it.

    Unless `leave_faulty`, one item that cannot be taken keeps out the whole file (`questions.file_has_faults`). Items whose stem the bank
    has are skipped, so that the same file twice changes nothing. `shown` is the digest of the dry run that somebody looked at: what it
    comes to by now, counted while the bank is held, has to be the same (Conflict `lists.changed_since`). Returns what was sorted out; one
    entry in the log names the file and the digest of all items.
    """
    role.must(may_write_items(role))
    _check(source)
    number = next_number(session, role.campaign)
    intake = dry_run(session, role.campaign, source)
    if shown not in (None, intake.digest(source)):
        raise Conflict("lists.changed_since")
    if intake.rejected and not leave_faulty:
        raise Refused("questions.file_has_faults", count=len(intake.rejected))
    items = [_item(role, source, ready, number + place, now) for place, ready in enumerate(intake.ready)]
    if items:
        session.add_all(items)
        session.flush()
        data = {
            **_file_facts(source),
            "items": len(items),
            "digest": canonical.digest({item.public_id: version_digest(item.versions[0]) for item in items}),
            "left_out": len(intake.rejected),
            "duplicates": len(intake.duplicates),
            "differing": len(intake.differing),
        }
        about = f"campaign:{role.campaign.public_id}"
        record(session, role.campaign.chain, "questions:items:imported", about, role.actor, now, data)
    return intake


def _wipe(session: Session, file: QuestionFile) -> None:
    undecided = update(QuestionFile).where(QuestionFile.id == file.id, QuestionFile.content.is_not(None))
    if rows_changed(session, undecided.values(content=None)) != 1:
        raise Refused("questions.file_decided")


def _item(role: Role, source: Source, ready: Ready, number: int, now: datetime) -> Item:
    version = drafted(ready.written, 1, role, now)
    version.state, version.submitted_at = "in_review", now
    return Item(
        campaign_id=role.campaign.id,
        number=number,
        part=source.bank.part.id,
        language=source.bank.language,
        kind=ready.written.kind,
        name=ready.name,
        created_at=now,
        versions=[version],
    )


def _check(source: Source) -> None:
    if source.difficulty not in DIFFICULTIES:
        raise Refused("questions.difficulty_unknown", field="difficulty")
    if len(source.topic) > LONGEST_TOPIC:
        raise Refused("questions.too_long", field="topic", longest=LONGEST_TOPIC, length=len(source.topic))
    if not source.data:
        raise Refused("questions.file_empty", field="file")


def _file_facts(source: Source) -> dict[str, object]:
    return {"file": source.digest, "part": source.bank.part.id, "language": source.bank.language}


def _about(file: QuestionFile) -> str:
    return f"file:{file.public_id}"
