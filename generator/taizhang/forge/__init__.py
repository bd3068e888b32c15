"""The code platform (GitHub, Gitea, Forgejo) and the mail server: the only package that talks to other machines."""

from taizhang.forge.client import Flavour, ForgeClient, ForgeError, ForgeIssue, IssueComment, connect
from taizhang.forge.marked import Upsert, WantedIssue, keep_issues, upsert_comment

__all__ = [
    "Flavour",
    "ForgeClient",
    "ForgeError",
    "ForgeIssue",
    "IssueComment",
    "Upsert",
    "WantedIssue",
    "connect",
    "keep_issues",
    "upsert_comment",
]
