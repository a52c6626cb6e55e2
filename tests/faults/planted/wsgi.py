"""`gunicorn "tests.faults.planted.wsgi:create_app()"` with PLANTED naming the bug."""

import os

from flask import Flask

from examsite import app as product
from tests.faults.planted import bugs


def create_app() -> Flask:
    """The product's app with one bug in it."""
    app = product.create_app()
    bugs.BUGS[os.environ["PLANTED"]](app)
    return app
