"""The one catalogue that turns a code with parameters into a sentence in the reader's language.

Rules and operations speak in codes, so that they need no request and no language. Each room keeps its sentences in a module of its own
here; `say` is the only door.
"""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from flask_babel import get_locale
from flask_babel.speaklater import LazyString

from examsite.rules.policy import Words

SENTENCES: dict[str, LazyString] = {}

for _found in iter_modules(__path__):
    for _code, _sentence in import_module(f"{__name__}.{_found.name}").SENTENCES.items():
        if _code in SENTENCES:
            raise RuntimeError(f"{_code} has two sentences")
        SENTENCES[_code] = _sentence


def say(code: str, params: Mapping[str, object] | None = None) -> str:
    """The sentence of `code`, filled with `params`; raises KeyError for a code that has no sentence, which a test looks for."""
    return str(SENTENCES[code]) % _words(params or {})


def _words(params: Mapping[str, object]) -> dict[str, object]:
    """Parameters as words: a code with a sentence is put into words first, and a text in both languages is given in the reader's."""
    return {name: _word(value) for name, value in params.items()}


def _word(value: object) -> object:
    if isinstance(value, Words):
        return value.vi if str(get_locale()) == "vi" else value.en
    return str(SENTENCES[value]) if isinstance(value, str) and value in SENTENCES else value
