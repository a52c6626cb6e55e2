"""The smallest HTTP client that keeps connections open: the load generator shares two cores with what it measures."""

import asyncio
import re
from dataclasses import dataclass, field
from time import perf_counter

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
COOKIE = re.compile(rb"\r\nset-cookie: *([^=\r\n]+)=([^;\r\n]*)", re.IGNORECASE)
LOCATION = re.compile(rb"\r\nlocation: *([^\r\n]+)", re.IGNORECASE)
CLOSING = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
PATIENCE = 30.0


@dataclass(frozen=True)
class Reply:
    """Status, headers as bytes, body, and the seconds from the first byte out to the last byte in."""

    status: int
    head: bytes
    body: bytes
    seconds: float

    @property
    def location(self) -> str:
        found = LOCATION.search(self.head)
        return found[1].decode() if found else ""


@dataclass
class Client:
    """One browser: its cookies and one connection at a time, opened again when the server has closed it."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    async def get(self, path: str) -> Reply:
        return await self.send(self._request("GET", path, "", b""))

    async def post_form(self, path: str, body: bytes) -> Reply:
        return await self.send(self._request("POST", path, "Content-Type: application/x-www-form-urlencoded\r\n", body))

    async def post_json(self, path: str, body: bytes, token: str) -> Reply:
        return await self.send(self._request("POST", path, f"Content-Type: application/json\r\nX-Save-Token: {token}\r\n", body))

    async def send(self, request: bytes) -> Reply:
        """Send one request; once more on a fresh connection when a kept one turned out to be closed before anything came back."""
        begun = perf_counter()
        kept = self._writer is not None
        try:
            return await asyncio.wait_for(self._exchange(request, begun), PATIENCE)
        except (ConnectionError, asyncio.IncompleteReadError):
            await self.close()
            if not kept:
                raise
            return await asyncio.wait_for(self._exchange(request, begun), PATIENCE)

    async def close(self) -> None:
        writer, self._reader, self._writer = self._writer, None, None
        if writer is not None:
            writer.close()

    async def _exchange(self, request: bytes, begun: float) -> Reply:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        body = await self._reader.readexactly(int(length[1])) if length else b""
        for name, value in COOKIE.findall(head):
            self.cookies[name.decode()] = value.decode()
        if CLOSING.search(head):
            await self.close()
        return Reply(int(head[9:12]), head, body, perf_counter() - begun)

    def _request(self, method: str, path: str, more: str, body: bytes) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {cookies}\r\nAccept-Language: vi\r\n"
            f"Referer: http://127.0.0.1:{self.port}/exam\r\n{more}Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body
