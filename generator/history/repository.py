"""One repository, opened at an exact path, asked only with fixed options and in a clean environment."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta, timezone
from pathlib import Path
from types import TracebackType
from typing import Any

import git

SHANGHAI = timezone(timedelta(hours=8))
"""China Standard Time. A fixed offset holds for every day since 1992 and needs no time-zone files."""

_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_SETTINGS = (
    *("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "core.quotePath=false", "log.showRoot=true"),
    *("protocol.allow=never", "safe.bareRepository=explicit"),
)
_COMMIT = re.compile(r"[0-9a-f]{40}\Z")


class HistoryError(Exception):
    """The history cannot be read as it must be; the message says what to do."""


@dataclass(frozen=True)
class Head:
    """The commit checked out. `entry` is its position on the first-parent line, from 1."""

    commit: str
    entry: int
    changed: bool
    """Whether anything below `submissions/` differs from the commit."""


class Repository:
    """A repository, with a work tree or bare. Use it in a `with`; nothing is ever written into it.

    Raises HistoryError where there is none at exactly this path: a search upwards or in subfolders could open a
    repository that a submission brought along.
    """

    def __init__(self, root: Path) -> None:
        try:
            self._repo = git.Repo(root, search_parent_directories=False)
        except (git.InvalidGitRepositoryError, git.NoSuchPathError):
            raise HistoryError("这里不是 Git 仓库；请在克隆下来的仓库里运行") from None
        self._folder = str(Path(self._repo.git_dir).absolute())
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._reader: Any = None

    def __enter__(self) -> Repository:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._reader is not None:
            _end(self._reader.proc)
        if self._scratch is not None:
            self._scratch.cleanup()
        self._repo.close()

    def commit(self, revision: str) -> str:
        """The full id of the commit that `revision` names. Raises HistoryError where there is none."""
        try:
            found = self.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        except git.GitCommandError:
            raise HistoryError(f"仓库里找不到提交“{revision[:60]}”；请先 git fetch，再核对提交编号") from None
        return found.strip()

    @property
    def is_shallow(self) -> bool:
        """Whether the history was cut off when it was cloned."""
        return self.run("rev-parse", "--is-shallow-repository").strip() == "true"

    @property
    def is_empty(self) -> bool:
        """Whether there is no commit yet."""
        return not self._repo.head.is_valid()

    def is_on_line(self, commit: str, tip: str) -> bool:
        """Whether `commit` lies on the first-parent line that ends in `tip`."""
        line = self.lines("rev-list", "--first-parent", tip)
        return any(entry == commit for entry in line)

    def run(self, *arguments: str) -> str:
        """What one Git command prints. `arguments` never hold text from submissions. Raises git.GitCommandError."""
        done: bytes = self._execute(arguments, stdout_as_string=False, strip_newline_in_stdout=False)
        return done.decode("utf-8", "surrogateescape")

    def status(self, *arguments: str) -> tuple[int, str]:
        """Exit code and output of a command whose exit code is an answer."""
        code, output, _ = self._execute(
            arguments, with_extended_output=True, with_exceptions=False, strip_newline_in_stdout=False
        )
        return code, output

    def lines(self, *arguments: str, separator: bytes = b"\n") -> Iterator[str]:
        """What one Git command prints, piece by piece; it is ended when nobody reads on."""
        running = self._execute(arguments, as_process=True)  # ended by GitPython once nobody holds it
        process = running.proc
        try:
            rest = b""
            while chunk := process.stdout.read(1 << 16):
                *whole, rest = (rest + chunk).split(separator)
                yield from (piece.decode("utf-8", "surrogateescape") for piece in whole)
            if rest:
                yield rest.decode("utf-8", "surrogateescape")
        finally:
            process.kill()
            _end(process)

    def sizes(self, blobs: Iterable[str]) -> Mapping[str, int]:
        """The size in bytes of every object named by its id, without reading one. Missing objects are left out."""
        wanted = "".join(f"{blob}\n" for blob in blobs).encode()
        command = ("cat-file", "--batch-check=%(objectname) %(objectsize)")
        running = self._execute(command, as_process=True, istream=subprocess.PIPE)
        output, _ = running.proc.communicate(wanted)
        pairs = (line.split() for line in output.decode().splitlines())
        return {pair[0]: int(pair[1]) for pair in pairs if pair[1].isdigit()}

    def blob(self, ident: str) -> bytes:
        """The bytes of one object. Raises HistoryError where the repository has lost it."""
        if not _COMMIT.match(ident):
            raise HistoryError("对象编号必须是40位十六进制")
        if self._reader is None:
            self._reader = self._execute(("cat-file", "--batch"), as_process=True, istream=subprocess.PIPE)
        asked, answers = self._reader.proc.stdin, self._reader.proc.stdout
        asked.write(f"{ident}\n".encode())
        asked.flush()
        head = answers.readline().split()
        if len(head) != 3:
            raise HistoryError(f"仓库里缺少对象 {ident[:12]}，可能已损坏；请重新克隆，或运行 git fsck 查看")
        raw: bytes = answers.read(int(head[2]) + 1)
        return raw[:-1]

    def keep_apart(self) -> None:
        """From now on write new objects into a folder that goes when the repository is closed."""
        if self._scratch is None:
            self._scratch = tempfile.TemporaryDirectory(prefix="taizhang-objects-")

    def _execute(self, arguments: Iterable[str], **options: Any) -> Any:
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        command = ["git", f"--git-dir={self._folder}", *settings, *arguments]
        return self._repo.git.execute(command, env={**_ENVIRONMENT, **self._objects()}, **options)

    def _objects(self) -> Mapping[str, str]:
        if self._scratch is None:
            return {}
        # A push that is being judged keeps its objects apart as well; they stay readable behind ours.
        outer = [os.environ[name] for name in _OBJECT_FOLDERS if os.environ.get(name)]
        behind = [*outer, str(Path(self._repo.common_dir).absolute() / "objects")]
        return {"GIT_OBJECT_DIRECTORY": self._scratch.name, "GIT_ALTERNATE_OBJECT_DIRECTORIES": os.pathsep.join(behind)}


_OBJECT_FOLDERS = ("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")


def _end(process: Any) -> None:
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            stream.close()
    process.wait()


def begin(root: Path) -> None:
    """Make `root` a repository without a commit, on a branch called main."""
    git.Repo.init(root, initial_branch="main").close()


def read_head(root: Path) -> Head | None:
    """What is checked out at `root`, or None where that is no repository or holds no commit yet."""
    try:
        repository = Repository(root)
    except HistoryError:
        return None
    with repository:
        if repository.is_empty:
            return None
        commit = repository.commit("HEAD")
        entry = int(repository.run("rev-list", "--first-parent", "--count", commit))
        changed = repository.run(
            *(f"--work-tree={root.absolute()}", "status", "--porcelain", "--untracked-files=all", "-z"),
            *("--", "submissions"),
        )
    return Head(commit, entry, bool(changed))
