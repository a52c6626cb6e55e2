"""A list as one person brings it in one request: what its room says about it, for the pages that are the same for all lists."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic, Self

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from examsite.accounts import list_uploads as uploads
from examsite.accounts.current import me
from examsite.accounts.models import Account, ListUpload
from examsite.audit.models import HOUSE
from examsite.lists import Finding, Intake, ListFile, ListReading, Table
from examsite.lists.findings import R
from examsite.rules.refusal import NotPermitted, Refused
from examsite.sheets import Book
from examsite.web.context import db, now
from examsite.web.forms import saved
from examsite.wording import say


class ListDesk(ABC, Generic[R]):
    """One list, as one person brings it in one request.

    `kind` names its endpoints, its uploads and its sentences (`lists.<kind>.title`, `.about`, `.all_known`, `.taken`); `frame` is
    the template around its pages, `tab` and `trail` are what that frame shows, `role` is there on the pages of a campaign. A list with
    `sheet_names` also goes out as a workbook; where it `names_people`, the log keeps who took it.
    """

    kind: ClassVar[str]
    frame: ClassVar[str] = "campaigns/frame.html"
    tab: ClassVar[str] = ""
    below: ClassVar[str] = ""
    sheet_names: ClassVar[Mapping[str, str]] = {}
    names_people: ClassVar[bool] = False
    role: Any  # the Role on the pages of a campaign, None on those of the house

    @classmethod
    @abstractmethod
    def enter(cls, **ids: str) -> "ListDesk[R]":
        """Look up what the address names and ask the permission; raises NotFound or NotPermitted."""

    @property
    @abstractmethod
    def table(self) -> Table:
        """The columns of the list; most rooms give a value of the class."""

    @property
    def ids(self) -> Mapping[str, str]:
        """What its addresses are made of."""
        return {"campaign_id": self.role.campaign.public_id} if self.role else {}

    @property
    def chain(self) -> str:
        """The log that its uploads belong to."""
        return str(self.role.campaign.chain) if self.role else HOUSE

    @property
    def time_zone(self) -> str | None:
        """The zone of the times on its pages."""
        return self.role.campaign.time_zone if self.role else None

    @property
    @abstractmethod
    def home(self) -> tuple[str, str]:
        """Name and address of the page that the list belongs to."""

    @property
    def closed(self) -> str | None:
        """The code of the sentence why nothing can be taken in now, or None."""
        return None

    @property
    def file_name(self) -> str:
        """What files for download begin with."""
        return f"{self.role.campaign.code}-{self.kind}" if self.role else self.kind

    @abstractmethod
    def template(self, language: str) -> bytes:
        """The file to fill in."""

    @abstractmethod
    def read(self, book: Book) -> ListReading[R]:
        """The rows of a file; the database is not asked."""

    @abstractmethod
    def assess(self, file: ListFile[R]) -> Intake[R]:
        """The rows against what stands already; nothing is written."""

    def keep(self, name: str, data: bytes) -> ListUpload:
        """Keep a file until the decision; refuses while the list is `closed`."""
        if self.closed:
            raise Refused(self.closed)
        return uploads.keep(db(), chain=self.chain, kind=self.kind, name=name, data=data, actor=me(), now=now())

    def drop(self, kept: ListUpload) -> None:
        """Decide against a file."""
        uploads.drop(db(), kept, me(), now())

    @abstractmethod
    def take(self, kept: ListUpload, file: ListFile[R], *, good_rows: bool) -> Intake[R]:
        """The operation that takes a file in, after asking the permission again and assessing it afresh, and wipes it."""

    def standing(self, language: str) -> Sequence[Mapping[str, str]]:
        """The list as it stands, by the names of its columns, in the words that `read` understands."""
        del language
        return ()

    def keep_who_took(self, lines: int) -> None:
        """The operation that tells the log of a workbook with names; where there are none, there is nothing to tell."""

    def taken(self, done: Intake[R]) -> ResponseReturnValue:
        """Where the person goes once the file is taken in; commits."""
        new = len(done.good) - done.changing
        counts = {"taken": new, "changed": done.changing, "known": len(done.known), "left": done.faulty}
        return saved(self.home[1], f"lists.{self.kind}.taken", **counts)

    def button(self, count: int) -> str:
        """What the button says where every row is good."""
        return str(ngettext("Take in %(num)s row", "Take in %(num)s rows", count))

    def shown(self, done: Intake[R]) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """Titles and rows of what would be taken in, for the person to look over; none where the file itself shows it well enough."""
        del done
        return (), ()

    def way(self, finding: Finding, upload: ListUpload) -> tuple[str, str] | None:
        """Name and address of the page where a finding of an uploaded file can be settled, if there is one."""
        del finding, upload
        return None

    def address(self, page: str, **more: str) -> str:
        """The address of one of its pages: `import`, `template`, `workbook`, `upload`, `drop`, `errors`."""
        parts: dict[str, Any] = {**self.ids, **more}
        return url_for(f".{self.kind}_{page}", **parts)

    def say(self, what: str) -> str:
        """One of its own sentences."""
        return say(f"lists.{self.kind}.{what}")

    @property
    def trail(self) -> list[tuple[str, str]]:
        """The crumbs between the frame's and the page."""
        return [self.home]


class HouseDesk(ListDesk[R]):
    """A list of the house instead of one campaign, for whoever `may` see to it."""

    frame = "lists/house.html"
    role = None

    @classmethod
    def enter(cls, **ids: str) -> Self:
        del ids
        if not cls.may(me()):
            raise NotPermitted("access.wrong_role")
        return cls()

    @staticmethod
    @abstractmethod
    def may(actor: Account) -> bool:
        """The permission of the list's room."""
