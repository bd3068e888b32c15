"""One repository, opened at an exact path, asked only with fixed options and in a clean environment."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta, timezone
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Any

import git

from taizhang.findings.wording import one_line

SHANGHAI = timezone(timedelta(hours=8))
"""China Standard Time. A fixed offset holds for every day since 1992 and needs no time-zone files."""

ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_SETTINGS = (
    *("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "core.quotePath=false", "log.showRoot=true"),
    *("protocol.allow=never", "safe.bareRepository=explicit", "advice.graftFileDeprecated=false"),
)
_OBJECT_FOLDERS = ("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")
_IDENT = re.compile(r"[0-9a-f]{40}\Z")
_NAMED_OBJECT = re.compile(r"\b[0-9a-f]{40}\b")


class HistoryError(Exception):
    """The history cannot be read as it must be; the message says what to do."""


class TipPosition(Enum):
    """Where a commit that was once main's tip stands in a later history."""

    ON_LINE = "on_line"
    ASIDE = "aside"
    """An ancestor, and no longer on the first-parent line."""
    GONE = "gone"


class Repository:
    """A repository, with a work tree or bare. Use it in a `with`; nothing is ever written into it.

    Raises HistoryError where there is none at exactly this path: a search upwards or in subfolders could open a
    repository that a submission brought along.
    """

    def __init__(self, root: Path) -> None:
        try:
            self._repo = git.Repo(root, search_parent_directories=False, expand_vars=False)
        except (git.InvalidGitRepositoryError, git.NoSuchPathError):
            raise HistoryError("这里不是 Git 仓库；请在克隆下来的仓库里运行") from None
        self._folder = str(Path(self._repo.git_dir).absolute())
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._reader: Any = None

    def __enter__(self) -> Repository:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._dismiss_reader()
        if self._scratch is not None:
            self._scratch.cleanup()
        self._repo.close()

    def commit(self, revision: str) -> str:
        """The full id of the commit that `revision` names. Raises HistoryError where there is none."""
        code, found = self.status("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        ident = found.strip()
        if code:
            resolved, target = self.status("rev-parse", "--verify", "--quiet", "--end-of-options", revision)
            if not resolved and target.strip() != revision and self.status("cat-file", "-e", target.strip())[0]:
                raise _unreadable(target)
            shown = "".join(c for c in revision[:60] if c.isprintable())
            raise HistoryError(f"仓库里找不到提交“{shown}”；请先 git fetch，再核对提交编号")
        if not _IDENT.match(ident):
            raise HistoryError("仓库用的是 SHA-256 编号，这里只认40位的 SHA-1；请用 git init 的默认格式重建仓库")
        return ident

    @property
    def is_shallow(self) -> bool:
        """Whether the history was cut off when it was cloned."""
        return self.run("rev-parse", "--is-shallow-repository").strip() == "true"

    def refuse_if_shallow(self) -> None:
        """Raises HistoryError for a shallow clone: it knows neither positions on main's line nor arrivals."""
        if self.is_shallow:
            raise HistoryError("这是浅克隆，看不到主分支的全部历史；请先运行 git fetch --unshallow")

    @property
    def is_empty(self) -> bool:
        """Whether there is no commit yet."""
        code, _ = self.status("rev-parse", "--verify", "--quiet", "HEAD")
        return code != 0

    def kept(self, published: str, tip: str) -> TipPosition:
        """Where `published`, once the tip of main, stands in the history that ends in `tip`.

        Raises HistoryError for a shallow clone, and where `published` is no full id and names nothing.
        """
        self.refuse_if_shallow()
        try:
            commit = self.commit(published)
        except HistoryError:
            if _IDENT.match(published):
                return TipPosition.GONE
            raise
        if self.is_on_line(commit, tip):
            return TipPosition.ON_LINE
        code, _ = self.status("merge-base", "--is-ancestor", commit, tip)
        return TipPosition.GONE if code else TipPosition.ASIDE

    def is_on_line(self, commit: str, tip: str) -> bool:
        """Whether `commit` lies on the first-parent line that ends in `tip`.

        Being an ancestor is not enough: a foxtrot merge keeps the old tip as an ancestor and takes it off the line.
        """
        line = self.lines("rev-list", "--first-parent", tip)
        return any(entry == commit for entry in line)

    def run(self, *arguments: str) -> str:
        """What one Git command prints. `arguments` never hold text from submissions. Raises HistoryError."""
        code, output, complaint = self._ask(arguments)
        if code:
            raise _unreadable(complaint)
        return output

    def status(self, *arguments: str) -> tuple[int, str]:
        """Exit code and output of a command whose exit code is an answer."""
        code, output, _ = self._ask(arguments)
        return code, output

    def lines(self, *arguments: str, separator: bytes = b"\n") -> Iterator[str]:
        """What one Git command prints, piece by piece; it is ended when nobody reads on.

        Raises HistoryError where the command fails, after whatever it had printed: half a history is none.
        """
        running = self._execute(arguments, as_process=True)  # ended by GitPython once nobody holds it
        process = running.proc
        try:
            rest = b""
            while chunk := process.stdout.read(1 << 16):
                *whole, rest = (rest + chunk).split(separator)
                yield from (_text(piece) for piece in whole)
            if rest:
                yield _text(rest)
            if process.wait():
                raise _unreadable(_text(process.stderr.read()))
        finally:
            process.kill()
            finish(process)

    def sizes(self, blobs: Iterable[str]) -> Mapping[str, int]:
        """The size in bytes of every object named by its id, without reading one. Missing objects are left out."""
        wanted = "".join(f"{blob}\n" for blob in blobs).encode()
        asked = ("cat-file", "--batch-check=%(objectname) %(objectsize)")
        running = self._execute(asked, as_process=True, istream=subprocess.PIPE)
        output, _ = running.proc.communicate(wanted)
        pairs = (line.split() for line in output.decode().splitlines())
        return {pair[0]: int(pair[1]) for pair in pairs if pair[1].isdigit()}

    def blob(self, ident: str) -> bytes:
        """The bytes of one file. Raises HistoryError where the repository has lost it or holds other bytes."""
        if not _IDENT.match(ident):
            raise HistoryError("对象编号必须是40位十六进制")
        if self._reader is None:
            self._reader = self._execute(("cat-file", "--batch"), as_process=True, istream=subprocess.PIPE)
        asked, answers = self._reader.proc.stdin, self._reader.proc.stdout
        try:
            asked.write(f"{ident}\n".encode())
            asked.flush()
            head = answers.readline().split()
            raw: bytes = answers.read(int(head[2]) + 1)[:-1] if len(head) == 3 else b""
        except BrokenPipeError:
            head, raw = [], b""
        # Git itself believes what a loose object says; a disk or an editor may have changed it.
        if len(head) != 3 or blob_ident(raw) != ident:
            self._dismiss_reader()
            raise _unreadable(ident)
        return raw

    def keep_apart(self) -> None:
        """From now on write new objects into a folder that goes when the repository is closed."""
        if self._scratch is None:
            self._scratch = tempfile.TemporaryDirectory(prefix="taizhang-objects-")

    def _ask(self, arguments: Iterable[str]) -> tuple[int, str, str]:
        code, output, complaint = self._execute(
            arguments,
            with_extended_output=True,
            with_exceptions=False,
            stdout_as_string=False,
            strip_newline_in_stdout=False,
        )
        return code, _text(output), complaint

    def _execute(self, arguments: Iterable[str], **options: Any) -> Any:
        environment = {**ENVIRONMENT, **self._objects()}
        return self._repo.git.execute(command(self._folder, *arguments), env=environment, **options)

    def _objects(self) -> Mapping[str, str]:
        if self._scratch is None:
            return {}
        # A push that is being judged keeps its objects apart as well; they stay readable behind ours.
        outer = [os.environ[name] for name in _OBJECT_FOLDERS if os.environ.get(name)]
        behind = [*outer, str(Path(self._repo.common_dir).absolute() / "objects")]
        return {"GIT_OBJECT_DIRECTORY": self._scratch.name, "GIT_ALTERNATE_OBJECT_DIRECTORIES": os.pathsep.join(behind)}

    def _dismiss_reader(self) -> None:
        if self._reader is not None:
            finish(self._reader.proc)
            self._reader = None


def command(folder: str, *arguments: str) -> list[str]:
    """A Git command on the repository whose objects and refs lie in `folder`, to be run with `ENVIRONMENT`."""
    settings = [part for setting in _SETTINGS for part in ("-c", setting)]
    return [*_without_inherited(), "git", f"--git-dir={folder}", *settings, *arguments]


def _without_inherited() -> Sequence[str]:
    """What takes the rest of a hook's Git environment (its index, its settings) away from a command."""
    ours = {*ENVIRONMENT, *_OBJECT_FOLDERS}
    inherited = sorted(name for name in os.environ if name.startswith("GIT_") and name not in ours)
    return ["env", *(f"--unset={name}" for name in inherited)] if inherited else []


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def blob_ident(raw: bytes) -> str:
    """The id under which Git keeps a file's bytes."""
    return hashlib.sha1(b"blob %d\0" % len(raw) + raw, usedforsecurity=False).hexdigest()


def _unreadable(complaint: str) -> HistoryError:
    """What Git complains of, as a sentence that names the object if Git does."""
    named = _NAMED_OBJECT.search(complaint)
    if named:
        return HistoryError(
            f"仓库里的对象 {named[0]} 缺失或已损坏；请重新克隆仓库，或运行 git fsck --full 查看还缺什么"
        )
    return HistoryError(f"Git 读不出仓库的历史；请运行 git fsck --full 查看。Git 的说法：{one_line(complaint)[:200]}")


def finish(process: Any) -> None:
    """Close what is left of a command and wait for it."""
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None and not stream.closed:
            # What is still to be written to a command that has ended goes nowhere.
            with contextlib.suppress(BrokenPipeError):
                stream.close()
    process.wait()


def begin(root: Path) -> None:
    """Make `root` a repository without a commit, on a branch called main."""
    git.Repo.init(root, initial_branch="main").close()
