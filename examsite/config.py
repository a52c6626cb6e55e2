"""Every setting, typed, read once from the environment; loud when missing or nonsense."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PACKAGE = Path(__file__).parent
MINIMUM_KEY_LENGTH = 32
MAIL_PORTS = {"starttls": 587, "tls": 465, "none": 25}


class SettingError(Exception):
    """A setting that cannot be used; the message names the variable and what it should hold."""


@dataclass(frozen=True)
class MailSettings:
    """The server that takes our mail. `security`: `starttls`, `tls` from the first byte, or `none` for a server on the same machine."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str
    public_url: str


@dataclass(frozen=True)
class Settings:
    """What the operator decides. `demo` shows the "enter as" page and never belongs on a real site; `log_addresses` puts the addresses of
    people into the log."""

    database_url: str
    secret_key: str
    demo: bool = False
    secure_cookies: bool = False
    site_name: str = "examsite"
    organisation: str = ""
    time_zone: str = "Asia/Ho_Chi_Minh"
    trusted_proxies: int = 0
    max_upload: int = 12 * 1024 * 1024
    mail: MailSettings | None = None
    metrics_token: str = ""
    log_addresses: bool = False


def asset(name: str) -> Path:
    """Where `templates`, `static`, `migrations` or `gunicorn.conf.py` lie: inside an installed package, beside it in a checkout."""
    packaged = PACKAGE / name
    return packaged if packaged.exists() else PACKAGE.parent / name


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read all settings; raise SettingError at the first one that is missing or makes no sense."""
    return Settings(
        database_url=_database_url(environment),
        secret_key=_secret(environment, "EXAMSITE_SECRET_KEY"),
        demo=_flag(environment, "EXAMSITE_DEMO"),
        secure_cookies=_flag(environment, "EXAMSITE_SECURE_COOKIES"),
        site_name=environment.get("EXAMSITE_SITE_NAME", "examsite"),
        organisation=environment.get("EXAMSITE_ORGANISATION", ""),
        time_zone=_time_zone(environment),
        trusted_proxies=_count(environment, "EXAMSITE_TRUSTED_PROXIES", 0),
        max_upload=_count(environment, "EXAMSITE_MAX_UPLOAD", 12 * 1024 * 1024),
        mail=_mail(environment),
        metrics_token=_file(environment, "EXAMSITE_METRICS_TOKEN_FILE"),
        log_addresses=_flag(environment, "EXAMSITE_LOG_ADDRESSES"),
    )


def make_secret_file(path: Path) -> None:
    """Write a new random key where there is none yet, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        return


def _database_url(environment: Mapping[str, str]) -> str:
    url = _file(environment, "DATABASE_URL_FILE") or environment.get("DATABASE_URL", "")
    if not url:
        raise SettingError(
            "DATABASE_URL is not set, and no DATABASE_URL_FILE either. Give sqlite:///path/to/examsite.db or postgresql://user@host/name."
        )
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingError("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    return url


def _secret(environment: Mapping[str, str], name: str) -> str:
    path = environment.get(f"{name}_FILE")
    if path:
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingError(f"{name}_FILE cannot be read: {error.strerror}.") from error
    else:
        value = environment.get(name, "")
    if len(value) < MINIMUM_KEY_LENGTH:
        raise SettingError(f"{name} (or {name}_FILE) must hold at least {MINIMUM_KEY_LENGTH} characters that nobody can guess.")
    return value


def _mail(environment: Mapping[str, str]) -> MailSettings | None:
    """Where mail goes; None without a host. A demonstration names people who do not exist, so there it has to be asked for twice."""
    host = environment.get("EXAMSITE_MAIL_HOST", "")
    if not host or (_flag(environment, "EXAMSITE_DEMO") and not _flag(environment, "EXAMSITE_MAIL_IN_DEMONSTRATION")):
        return None
    security = environment.get("EXAMSITE_MAIL_SECURITY", "starttls")
    if security not in MAIL_PORTS:
        raise SettingError(f"EXAMSITE_MAIL_SECURITY must be one of {', '.join(MAIL_PORTS)}, not {security!r}.")
    public_url = environment.get("EXAMSITE_PUBLIC_URL", "")
    if not public_url.startswith(("http://", "https://")):
        raise SettingError(
            "EXAMSITE_PUBLIC_URL must hold the address of the site, such as https://exam.city.example, for the links in mail."
        )
    return MailSettings(
        host=host,
        port=_count(environment, "EXAMSITE_MAIL_PORT", MAIL_PORTS[security]),
        security=security,
        user=environment.get("EXAMSITE_MAIL_USER", ""),
        password=_file(environment, "EXAMSITE_MAIL_PASSWORD_FILE"),
        sender=_needed(environment, "EXAMSITE_MAIL_FROM", "the address that mail comes from"),
        public_url=public_url.rstrip("/"),
    )


def _needed(environment: Mapping[str, str], name: str, what: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise SettingError(f"{name} is not set. Give {what}.")
    return value


def _file(environment: Mapping[str, str], name: str) -> str:
    """What a file holds, without the white space around it; empty text where no file is named."""
    path = environment.get(name)
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingError(f"{name} cannot be read: {error.strerror}.") from error


def _flag(environment: Mapping[str, str], name: str) -> bool:
    value = environment.get(name, "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no", ""}:
        raise SettingError(f"{name} must be 1 or 0, not {value!r}.")
    return value in {"1", "true", "yes"}


def _count(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name, "")
    if not value:
        return default
    if not value.isdecimal():
        raise SettingError(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def _time_zone(environment: Mapping[str, str]) -> str:
    name = environment.get("EXAMSITE_TIME_ZONE", "Asia/Ho_Chi_Minh")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingError(f"EXAMSITE_TIME_ZONE: there is no time zone {name!r}.") from error
    return name
