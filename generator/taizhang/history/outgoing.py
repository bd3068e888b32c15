"""Sending changes off: from changed files to a commit on a branch of a remote, in the user's own name.

Nothing in the checkout is touched before the remote has taken the commit, and no file in it ever: what fails can
simply be tried again. Nothing is forced. Of the user's hooks only pre-push runs, as for any push.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import git

from taizhang.history.repository import HistoryError
from taizhang.history.trees import REGULAR

_SETTINGS = (
    *("core.quotePath=false", "core.fsmonitor=false", "core.fileMode=false", "i18n.commitEncoding=utf-8"),
    *("protocol.ext.allow=never", "push.recurseSubmodules=no", "submodule.recurse=false"),
)
_QUIET = {"LC_ALL": "C", "GIT_LITERAL_PATHSPECS": "1"}
_ABSENT = ""
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*\Z")


@dataclass(frozen=True)
class LocalChange:
    """A file that differs from the commit checked out. A new folder that is a repository of its own ends in `/`."""

    path: str
    is_new: bool
    is_gone: bool


@dataclass(frozen=True)
class Sent:
    """What a remote has taken: the commit there, and the lines in which its server answered."""

    commit: str
    answer: tuple[str, ...]


class NotSent(HistoryError):
    """The push did not succeed. `answer` is what the server said."""

    def __init__(self, sentence: str, answer: tuple[str, ...]) -> None:
        super().__init__(sentence)
        self.answer = answer


class Outgoing:
    """The checkout at `root`. Raises HistoryError where there is no repository at exactly this path."""

    def __init__(self, root: Path) -> None:
        try:
            self._repo = git.Repo(root, search_parent_directories=False, expand_vars=False)
        except (git.InvalidGitRepositoryError, git.NoSuchPathError):
            raise HistoryError("这里不是 Git 仓库；请在克隆下来的仓库里运行") from None
        if self._repo.bare or self._status("rev-parse", "--verify", "--quiet", "HEAD")[0]:
            raise HistoryError("这里还没有任何提交；请在克隆下来的仓库里运行")

    def edits(self) -> tuple[LocalChange, ...]:
        """Every file that differs from the commit checked out, staged or not, in the order of their paths."""
        output = self._run("status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--ignored=no")
        marks = [(entry[:2], entry[3:]) for entry in output.split("\0") if entry]
        return tuple(sorted((LocalChange(path, m == "??", "D" in m) for m, path in marks), key=lambda edit: edit.path))

    def remotes(self) -> tuple[str, ...]:
        """The names of the remotes."""
        return tuple(self._run("remote").split())

    def choose(self, wanted: str | None) -> str:
        """The remote to push to: the one wanted, `origin`, or the only one. Raises HistoryError for any other."""
        known = self.remotes()
        if not known:
            raise HistoryError(
                "这个仓库没有远程仓库；请从主管办公室给的地址重新克隆，或运行 git remote add origin 地址"
            )
        name = wanted or ("origin" if "origin" in known else known[0])
        if name not in known or (wanted is None and name != "origin" and len(known) > 1):
            raise HistoryError(f"请用 --remote 指明推送到哪个远程仓库。现有：{'、'.join(known)}")
        return name

    def address(self, remote: str) -> str:
        """The address that a remote is pushed to."""
        return self._run("remote", "get-url", "--push", remote).strip()

    def send(self, paths: Sequence[str], message: str, remote: str, branch: str, main: str) -> Sent:
        """Put the files at `paths` on top of the remote's `main` and push that as `branch`, which may be `main` itself.

        Afterwards the branch checked out has them as well. Raises HistoryError, and NotSent where the remote refuses.
        """
        if self._status("var", "GIT_COMMITTER_IDENT")[0]:
            raise HistoryError(
                "Git 不知道您是谁；请先运行 git config user.name 账号 和 git config user.email 邮箱，再试一次"
            )
        head = self._run("rev-parse", "HEAD").strip()
        base = self._base(remote, main, head, paths)
        commit = self._commit(base, paths, message)
        code, _, answer = self._execute("push", "--quiet", remote, f"{commit}:refs/heads/{branch}")
        remarks = tuple(
            line.removeprefix("remote:").strip() for line in answer.splitlines() if line.startswith("remote:")
        )
        if code:
            raise NotSent(_why(answer), remarks)
        local = commit if base == head else self._commit(head, paths, message)
        self._run("update-ref", "-m", "taizhang submit", "HEAD", local, head)
        self._run("update-index", "--add", "--", *paths)
        return Sent(commit, remarks)

    def _base(self, remote: str, main: str, head: str, paths: Sequence[str]) -> str:
        """The remote's `main` as it stands now, or what is checked out where the remote has none."""
        tracked = f"refs/remotes/{remote}/{main}"
        self._status(
            "fetch", "--quiet", "--no-tags", "--no-recurse-submodules", remote, f"+refs/heads/{main}:{tracked}"
        )
        code, tip = self._status("rev-parse", "--verify", "--quiet", f"{tracked}^{{commit}}")
        if code:
            return head
        ours, theirs = self._blobs(head, paths), self._blobs(tip.strip(), paths)
        shared, ancestor = self._status("merge-base", head, tip.strip())
        before = {} if shared else self._blobs(ancestor.strip(), paths)
        for path in paths:
            if theirs.get(path, _ABSENT) not in (before.get(path, _ABSENT), ours.get(path, _ABSENT)):
                raise HistoryError(
                    f"主分支上的 {path} 已经被别人改过；请先运行 git pull --no-rebase --no-edit，核对以后再报"
                )
        return tip.strip()

    def _blobs(self, commit: str, paths: Sequence[str]) -> Mapping[str, str]:
        listed = self._run("ls-tree", "-z", "--full-tree", commit, "--", *paths).split("\0")
        pairs = (entry.partition("\t") for entry in listed if entry)
        return {path: head.split()[2] for head, _, path in pairs}

    def _commit(self, base: str, paths: Sequence[str], message: str) -> str:
        """A commit on top of `base` with the files as they are on disk, made in an index of its own."""
        with self._index() as index:
            self._run("read-tree", base, env=index)
            self._run("update-index", "--add", "--", *paths, env=index)
            staged = self._run("ls-files", "--stage", "-z", "--", *paths, env=index).split("\0")
            odd = [entry.partition("\t")[2] for entry in staged if entry and not entry.startswith(REGULAR)]
            if odd:
                raise HistoryError(f"{odd[0]} 不是普通文件；请换成普通文件再报")
            tree = self._run("write-tree", env=index).strip()
        return self._run("commit-tree", "--no-gpg-sign", tree, "-p", base, "-m", message).strip()

    @contextmanager
    def _index(self) -> Iterator[Mapping[str, str]]:
        with tempfile.TemporaryDirectory(prefix="taizhang-index-") as folder:
            yield {"GIT_INDEX_FILE": str(Path(folder) / "index")}

    def _run(self, *arguments: str, env: Mapping[str, str] | None = None) -> str:
        code, output, complaint = self._execute(*arguments, env=env)
        if code:
            raise HistoryError(f"Git 没有照办：{_last(complaint)}")
        return output

    def _status(self, *arguments: str) -> tuple[int, str]:
        code, output, _ = self._execute(*arguments)
        return code, output

    def _execute(self, *arguments: str, env: Mapping[str, str] | None = None) -> tuple[int, str, str]:
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        code, output, complaint = self._repo.git.execute(
            ["git", *settings, *arguments],
            env={**_QUIET, **(env or {})},
            with_extended_output=True,
            with_exceptions=False,
            stdout_as_string=False,
            strip_newline_in_stdout=False,
        )
        return code, output.decode("utf-8", "surrogateescape"), complaint


def is_branch_name(text: str) -> bool:
    """Whether a text is a plain branch name, which no reading of a refspec could take for something else."""
    return bool(_BRANCH.match(text))


def _why(complaint: str) -> str:
    """Why a push did not succeed, for whoever wanted to file."""
    if "[remote rejected]" in complaint:
        return "服务器没有接收"
    if "[rejected]" in complaint:
        return "刚才有人先推送了，没有报成；请再运行一次"
    return f"推送没有成功：{_last(complaint)}"


def _last(complaint: str) -> str:
    """The last line in which Git says what is wrong, as far as it can be shown."""
    lines = [line for line in complaint.splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return "".join(c for c in (fatal or lines or ["没有说原因"])[0] if c.isprintable())[:300]
