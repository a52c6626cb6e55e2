"""Whether somebody may take a seat on a board beside those that are taken. Pure."""

from collections.abc import Collection

from examsite.rules.policy import RuleSet
from examsite.rules.refusal import Refused


def why_not(rules: RuleSet, name: str, board: str, duty: str, held: Collection[str], head: str | None) -> Refused | None:
    """The refusal (`campaigns.already_on_board`, `boards_clash`, `head_taken`), or None.

    `held` are the boards of this campaign that the person sits on, `head` is the name of whoever heads `board`.
    """
    if board in held:
        return Refused("campaigns.already_on_board", field="board", name=name, board=f"board.{board}")
    clash = rules.clash(board, held)
    if clash is not None:
        group, other = clash
        boards = {"board": f"board.{board}", "other": f"board.{other}"}
        return Refused("campaigns.boards_clash", field="board", name=name, group=group.name, **boards)
    if duty == "head" and head is not None:
        return Refused("campaigns.head_taken", field="duty", name=head)
    return None
