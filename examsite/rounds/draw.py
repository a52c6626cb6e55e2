"""The draw of one exam session as values: banks and roster in, papers and digests out, and the file with which a stranger repeats it.

Roster digest: over the list of `[candidate number, [[part, language], ...]]` by candidate number, parts in the order of the rules, the
language empty where the part has none. Pools digest: over the list of `[part, language, blueprint, pool digest]`. Papers digest: over the
list of `[candidate number, part, paper digest]`, in the same order. Each is `rules.canonical.digest`. The check is `rules.paper_check`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from examsite.rules import canonical, drawing, paper_check

FORMAT = "examsite draw 1"


@dataclass(frozen=True)
class Bank:
    """What the papers of one part, in one language, are drawn from; `language` is empty where the part has none."""

    part: str
    language: str
    blueprint: tuple[drawing.Cell, ...]
    pool: tuple[drawing.PoolItem, ...]


@dataclass(frozen=True)
class Listed:
    """One candidate on the roster, with the (part, language) pairs they sit."""

    number: str
    sits: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Input:
    """All that a draw depends on beside its seed; roster by candidate number."""

    banks: tuple[Bank, ...]
    roster: tuple[Listed, ...]


@dataclass(frozen=True)
class Drawn:
    """One paper of one candidate."""

    number: str
    part: str
    items: tuple[drawing.PaperItem, ...]
    digest: str


def draw_papers(seed: bytes, given: Input) -> tuple[Drawn, ...]:
    """The papers of everybody on the roster, in its order; raises as `drawing.Source`."""
    sources = {(bank.part, bank.language): drawing.Source(bank.pool, bank.blueprint) for bank in given.banks}
    return tuple(_draw(seed, listed.number, sat[0], sources[sat]) for listed in given.roster for sat in listed.sits)


def pools_digest(given: Input) -> str:
    """What is sealed of banks and blueprints."""
    return canonical.digest([[bank.part, bank.language, bank.blueprint, drawing.pool_digest(bank.pool)] for bank in given.banks])


def roster_digest(given: Input) -> str:
    """What is sealed of the roster."""
    return canonical.digest([[listed.number, listed.sits] for listed in given.roster])


def papers_digest(papers: Sequence[Drawn]) -> str:
    """What is sealed of the papers themselves."""
    return canonical.digest([[paper.number, paper.part, paper.digest] for paper in papers])


@dataclass(frozen=True)
class Checked:
    """The papers of one bank that passed the check, and how they compare."""

    part: str
    language: str
    found: paper_check.Distribution


class PaperFault(Exception):  # noqa: N818 - it is a finding
    """A paper that does not pass the check: whose, of which part, and why."""

    def __init__(self, fault: paper_check.Fault, part: str) -> None:
        super().__init__(f"{fault.number}, {part}: {fault.code} {fault.item}")
        self.fault, self.part = fault, part


def check(given: Input, papers: Sequence[Drawn], levels: Sequence[str]) -> tuple[Checked, ...]:
    """Check every paper against roster, banks and blueprints, `levels` from the lightest on; raises PaperFault for the first that fails.

    Raises ValueError when somebody on the roster has not one paper for each part they sit, or somebody else has one.
    """
    sat = {(listed.number, part): (part, language) for listed in given.roster for part, language in listed.sits}
    if [(paper.number, paper.part) for paper in papers] != list(sat):
        raise ValueError("the papers are not those of the roster")
    by_bank: dict[tuple[str, str], dict[str, paper_check.Paper]] = {}
    for paper in papers:
        by_bank.setdefault(sat[paper.number, paper.part], {})[paper.number] = paper.items
    return tuple(_check(bank, by_bank[bank.part, bank.language], levels) for bank in given.banks)


def _check(bank: Bank, papers: Mapping[str, paper_check.Paper], levels: Sequence[str]) -> Checked:
    found = paper_check.check_papers(papers, bank.pool, bank.blueprint, levels)
    if isinstance(found, paper_check.Fault):
        raise PaperFault(found, bank.part)
    return Checked(bank.part, bank.language, found)


def checked_summary(checked: Sequence[Checked]) -> list[dict[str, Any]]:
    """What both signers are shown of the check: figures, and no item. Fractions as text, in lowest terms."""
    return [
        {
            "band": str(paper_check.BAND),
            "bank": len(one.found.used),
            "easiest": str(one.found.easiest),
            "hardest": str(one.found.hardest),
            "language": one.language,
            "least": one.found.least,
            "mean": str(one.found.mean),
            "most": one.found.most,
            "papers": one.found.papers,
            "part": one.part,
            "questions": one.found.questions,
            "shared": None if one.found.shared is None else str(one.found.shared),
            "unused": one.found.unused,
        }
        for one in checked
    ]


def published(given: Input, papers: Sequence[Drawn], checked: Sequence[Checked]) -> dict[str, Any]:
    """What is kept at sealing and published after the session, beside the seed: ids and figures, no wording and no key."""
    return {
        "format": FORMAT,
        "algorithm": drawing.PAPER_LABEL,
        "banks": [_bank_out(bank) for bank in given.banks],
        "roster": [{"number": listed.number, "sits": [list(sat) for sat in listed.sits]} for listed in given.roster],
        "papers": [{"number": paper.number, "part": paper.part, "digest": paper.digest} for paper in papers],
        "pools_digest": pools_digest(given),
        "roster_digest": roster_digest(given),
        "papers_digest": papers_digest(papers),
        "check": [
            summary | {"used": [list(use) for use in one.found.used]}
            for summary, one in zip(checked_summary(checked), checked, strict=True)
        ],
    }


def _draw(seed: bytes, number: str, part: str, source: drawing.Source) -> Drawn:
    items = source.paper(seed, number, part)
    return Drawn(number, part, items, drawing.paper_digest(items))


def _bank_out(bank: Bank) -> dict[str, Any]:
    return {
        "part": bank.part,
        "language": bank.language,
        "blueprint": [asdict(cell) for cell in bank.blueprint],
        "pool": [asdict(item) | {"options": list(item.options)} for item in bank.pool],
        "pool_digest": drawing.pool_digest(bank.pool),
    }
