"""A mail server on loopback that keeps what it is given, and answers as a test tells it to."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

from examsite.config import MailSettings


@dataclass
class Sink:
    """What came in, and the replies to `RCPT TO` by address (250 where none is set)."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)
    hang_up: bool = False

    @property
    def settings(self) -> MailSettings:
        """Settings that lead here."""
        return MailSettings("127.0.0.1", self.port, "none", "", "", "Thi tuyển <exam@city.example>", "https://exam.city.example")


@contextmanager
def listening() -> Iterator[Sink]:
    """A server in a thread of its own until the end of the block."""
    sink = Sink()

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 ready")
            while line := self.rfile.readline().decode().strip():
                verb, _, rest = line.partition(" ")
                if verb.upper() == "QUIT" or (sink.hang_up and verb.upper() == "MAIL"):
                    return
                if verb.upper() == "RCPT":
                    self.say(sink.replies.get(rest.partition("<")[2].partition(">")[0], "250 ok"))
                elif verb.upper() == "DATA":
                    self.take()
                else:
                    self.say("250 ok")

        def take(self) -> None:
            self.say("354 go on")
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line)
            sink.letters.append(cast("EmailMessage", message_from_bytes(b"".join(lines), policy=default)))
            self.say("250 taken")

        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        server.daemon_threads = True
        sink.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield sink
        server.shutdown()
