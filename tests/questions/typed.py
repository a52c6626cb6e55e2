"""What a test types: a wording with dull defaults, as values or as a form."""

from examsite.questions.writing import Choice, Written


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
