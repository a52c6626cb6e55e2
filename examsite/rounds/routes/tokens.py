"""The token of the save path: it proves that this login session was given this sitting's page, without asking the database."""

import base64
import hashlib
import hmac

from flask import current_app

_LABEL = b"examsite/save/v1"


def save_token(token_hash: str, sitting_id: str) -> str:
    """The token of one login session for one sitting."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    digest = hmac.new(key, b"\n".join((_LABEL, token_hash.encode(), sitting_id.encode())), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_save_token(given: str, token_hash: str, sitting_id: str) -> bool:
    """Whether the token is the right one; takes the same time whatever is wrong with it."""
    return hmac.compare_digest(given.encode(), save_token(token_hash, sitting_id).encode())
