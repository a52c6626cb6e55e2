"""The rule sets of the program, told to readers without an account: in sentences, value by value, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from markupsafe import Markup, escape

from examsite import policies
from examsite.access import public
from examsite.campaigns.routes import blueprint
from examsite.campaigns.rule_story import passages
from examsite.campaigns.rules_table import lines
from examsite.rules import policy
from examsite.rules.policy import RuleEntry, Sentence, Words
from examsite.web.context import now
from examsite.web.language import pick
from examsite.wording import SENTENCES

TOPICS = {
    "mark": _("When members differ"),
    "prio": _("Priority points"),
    "penalty": _("Sanctions"),
    "late": _("Coming late"),
    "bank": _("Question bank"),
    "notice": _("Summons and notices"),
}


@dataclass(frozen=True)
class Shown:
    """One side of a comparison: its address, its short name for narrow pages, and what it says."""

    id: str
    name: Words
    address: str
    entries: Sequence[RuleEntry]


@blueprint.get("/rule-sets")
@public
def rule_sets() -> ResponseReturnValue:
    """All rule sets that this program knows, those it cannot run yet with what they wait for; and the blocks that sets are made of."""
    sets = [policies.load(set_id) for set_id in policies.available()]
    return render_template(
        "campaigns/rule_sets.html",
        sets=sorted(sets, key=lambda known: not known.rules.runnable),
        topics=[(title, [block for block in policies.blocks() if block.topic == topic]) for topic, title in TOPICS.items()],
    )


@blueprint.get("/rule-sets/<set_id>")
@public
def rule_set(set_id: str) -> ResponseReturnValue:
    """One rule set: in sentences first, then value by value."""
    known = policies.load(set_id)
    return render_template(
        "campaigns/rule_set.html",
        known=known,
        passages=passages(known.entries),
        chapters=policy.explain(known.entries),
        lines=lines,
        others=[other for other in _all_sets() if other.id != set_id],
    )


@blueprint.get("/rule-sets/blocks/<block_id>")
@public
def rule_block(block_id: str) -> ResponseReturnValue:
    """One block that sets are made of, beside those that could stand in for it."""
    block = policies.block(block_id)
    return render_template(
        "campaigns/rule_block.html",
        block=block,
        chapters=policy.explain(block.entries),
        lines=lines,
        used_by=[policies.load(set_id) for set_id in block.used_by],
        others=[other for other in policies.blocks() if other.topic == block.topic and other.id != block_id],
    )


@blueprint.get("/rule-sets/compare")
@public
def compare_rule_sets() -> ResponseReturnValue:
    """Two rule sets side by side, only what differs or every value; two blocks the same way."""
    ids = policies.available()
    left, right = (_side(request.args.get(name, default)) for name, default in (("left", ids[0]), ("right", ids[1])))
    return render_template("campaigns/compare_sets.html", sets=_all_sets(), blocks=policies.blocks(), **compared(left, right))


def compared(left: Shown, right: Shown) -> dict[str, object]:
    """What a page of a comparison needs; `?show=all` shows every value."""
    chapters = policy.compare(left.entries, right.entries)
    pairs = [pair for chapter in chapters for pair in chapter.pairs]
    return {
        "left": left,
        "right": right,
        "chapters": chapters,
        "whole": request.args.get("show") == "all",
        "values": len(pairs),
        "different": sum(pair.differs for pair in pairs),
        "other_texts": sum(pair.other_text for pair in pairs),
    }


def _side(name: str) -> Shown:
    if name in {block.id for block in policies.blocks()}:
        block = policies.block(name)
        return Shown(name, block.name, f"/rule-sets/blocks/{name}", block.entries)
    return side_of_set(name)


def side_of_set(set_id: str) -> Shown:
    """The file of a rule set as one side; 404 for a name that no set has."""
    known = policies.load(set_id)
    return Shown(set_id, known.rules.name, f"/rule-sets/{set_id}", known.entries)


@blueprint.app_template_filter("ended")
def ended(known: policies.LoadedSet) -> date | None:
    """The last day on which the text of a set was in force, where that day is over."""
    until = policy.entry_of(known.entries, "set.id").until
    return until if until is not None and until < now().date() else None


def _all_sets() -> list[policies.LoadedSet]:
    return [policies.load(set_id) for set_id in policies.available()]


@blueprint.app_template_filter("rule_set_name")
def rule_set_name(set_id: str) -> str:
    """What people call a rule set, in the reader's language."""
    return pick(policies.load(set_id).rules.name)


@blueprint.app_template_filter("told")
def told(sentence: Sentence) -> Markup:
    """A sentence of the story with each value as a link to its rule on the same page."""
    blanks = {name: Markup('<a href="#{}">{}</a>').format(blank.key, pick(blank.words)) for name, blank in sentence.blanks}
    return escape(str(SENTENCES[sentence.code])) % blanks
