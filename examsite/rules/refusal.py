"""The one shape of a refusal: a code with parameters, worded elsewhere in the reader's language."""

from collections.abc import Mapping


class Refused(Exception):  # noqa: N818 - it is an answer to a person, not a fault of the program
    """An act that the rules or the state of things do not allow; `code` names the sentence, `params` fill it.

    `field` names the input it is about, where there is one, so that a form can show the sentence beside it.
    """

    def __init__(self, code: str, *, field: str | None = None, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.field = field
        self.params: Mapping[str, object] = params

    def __str__(self) -> str:
        return f"{self.code} {dict(self.params)}" if self.params else self.code


class NotPermitted(Refused):
    """The actor holds no role that may do this to this object (HTTP 403)."""


class NotFound(Refused):
    """There is no such object for this actor (HTTP 404); never says whether it exists for another."""

    def __init__(self, code: str = "not_found", *, field: str | None = None, **params: object) -> None:
        super().__init__(code, field=field, **params)


class Conflict(Refused):
    """Somebody else was quicker, or what was shown has changed since (HTTP 409)."""
