"""Lists in words: figures as people read them, reasons and workings as sentences, each with the rule it leads to. For pages only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from examsite.rules.policy import Base, RuleSet
from examsite.web.language import number, percent, pick
from examsite.wording import say

_PLACES = 4


@dataclass(frozen=True)
class Told:
    """A sentence, and the key of the rule behind it."""

    text: str
    rule: str


# Whoever is absent, void, withdrawn or not scored stands where they stand by no rule of the set.
_RULES = {
    "inside": "ranking.total",
    "outside": "ranking.total",
    "inside_shared": "ranking.tie_steps",
    "outside_shared": "ranking.tie_steps",
    "below_pass": "round2.pass_mark",
    "below_floor": "round2.components",
    "part_failed": "round1.parts",
    "part_not_sat": "round1.parts",
    "advances": "round1.parts",
    "inside_by_step": "ranking.tie_steps",
    "outside_by_step": "ranking.tie_steps",
    "inside_by_decision": "ranking.tie_steps",
    "outside_by_decision": "ranking.tie_steps",
    "undecided": "ranking.tie_steps",
}


def _rule_of(code: str, params: Mapping[str, Any]) -> str:
    """The rule behind a reason; of one part or one criterion, that of the first that is named."""
    if code == "part_failed" and params.get("parts"):
        return f"parts.{params['parts'][0]}.pass_percent"
    if code == "below_floor" and params.get("components"):
        return f"components.{params['components'][0]}.floor_percent"
    return _RULES.get(code, "")


def in_full(value: object) -> str:
    """A stored number in full. One that never ends is cut, not rounded, and says so: 49,9999… never reads as 50."""
    fraction = Fraction(str(value))
    scaled = fraction * 10**_PLACES
    cut = Decimal(scaled.numerator // scaled.denominator).scaleb(-_PLACES)
    if Fraction(cut) == fraction:
        return number(cut.normalize() if cut != cut.to_integral() else cut.quantize(Decimal(1)))
    return f"{number(cut)}…"


@dataclass(frozen=True)
class Teller:
    """Tells the lists of one campaign under its rules."""

    rules: RuleSet

    @staticmethod
    def exact(value: object) -> str:
        """A number in full, see `in_full`."""
        return in_full(value)

    @staticmethod
    def when(stored: str) -> datetime:
        """A stored moment."""
        return datetime.fromisoformat(stored)

    @staticmethod
    def day(stored: str) -> date:
        """A stored day."""
        return date.fromisoformat(stored)

    def points(self, value: object) -> str:
        """An official score, with the decimals of the rule set."""
        return number(Decimal(str(value)), self.rules.rounding.places)

    def part(self, part_id: str) -> str:
        """The name of a part of round 1."""
        return pick({part.id: part.name for part in self.rules.round1.parts}[part_id])

    def component(self, component_id: str) -> str:
        """The name of a criterion of round 2."""
        return pick({component.id: component.name for component in self.rules.round2.components}[component_id])

    def groups(self, groups: list[str]) -> str:
        """The names of priority groups; for the boards and the candidate alone."""
        names = {group.id: group.name for group in self.rules.priority.groups}
        return "; ".join(pick(names[group]) for group in groups)

    def penalties(self, kinds: list[str]) -> str:
        """The names of sanctions; for the boards and the candidate alone."""
        names = {penalty.id: penalty.name for penalty in self.rules.penalties.kinds}
        return ", ".join(pick(names[kind]) for kind in kinds)

    def reason(self, reason: Mapping[str, Any]) -> Told:
        """Why, in one sentence."""
        code, params = reason["code"], reason["params"]
        if "note" in params and not params["note"].strip():
            return self.reason({"code": f"{code}_general", "params": {}})
        if code == "advances" and not params["exempt"]:
            code = "advances_general"
        words = {name: self._param(name, value, params) for name, value in params.items()}
        return Told(say(f"results.reason_{code}", words), _rule_of(code.removesuffix("_general"), params))

    def _param(self, name: str, value: Any, params: Mapping[str, Any]) -> str:
        match name:
            case "total" | "official":
                return self.points(value)
            case "exact":
                return in_full(params["official"] if self.rules.rounding.before_compare else value)
            case "pass_mark":
                return in_full(value)
            case "value":
                return self.compared(params["step"], value)
            case "step":
                return self.step(value, params["of"])
            case "others":
                return ", ".join(value)
            case "parts" | "exempt":
                return ", ".join(self.part(part) for part in value)
            case "components":
                return ", ".join(f"“{self.component(component)}”" for component in value)
            case "decider":
                return say(f"results.decider_{value}")
        return str(value)

    def step(self, name: str, of: str) -> str:
        """A tie step by name."""
        about = {"component": self.component, "part_correct": self.part}.get(name)
        return say(f"results.step_{name}", {"of": about(of)} if about else {})

    def compared(self, step: str, value: object) -> str:
        """What a tie step compared."""
        if step == "exempt_round1":
            return say("results.yes" if int(str(value)) else "results.no")
        return self.points(value) if step == "round2_score" else in_full(value)

    def step_record(self, record: Mapping[str, Any]) -> str:
        """One step of a tie: what it compared, and whether it separated anybody."""
        step = self.step(record["step"]["name"], record["step"]["of"])
        step = step[0].upper() + step[1:]
        if not record["applied"]:
            return say("results.step_not_applied", {"step": step})
        values = "; ".join(f"{who} {self.compared(record['step']['name'], value)}" for who, value in record["compared"])
        if len({str(value) for _, value in record["compared"]}) == 1:
            return say("results.step_equal", {"step": step, "values": values})
        return f"{step}: {values}"

    def place(self, place: list[int] | None) -> str:
        """A place, or the range that is still open."""
        if place is None:
            return "–"
        return str(place[0]) if place[0] == place[1] else f"{place[0]}–{place[1]}"

    def part_result(self, part: Mapping[str, Any]) -> str:
        """One part of round 1 in a word or two figures."""
        return say(f"results.part_{part['state']}", {"correct": part["correct"], "questions": part["questions"]})

    def change(self, change: Mapping[str, Any]) -> tuple[str, str, str]:
        """One difference between two versions of a list: what it is about, before, after."""
        what, of = change["what"], change["of"]
        named = {"component": self.component, "part": self.part, "exempt": self.part}.get(what)
        words = {"number": change["number"], "position": change["position"], "of": named(of) if named else of}
        return say(f"results.change_{what}", words), self._changed(what, change["old"]), self._changed(what, change["new"])

    def _changed(self, what: str, value: Any) -> str:
        if what in ("added", "removed"):
            return ""
        if what == "place":
            return self.place(value)
        if what in ("advances", "exempt"):
            return say("results.yes" if value else "results.no")
        if value is None:
            return "–"
        match what:
            case "component" | "priority_points":
                return in_full(value)
            case "total" | "round2_score":
                return self.points(value)
            case "result":
                return say(f"results.result_{value}")
            case "part":
                return str(value[1]) if value[0] == "sat" else say(f"results.part_{value[0]}")
            case "reason":
                return self.reason(value).text
        return str(value)

    def working(self, line: Mapping[str, Any]) -> list[Told]:
        """How the figures of one line came about, step by step: of round 2 where it was scored, of round 1 where it was sat."""
        if line.get("score"):
            return list(self._round2(line))
        return [told for part in line.get("correct", ()) for told in (*self._sanctions(part), self._part_working(part))]

    def _round2(self, line: Mapping[str, Any]) -> Iterator[Told]:
        agreed, score = line["agreed"], line["score"]
        for component in agreed["components"]:
            yield self._component(component)
        yield self._agreed(agreed)
        if score["exact"] != agreed["score"]:
            sanctions = self.penalties(line.get("penalties", []))
            yield Told(say("results.working_deducted", {"score": in_full(score["exact"]), "sanctions": sanctions}), "penalties.kinds")
        yield Told(say("results.working_rounded", {"score": self.points(score["official"])}), "rounding.places")
        yield self._pass(score)
        if line["groups"]:
            yield self._priority(score, line["groups"])
        yield Told(say("results.working_total", {"total": self.points(score["total"])}), "ranking.total")

    def _component(self, component: Mapping[str, Any]) -> Told:
        maximum = {known.id: known.maximum for known in self.rules.round2.components}[component["component"]]
        words = {
            "component": self.component(component["component"]),
            "mean": in_full(component["mean"]),
            "maximum": maximum,
            "spread": in_full(component["spread"]),
        }
        return Told(say("results.working_component", words), f"components.{component['component']}.maximum")

    def _agreed(self, agreed: Mapping[str, Any]) -> Told:
        words = {"score": in_full(agreed["score"]), "spread": in_full(agreed["spread"])}
        if agreed["by"] == "mean":
            return Told(say("results.working_mean", words), "spread.bands")
        decided = {"decider": say(f"results.decider_{agreed['by']}"), "reason": agreed["reason"]}
        return Told(say("results.working_decided", {**words, **decided}), "spread.bands")

    def _pass(self, score: Mapping[str, Any]) -> Told:
        code = "results.working_passed" if score["passed"] else "results.working_not_passed"
        compared = score["official"] if self.rules.rounding.before_compare else score["exact"]
        words = {"pass_mark": in_full(format(self.rules.round2.pass_mark, "f")), "compared": in_full(compared)}
        return Told(say(code, words), "round2.pass_mark")

    def _priority(self, score: Mapping[str, Any], groups: list[str]) -> Told:
        if not score["passed"]:
            return Told(say("results.working_priority_not_added"), "priority.combine")
        words = {"points": in_full(score["priority"]), "groups": self.groups(groups)}
        return Told(say("results.working_priority", words), f"priority.{groups[0]}.points")

    def _sanctions(self, part: Mapping[str, Any]) -> Iterator[Told]:
        """What was taken off for misconduct, each with its own rule; how several combine is a rule too."""
        known = {kind.id: kind for kind in self.rules.penalties.kinds}
        for sanction in part.get("sanctions") or ():
            words = {"sanction": pick(known[sanction].name), "part": self.part(part["part"]), "share": percent(known[sanction].share)}
            code = "results.working_sanction_score" if known[sanction].of is Base.SCORE else "results.working_sanction"
            yield Told(say(code, words), f"penalties.{sanction}.percent")
        if len(part.get("sanctions") or ()) > 1:
            yield Told(say(f"results.working_sanctions_{self.rules.penalties.combine.value}"), "penalties.combine")

    def _part_working(self, part: Mapping[str, Any]) -> Told:
        rule = f"parts.{part['part']}.pass_percent"
        name = self.part(part["part"])
        if part["state"] != "sat":
            return Told(say(f"results.working_part_{part['state']}", {"part": name}), rule)
        words = {
            "part": name,
            "correct": part["correct"],
            "questions": part["questions"],
            "counted": in_full(part["counted"]),
            "least": in_full(Fraction(part["pass_share"]) * part["questions"]),
        }
        deducted = Fraction(part["counted"]) != part["correct"]
        return Told(say("results.working_part_counted" if deducted else "results.working_part", words), rule)
