"""Write items: drafts, their submission for review, new versions, and taking items out of the bank."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examsite.audit.operations import record
from examsite.campaigns.models import Campaign
from examsite.campaigns.roles import Role
from examsite.db import rows_changed
from examsite.questions.models import AcceptedAnswer, Item, ItemImage, ItemOption, ItemVersion
from examsite.questions.permissions import may_change_draft, may_retire, may_withdraw, may_write_items
from examsite.questions.queries.banks import bank_of
from examsite.questions.writing import Choice, Written, checked, with_option_ids
from examsite.rules import canonical
from examsite.rules.keys import ItemKind
from examsite.rules.refusal import Conflict, NotPermitted, Refused


def write_item(session: Session, role: Role, part: str, language: str | None, written: Written, now: datetime) -> Item:
    """Add an item with a first draft. Refuses a part or language that the rules do not know, a kind that the part does not hold, and a
    wording that is not whole."""
    role.must(may_write_items(role))
    bank = bank_of(role.campaign, part, language)
    if written.kind not in bank.kinds:
        raise Refused("questions.kind_not_in_part", field="bank")
    ready = checked(written)
    number = next_number(session, role.campaign)
    item = Item(campaign_id=role.campaign.id, number=number, part=bank.part.id, language=bank.language, kind=ready.kind, created_at=now)
    item.versions.append(drafted(ready, 1, role, now))
    session.add(item)
    session.flush()
    _log(session, role, item, "questions:item:written", now, _version_facts(item.versions[0]))
    return item


def write_version(session: Session, role: Role, item: Item, written: Written, now: datetime) -> ItemVersion:
    """Begin a new version of an item as a draft of one's own. Refuses while another one is open, and for a retired item."""
    role.must(may_write_items(role))
    if item.retired_at is not None:
        raise Refused("questions.item_retired")
    last = item.versions[-1]
    version = drafted(checked(replace(written, kind=item.kind)), last.number + 1, role, now, before=last)
    version.item_id = item.id
    try:
        with session.begin_nested():
            session.add(version)
    except IntegrityError as error:
        raise Conflict("questions.version_open") from error
    session.refresh(item, ["versions"])
    _log(session, role, item, "questions:version:drafted", now, _version_facts(version))
    return version


def change_draft(session: Session, role: Role, version: ItemVersion, written: Written, now: datetime) -> None:
    """Change one's own draft in place. What was submitted is frozen."""
    must_own(role, version)
    ready = checked(replace(written, kind=version.item.kind))
    options = with_option_ids(ready.options, choices_of(version))
    changed = rows_changed(
        session,
        update(ItemVersion)
        .where(ItemVersion.id == version.id, ItemVersion.state == "draft", ItemVersion.author_id == role.account.id)
        .values(
            topic=ready.topic,
            difficulty=ready.difficulty,
            stem=ready.stem,
            stem_fold=ready.stem_fold,
            basis=ready.basis,
            marking_rule=ready.marking_rule,
            case_matters=ready.case_matters,
            written_at=now,
        ),
    )
    if changed != 1:
        raise Conflict("questions.not_a_draft")
    for table in (ItemOption, AcceptedAnswer):
        session.execute(delete(table).where(table.version_id == version.id))
    session.expire(version)
    version.options, version.accepted = _option_rows(options), _accepted_rows(ready)
    session.flush()
    session.expire(version)
    _log(session, role, version.item, "questions:version:changed", now, _version_facts(version))


def submit(session: Session, role: Role, version: ItemVersion, now: datetime) -> None:
    """Hand one's own draft over for review; from here on its wording is frozen."""
    must_own(role, version)
    if version.item.retired_at is not None:
        raise Refused("questions.item_retired")
    changed = rows_changed(
        session,
        update(ItemVersion)
        .where(ItemVersion.id == version.id, ItemVersion.state == "draft", ItemVersion.author_id == role.account.id)
        .values(state="in_review", submitted_at=now),
    )
    if changed != 1:
        raise Conflict("questions.not_a_draft")
    _log(session, role, version.item, "questions:version:submitted", now, _version_facts(version))


def withdraw(session: Session, role: Role, version: ItemVersion, now: datetime) -> None:
    """Take a version back before anybody has decided about it: its author may, and the head or secretary for one who is gone.

    It stays readable as returned, without a reviewer; a new version can be begun.
    """
    if not may_withdraw(role, version):
        raise NotPermitted("questions.not_your_draft")
    changed = rows_changed(
        session,
        update(ItemVersion).where(ItemVersion.id == version.id, ItemVersion.state.in_(("draft", "in_review"))).values(state="returned"),
    )
    if changed != 1:
        raise Conflict("questions.not_open")
    _log(session, role, version.item, "questions:version:withdrawn", now, _version_facts(version))


def retire(session: Session, role: Role, item: Item, reason: str, now: datetime) -> None:
    """Take an item out of the bank: it is drawn for no further paper. Papers that hold it keep it. The reason stands with the item
    while it is out, and in the log for good: a leak that was its cause is still known when the item is back."""
    role.must(may_retire(role))
    why = _reason(reason)
    changed = rows_changed(
        session,
        update(Item)
        .where(Item.id == item.id, Item.retired_at.is_(None))
        .values(retired_at=now, retired_by_id=role.account.id, retired_why=why),
    )
    if changed != 1:
        raise Conflict("questions.item_retired")
    _log(session, role, item, "questions:item:retired", now, {"reason": why})


def restore(session: Session, role: Role, item: Item, reason: str, now: datetime) -> None:
    """Put a retired item back into the bank, with a reason, in the state its versions have."""
    role.must(may_retire(role))
    why = _reason(reason)
    changed = rows_changed(
        session,
        update(Item).where(Item.id == item.id, Item.retired_at.is_not(None)).values(retired_at=None, retired_by_id=None, retired_why=""),
    )
    if changed != 1:
        raise Conflict("questions.item_not_retired")
    _log(session, role, item, "questions:item:restored", now, {"reason": why})


def next_number(session: Session, campaign: Campaign) -> int:
    """The next number of an item. Locks the campaign's bank until the transaction ends, so that no two writers count at once."""
    session.execute(select(Campaign.id).where(Campaign.id == campaign.id).with_for_update(key_share=True))
    last = session.scalar(select(func.max(Item.number)).where(Item.campaign_id == campaign.id))
    return (last or 0) + 1


def drafted(ready: Written, number: int, role: Role, now: datetime, before: ItemVersion | None = None) -> ItemVersion:
    """A version row in state draft, not yet added; `ready` went through `checked`. Option ids and images live on from `before`."""
    options = with_option_ids(ready.options, choices_of(before) if before else ())
    return ItemVersion(
        number=number,
        topic=ready.topic,
        difficulty=ready.difficulty,
        stem=ready.stem,
        stem_fold=ready.stem_fold,
        basis=ready.basis,
        marking_rule=ready.marking_rule,
        case_matters=ready.case_matters,
        author_id=role.account.id,
        written_at=now,
        options=_option_rows(options),
        accepted=_accepted_rows(ready),
        images=[_copied(image) for image in before.images] if before else [],
    )


def choices_of(version: ItemVersion) -> tuple[Choice, ...]:
    """The options of a version as values."""
    return tuple(Choice(option.text, option.is_key, option.option_id) for option in version.options)


def version_digest(version: ItemVersion) -> str:
    """SHA-256 over the wording, the key, the images and the version's own salt. The log holds it in place of the words."""
    return canonical.digest(
        _further_facts(version)
        | {
            "basis": version.basis,
            "difficulty": version.difficulty,
            "item": version.item.public_id,
            "options": [[option.option_id, option.text, option.is_key] for option in version.options],
            "salt": version.salt,
            "stem": version.stem,
            "topic": version.topic,
            "version": version.number,
        }
    )


def _further_facts(version: ItemVersion) -> dict[str, object]:
    """What only some versions have: a key of another kind than one option, and images."""
    facts: dict[str, object] = {}
    if version.item.kind != ItemKind.SINGLE_CHOICE:
        facts["kind"], facts["rule"], facts["case_matters"] = version.item.kind, version.marking_rule, version.case_matters
        facts["accepted"] = [[one.text, "" if one.tolerance is None else format(one.tolerance, "f")] for one in version.accepted]
    if version.images:
        facts["images"] = [[image.digest, image.alt] for image in version.images]
    return facts


def must_own(role: Role, version: ItemVersion) -> None:
    """Refuse whoever is not the author of this draft."""
    if not may_change_draft(role, version):
        raise NotPermitted("questions.not_your_draft")


def _option_rows(options: tuple[Choice, ...]) -> list[ItemOption]:
    return [
        ItemOption(number=number, option_id=option.option_id, text=option.text, is_key=option.is_key)
        for number, option in enumerate(options, start=1)
    ]


def _accepted_rows(ready: Written) -> list[AcceptedAnswer]:
    return [AcceptedAnswer(number=number, text=one.text, tolerance=one.tolerance) for number, one in enumerate(ready.accepted, start=1)]


def _copied(image: ItemImage) -> ItemImage:
    """The same picture for a later version: approved versions keep theirs, whatever happens to a draft."""
    facts = {name: getattr(image, name) for name in ("number", "alt", "media_type", "width", "height", "digest", "content")}
    return ItemImage(**facts)


def _reason(typed: str) -> str:
    if not typed.strip():
        raise Refused("reason_missing", field="reason")
    return typed.strip()


def _version_facts(version: ItemVersion) -> dict[str, object]:
    return {"version": version.number, "digest": version_digest(version)}


def _log(session: Session, role: Role, item: Item, kind: str, now: datetime, data: dict[str, object]) -> None:
    record(session, role.campaign.chain, kind, f"item:{item.public_id}", role.actor, now, data)
