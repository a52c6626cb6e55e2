"""From the position to the end of round 1."""

from collections.abc import Iterator
from math import ceil

from examsite.rules.policy.choices import PartKind, Round2Form
from examsite.rules.policy.entries import Words
from examsite.rules.policy.story.model import Book, Sentence, Told, one_of, sentence


def who_may_apply(book: Book) -> Iterator[Sentence]:
    """How many must apply, who judges them, and who may not judge whom."""
    least = "positions.min_candidates"
    yield sentence("one_is_enough" if book.value(least) == 1 else "least_candidates", people=book.told(least))
    yield sentence("council", sizes=_sizes(book))
    for group in book.ids("boards.exclusive"):
        yield sentence("boards_apart", f"boards.{group}.name", boards=book.told(f"boards.{group}.members"))
    yield sentence("relations", relations=book.told("conflicts.relations"))


def _sizes(book: Book) -> Told:
    told = book.told("council.sizes")
    sizes = one_of([Words(size, size) for size in book.ids("council.sizes")])
    plain = "; ".join(book.ids("council.sizes"))
    return Told(Words(told.words.vi.replace(plain, sizes.vi), told.words.en.replace(plain, sizes.en)), told.key)


def round1(book: Book) -> Iterator[Sentence]:
    """The parts with their questions, minutes and pass marks; who need not sit them; who goes on."""
    parts = book.ids("round1.parts")
    if not parts:
        yield sentence("no_round1", "round1.parts")
        return
    yield sentence("round1", form=book.told("round1.form"), parts=book.told("round1.parts"))
    for part in parts:
        yield from _part(book, f"parts.{part}")
    yield from _languages(book)
    if not book.ids("round1.exemptions"):
        yield sentence("no_exemptions", "round1.exemptions")
    for ground in book.ids("round1.exemptions"):
        key = f"exemptions.{ground}"
        yield sentence("exempt", "round1.exemptions", ground=book.told(f"{key}.name"), parts=book.told(f"{key}.parts"))
    yield sentence("round1_is_the_end" if book.value("round2.form") == Round2Form.NONE else "goes_on", "round1.parts")
    yield sentence("bank", multiple=book.told("bank.multiple"))
    at_once = "round1.result_shown_at_once"
    yield sentence("result_at_once" if book.value(at_once) else "result_later", at_once)
    yield sentence("round1_remarked" if book.value("round1.remarking") else "round1_not_remarked", "round1.remarking")


def _part(book: Book, key: str) -> Iterator[Sentence]:
    code = "part_in_language" if book.value(f"{key}.by_language") else "part"
    questions, minutes = book.told(f"{key}.questions"), book.told(f"{key}.minutes")
    kind, name = book.told(f"{key}.kind"), book.told(f"{key}.name")
    yield sentence(code, f"{key}.by_language", name=name, kind=kind, questions=questions, minutes=minutes)
    percent = book.told(f"{key}.pass_percent")
    if book.value(f"{key}.kind") == PartKind.ESSAY:
        yield sentence("part_passed_essay", name=name, percent=percent)
    else:
        least = str(ceil(book.number(f"{key}.pass_percent") * book.number(f"{key}.questions") / 100))
        yield sentence("part_passed", name=name, percent=percent, least=Told(Words(least, least), percent.key), questions=questions)
    exemptable = f"{key}.exemptable"
    yield sentence("part_exemptable" if book.value(exemptable) else "part_for_all", exemptable, name=name)


def _languages(book: Book) -> Iterator[Sentence]:
    if book.ids("round1.languages"):
        yield sentence("languages", languages=book.told("round1.languages"))
    else:
        yield sentence("no_languages", "round1.languages")


def exam_room(book: Book) -> Iterator[Sentence]:
    """How the time runs, who is admitted late, what a sanction takes off."""
    if book.has("session.clock"):
        yield sentence(f"clock_{book.value('session.clock')}", "session.clock")
        yield from _pauses(book)
    for band in book.ids("session.late_bands"):
        key = f"late.{band}"
        yield sentence("late", f"{key}.exam_minutes_from", name=book.told(f"{key}.name"), minutes=book.told(f"{key}.minutes"))
    for kind in book.ids("penalties.kinds"):
        yield _penalty(book, f"penalties.{kind}")
    if book.ids("penalties.kinds"):
        yield sentence("penalties_combine", combine=book.told("penalties.combine"))


def _pauses(book: Book) -> Iterator[Sentence]:
    """The break, where there are two parts to have it between, and what the network is forgiven."""
    pause, grace = "session.break_minutes", "session.grace_seconds"
    if len(book.ids("round1.parts")) > 1:
        yield sentence("break", minutes=book.told(pause)) if book.value(pause) else sentence("no_break", pause)
    yield sentence("grace", seconds=book.told(grace)) if book.value(grace) else sentence("no_grace", grace)


def _penalty(book: Book, key: str) -> Sentence:
    name, percent, base = (book.told(f"{key}.{what}") for what in ("name", "percent", "of"))
    if book.value(f"{key}.cancels"):
        return sentence("penalty_cancels", f"{key}.cancels", percent.key, base.key, name=name)
    return sentence("penalty", f"{key}.cancels", name=name, percent=percent, base=base)
