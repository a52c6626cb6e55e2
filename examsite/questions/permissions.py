"""Who may see and change a question bank. The question board alone sees items and keys: no administrator, no HR officer, nobody else."""

from examsite.campaigns.roles import Role
from examsite.questions.models import ItemVersion


def may_read_items(role: Role) -> bool:
    """See items with their keys."""
    return role.on("question")


def may_write_items(role: Role) -> bool:
    """Write items and new versions, and take them in from a file."""
    return role.on("question")


def may_change_draft(role: Role, version: ItemVersion) -> bool:
    """A draft belongs to its author: whoever touches a wording may not approve it."""
    return role.on("question") and version.author_id == role.account.id


def may_withdraw(role: Role, version: ItemVersion) -> bool:
    """Take back a version that nobody has decided about: one's own, or as head or secretary of the board."""
    return may_change_draft(role, version) or may_retire(role)


def may_review(role: Role, version: ItemVersion) -> bool:
    """Approve or return a version: never one's own."""
    return role.on("question") and version.author_id != role.account.id


def may_retire(role: Role) -> bool:
    """Take items out of the bank, and put them back."""
    return role.duties.get("question") in {"head", "secretary"}


def may_edit_blueprint(role: Role) -> bool:
    """Decide what a paper must contain."""
    return role.duties.get("question") in {"head", "secretary"}


def may_read_figures(role: Role) -> bool:
    """See how many items a bank holds, by topic and difficulty, and what it lacks; neither items nor keys."""
    return role.on("question", "supervision")
