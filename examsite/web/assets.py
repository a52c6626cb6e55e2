"""The files that pages load. Their address names their content, so a browser asks for each of them once and keeps it.

A room of three hundred that opens its pages in the same second would otherwise ask after every style and script again.
"""

import re
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue

PLAIN = "plain_static"
"""Our own files under an address that names no content of now: for whoever has a page open from before; asked after each time."""
LASTING = "public, max-age=31536000, immutable"
_ANOTHER_VERSION = re.compile("[0-9a-f]{16}/")


def address(folder: Path) -> str:
    """Below what address the files of a folder are found, as they are now."""
    content = sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return f"/static/{content.hexdigest()[:16]}"


def install(app: Flask) -> None:
    """Let the files of packages carry their version, and our own be found without one too."""
    app.jinja_env.globals["bootstrap_version"] = version("bootstrap-flask")
    app.add_url_rule("/static/<path:filename>", PLAIN, _plain)


def is_file(endpoint: str | None) -> bool:
    """Whether an endpoint answers with a file that pages load."""
    return (endpoint or "").endswith("static")


def keep(response: Response) -> None:
    """Let a browser keep a file whose address will never mean another one."""
    if request.endpoint == "static" or (request.endpoint != PLAIN and _is_of_this_version()):
        response.headers["Cache-Control"] = LASTING


def _is_of_this_version() -> bool:
    """Of the file of a package: during an update a page may come from one server and its files from another."""
    return request.args.get("v") == current_app.jinja_env.globals["bootstrap_version"]


def _plain(filename: str) -> ResponseReturnValue:
    """A page from before a restart asks below the address of its own version; the files of now serve it better than none."""
    known = _ANOTHER_VERSION.match(filename)
    return current_app.send_static_file(filename[known.end() :] if known else filename)
