"""The examples of `deploy/`: each is read by its own program where that is installed, and names what the product and the guides name."""

import os
import re
import runpy
import shlex
import shutil
import stat
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from examsite.cli import group
from examsite.config import Settings, read_settings

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
GUIDES = (ROOT / "docs" / "operators.md", ROOT / "docs" / "van-hanh.md")
SETTING = re.compile(r"\b(?:EXAMSITE_[A-Z_]+|DATABASE_URL(?:_FILE)?)\b")
FOR_OTHERS = {"EXAMSITE_SETTINGS", "EXAMSITE_MAIL_IN_DEMONSTRATION"}


def settings_of_the_product() -> set[str]:
    """Every name of a setting that the code reads; a secret may stand in a file of its own."""
    sources = [ROOT / "gunicorn.conf.py", ROOT / "examsite" / "config.py"]
    found = {name for source in sources for name in SETTING.findall(source.read_text())}
    return found | {"EXAMSITE_SECRET_KEY_FILE"}


def unit(name: str) -> ConfigParser:
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / "systemd" / name)
    return parser


def test_every_setting_that_an_example_or_a_guide_names_is_one() -> None:
    known = settings_of_the_product() | FOR_OTHERS
    for path in (*DEPLOY.rglob("*"), *GUIDES, ROOT / "README.md", ROOT / "Dockerfile"):
        if path.is_file():
            assert set(SETTING.findall(path.read_text())) <= known, path


def test_the_guides_name_every_setting_and_every_command() -> None:
    for guide in GUIDES:
        text = guide.read_text()
        missing = settings_of_the_product() - {"EXAMSITE_METRICS_FOLDER"} - set(SETTING.findall(text))
        assert not missing, (guide.name, missing)
        assert not [name for name in group.commands if f"examsite {name}" not in text], guide.name


def test_the_settings_of_the_example_can_be_read(tmp_path: Path) -> None:
    """By systemd and by a shell alike."""
    lines = [line for line in (DEPLOY / "examsite.env").read_text().splitlines() if line and not line.startswith("#")]
    given = dict(shlex.split(line)[0].split("=", 1) for line in lines)
    (tmp_path / "key").write_text("a key for tests that nobody else will ever use")
    read: Settings = read_settings(given | {"EXAMSITE_SECRET_KEY_FILE": str(tmp_path / "key")})
    assert (read.secure_cookies, read.trusted_proxies, read.demo, read.organisation) == (True, 1, False, "Thành phố Lạc An")
    program = 'set -a; . "$0"; printf %s "$EXAMSITE_SITE_NAME"'
    shown = subprocess.run(["sh", "-c", program, str(DEPLOY / "examsite.env")], capture_output=True, text=True, check=True)
    assert shown.stdout == read.site_name


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_name_what_there_is(path: Path) -> None:
    said = unit(path.name)
    if path.suffix == ".timer":
        assert (DEPLOY / "systemd" / f"{path.stem}.service").exists()
        return
    service = said["Service"]
    assert (service["User"], service["EnvironmentFile"]) == ("examsite", "/etc/examsite/examsite.env")
    command = re.search(r"/opt/examsite/bin/examsite ([a-z-]+)(.*)", service["ExecStart"])
    assert command
    options = {option for parameter in group.commands[command[1]].params for option in parameter.opts}
    assert set(re.findall(r"--[a-z-]+", command[2])) <= options


def test_ports_paths_and_limits_agree(settings: Settings) -> None:
    gunicorn = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    start = unit("examsite.service")["Service"]
    assert "--host 127.0.0.1 --port 8000" in start["ExecStart"]
    assert int(start["TimeoutStopSec"]) > gunicorn["graceful_timeout"]
    nginx = (DEPLOY / "nginx" / "examsite.conf").read_text()
    assert "server 127.0.0.1:8000;" in (DEPLOY / "nginx" / "examsite-upstream.conf").read_text()
    assert "server site:8000;" in (DEPLOY / "compose" / "examsite-upstream.conf").read_text()
    size, patience = (int(re.search(rf"{name} (\d+)[ms];", nginx)[1]) for name in ("client_max_body_size", "proxy_read_timeout"))  # type: ignore[index]
    assert size * 1024 * 1024 > settings.max_upload > (size - 2) * 1024 * 1024
    assert patience > gunicorn["timeout"]
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in nginx
    assert "proxy_add_x_forwarded_for" not in nginx
    for name in ("site.crt", "site.key"):
        assert f"/etc/examsite/tls/{name};" in nginx
        assert f"./tls/{name}:/etc/examsite/tls/{name}:ro" in (DEPLOY / "compose" / "compose.yaml").read_text()


def test_figures_of_servers_that_were_killed_are_cleared_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container each server has the same number as the one before it; those of others stay, and what is not ours."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    monkeypatch.setenv("EXAMSITE_METRICS_FOLDER", "")
    monkeypatch.setenv("EXAMSITE_CLOCK", "1")
    ended = subprocess.Popen(["true"])
    ended.wait()
    for process in (str(os.getpid()), str(ended.pid), str(os.getppid()), "x"):
        (tmp_path / f"examsite-metrics-{process}-left").mkdir()
    runpy.run_path(str(ROOT / "gunicorn.conf.py"))["on_starting"](None)
    folder = Path(os.environ.pop("PROMETHEUS_MULTIPROC_DIR"))
    kept = {f"examsite-metrics-{process}-left" for process in (os.getppid(), "x")}
    assert {path.name for path in tmp_path.iterdir()} == {folder.name, *kept}


def test_compose_gives_each_secret_as_a_file() -> None:
    text = (DEPLOY / "compose" / "compose.yaml").read_text()
    named = set(re.findall(r"/run/secrets/([a-z-]+)", text))
    declared = set(re.findall(r"^  ([a-z-]+):\n    file: ./secrets/\1$", text, re.MULTILINE))
    assert named == declared == {"database-password", "database-url", "mail-password", "secret-key"}
    assert not re.search(r"^\s+(POSTGRES_PASSWORD|EXAMSITE_SECRET_KEY|DATABASE_URL):", text, re.MULTILINE)
    assert "\t" not in text
    for service in ("database", "migrate", "site", "close", "mail", "backup", "proxy"):
        assert re.search(rf"^  {service}:$", text, re.MULTILINE)


def test_compose_does_what_the_services_of_systemd_do() -> None:
    """Closing, mail and the nightly backup, each by the same command."""
    text = (DEPLOY / "compose" / "compose.yaml").read_text()
    for name in ("examsite-close.service", "examsite-mail.service", "examsite-backup.service"):
        command = re.search(r"/opt/examsite/bin/examsite ([a-z-]+)", unit(name)["Service"]["ExecStart"])
        assert command
        assert re.search(rf"examsite\W+{command[1]}\b", text), command[1]


def test_only_nightly_backups_are_deleted() -> None:
    """What was saved by hand, as on exam days, stays."""
    for text in (unit("examsite-backup.service")["Service"].values(), [(DEPLOY / "compose" / "compose.yaml").read_text()]):
        told = "\n".join(text)
        assert re.findall(r'-name "([^"]+)"', told) == ["nightly-*.examsite"]
        assert re.search(r"/nightly-\S+date -u ", told)
        assert "-mtime +30 -delete" in told


def test_no_block_of_a_guide_saves_into_a_name_that_is_taken_or_goes_on_without_a_backup() -> None:
    for guide in GUIDES:
        commands = re.findall(r"examsite backup ([^`\n]+)", guide.read_text())
        assert commands
        assert all("$(date +%FT%H%M%S)-" in command for command in commands)
        upgrade = next(block for block in guide.read_text().split("```") if "pip install --upgrade" in block)
        lines = upgrade.strip().splitlines()
        assert lines[0].startswith("examsite backup ")
        assert all(line.endswith(" &&") for line in lines[:-1])


def test_an_authority_of_ones_own_vouches_for_the_site_and_for_nothing_else(tmp_path: Path) -> None:
    make = [str(DEPLOY / "make-authority"), str(tmp_path), "exam.city.example", "192.168.10.2"]
    subprocess.run(make, check=True, capture_output=True)
    authority = (tmp_path / "authority.crt").read_bytes()

    def holds(*wanted: str, certificate: str = "site.crt") -> bool:
        words = ["openssl", "verify", "-x509_strict", "-CAfile", "authority.crt", "-purpose", "sslserver", *wanted, certificate]
        return subprocess.run(words, cwd=tmp_path, capture_output=True, check=False).returncode == 0

    assert holds("-verify_hostname", "exam.city.example")
    assert holds("-verify_ip", "192.168.10.2")
    assert not holds("-verify_hostname", "bank.example")
    assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("authority.key", "site.key", "site.crt")] == [0o600, 0o600, 0o644]
    # A certificate for another name by the same authority is refused by whoever trusts it.
    (tmp_path / "other.ext").write_text("subjectAltName=DNS:bank.example\nextendedKeyUsage=serverAuth\nbasicConstraints=critical,CA:FALSE")
    request = "openssl req -new -key site.key -subj /CN=bank.example -out other.csr"
    sign = "openssl x509 -req -in other.csr -CA authority.crt -CAkey authority.key -days 5 -extfile other.ext -out other.crt"
    for words in (request, sign):
        subprocess.run(words.split(), cwd=tmp_path, check=True, capture_output=True)
    assert not holds(certificate="other.crt")
    subprocess.run(make, check=True, capture_output=True)
    assert (tmp_path / "authority.crt").read_bytes() == authority
    assert holds("-verify_hostname", "exam.city.example")


def test_scripts_are_good_shell() -> None:
    for script in (DEPLOY / "examsite", DEPLOY / "make-authority"):
        subprocess.run(["sh", "-n", str(script)], check=True)
        assert os.access(script, os.X_OK)


def test_systemd_and_nginx_take_the_examples_where_they_are_installed(tmp_path: Path) -> None:
    """Elsewhere the tests above hold names, ports and paths together."""
    if shutil.which("systemd-analyze"):
        for path in UNITS:
            checked = subprocess.run(["systemd-analyze", "verify", str(path)], capture_output=True, text=True, check=False)
            left = [line for line in checked.stderr.splitlines() if path.name in line and "is not executable" not in line]
            assert not left
    if nginx := shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"):
        subprocess.run([str(DEPLOY / "make-authority"), str(tmp_path / "tls"), "exam.city.example"], check=True, capture_output=True)
        text = (DEPLOY / "nginx" / "examsite.conf").read_text().replace("/etc/examsite/tls", str(tmp_path / "tls"))
        (tmp_path / "site.conf").write_text(text.replace("/var/log/nginx", str(tmp_path)))
        shutil.copy(DEPLOY / "nginx" / "examsite-upstream.conf", tmp_path / "upstream.conf")
        (tmp_path / "nginx.conf").write_text(
            f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ include {tmp_path}/upstream.conf; include {tmp_path}/site.conf; }}"
        )
        checked = subprocess.run([nginx, "-t", "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True, check=False)
        assert "syntax is ok" in checked.stderr, checked.stderr
