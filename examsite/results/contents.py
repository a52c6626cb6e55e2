"""What a list shows: from a stored outcome to sections and lines, with no more in them than the rule set lets the list show.

Public pages are made from this and from nothing else. What may never be shown (priority group, identity number, date of birth, phone)
is not in the outcome at all, or is left out here; a reason that names a figure is told in general where the list hides that figure.
"""

from collections.abc import Mapping
from typing import Any

from examsite.rules.policy import PUBLIC_FIELDS, RuleSet

FORMAT = "examsite published list 1"
ALL = frozenset(PUBLIC_FIELDS)
RANKINGS = ("provisional", "official")
_STATES = ("absent", "voided", "withdrawn")
_RESULTS = {"inside": 0, "undecided": 1}
# What a list must show before the reason with its figures may stand on it; a code that is not here is always told in general.
_REASON_NEEDS: Mapping[str, frozenset[str]] = {
    "inside": frozenset({"place", "total"}),
    "outside": frozenset({"place", "total"}),
    "inside_shared": frozenset({"place", "total", "candidate_number"}),
    "outside_shared": frozenset({"place", "total", "candidate_number"}),
    "inside_by_step": frozenset({"place", "total", "candidate_number"}),
    "outside_by_step": frozenset({"place", "total", "candidate_number"}),
    "inside_by_decision": frozenset({"place", "total", "candidate_number"}),
    "outside_by_decision": frozenset({"place", "total", "candidate_number"}),
    "below_pass": frozenset({"total"}),
    "below_floor": frozenset({"components"}),
    "advances": frozenset({"round1_result", "exempt"}),
    "part_failed": frozenset({"round1_result", "correct"}),
    "part_not_sat": frozenset({"round1_result", "correct"}),
}
_STEP_NEEDS = {"component": "components", "round2_score": "round2_score", "part_correct": "correct", "exempt_round1": "exempt"}
# What a general sentence may still say: the quota and the pass mark are rules, not figures of a person.
_GENERAL = ("quota", "pass_mark")

Line = dict[str, Any]
Section = dict[str, Any]


def fields_of(kind: str, rules: RuleSet) -> tuple[str, ...]:
    """The columns of the public list of this kind, in order."""
    lists = rules.publication
    if kind in ("eligible", "round1"):
        return lists.eligible if kind == "eligible" else lists.round1
    if kind == "recommendations":
        return tuple(name for name in lists.final if name in ("candidate_number", "name", "unit", "position", "total", "place"))
    return lists.final


def sections(kind: str, outcome: Mapping[str, Any], rules: RuleSet, shown: frozenset[str] = ALL, *, whole: bool = False) -> list[Section]:
    """The list by position, from a stored outcome. `shown` are the fields it may show; `whole` adds what only the boards may see."""
    make = {"eligible": _eligible, "round1": _round1, "recommendations": _recommended}.get(kind, _ranked)
    return [
        {
            **_heading(position["opening"], kind, rules, shown),
            **(_tie(position, whole=whole) if kind in RANKINGS else {}),
            "candidates": len(position["lines"]),
            "lines": _ordered([make(line, rules, shown, whole) for line in position["lines"]], kind, shown),
        }
        for position in outcome["positions"]
    ]


def _heading(opening: Mapping[str, Any], kind: str, rules: RuleSet, shown: frozenset[str]) -> Section:
    named = ("title", "unit") if "position" in shown or kind in RANKINGS else ()
    heading = {"code": opening["code"], "quota": opening["quota"], **{name: opening[name] for name in named}}
    return {**heading, "pass_mark": format(rules.round2.pass_mark, "f")} if kind in RANKINGS else heading


def _tie(position: Mapping[str, Any], *, whole: bool) -> Section:
    decision = position["decision"]
    told = {"decision": {"decider": decision["decider"], "document": decision["document"]} if decision else None}
    if not whole:
        return told
    return {**told, "decision": decision, **{name: position[name] for name in ("pending", "steps", "unfit")}}


def _ordered(lines: list[Line], kind: str, shown: frozenset[str]) -> list[Line]:
    """By place as they came; where a list of places hides places and totals, its order must not tell them."""
    if kind in (*RANKINGS, "recommendations") and not {"place", "total", "round2_score"} & shown:
        return sorted(lines, key=lambda line: (str(line.get("candidate_number", "")), str(line.get("name", ""))))
    return lines


def _who(who: Mapping[str, Any], shown: frozenset[str]) -> Line:
    names = {"candidate_number": "number", "name": "name", "unit": "unit"}
    return {field: who[name] for field, name in names.items() if field in shown}


def _eligible(line: Mapping[str, Any], _rules: RuleSet, shown: frozenset[str], _whole: bool) -> Line:
    return {**_who(line["who"], shown), **({"exempt": line["exempt"]} if "exempt" in shown else {})}


def _recommended(line: Mapping[str, Any], _rules: RuleSet, shown: frozenset[str], _whole: bool) -> Line:
    found = _who(line["who"], shown)
    if "place" in shown:
        found["place"] = [line["place"], line["place"]]
    return {**found, "total": line["total"]} if "total" in shown else found


def _round1(line: Mapping[str, Any], rules: RuleSet, shown: frozenset[str], whole: bool) -> Line:
    exempt = [part["part"] for part in line["parts"] if part["state"] == "exempt"]
    tells_exempt = "exempt" in shown or "exempt" in rules.publication.eligible
    found = _who(line["who"], shown)
    if "exempt" in shown:
        found["exempt"] = exempt
    if "correct" in shown:
        found["correct"] = [_part(part, tells_exempt=tells_exempt, whole=whole) for part in line["parts"]]
    if "round1_result" in shown:
        found["advances"] = line["advances"]
    return {**found, "reason": told_reason(line["reason"], shown, whole=whole)}


def _part(part: Mapping[str, Any], *, tells_exempt: bool, whole: bool) -> Line:
    if whole:
        return dict(part)
    state = part["state"] if tells_exempt or part["state"] != "exempt" else "not_told"
    return {"part": part["part"], "state": state, "correct": part["correct"], "questions": part["questions"]}


def _ranked(line: Mapping[str, Any], _rules: RuleSet, shown: frozenset[str], whole: bool) -> Line:
    standing, score = line["standing"], line["score"]
    present = standing["reason"]["code"] not in _STATES and score is not None
    figures = {
        "components": {part["component"]: part["mean"] for part in score["components"]} if present else {},
        "round2_score": score["official"] if present else None,
        "priority_points": score["priority"] if present else None,
        "total": standing["total"] if present else None,
        "place": [standing["place"], standing["last_place"]] if standing["place"] is not None else None,
        "result": result_code(standing),
    }
    found = {**_who(line["who"], shown), **{name: value for name, value in figures.items() if name in shown}}
    found["reason"] = told_reason(standing["reason"], shown, whole=whole)
    return {**found, **_behind(line)} if whole else found


def _behind(line: Mapping[str, Any]) -> Line:
    """What the boards see behind a place: the panel's score, the groups, the tie steps."""
    return {
        "agreed": line["agreed"],
        "groups": line["groups"],
        "penalties": line.get("penalties", []),
        "score": line["score"],
        "steps": line["standing"]["steps"],
    }


def result_code(standing: Mapping[str, Any]) -> str:
    """inside, undecided or outside for those who have a place; else not_passed, absent, voided, withdrawn or not_scored."""
    if standing["seat"] != "none":
        return str(standing["seat"])
    code = str(standing["reason"]["code"])
    return "not_passed" if code in ("below_pass", "below_floor") else code


def told_reason(reason: Mapping[str, Any], shown: frozenset[str], *, whole: bool = False) -> Line:
    """The reason as a list may tell it: with its figures, or as `<code>_general` with nothing that the list hides."""
    params = dict(reason["params"])
    if whole or ("reason" in shown and _needs(reason["code"], params) <= shown):
        return {"code": reason["code"], "params": params}
    return general({"code": reason["code"], "params": params})


def general(reason: Mapping[str, Any]) -> Line:
    """The reason without any figure of a person."""
    code = reason["code"].removesuffix("_general")
    return {"code": f"{code}_general", "params": {name: reason["params"][name] for name in _GENERAL if name in reason["params"]}}


def _needs(code: str, params: Mapping[str, Any]) -> frozenset[str]:
    needs = _REASON_NEEDS.get(code)
    if needs is None:
        return frozenset({"never"})
    return needs | {_STEP_NEEDS[params["step"]]} if "step" in params else needs


def cut_at(section: Section) -> int | None:
    """The index of the line before which the quota line stands: across an open tie, after the last seat; None where it divides nothing, as
    where a list that hides places stands in the order of candidate numbers."""
    results = [line.get("result") for line in section["lines"]]
    towards_outside = [_RESULTS.get(str(result), len(_RESULTS)) for result in results]
    if towards_outside != sorted(towards_outside):
        return None
    if "undecided" in results:
        return int(section["quota"])
    inside = results.count("inside")
    return inside if 0 < inside < len(results) else None
