"""People who sign in, the codes that let them in, their login sessions, acts that take two of them, and lists that wait to be taken in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examsite.db import Base, JsonText, PublicId, UTCDateTime, unique_where

STAFF, CANDIDATE = "staff", "candidate"
ADMINISTRATOR, HR_OFFICER = "administrator", "hr_officer"


class Account(PublicId, Base):
    """Somebody who can sign in. `house_role` is for the few who act outside any campaign.

    `language` is the one last chosen while signed in, `email` where a member of staff gets mail; a candidate's stands on the application.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("kind IN ('staff', 'candidate')", name="kind"),
        CheckConstraint("house_role IN ('administrator', 'hr_officer')", name="house_role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sign_in_name: Mapped[str] = mapped_column(String(120), unique=True)
    display_name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    house_role: Mapped[str | None] = mapped_column(String(20))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ActivationCode(Base):
    """A one-use code of high entropy, stored as SHA-256: it lets its owner choose a password."""

    __tablename__ = "activation_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    account: Mapped[Account] = relationship()


class LoginSession(Base):
    """One signed-in browser. The cookie holds the token, the row only its hash; ending the row ends the session at once."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    account: Mapped[Account] = relationship()


class SignInDelay(Base):
    """Failed sign-ins in a row, by name from one source, by name and by source, for the growing delay."""

    __tablename__ = "sign_in_delay"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    last_failed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class TwoPersonAct(PublicId, Base):
    """An act that waits for, or has, a second signature over the digest of what both were shown.

    `chain` is the log it belongs to, `about` the object it is about; both are text, so that every room above can use it.
    """

    __tablename__ = "two_person_act"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'signed', 'withdrawn')", name="state"),
        CheckConstraint("second_id IS NULL OR second_id <> first_id", name="two_people"),
        unique_where("uq_two_person_act_open", "kind", "about", where="state = 'open'"),
        Index(None, "chain", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(60))
    about: Mapped[str] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[object] = mapped_column(JsonText)
    state: Mapped[str] = mapped_column(String(20), default="open")
    first_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    first_at: Mapped[datetime] = mapped_column(UTCDateTime)
    second_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    second_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_why: Mapped[str | None] = mapped_column(Text)
    first: Mapped[Account] = relationship(foreign_keys=[first_id])
    second: Mapped[Account | None] = relationship(foreign_keys=[second_id])


class ListUpload(PublicId, Base):
    """A list that was tried out and waits for the decision about it; the row goes once the file is taken in or dropped.

    `kind` is what it is a list of, `chain` the log it belongs to, both text, so that every room above can use it. It lies in the
    database because the next request may reach another host.
    """

    __tablename__ = "list_upload"
    __table_args__ = (Index(None, "chain", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    chain: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(40))
    file_name: Mapped[str] = mapped_column(String(300))
    file_digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
