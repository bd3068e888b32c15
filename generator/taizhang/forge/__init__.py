"""The code platform (GitHub, Gitea, Forgejo) and the mail server: the only package that talks to other machines."""

from taizhang.forge.client import Comment, Flavour, Forge, ForgeError, Issue, connect
from taizhang.forge.marked import Outcome, Wanted, keep_issues, upsert_comment

__all__ = [
    "Comment",
    "Flavour",
    "Forge",
    "ForgeError",
    "Issue",
    "Outcome",
    "Wanted",
    "connect",
    "keep_issues",
    "upsert_comment",
]
