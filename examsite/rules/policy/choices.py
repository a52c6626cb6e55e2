"""The closed choices a rule set makes; the values are what the data files say."""

from enum import StrEnum


class Round1Form(StrEnum):
    COMPUTER = "computer"
    PAPER = "paper"


class PartKind(StrEnum):
    """SINGLE_CHOICE and ESSAY: questions of that kind alone; MIXED: questions of any kind, side by side on one paper."""

    SINGLE_CHOICE = "single_choice"
    MIXED = "mixed"
    ESSAY = "essay"


class Round2Form(StrEnum):
    """INTERVIEW, ORAL, PRACTICE, PROJECT: members of a panel score the candidate before them; NONE: the exam ends with round 1."""

    INTERVIEW = "interview"
    ORAL = "oral"
    PRACTICE = "practice"
    WRITTEN = "written"
    WRITTEN_AND_INTERVIEW = "written_and_interview"
    PROJECT = "project"
    COMPUTER = "computer"
    NONE = "none"


class Clock(StrEnum):
    """SHARED: one programmed start for all of a session; PERSONAL: each candidate's own time runs from their own start."""

    SHARED = "shared"
    PERSONAL = "personal"


class Combine(StrEnum):
    """What counts where several apply."""

    HIGHEST = "highest"
    SUM = "sum"


class Base(StrEnum):
    """What a penalty takes its share of.

    The score of a part that a machine marks is the share of its questions answered right, so there both take off the same; an interview has
    no right answers, so there both are taken of its score.
    """

    SCORE = "score"
    """The result: the share of right answers of a part of round 1, the points of round 2."""
    CORRECT_ANSWERS = "correct_answers"
    """The number of right answers of a part, before the share of them is worked out and compared."""


class Decider(StrEnum):
    """Who or what settles a score or a tie."""

    MEAN = "mean"
    BOARD_HEAD = "board_head"
    COUNCIL_CHAIR = "council_chair"
    COUNCIL = "council"
    AGENCY_HEAD = "agency_head"


class Mode(StrEnum):
    HALF_UP = "half_up"
    HALF_EVEN = "half_even"


class Stage(StrEnum):
    """Where the one rounding happens: the round 2 score before priority points are added, or the total with them."""

    ROUND2 = "round2"
    TOTAL = "total"


class Total(StrEnum):
    """From what candidates are placed."""

    ROUND2_PLUS_PRIORITY = "round2_plus_priority"
    ROUND2 = "round2"


class DayKind(StrEnum):
    WORKING = "working"
    CALENDAR = "calendar"


class Limit(StrEnum):
    """Whether a step is due within so many days after another, or must wait at least so many."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"


class Capability(StrEnum):
    """Something a rule set may need that not every version of the program can do."""

    COMPUTER_TEST = "computer_test"
    INTERVIEW = "interview"
    PROJECT_DEFENCE = "project_defence"
    PAPER_TEST = "paper_test"
    WRITTEN_PAPERS = "written_papers"
    COMPUTER_ROUND2 = "computer_round2"
    ROUND1_ALONE = "round1_alone"
    ASSESSMENT_SCORES = "assessment_scores"
    REMARKING = "remarking"


# What this version runs from end to end; a set that needs more is shown, and cannot be chosen. A project is handed in outside the
# program; its defence is scored as an interview is.
RUNS = frozenset({Capability.COMPUTER_TEST, Capability.INTERVIEW, Capability.PROJECT_DEFENCE})
