"""`python -m tests.faults.checker SITE CAST.json FOLDER --acknowledged N`: one run against a site that is served already.

It says on its standard output how far it is, a word a line. After `closing` it waits for a line on its standard input: whoever started it
brings the deadline near. The last line is the result as JSON.
"""

import argparse
import json
import sys
from pathlib import Path

from tests.faults.checker.exam import Plan, as_json, run


def main() -> None:
    """Read the arguments, run, tell."""
    words = argparse.ArgumentParser(prog="checker", description="Play candidates against a site, and check that it lost nothing.")
    words.add_argument("site")
    words.add_argument("cast", type=Path, help="a JSON list of [sign-in name, password]")
    words.add_argument("--watch", type=Path, help="a JSON object: `invigilator` [name, password], `releases` by sign-in name")
    words.add_argument("folder", type=Path, help="where journals and readings go")
    words.add_argument("--acknowledged", type=int, default=1000, help="go on until so many saves are acknowledged")
    words.add_argument("--pace-ms", type=int, default=40)
    words.add_argument("--seed", default="faults")
    told = words.parse_args()
    cast = [(name, password) for name, password in json.loads(told.cast.read_text(encoding="utf-8"))]
    watch = json.loads(told.watch.read_text(encoding="utf-8")) if told.watch else {"invigilator": None, "releases": {}}
    invigilator = tuple(watch["invigilator"]) if watch["invigilator"] else None
    plan = Plan(
        told.site,
        cast,
        told.folder,
        told.acknowledged,
        seed=told.seed,
        pace_ms=told.pace_ms,
        invigilator=invigilator,
        releases=watch["releases"],
    )
    print(as_json(run(plan, say=lambda word: print(word, flush=True), set_deadline=lambda: void(sys.stdin.readline()))), flush=True)


def void(_line: str) -> None:
    """The line itself says nothing; that it came does."""


main()
