"""The first page asks nobody for a signature that the operation would refuse."""

from sqlalchemy import event

from examsite.accounts.models import Account
from examsite.desk.tasks.mine import waiting_for
from examsite.results.operations.publishing import put_forward
from tests.factories import appoint, make_staff
from tests.results.ground import Ground
from tests.results.test_tie_stage import ORDER, propose, tie_up


def asked(ground: Ground, account: Account) -> list[str]:
    return [act.kind for act in waiting_for(ground.session, account, ground.now, "UTC").acts]


def test_a_tie_waits_for_no_member_who_declared_a_conflict_with_the_tied(ground: Ground) -> None:
    tie_up(ground)
    third = make_staff(ground.session, "third")
    appoint(ground.session, ground.campaign, third, "council")
    propose(ground, ORDER)
    assert [asked(ground, who) for who in (ground.council, third, ground.chair)] == [["results:tie"], ["results:tie"], []]
    ground.conflict("001", ground.council)
    assert [asked(ground, who) for who in (ground.council, third)] == [[], ["results:tie"]]


def test_a_tie_waits_for_nobody_at_a_stage_where_it_is_not_decided(ground: Ground) -> None:
    tie_up(ground)
    propose(ground, ORDER)
    ground.campaign.stage = "round2_timetable"
    ground.session.flush()
    assert asked(ground, ground.council) == []


def test_a_list_does_not_wait_for_whoever_drafted_it(ground: Ground) -> None:
    ground.candidate("001")
    appoint(ground.session, ground.campaign, ground.hr, "council")
    put_forward(ground.session, ground.draft("eligible"), "", ground.role(ground.hr_second), ground.now)
    assert [asked(ground, who) for who in (ground.hr, ground.council)] == [[], ["results:publication"]]


def test_it_costs_nothing_where_no_act_waits(ground: Ground) -> None:
    ground.candidate("001")
    waiting_for(ground.session, ground.council, ground.now, "UTC")
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    bind = ground.session.connection()
    event.listen(bind, "before_cursor_execute", note)
    try:
        waiting_for(ground.session, ground.council, ground.now, "UTC")
    finally:
        event.remove(bind, "before_cursor_execute", note)
    assert not [statement for statement in seen if "FROM draft" in statement or "FROM recusal" in statement]
