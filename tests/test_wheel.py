"""A wheel built from the project runs elsewhere, with its pages, migrations and both languages."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
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


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return next(folder.glob("examsite-*.whl"))


def test_the_wheel_holds_what_pages_need(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for needed in (
        "examsite/templates/base.html",
        "examsite/static/app.css",
        "examsite/gunicorn.conf.py",
        "examsite/translations/vi/LC_MESSAGES/messages.mo",
        "examsite/policies/leader-screening.toml",
    ):
        assert needed in names
    assert any(name.startswith("examsite/migrations/versions/") for name in names)
    assert not any(name.startswith("tests/") for name in names)


def test_an_installed_wheel_serves_a_vietnamese_page(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "elsewhere"
    venv.create(home, with_pip=False, system_site_packages=False)
    python = home / "bin" / "python"
    site = next((home / "lib").glob("python*")) / "site-packages"
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site), str(wheel)], check=True)
    # The libraries are those of this environment; only examsite itself comes from the wheel.
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    (site / "libraries.pth").write_text(libraries)
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"sqlite:///{tmp_path}/new.db",
        "EXAMSITE_SECRET_KEY": "a key for tests that nobody else will ever use",
    }
    command = [str(python), "-m", "examsite.cli"]
    upgraded = subprocess.run([*command, "db", "upgrade"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert upgraded.returncode == 0, upgraded.stderr
    page = subprocess.run([str(python), "-c", PAGE], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert page.returncode == 0, page.stderr
