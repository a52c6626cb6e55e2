"""The log: read by a supervisor, walked by the operator's command, and edited by somebody who should not."""

import json

from click.testing import CliRunner, Result
from playwright.sync_api import expect
from sqlalchemy import select, update

from examsite.audit.models import LogChain, LogEntry
from examsite.cli import group
from tests.browser.site import LiveSite
from tests.browser.walk.person import Person


def read(supervisor: Person, kind: str, count: int) -> None:
    """Filter the log of the campaign by a kind of act."""
    supervisor.tab("Log")
    supervisor.page.get_by_label(supervisor.words("Kind of act")).select_option(kind)
    supervisor.press(supervisor.words("Filter"))
    expect(supervisor.page.locator("main table tbody tr")).to_have_count(count)


def check_log(live: LiveSite) -> Result:
    """Run `examsite check-log` on the database of the site."""
    settings = {"DATABASE_URL": live.database.url, "EXAMSITE_SECRET_KEY": "a key for tests that nobody else will ever use"}
    return CliRunner(env=settings).invoke(group, ["check-log"])


def edit_entry(live: LiveSite, kind: str) -> tuple[str, int]:
    """Change what the newest entry of this kind says, behind the application's back; returns its chain and number."""
    with live.session() as session:
        entry = session.scalars(select(LogEntry).where(LogEntry.kind == kind).order_by(LogEntry.number.desc()).limit(1)).one()
        content = json.loads(entry.content or "{}")
        content["data"]["kind"] = "something else"
        session.execute(update(LogEntry).where(LogEntry.id == entry.id).values(content=json.dumps(content)))
        session.commit()
        return session.scalars(select(LogChain.name).where(LogChain.id == entry.chain_id)).one(), entry.number
