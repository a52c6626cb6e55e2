"""What a candidate's turn before the panel is called: an interview, an oral or practical exam, or a project, as the rule set has it."""

from examsite.campaigns.models import Campaign
from examsite.campaigns.queries import rule_set
from examsite.rules.policy import Round2Form
from examsite.wording import say

_NAMED = {Round2Form.ORAL, Round2Form.PRACTICE, Round2Form.PROJECT}


def round2_word(campaign: Campaign, *, many: bool = False) -> str:
    """The word in the reader's language, within a sentence; an interview also beside written papers."""
    form = rule_set(campaign).round2.form
    return say(f"grading.{'forms' if many else 'form'}.{form if form in _NAMED else Round2Form.INTERVIEW}")


def capitalised(sentence: str) -> str:
    """The sentence with a capital at its beginning, where it begins with such a word."""
    return sentence[:1].upper() + sentence[1:]
