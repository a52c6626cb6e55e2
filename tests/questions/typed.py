"""What a test types: a wording with dull defaults, as values or as a form."""

import re
from collections.abc import Callable
from typing import Any

from flask import request

from examsite.questions.writing import Choice, Written
from examsite.web.context import db


def wording(
    stem: str = "<p>Which colour is the sky?</p>",
    options: tuple[str, ...] = ("blue", "green", "red", "black"),
    key: int = 0,
    topic: str = "nature",
    difficulty: str = "easy",
    basis: str = "<p>Look up.</p>",
) -> Written:
    choices = tuple(Choice(text, place == key) for place, text in enumerate(options))
    return Written(topic, difficulty, stem, choices, basis)


def without_a_lock(read: Callable[..., Any]) -> Callable[..., Any]:
    """`read`, which fails where a writing request has a transaction open: on SQLite that is the one lock, for which saves wait."""

    def watched(*args: Any) -> Any:
        assert request.method == "GET" or not db().in_transaction()
        return read(*args)

    return watched


def form(
    stem: str = "Which colour is the sky?",
    options: tuple[str, ...] = ("blue", "green"),
    key: str | None = "0",
    ids: tuple[str, ...] = (),
    **fields: str,
) -> dict[str, str]:
    data = {"bank": "general", "topic": "nature", "difficulty": "easy", "typed_as": "plain", "stem": stem, "basis": "Look up."}
    for place in range(6):
        data[f"options-{place}-text"] = options[place] if place < len(options) else ""
        data[f"options-{place}-option_id"] = ids[place] if place < len(ids) else ""
    if key is not None:
        data["key"] = key
    return {**data, **fields}


def agreed(page: str) -> dict[str, str]:
    """What the button of a dry run sends: what to take, and the digest of what is shown."""
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("how", "digest")}  # type: ignore[index]
