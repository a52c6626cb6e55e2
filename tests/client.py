"""A test client that behaves like a browser: it is signed in, and sends the form token it was given."""

import re
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from examsite.accounts.models import Account
from examsite.accounts.operations import open_login


class Browser:
    """GET and POST as one person."""

    def __init__(self, app: Flask, session: Session, account: object | None, now: datetime) -> None:
        self.client = app.test_client()
        self.account = account
        self.token = ""
        if isinstance(account, Account):
            login = open_login(session, account, now)
            session.commit()
            with self.client.session_transaction() as cookie:
                cookie["_user_id"] = login
                cookie["_fresh"] = True

    def get(self, address: str, **kwargs: Any) -> TestResponse:
        """GET a page, in Vietnamese unless said otherwise."""
        kwargs.setdefault("headers", {"Accept-Language": "vi"})
        return self.client.get(address, **kwargs)

    def post(self, address: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """POST a form with a token of this session."""
        kwargs.setdefault("headers", {"Accept-Language": "vi"})
        return self.client.post(address, data={"csrf_token": self._form_token(), **(data or {})}, **kwargs)

    def _form_token(self) -> str:
        if not self.token:
            page = self.get("/activate").text
            found = re.search(r'name="csrf_token" value="([^"]+)"', page)
            assert found, page
            self.token = found.group(1)
        return self.token
