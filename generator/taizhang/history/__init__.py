"""The only package that talks to Git: what is checked out, when each file landed, and what a proposal changes.

Everything is read from objects at commit ids and never from what a checkout wrote. Dates that Git stores are claims:
only the committer time of a commit on main's first-parent line counts, because there the server's clock writes it.
"""

from taizhang.history.checkouts import Head, first_commit, read_head
from taizhang.history.landings import History, Landing, Version, read_history, read_past
from taizhang.history.proposal import Change, Proposal, propose
from taizhang.history.repository import SHANGHAI, HistoryError, Repository, TipPosition, begin
from taizhang.history.trees import Blob, TreeSource

__all__ = [
    "SHANGHAI",
    "Blob",
    "Change",
    "Head",
    "History",
    "HistoryError",
    "Landing",
    "Proposal",
    "Repository",
    "TipPosition",
    "TreeSource",
    "Version",
    "begin",
    "first_commit",
    "propose",
    "read_head",
    "read_history",
    "read_past",
]
