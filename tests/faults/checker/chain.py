"""The chain of a sitting, computed from its description and from nothing of the product's code.

    commitment = SHA256("examsite/v1/" + committed_as ‖ salt ‖ canonical JSON of {body, epoch, received_at, seq, sitting})
    head       = SHA256(0x02 ‖ head before ‖ commitment), beginning with SHA256("examsite/v1/genesis")

Canonical JSON: keys in the order of their code points, no white space, UTF-8, texts in normal form C. A receipt code is the first
26 characters of the base32 of the last head.
"""

import base64
import hashlib
import json
import unicodedata
from collections.abc import Sequence
from typing import Any

GENESIS = hashlib.sha256(b"examsite/v1/genesis").digest()


def heads(sitting: str, events: Sequence[dict[str, Any]]) -> list[str]:
    """The head after each event, as it should be."""
    head, found = GENESIS, []
    for event in events:
        head = hashlib.sha256(b"\x02" + head + _commitment(sitting, event)).digest()
        found.append(head.hex())
    return found


def receipt_code(head: str) -> str:
    """The code of a receipt whose chain ends with this head."""
    return base64.b32encode(bytes.fromhex(head)).decode()[:26]


def _commitment(sitting: str, event: dict[str, Any]) -> bytes:
    bound: dict[str, Any] = {name: event[name] for name in ("body", "epoch", "received_at", "seq")} | {"sitting": sitting}
    text = json.dumps({key: _normal(value) for key, value in bound.items()}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"examsite/v1/{event['committed_as']}".encode() + bytes.fromhex(event["salt"]) + text.encode()).digest()


def _normal(value: Any) -> Any:
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value
