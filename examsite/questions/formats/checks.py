"""What every item must have, whatever file it came from; what counts as right is looked at again when it is taken."""

from examsite import richtext
from examsite.questions.formats import LONGEST_TOPIC, NotTaken, ReadItem, ReadOption
from examsite.rules.keys import CHOOSING, ItemKind

FEWEST_OPTIONS, MOST_OPTIONS = 2, 10
# Without these a question is another question; other foreign tags are dress, and only their words are kept.
CARRIES_MEANING = frozenset({"img", "picture", "svg", "math", "audio", "video", "object", "embed", "iframe", "canvas"})


def check_read(item: ReadItem) -> None:
    """Raises NotTaken where the item has no question, or not the options and key of its kind."""
    if richtext.is_blank(item.stem):
        raise NotTaken("stem_blank")
    if item.kind in CHOOSING:
        _check_choice(item)
    if len(item.topic_name) > LONGEST_TOPIC:
        raise NotTaken("topic_too_long", limit=LONGEST_TOPIC)


def _check_choice(item: ReadItem) -> None:
    """Two to ten different options; exactly one is right where one is chosen."""
    if not FEWEST_OPTIONS <= len(item.options) <= MOST_OPTIONS:
        raise NotTaken("option_count", found=len(item.options), fewest=FEWEST_OPTIONS, most=MOST_OPTIONS)
    _check_options(item.options)
    keys = sum(option.is_key for option in item.options)
    if keys == 0:
        raise NotTaken("key_missing")
    if keys > 1 and item.kind is ItemKind.SINGLE_CHOICE:
        raise NotTaken("key_several", found=keys)


def _check_options(options: tuple[ReadOption, ...]) -> None:
    seen: dict[str, int] = {}
    for number, option in enumerate(options, start=1):
        if richtext.is_blank(option.text):
            raise NotTaken("option_blank", number=number)
        words = " ".join(option.text.split())
        if words in seen:
            raise NotTaken("option_twice", first=seen[words], second=number)
        seen[words] = number


def rich(html: str) -> str:
    """Rich text from a file, cleaned; NotTaken where it is too long or would lose a picture or a formula."""
    if len(html) > richtext.LONGEST:
        raise NotTaken("text_too_long", limit=richtext.LONGEST)
    lost = sorted(richtext.foreign_tags(html) & CARRIES_MEANING)
    if lost:
        raise NotTaken("picture_or_formula", tag=lost[0])
    return richtext.clean(html)
