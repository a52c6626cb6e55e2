"""The token of the save path: it proves that this login session was given this sitting's page, without asking the database."""

import base64
import hmac

from flask import Flask, current_app

_LABEL = b"examsite/save/v1"


def save_token(token_hash: str, sitting_id: str) -> str:
    """The token of one login session for one sitting."""
    return _token(current_app, token_hash, sitting_id)


def is_save_token(given: str, token_hash: str, sitting_id: str) -> bool:
    """Whether the token is the right one; takes the same time whatever is wrong with it."""
    return is_token_of(current_app, given, token_hash, sitting_id)


def is_token_of(app: Flask, given: str, token_hash: str, sitting_id: str) -> bool:
    """The same outside a request."""
    return hmac.compare_digest(given.encode(), _token(app, token_hash, sitting_id).encode())


def _token(app: Flask, token_hash: str, sitting_id: str) -> str:
    key = str(app.config["SECRET_KEY"]).encode()
    digest = hmac.digest(key, b"\n".join((_LABEL, token_hash.encode(), sitting_id.encode())), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
