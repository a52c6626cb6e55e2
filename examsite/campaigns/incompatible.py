"""Whether somebody may take a seat on a board beside those that are taken. Pure."""

from collections.abc import Collection
from typing import Final

from examsite.rules.policy import RuleSet
from examsite.rules.refusal import Refused

JUDGING: Final = frozenset({"question", "code", "marking", "remarking", "panel", "council"})
"""Boards that see papers with their keys, scores, or who stands behind a code. Whoever keeps the accounts of the house sits on none of
them: a new code for somebody's account would open what that person sees."""


def why_not(
    rules: RuleSet, name: str, board: str, duty: str, held: Collection[str], head: str | None, *, keeps_accounts: bool = False
) -> Refused | None:
    """The refusal (`campaigns.already_on_board`, `keeps_accounts`, `boards_clash`,
    `deputy_of_council`, `head_taken`), or None.

    `held` are the boards of this campaign that the person sits on, `head` is the name of whoever heads `board`; `keeps_accounts`: the
    person is an administrator of the house.
    """
    if board in held:
        return Refused("campaigns.already_on_board", field="board", name=name, board=f"board.{board}")
    if keeps_accounts and board in JUDGING:
        return Refused("campaigns.keeps_accounts", field="board", name=name, board=f"board.{board}")
    clash = rules.clash(board, held)
    if clash is not None:
        group, other = clash
        boards = {"board": f"board.{board}", "other": f"board.{other}"}
        return Refused("campaigns.boards_clash", field="board", name=name, group=group.name, **boards)
    if duty == "deputy" and board != "council":
        return Refused("campaigns.deputy_of_council", field="duty")
    if duty == "head" and head is not None:
        return Refused("campaigns.head_taken", field="duty", name=head)
    return None
