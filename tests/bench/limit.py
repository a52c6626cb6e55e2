"""The limit: a bare Flask view that does one durable upsert in the same database, on the same pool, under the same gunicorn settings."""

import os

from flask import Flask, request

from examsite.config import read_settings
from examsite.db import make_engine, saving
from examsite.driver import driver_connection

UPSERT = (
    "INSERT INTO bench_limit (id, seq, body) VALUES ({0}, {0}, {0}) ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, body = excluded.body"
)


def create_app() -> Flask:
    """The bare application."""
    app = Flask(__name__)
    main = make_engine(read_settings(os.environ).database_url)
    engine = saving(main)
    statement = UPSERT.format("?" if engine.dialect.name == "sqlite" else "%s")

    @app.get("/sign-in")
    def alive() -> str:
        return "ok"

    @app.post("/limit/<int:row>")
    def upsert(row: int) -> dict[str, int]:
        sent = request.get_json()
        with driver_connection(engine) as driver:
            driver.execute(statement, (row, sent["seq"], str(sent["answers"])))
        return {"seq": sent["seq"]}

    return app
