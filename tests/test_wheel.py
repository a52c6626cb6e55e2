"""The steps of the Dockerfile, done in a scratch folder: the wheel is built from what it copies, installed elsewhere, and served."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.site import free_port

ROOT = Path(__file__).parent.parent
PORT = "8000"
PAGE = """
from examsite.app import create_app
app = create_app()
import sys
assert app.template_folder.startswith(sys.prefix), app.template_folder
page = app.test_client().get("/sign-in", headers={"Accept-Language": "vi"})
assert page.status_code == 200, page.status_code
assert "Đăng nhập" in page.text
assert app.test_client().get("/static/app.css").status_code == 200
"""


@dataclass(frozen=True)
class Step:
    """One instruction of the Dockerfile."""

    name: str
    words: str


def stages() -> list[list[Step]]:
    """The instructions of each stage, without comments, continued lines joined."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text())
    found: list[list[Step]] = []
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        name, words = line.split(" ", 1)
        if name == "FROM":
            found.append([])
        found[-1].append(Step(name, words.strip()))
    return found


def words_of(stage: list[Step], name: str) -> list[str]:
    return [step.words for step in stage if step.name == name]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first stage: nothing but what it copies, and its one command."""
    build, _image = stages()
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for copy in words_of(build, "COPY"):
        *paths, target = copy.split()
        for path in paths:
            if (ROOT / path).is_dir():
                shutil.copytree(ROOT / path, source / target, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
            else:
                shutil.copy(ROOT / path, source / target)
    [command] = words_of(build, "RUN")
    assert command == "pip wheel --no-cache-dir --no-deps --wheel-dir /dist ."
    words = [sys.executable, "-m", *command.replace("/dist", str(out)).split(), "--quiet", "--no-build-isolation"]
    subprocess.run(words, check=True, capture_output=True, text=True, cwd=source)
    return next(out.glob("examsite-*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second stage: a Python elsewhere with the wheel in it. The libraries are those of this environment."""
    _build, image = stages()
    assert words_of(image, "COPY") == ["--from=build /dist/*.whl /tmp/"]
    assert "pip install --no-cache-dir /tmp/*.whl && rm /tmp/*.whl" in words_of(image, "RUN")
    home = tmp_path_factory.mktemp("image") / "elsewhere"
    venv.create(home, with_pip=False, system_site_packages=False)
    site = next((home / "lib").glob("python*")) / "site-packages"
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site), str(wheel)], check=True)
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    (site / "libraries.pth").write_text(libraries)
    return home / "bin" / "python"


@pytest.fixture(scope="module")
def environment(python: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What whoever runs the image gives it, and a database at the newest schema."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "secret").write_text("a key for tests that nobody else will ever use")
    given = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"sqlite:///{folder}/new.db",
        "EXAMSITE_SECRET_KEY_FILE": str(folder / "secret"),
        "EXAMSITE_WORKERS": "1",
        "TMPDIR": str(folder),
    }
    upgraded = run(python, ["-m", "examsite.cli", "db", "upgrade"], given)
    assert upgraded.returncode == 0, upgraded.stderr
    return given


def run(python: Path, words: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(python), *words], cwd=python.parent, env=environment, capture_output=True, text=True, check=False)


def test_the_wheel_holds_what_pages_need(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    names = set(archive.namelist())
    for needed in (
        "examsite/templates/base.html",
        "examsite/static/app.css",
        "examsite/gunicorn.conf.py",
        "examsite/translations/vi/LC_MESSAGES/messages.mo",
        "examsite/policies/leader-screening.toml",
    ):
        assert needed in names
    assert any(name.startswith("examsite/migrations/versions/") for name in names)
    assert not any(name.startswith(("tests/", "deploy/")) for name in names)
    [entry_points] = [name for name in names if name.endswith("entry_points.txt")]
    assert "examsite = examsite.cli:main" in archive.read(entry_points).decode()


def test_an_installed_wheel_serves_a_vietnamese_page(python: Path, environment: dict[str, str]) -> None:
    page = run(python, ["-c", PAGE], environment)
    assert page.returncode == 0, page.stderr


def test_the_image_runs_as_nobody_in_particular_and_names_one_port() -> None:
    _build, image = stages()
    [health] = words_of(image, "HEALTHCHECK")
    [command] = map(json.loads, words_of(image, "CMD"))
    assert words_of(image, "USER") == ["examsite"]
    assert words_of(image, "EXPOSE") == [PORT] == [command[command.index("--port") + 1]]
    assert f"127.0.0.1:{PORT}/health/ready" in health
    assert not words_of(image, "ENV")


@pytest.fixture
def served(python: Path, environment: dict[str, str], tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The image's own command, on a free port: that port, and the file that it logs into."""
    [command] = map(json.loads, words_of(stages()[1], "CMD"))
    assert command[0] == "examsite"
    port, log = str(free_port()), tmp_path / "log"
    words = [port if word == PORT else "127.0.0.1" if word == "0.0.0.0" else word for word in command[1:]]
    with log.open("wb") as out:
        process = subprocess.Popen([str(python), "-m", "examsite.cli", *words], cwd=tmp_path, env=environment, stdout=out, stderr=out)
    try:
        wait_until_alive(port, log)
        yield port, log
    finally:
        process.terminate()
        process.wait(60)


def wait_until_alive(port: str, log: Path) -> None:
    latest = time.monotonic() + 60
    while time.monotonic() < latest:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=60):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(log.read_text())


def test_the_command_of_the_image_serves_and_its_health_check_agrees(
    served: tuple[str, Path], python: Path, environment: dict[str, str]
) -> None:
    port, log = served
    [health] = words_of(stages()[1], "HEALTHCHECK")
    program = json.loads(health[health.index("[") :])
    assert program[0] == "python"
    checked = run(python, [word.replace(f":{PORT}/", f":{port}/") for word in program[1:]], environment)
    assert checked.returncode == 0, checked.stderr
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=60) as page:
        assert page.headers["X-Request-Id"]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60) as figures:
        told = figures.read().decode()
    assert 'examsite_requests_total{endpoint="accounts.sign_in",status="200"} 1.0' in told
    assert "examsite_sittings_open 0.0" in told
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["endpoint"] for line in lines if line["event"] == "request"] == ["accounts.sign_in"]
    assert any(line["event"].startswith("Listening at: ") for line in lines)
