"""The server under the browser tests: what it does with a browser that hangs up."""

import socket
import struct
from collections.abc import Iterator
from threading import Event
from typing import cast
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from flask import Flask

from tests.browser.site import served

pytestmark = pytest.mark.once


class Reply:
    """A reply of one line, whose browser hangs up as soon as it is sent; it knows whether somebody closed it."""

    def __init__(self) -> None:
        self.sent, self.gone, self.closed = Event(), Event(), Event()

    def __iter__(self) -> Iterator[bytes]:
        yield b"a picture"
        self.sent.set()
        assert self.gone.wait(10)

    def close(self) -> None:
        self.closed.set()


def test_a_reply_is_closed_where_the_browser_hung_up():
    reply = Reply()

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Reply:
        start_response("200 OK", [("Content-Length", "9")])
        return reply

    with served(cast("Flask", app)) as url:
        browser = socket.create_connection(("127.0.0.1", cast("int", urlsplit(url).port)))
        browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        browser.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        assert reply.sent.wait(10)
        browser.close()
        reply.gone.set()
        assert reply.closed.wait(10), "nobody closed the reply"
