"""HTTP as a browser speaks it: one connection kept open, a cookie jar, no redirect followed by itself."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

PATIENCE_S = 12.0
"""After so long the exam page gives a request up and sends it again."""


class UnansweredError(Exception):
    """No whole reply came: refused, cut, or too slow. What was asked may or may not have been done."""


@dataclass(frozen=True)
class Reply:
    """One whole reply."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


@dataclass
class Wire:
    """One connection to the site; twins share its cookies, and each thread needs one of its own."""

    site: str
    cookies: dict[str, str] = field(default_factory=dict)
    patience: float = PATIENCE_S

    def __post_init__(self) -> None:
        self._host = urlsplit(self.site).netloc
        self._open: http.client.HTTPConnection | None = None

    def twin(self) -> "Wire":
        """Another connection of the same browser."""
        return Wire(self.site, self.cookies, self.patience)

    def get(self, path: str) -> Reply:
        """Ask for a page."""
        return self.ask("GET", path)

    def post_form(self, path: str, fields: Mapping[str, str]) -> Reply:
        """Send a form."""
        body = urlencode(fields).encode()
        return self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", "Referer": self.site + path})

    def ask(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Reply:
        """One request and its whole reply, or UnansweredError."""
        connection = self._open or http.client.HTTPConnection(self._host, timeout=self.patience)
        self._open = connection
        try:
            connection.request(method, path, body, {**self._usual(), **(headers or {})})
            answer = connection.getresponse()
            reply = Reply(answer.status, dict(answer.getheaders()), answer.read())
        except (OSError, http.client.HTTPException) as fault:
            self.close()
            raise UnansweredError(type(fault).__name__) from fault
        self._remember(answer.headers.get_all("Set-Cookie") or [])
        if answer.will_close:
            self.close()
        return reply

    def close(self) -> None:
        """Hang up."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _usual(self) -> dict[str, str]:
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Accept-Language": "en", **({"Cookie": jar} if jar else {})}

    def _remember(self, told: list[str]) -> None:
        for line in told:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
