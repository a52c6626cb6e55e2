"""The rules are frozen once, under a digest that everybody can compute."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from examsite.accounts.models import Account
from examsite.campaigns.models import Campaign
from examsite.campaigns.operations import rules as operations
from examsite.campaigns.queries import entries, rule_set
from examsite.campaigns.roles import Role, role_of
from examsite.db import open_session
from examsite.rules import policy
from examsite.rules.refusal import NotPermitted, Refused
from tests.campaigns.house import House, build, last_entry, log_kinds
from tests.client import Browser
from tests.databases import Copy
from tests.races import DONE, at_once


def test_frozen_with_digest_and_time(session: Session, house: House, now: datetime) -> None:
    digest = operations.freeze(session, house.role(session), now)
    assert digest == policy.digest(entries(house.campaign)) == house.campaign.rules_hash
    assert house.campaign.frozen_at == now
    assert log_kinds(session, house.campaign.chain) == ["campaigns:rules:frozen"]
    assert digest in last_entry(session, house.campaign.chain)


def test_once(session: Session, house: House, now: datetime) -> None:
    operations.freeze(session, house.role(session), now)
    with pytest.raises(Refused, match=r"campaigns\.rules_frozen"):
        operations.freeze(session, house.role(session), now)


def test_by_hr_or_the_chair_of_the_council(session: Session, house: House, now: datetime) -> None:
    for account in (house.supervisor, house.author, house.outsider):
        with pytest.raises(NotPermitted):
            operations.freeze(session, house.role(session, account), now)
    assert operations.freeze(session, house.role(session, house.chair), now)


def test_own_values_are_part_of_the_digest(session: Session, house: House, now: datetime) -> None:
    untouched = policy.digest(entries(house.campaign))
    operations.change(session, house.role(session), {"bank.multiple": 4}, "more", now)
    assert operations.freeze(session, house.role(session), now) != untouched


def test_the_file_that_everybody_gets_has_the_published_digest(
    session: Session, house: House, now: datetime, browse: Callable[..., Browser]
) -> None:
    address = f"{house.address}/rules.json"
    assert browse().get(address).status_code == 404
    digest = operations.freeze(session, house.role(session), now)
    session.commit()
    answer = browse().get(address)
    assert hashlib.sha256(answer.data).hexdigest() == digest
    assert answer.mimetype == "application/json"
    assert digest in browse().get(f"{house.address}/rules").text


def test_rules_bent_behind_the_application_s_back_stop_everything(session: Session, now: datetime) -> None:
    house = build(session, stage="announced", changes={"bank.multiple": 7})
    stored: dict[str, Any] = dict(house.campaign.rules)  # type: ignore[call-overload]
    bent = [{**entry, "value": 10} if entry["key"] == "parts.general.pass_percent" else entry for entry in stored["entries"]]
    session.execute(update(Campaign).where(Campaign.id == house.campaign.id).values(rules={**stored, "entries": bent}))
    session.expire_all()
    with pytest.raises(Refused, match=r"campaigns\.rules_broken"):
        rule_set(house.campaign)


def test_the_rules_of_a_campaign_are_read_once_for_each_digest(session: Session) -> None:
    house = build(session, stage="announced")
    assert rule_set(house.campaign) is rule_set(house.campaign)


def test_a_change_and_the_freeze_at_one_moment_come_one_after_another(own_database: Copy, now: datetime) -> None:
    with open_session(own_database.engine) as session:
        house = build(session)

    def load(session: Session) -> Role:
        return role_of(session, session.get_one(Account, house.hr.id), session.get_one(Campaign, house.campaign.id))

    def change(session: Session, role: Role) -> None:
        operations.change(session, role, {"bank.multiple": 4}, "more", now)

    def freeze(session: Session, role: Role) -> None:
        operations.freeze(session, role, now)

    outcomes = at_once(own_database, load, change, freeze)
    with open_session(own_database.engine) as session:
        campaign = session.get_one(Campaign, house.campaign.id)
        changed = rule_set(campaign).round1.part("general").bank_multiple == 4
        assert sorted(outcomes) == ([DONE, DONE] if changed else ["campaigns.rules_frozen", DONE])
