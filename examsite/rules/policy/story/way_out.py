"""From round 2 to the published result."""

from collections.abc import Iterator, Sequence
from typing import Final

from examsite.rules.policy.choices import Limit, Round2Form, Total
from examsite.rules.policy.entries import Words
from examsite.rules.policy.story.model import Book, Sentence, Told, sentence

# Forms of round 2 of which more is to be said than how long each candidate stands before a panel.
_FORMS: Final = {
    Round2Form.WRITTEN: "round2_paper",
    Round2Form.COMPUTER: "round2_paper",
    Round2Form.WRITTEN_AND_INTERVIEW: "round2_combined",
}


def round2(book: Book) -> Iterator[Sentence]:
    """Form, times, members, scale, criteria with their levels."""
    form = "round2.form"
    if book.value(form) == Round2Form.NONE:
        yield sentence("no_round2", form)
        return
    code = _FORMS.get(Round2Form(str(book.value(form))), "round2")
    yield sentence(code, form=book.told(form), minutes=book.told("round2.minutes"))
    yield from _times(book)
    yield sentence("members", people=book.told("round2.minimum_members"))
    yield sentence("scale", maximum=book.told("round2.maximum"), mark=book.told("round2.pass_mark"))
    for component in book.ids("round2.components"):
        yield from _component(book, f"components.{component}")
    yield from _floors(book, [f"components.{component}" for component in book.ids("round2.components")])
    yield sentence("steps", points=book.told("round2.score_step"))
    yield sentence("round2_remarked" if book.value("round2.remarking") else "round2_not_remarked", "round2.remarking")


def _times(book: Book) -> Iterator[Sentence]:
    preparation = "round2.preparation_minutes"
    if book.value(preparation):
        yield sentence("preparation", minutes=book.told(preparation))
    else:
        yield sentence("no_preparation", preparation)
    for name in ("answer_minutes", "written_minutes", "questions"):
        if book.has(f"round2.{name}"):
            yield sentence(f"round2_{name}", value=book.told(f"round2.{name}"))
    if book.value("round2.form") == Round2Form.PROJECT:
        yield sentence("project_outside", "round2.form")


def _component(book: Book, key: str) -> Iterator[Sentence]:
    name = book.told(f"{key}.name")
    yield sentence("component", name=name, points=book.told(f"{key}.maximum"), guide=book.told(f"{key}.guide"))
    levels = [(book.told(f"levels.{level}.name").words, book.told(f"{key}.{level}.from").words) for level in book.ids("round2.levels")]
    vi = "; ".join(f"{level.vi} từ {start.vi}" for level, start in levels)
    en = "; ".join(f"{level.en} from {start.en}" for level, start in levels)
    keys = [f"{key}.{level}.from" for level in book.ids("round2.levels")]
    yield sentence("levels", *keys, "round2.levels", name=name, levels=Told(Words(vi, en), keys[0]))


def _floors(book: Book, components: Sequence[str]) -> Iterator[Sentence]:
    """Each floor; in one sentence that there is none, where no criterion has one."""
    floors = {key: f"{key}.floor_percent" for key in components}
    if not any(book.value(floor) for floor in floors.values()):
        yield sentence("no_floors", *floors.values())
        return
    for key, floor in floors.items():
        name = book.told(f"{key}.name")
        yield sentence("floor", name=name, percent=book.told(floor)) if book.value(floor) else sentence("no_floor", floor, name=name)


def score(book: Book) -> Iterator[Sentence]:
    """How the sheets of several members become one official score."""
    bands = book.ids("spread.bands") if book.has("spread.bands") else None
    if bands is None:
        return
    yield sentence("mean_below" if bands else "mean_always", "spread.bands")
    for band in bands:
        key = f"spread.{band}"
        code = "spread_from" if book.value(f"{key}.from_included") else "spread_above"
        points, decider = book.told(f"{key}.from"), book.told(f"{key}.decided_by")
        yield sentence(code, f"{key}.from_included", f"{key}.name", points=points, decider=decider)
    places, mode, stage = (book.told(f"rounding.{what}") for what in ("places", "mode", "stage"))
    yield sentence("rounded", places=places, mode=mode, stage=stage)
    before = "rounding.before_compare"
    yield sentence("compared_rounded" if book.value(before) else "compared_exact", before)


def places(book: Book) -> Iterator[Sentence]:
    """Priority points, what places go by, what settles a tie."""
    if not book.has("ranking.total"):
        return
    yield sentence("total", total=book.told("ranking.total"))
    yield from _priority(book)
    yield sentence("ties", steps=book.told("ranking.tie_steps"))


def _priority(book: Book) -> Iterator[Sentence]:
    groups = book.ids("priority.groups")
    if not groups:
        yield sentence("no_priority", "priority.groups", "priority.combine")
        return
    if book.value("ranking.total") == Total.ROUND2:
        yield sentence("priority_not_added", "priority.groups", "priority.combine", *(f"priority.{group}.points" for group in groups))
        return
    for group in groups:
        yield sentence("priority", group=book.told(f"priority.{group}.name"), points=book.told(f"priority.{group}.points"))
    yield sentence("priority_combine", combine=book.told("priority.combine"))


def deadlines(book: Book) -> Iterator[Sentence]:
    """Each step with its days, and how long appeals are taken."""
    for step in book.ids("deadlines.steps"):
        yield from _deadline(book, f"deadlines.{step}")
    if book.has("appeals.window_days"):
        yield sentence("appeals", "appeals.day_kind", days=book.days("appeals.window_days", "appeals.day_kind"))
    if book.has("appeals.answer_days"):
        yield sentence("appeals_answer", days=book.days("appeals.answer_days", "appeals.day_kind"))


def _deadline(book: Book, key: str) -> Iterator[Sentence]:
    code = "no_later" if book.value(f"{key}.limit") == Limit.AT_MOST else "no_sooner"
    days, name = book.days(f"{key}.days", f"{key}.day_kind"), book.told(f"{key}.name")
    after, to = book.told(f"{key}.after"), book.told(f"{key}.to")
    yield sentence(code, f"{key}.limit", f"{key}.day_kind", name=name, days=days, after=after, to=to)
    if book.has(f"{key}.large_from"):
        large = book.days(f"{key}.large_days", f"{key}.day_kind")
        yield sentence("large", name=name, people=book.told(f"{key}.large_from"), days=large)


def lists(book: Book) -> Iterator[Sentence]:
    """What everybody may read."""
    for name in ("eligible", "round1", "final"):
        if book.has(f"publication.{name}"):
            yield sentence(f"list_{name}", fields=book.told(f"publication.{name}"))
