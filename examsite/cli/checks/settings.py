"""The settings: the secret, the cookies, the proxy, the demonstration, the names."""

import stat
from collections.abc import Iterator
from pathlib import Path

from examsite.cli.checks import Deployment, Finding, failed, ok, warning

FEWEST_DIFFERENT = 12
OTHERS_MAY = stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH
SECRET_FILES = ("EXAMSITE_SECRET_KEY_FILE", "DATABASE_URL_FILE", "EXAMSITE_METRICS_TOKEN_FILE", "EXAMSITE_MAIL_PASSWORD_FILE")
ANOTHER_KEY = "head -c 48 /dev/urandom | base64 > the file of EXAMSITE_SECRET_KEY_FILE; whoever is signed in has to sign in again"


def secret(deployment: Deployment) -> Iterator[Finding]:
    """Long is checked when settings are read; here, that nobody typed it in a row."""
    key = deployment.settings.secret_key
    if len(set(key)) < FEWEST_DIFFERENT:
        yield failed("secret key", f"only {len(set(key))} different characters: it can be guessed", ANOTHER_KEY)
    elif not deployment.environment.get("EXAMSITE_SECRET_KEY_FILE"):
        yield warning("secret key", "it stands in the environment, where other programs may read it", "use EXAMSITE_SECRET_KEY_FILE")
    else:
        yield ok("secret key", f"{len(key)} characters from a file")


def secret_files(deployment: Deployment) -> Iterator[Finding]:
    """A file with a secret is for the site's own account alone; a group of its own may read it where the file belongs to root."""
    for name in SECRET_FILES:
        path = deployment.environment.get(name)
        if not path:
            continue
        status = Path(path).stat()
        loose = stat.S_IMODE(status.st_mode) & OTHERS_MAY
        if loose == stat.S_IRGRP and status.st_uid == 0:
            loose = 0
        if loose:
            yield warning("secret files", f"others may read or write {path}", f"chmod 600 {path}")
        else:
            yield ok("secret files", f"{path} is closed to others")


def https(deployment: Deployment) -> Iterator[Finding]:
    """Cookies only over TLS, and the address of people as our own proxy tells it."""
    settings = deployment.settings
    if settings.secure_cookies:
        yield ok("https", "cookies go over TLS only, browsers are told to stay with it")
    else:
        yield failed(
            "https", "cookies also go without TLS, where anybody on the way can take them", "EXAMSITE_SECURE_COOKIES=1, TLS at the proxy"
        )
    if settings.trusted_proxies == 1:
        yield ok("proxy", "addresses are taken from the one proxy before the site")
    elif settings.trusted_proxies == 0:
        yield warning(
            "proxy", "no proxy is trusted: the log of sign-ins knows the proxy's address alone", "EXAMSITE_TRUSTED_PROXIES=1 behind nginx"
        )
    else:
        yield warning(
            "proxy",
            f"{settings.trusted_proxies} proxies are trusted",
            "be sure that there are as many: with fewer, anybody can pretend an address",
        )


def demonstration(deployment: Deployment) -> Iterator[Finding]:
    """The page "Enter as" opens every account to everybody."""
    if deployment.settings.demo:
        yield failed(
            "demonstration",
            "EXAMSITE_DEMO is on: anybody can enter as anybody",
            "EXAMSITE_DEMO=0, and a database without the demonstration",
        )
    else:
        yield ok("demonstration", "off")


def names(deployment: Deployment) -> Iterator[Finding]:
    """What people read at the head of every page."""
    settings = deployment.settings
    if settings.organisation:
        yield ok("names", f"{settings.site_name}, {settings.organisation}; time zone {settings.time_zone}")
    else:
        yield warning("names", "pages do not say whose site this is", "EXAMSITE_ORGANISATION='...', EXAMSITE_SITE_NAME='...'")


def mail(deployment: Deployment) -> Iterator[Finding]:
    """Whether mail leaves the house at all."""
    if deployment.settings.mail is None:
        yield warning(
            "mail", "no mail is sent: notices stay in the product", "EXAMSITE_MAIL_HOST and its companions, unless the room is isolated"
        )
    else:
        yield ok("mail", f"goes to {deployment.settings.mail.host}, port {deployment.settings.mail.port}")
