"""Every setting, typed, read once from the environment; loud when missing or nonsense."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PACKAGE = Path(__file__).parent
MINIMUM_KEY_LENGTH = 32


class SettingError(Exception):
    """A setting that cannot be used; the message names the variable and what it should hold."""


@dataclass(frozen=True)
class Settings:
    """What the operator decides. `demo` shows the "enter as" page and never belongs on a real site."""

    database_url: str
    secret_key: str
    demo: bool = False
    secure_cookies: bool = False
    site_name: str = "examsite"
    organisation: str = ""
    time_zone: str = "Asia/Ho_Chi_Minh"
    trusted_proxies: int = 0
    max_upload: int = 12 * 1024 * 1024


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
    url = environment.get("DATABASE_URL", "")
    if not url:
        raise SettingError("DATABASE_URL is not set. Give sqlite:///path/to/examsite.db or postgresql://user@host/name.")
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
