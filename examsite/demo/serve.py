"""`make run`: an environment of its own in `var/`, a database, the demonstration, and gunicorn on 127.0.0.1."""

import os
import sys
from pathlib import Path

from examsite import clock, migrate
from examsite.config import asset, make_secret_file, read_settings
from examsite.db import make_engine, open_session
from examsite.demo.build import build, keep_an_exam_open
from examsite.demo.cast import PASSWORD

HOME = Path("var")


def main() -> None:
    """Make what is missing, then serve; run again, it keeps the data and opens a new exam session where none is open."""
    port = os.environ.get("PORT", "8000")
    HOME.mkdir(exist_ok=True)
    make_secret_file(HOME / "secret")
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{HOME.resolve()}/examsite.db")
    os.environ.setdefault("EXAMSITE_SECRET_KEY_FILE", str(HOME.resolve() / "secret"))
    os.environ["EXAMSITE_DEMO"] = "1"
    os.environ.setdefault("EXAMSITE_LOG_FORMAT", "text")
    os.environ.setdefault("EXAMSITE_ORGANISATION", "Thành phố Lạc An")
    engine = make_engine(read_settings(os.environ).database_url)
    migrate.upgrade(engine)
    with open_session(engine) as session:
        if build(session, clock.now(), print):
            print("The demonstration is built.")
        keep_an_exam_open(session, clock.now())
        session.commit()
    engine.dispose()
    print(f"\nexamsite is served on http://127.0.0.1:{port}\n  Enter as anybody of the demonstration: http://127.0.0.1:{port}/enter")
    print(f"  Or sign in by name, for example hang (HR), thao (council), admin; password: {PASSWORD}\n", flush=True)
    command = [sys.executable, "-m", "gunicorn", "--config", str(asset("gunicorn.conf.py"))]
    os.execv(sys.executable, [*command, "--bind", f"127.0.0.1:{port}", "examsite.app:create_app()"])  # noqa: S606 - no shell, every word is ours


if __name__ == "__main__":
    main()
