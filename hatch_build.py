"""Compile the message catalogues; the wheel's build hook and `make` share this one function.

Every feature room keeps its own `<room>.po`, so that two people translating two rooms never meet in one file; Flask-Babel wants one
domain, so they are merged into a single `messages.mo`. A message translated in two different ways is refused.
"""

import os
import sys
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TRANSLATIONS = Path(__file__).parent / "examsite" / "translations"


def merge_catalogues(folder: Path) -> Catalog:
    """Merge all `.po` files of one language folder; raise ValueError where two of them disagree."""
    merged = Catalog(locale=folder.parent.name)
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=folder.parent.name):
                if not message.id or not message.string:
                    continue
                known = merged.get(message.id, context=message.context)
                if known is not None and known.string != message.string:
                    raise ValueError(f"{path}: two translations of {message.id!r}: {known.string!r} and {message.string!r}")
                merged.add(message.id, message.string, context=message.context, flags=message.flags - {"fuzzy"})
    return merged


def compile_catalogues(translations: Path = TRANSLATIONS) -> list[Path]:
    """Write `messages.mo` beside the `.po` files of every language, and return what was written."""
    written = []
    for folder in sorted(translations.glob("*/LC_MESSAGES")):
        target = folder / "messages.mo"
        newest = max((path.stat().st_mtime for path in folder.glob("*.po")), default=0)
        if target.exists() and target.stat().st_mtime > newest and "--force" not in sys.argv:
            continue
        merged = merge_catalogues(folder)
        draft = target.with_suffix(f".{os.getpid()}.part")  # two processes may compile at once; each replaces the whole file
        with draft.open("wb") as file:
            write_mo(file, merged)
        draft.replace(target)
        written.append(target)
    return written


class CatalogueHook(BuildHookInterface[Any]):
    """Compile before the files of a wheel are gathered: the compiled catalogues are not in git."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the signature is the backend's
        compile_catalogues()
        build_data["artifacts"].append("examsite/translations/*/LC_MESSAGES/messages.mo")


if __name__ == "__main__":
    for path in compile_catalogues():
        print(f"compiled {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")
