"""What every single-choice item must have, whatever file it came from."""

from examsite import richtext
from examsite.questions.formats import LONGEST_TOPIC, NotTaken, ReadItem, ReadOption

FEWEST_OPTIONS, MOST_OPTIONS = 2, 10
# Without these a question is another question; other foreign tags are dress, and only their words are kept.
CARRIES_MEANING = frozenset({"img", "picture", "svg", "math", "audio", "video", "object", "embed", "iframe", "canvas"})


def check_single_choice(item: ReadItem) -> None:
    """Raises NotTaken where the item is not one question with two to ten different options of which exactly one is right."""
    if richtext.is_blank(item.stem):
        raise NotTaken("stem_blank")
    if not FEWEST_OPTIONS <= len(item.options) <= MOST_OPTIONS:
        raise NotTaken("option_count", found=len(item.options), fewest=FEWEST_OPTIONS, most=MOST_OPTIONS)
    _check_options(item.options)
    keys = sum(option.is_key for option in item.options)
    if keys == 0:
        raise NotTaken("key_missing")
    if keys > 1:
        raise NotTaken("key_several", found=keys)
    if len(item.topic_name) > LONGEST_TOPIC:
        raise NotTaken("topic_too_long", limit=LONGEST_TOPIC)


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
