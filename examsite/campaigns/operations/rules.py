"""A campaign's own values in place of those of its rule set, and the freezing of them all."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examsite import policies
from examsite.audit.operations import record
from examsite.campaigns import queries
from examsite.campaigns.models import Campaign, Position, RuleChange
from examsite.campaigns.operations.campaigns import locked
from examsite.campaigns.permissions import may_change_rules, may_freeze_rules
from examsite.campaigns.queries.boards import boards_by_account
from examsite.campaigns.roles import Role
from examsite.db import rows_changed
from examsite.rules import canonical, policy
from examsite.rules.policy import RuleEntry, RuleSet, Value, Words
from examsite.rules.refusal import Conflict, NotFound, Refused
from examsite.vietnamese import fold

Rewriting = Callable[[Sequence[RuleEntry], Sequence[RuleEntry]], tuple[RuleEntry, ...]]


def change(session: Session, role: Role, values: Mapping[str, Value], reason: str, now: datetime, *, seen: str | None = None) -> list[str]:
    """Put values under their keys, all of them or none, with one written reason; return the keys whose value is another now.

    Values that must fit each other (maxima that sum up, a list and what it names) are changed together, so that the campaign's copy is
    whole at every moment. Given values that are the present ones are passed over.

    `seen` is the `shown` of these keys on the page on which somebody filled this in: refused where one of them is another by now (Conflict
    `campaigns.changed_meanwhile`), or a value that nobody touched would take a colleague's change back under this reason.

    Refuses after the announcement (`campaigns.rules_frozen`); whatever `policy.override` and `policy.parse` refuse; rules that the
    program could not run to their end (`campaigns.rules_would_not_run`); and rules that what is there already contradicts
    (`campaigns.language_in_use`, `campaigns.seats_clash`).
    """
    why = reason.strip()

    def rewritten(present: Sequence[RuleEntry], original: Sequence[RuleEntry]) -> tuple[RuleEntry, ...]:
        if seen not in (None, shown(present, values)):
            raise Conflict("campaigns.changed_meanwhile")
        return _overridden(present, values, why, original)

    return _rewrite(session, role, rewritten, why, now)


def add_step(session: Session, role: Role, room: str, added: str, values: Mapping[str, Value], reason: str, now: datetime) -> list[str]:
    """Put another band or level under the id `added` among those of a room, with a value for each key of `policy.new_step`; return the keys
    whose value is another now. Nothing that stands is replaced, so a page of before may go on; refused is one that asked for other values
    than are needed by now (Conflict `changed_meanwhile`), and what `change` refuses."""
    why = reason.strip()

    def rewritten(present: Sequence[RuleEntry], original: Sequence[RuleEntry]) -> tuple[RuleEntry, ...]:
        needed = {entry.key for entry in policy.new_step(present, room, added, original)}
        if added not in policy.ids_of(present, room) and needed != {*values}:
            raise Conflict("changed_meanwhile")
        return policy.with_step(present, room, added, values, why, original)

    return _rewrite(session, role, rewritten, why, now)


def remove_step(session: Session, role: Role, room: str, gone: str, reason: str, now: datetime, *, seen: str | None = None) -> list[str]:
    """Take a band or level out: the one below it holds for what was its own.

    `seen` is the `shown_steps` of the page: refused where anything among them is another by now (Conflict `changed_meanwhile`). Refuses as
    `change`; NotFound for one that is not there.
    """
    why = reason.strip()

    def rewritten(present: Sequence[RuleEntry], original: Sequence[RuleEntry]) -> tuple[RuleEntry, ...]:
        ids = policy.ids_of(present, room)  # under the lock, or what a colleague added would go as well
        if gone not in ids:
            raise NotFound
        if seen not in (None, shown_steps(present, room)):
            raise Conflict("changed_meanwhile")
        return _overridden(present, {policy.LISTS[room]: tuple(one for one in ids if one != gone)}, why, original)

    return _rewrite(session, role, rewritten, why, now)


def shown(entries: Sequence[RuleEntry], keys: Iterable[str]) -> str:
    """What a page showed under these keys, in one short text."""
    stored = _plain(entries)
    return canonical.digest([[key, stored.get(key)] for key in sorted(keys)])[:16]


def shown_steps(entries: Sequence[RuleEntry], room: str) -> str:
    """What a page showed of all bands or levels of a room, in one short text."""
    return shown(entries, policy.keys_of_steps(entries, room))


def id_for(name: Words, taken: Collection[str]) -> str:
    """An id made of an English name, such as `very_long`, that is not taken yet."""
    plain = re.sub(r"[^a-z0-9]+", "_", fold(name.en)).strip("_")[:30].strip("_")
    plain = plain if plain[:1].isalpha() else f"step_{plain}".strip("_")
    return next(one for one in (plain, *(f"{plain}_{number}" for number in range(2, len(taken) + 3))) if one not in taken)


def _rewrite(session: Session, role: Role, rewritten: Rewriting, reason: str, now: datetime) -> list[str]:
    """Store what becomes of the campaign's copy, if it holds, with its history and its entry in the log; return the keys that differ.
    `rewritten` makes it of the present entries and those of the rule set itself."""
    role.must(may_change_rules(role))
    if not reason:
        raise Refused("reason_missing", field="reason")
    campaign = locked(session, role.campaign)
    in_reach(campaign)
    before = queries.entries(campaign)
    after = rewritten(before, policies.load(campaign.rule_set).entries)
    _must_hold(session, campaign, policy.parse(after))
    changed = _differences(before, after)
    if not changed:
        raise Refused("campaigns.nothing_changed")
    campaign.rules = policy.dump(after)
    session.add_all(
        RuleChange(campaign_id=campaign.id, key=key, old=old, new=new, reason=reason, changed_at=now, changed_by_id=role.account.id)
        for key, (old, new) in changed.items()
        if old is not None  # what came with an id that was put into its list has no value before
    )
    data = {"changes": {key: {"old": old, "new": new} for key, (old, new) in changed.items()}, "reason": reason}
    record(session, campaign.chain, "campaigns:rules:changed", f"campaign:{campaign.public_id}", role.actor, now, data)
    return list(changed)


def freeze(session: Session, role: Role, now: datetime) -> str:
    """Freeze the rules and return their digest, which is published. Part of the announcement; afterwards every change is refused."""
    role.must(may_freeze_rules(role))
    campaign = locked(session, role.campaign)
    in_reach(campaign)
    if not queries.rule_set(campaign).runnable:
        raise Refused("campaigns.rules_would_not_run")
    digest = canonical.digest(campaign.rules)
    frozen = rows_changed(
        session,
        update(Campaign).where(Campaign.id == campaign.id, Campaign.frozen_at.is_(None)).values(rules_hash=digest, frozen_at=now),
    )
    if frozen != 1:
        raise Conflict("changed_meanwhile")
    data = {"digest": digest, "rule_set": campaign.rule_set}
    record(session, campaign.chain, "campaigns:rules:frozen", f"campaign:{campaign.public_id}", role.actor, now, data)
    return digest


def in_reach(campaign: Campaign) -> None:
    """Refuse what frozen rules do not allow any more."""
    if campaign.frozen_at is not None:
        raise Refused("campaigns.rules_frozen")


def _overridden(
    entries: Sequence[RuleEntry], values: Mapping[str, Value], reason: str, original: Sequence[RuleEntry]
) -> tuple[RuleEntry, ...]:
    """Lists of ids come last, so that what is put into one starts with the values that its last id has by then."""
    found = tuple(entries)
    for key, value in sorted(values.items(), key=lambda pair: policy.spec_of(pair[0]).owns):
        if policy.checked(key, value) != policy.entry_of(entries, key).value:
            found = policy.override(found, key, value, reason, original)
    return found


def _differences(before: Sequence[RuleEntry], after: Sequence[RuleEntry]) -> dict[str, tuple[Any, Any]]:
    """Old and new value, as they are stored, of every key that differs; what went with an id taken out of its list has no new one, what
    came with one put in no old one."""
    old, new = _plain(before), _plain(after)
    return {key: (old.get(key), new.get(key)) for key in {**old, **new} if old.get(key) != new.get(key)}


def _plain(entries: Sequence[RuleEntry]) -> dict[str, Any]:
    return {entry["key"]: entry["value"] for entry in policy.dump(entries)["entries"]}


def _must_hold(session: Session, campaign: Campaign, rules: RuleSet) -> None:
    if not rules.runnable:
        raise Refused("campaigns.rules_would_not_run")
    known = {language.id for language in rules.round1.languages}
    for position in session.scalars(select(Position).where(Position.campaign_id == campaign.id, Position.language.is_not(None))):
        if position.language not in known:
            raise Refused("campaigns.language_in_use", field="round1.languages", position=position.code, title=position.title)
    for account, boards in boards_by_account(session, campaign).items():
        for board in boards:
            if rules.clash(board, boards):
                raise Refused("campaigns.seats_clash", name=account.display_name)
