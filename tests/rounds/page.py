"""The exam page as a test drives it: it sends saves as the real page does."""

import json
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from examsite.accounts.models import LoginSession
from examsite.rounds.models import Sitting
from examsite.rounds.routes.tokens import save_token
from tests.client import Browser
from tests.rounds.world import World


class Page:
    """One sitting in one browser."""

    def __init__(self, app: Flask, world: World, browser: Browser, sitting: Sitting) -> None:
        self.app, self.world, self.browser, self.sitting = app, world, browser, sitting
        newest = select(LoginSession).where(LoginSession.account_id == browser.account.id).order_by(LoginSession.id.desc())  # type: ignore[attr-defined]
        self.login = world.session.scalars(newest).first()
        assert self.login is not None
        with app.app_context():
            self.token = save_token(self.login.token_hash, sitting.public_id)

    @property
    def address(self) -> str:
        return f"/exam/{self.sitting.public_id}"

    def save(self, seq: int, answers: list[list[Any]], epoch: int = 1, token: str | None = None) -> TestResponse:
        """What the page sends when something changed."""
        return self.send(json.dumps({"seq": seq, "epoch": epoch, "answers": answers}), token=token)

    def send(self, body: str | bytes, token: str | None = None, content_type: str = "application/json") -> TestResponse:
        """Any body at all."""
        headers = {"X-Save-Token": self.token if token is None else token}
        return self.browser.client.post(self.address + "/save", data=body, content_type=content_type, headers=headers)
