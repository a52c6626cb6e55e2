"""The log of the whole demonstration: what was recorded is what the rows show, in every campaign and every state."""

from examsite.cli.walks import walk_log
from examsite.db import open_session
from examsite.web.context import engine_of
from tests.demo.conftest import World


def test_the_log_of_the_demonstration_holds(world: World) -> None:
    with world.app.test_request_context(headers={"Accept-Language": "en"}), open_session(engine_of(world.app), read_only=True) as session:
        walked = walk_log(session)
    assert walked.broken == []
    assert walked.campaigns > 1
