"""What every template knows: icons, languages, names of the site, and a few ways of writing."""

import re
from functools import cache, lru_cache
from importlib.resources import files

from flask import Flask, current_app, request
from flask_babel import get_locale
from markupsafe import Markup

from examsite import richtext
from examsite.web.language import LANGUAGES, reading
from examsite.wording import say

ICONS = (
    "arrow-left", "arrow-right", "box-arrow-up-right", "caret-down-fill", "caret-up-fill", "check", "check-circle", "circle-half", "clock",
    "cloud-check-fill", "cloud-slash", "download", "exclamation-triangle-fill",
    "flag", "hourglass-split", "info-circle-fill", "lock-fill", "pencil", "people", "plus", "search",
    "upload", "x", "x-circle",
)  # fmt: skip
_BOUND = re.compile(r"(\d+) ", re.ASCII)


@cache
def icon_paths() -> dict[str, str]:
    """The drawings of the few icons we use, read out of the set that the Bootstrap package brings along."""
    sprite = (files("flask_bootstrap") / "static" / "bootstrap5" / "icons" / "bootstrap-icons.svg").read_text(encoding="utf-8")
    found = {}
    for name in ICONS:
        symbol = re.search(rf'<symbol[^>]*\bid="{name}"[^>]*>(.*?)</symbol>', sprite, re.DOTALL)
        if symbol is None:
            raise RuntimeError(f"the icon {name} is not in the set")
        found[name] = re.sub(r"\s+", " ", symbol.group(1)).strip()
    return found


@cache
def icon(name: str) -> Markup:
    """One icon, for the eye only: a word always stands beside it."""
    drawing = Markup(icon_paths()[name])  # noqa: S704 - the package's own drawing
    return Markup('<svg class="ex-ico" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>').format(drawing)


def rich(text: str) -> Markup:
    """Rich text, cleaned once more on its way out."""
    return Markup(richtext.clean(text))  # noqa: S704 - richtext.clean is the one judge of what may pass


def short_hash(digest: str | None) -> str:
    """The beginning of a digest in groups of four, enough to compare by eye."""
    return f"{digest[:4]} {digest[4:8]} {digest[8:12]}…" if digest else ""


def bound(text: str) -> str:
    """Bind a number to the word after it, so that a line never breaks between them."""
    return _BOUND.sub("\\1\u00a0", text)


def for_everybody(template: str, **facts: object) -> str:
    """A piece of a page that knows these facts and the words of the reader's language, and nothing of the request: it may be remembered."""
    return current_app.jinja_env.get_template(template).render(facts)


def fixed(template: str, **facts: str | int) -> Markup:
    """A piece of a page that is the same for all who read one language, made once a process: a room asks for hundreds in one second."""
    return _fixed(template, reading(), tuple(sorted(facts.items())))


@lru_cache(maxsize=500)
def _fixed(template: str, language: str, facts: tuple[tuple[str, str | int], ...]) -> Markup:  # noqa: ARG001 - the language is part of what is remembered
    return Markup(for_everybody(template, **dict(facts)))  # noqa: S704 - a template made it


def install(app: Flask) -> None:
    """Give all templates the same few names."""
    app.jinja_env.globals.update(icon=icon, fixed=fixed, say=say, languages=LANGUAGES, get_locale=get_locale, reading=reading)
    app.jinja_env.filters.update(rich=rich, short_hash=short_hash, bound=bound)

    @app.context_processor
    def site() -> dict[str, object]:
        return {
            "site_name": current_app.config["SITE_NAME"],
            "organisation": current_app.config["ORGANISATION"],
            "demo_site": current_app.config["DEMO"],
            "here": request.full_path.rstrip("?"),
        }
