"""One candidate in the exam room, as the tests of the room see it: the page on one side, what is stored on the other."""

import time
from dataclasses import dataclass, replace
from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

from examsite import clock
from examsite.campaigns.models import Campaign
from examsite.rounds.models import ExamSession, LateEvidence, RosterEntry, Sitting, SittingEvent
from examsite.rounds.operations.closing import close_due_sittings
from examsite.rounds.operations.ledger import give_time
from examsite.rounds.queries.ledger import Want, preview
from examsite.rounds.queries.sittings import Answers, answers_of
from examsite.rules.timing import TimeKind
from tests.browser.site import LiveSite
from tests.rounds.world import World, make_world, options_of

SAVED = {"vi": "Đã lưu trên máy chủ", "en": "Saved on the server"}
KEPT = """() => new Promise((resolve) => {
    const opening = indexedDB.open("examsite", 1);
    opening.onsuccess = () => {
        const counting = opening.result.transaction("changes").objectStore("changes").count();
        counting.onsuccess = () => { opening.result.close(); resolve(counting.result); };
    };
})"""
PATIENCE_S = 30
BEGIN = {"vi": "Bắt đầu làm bài", "en": "Begin this part"}


def open_session(live: LiveSite, seconds_ago: int = 60) -> World:
    """An exam session under way on a live site, with two candidates; four questions in its first part."""
    with live.session() as session:
        world = make_world(session, opens_at=clock.now() - timedelta(seconds=seconds_ago))
        session.commit()
    return world


@dataclass
class Room:
    """The general part of one candidate in one page."""

    live: LiveSite
    page: Page
    number: str = "001"
    language: str = "vi"

    def enter(self) -> "Room":
        """From the waiting room through the button."""
        self.page.goto("/exam")
        self.page.get_by_role("button", name=BEGIN[self.language]).click()
        expect(self.page.locator("#question-1")).to_be_visible()
        return self

    def pick(self, letter: str) -> None:
        """Click the row of an option of the question in view."""
        self.page.locator(".ex-ask:visible .ex-opt").nth("ABCD".index(letter)).click()

    def expect_saved(self) -> None:
        """Wait until the page says that everything is on the server."""
        expect(self.page.locator("#connection-first")).to_have_text(SAVED[self.language])

    def stored(self) -> Answers:
        """The answers as the server holds them now."""
        with self.live.session() as session:
            return answers_of(session, self._sitting(session))

    def letters(self) -> dict[int, str]:
        """The same as letters of this candidate's own paper."""
        with self.live.session() as session:
            sitting = self._sitting(session)
            options = options_of(sitting)
            chosen = answers_of(session, sitting).choices
        return {number: "ABCD"[options[number - 1].index(option)] for number, option in chosen.items() if option is not None}

    def saves(self) -> list[str]:
        """The bodies of all acknowledged saves, in their order."""
        with self.live.session() as session:
            wanted = select(SittingEvent.body).where(SittingEvent.sitting_id == self._sitting(session).id, SittingEvent.kind == "save")
            return [body or "" for body in session.scalars(wanted.order_by(SittingEvent.seq))]

    def state(self) -> str:
        """How the sitting is written down."""
        with self.live.session() as session:
            return self._sitting(session).state

    def ends_in(self, seconds: float, grace: float = 30) -> None:
        """Let the server end the part so many seconds from now, and close it `grace` seconds later."""
        with self.live.session() as session:
            sitting = self._sitting(session)
            sitting.deadline = clock.now() + timedelta(seconds=seconds)
            sitting.closes_at = sitting.deadline + timedelta(seconds=grace)
            session.commit()

    def ends_by_plan_in(self, seconds: float, grace: float = 30) -> None:
        """The same, with a session that began so long ago that its plan says so too."""
        self.ends_in(seconds, grace)
        with self.live.session() as session:
            sitting = self._sitting(session)
            sitting.opens_at = sitting.entry.session.opens_at = sitting.deadline - timedelta(minutes=60)
            session.commit()

    def seal(self) -> None:
        """Write down that the part is closed, as the server does from time to time."""
        with self.live.session() as session:
            assert close_due_sittings(session, clock.now()) == 1
            session.commit()

    def give_time(self, world: World, seconds: int) -> None:
        """Let the head of invigilation give this candidate time in the general part."""
        with self.live.session() as session:
            campaign, exam = session.get_one(Campaign, world.campaign.id), session.get_one(ExamSession, world.exam.id)
            here = replace(world, session=session, campaign=campaign, exam=exam)
            entries, want, now = [here.entry(self.number).public_id], Want(TimeKind.GRANT, "general", seconds), clock.now()
            shown = preview(session, exam, entries, want, now).digest
            give_time(session, exam, entries, want, shown, "machine", "The network was down.", here.role("invigilation", "head"), now)
            session.commit()

    def change(self, **columns: object) -> None:
        """Set columns of the sitting, as the acts of an invigilator would."""
        with self.live.session() as session:
            sitting = self._sitting(session)
            for name, value in columns.items():
                setattr(sitting, name, value)
            session.commit()

    def seen(self, name: str) -> object:
        """A column of the sitting, as it is now."""
        with self.live.session() as session:
            return getattr(self._sitting(session), name)

    def evidence(self) -> list[tuple[str, int, str]]:
        """What was kept and not counted: why, of which epoch, and the answers."""
        with self.live.session() as session:
            wanted = select(LateEvidence).where(LateEvidence.sitting_id == self._sitting(session).id).order_by(LateEvidence.id)
            return [(one.why, one.epoch, one.body) for one in session.scalars(wanted)]

    def expect_kept(self, count: int) -> None:
        """Wait until this browser's own store holds so many changes: it lets go of one a moment after the page says that it is saved."""
        until = time.monotonic() + PATIENCE_S
        while (held := int(self.page.evaluate(KEPT))) != count:
            assert time.monotonic() < until, f"the store holds {held} changes, not {count}"
            self.page.wait_for_timeout(50)

    def forget_saves(self) -> None:
        """Put the server back to the moment when the part was begun, as an older copy of its database would."""
        with self.live.session() as session:
            sitting = self._sitting(session)
            session.execute(delete(SittingEvent).where(SittingEvent.sitting_id == sitting.id, SittingEvent.seq > 0))
            sitting.last_seq = 0
            session.commit()

    def _sitting(self, session: object) -> Sitting:
        wanted = select(Sitting).join(RosterEntry).where(RosterEntry.candidate_number == self.number, Sitting.part == "general")
        found: Sitting = session.scalars(wanted).one()  # type: ignore[attr-defined]
        return found
