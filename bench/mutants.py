"""`make mutants`: the fixed list of mistakes in tests/mutants.yml, each made for a moment, which the tests must notice.

A mutant is a piece of a module's text and what is put in its place. It is made in the memory of a child process that
then runs the tests that bear on it: no file changes, several can run at once, and nothing is read from a cache. Why no
library does this: docs/decisions/0015-mutants.md.
"""

from __future__ import annotations

import argparse
import importlib
import os
import resource
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from signal import SIGXCPU
from types import CodeType, ModuleType
from typing import NamedTuple

import yaml

ROOT = Path(__file__).parent.parent
LIST = ROOT / "tests" / "mutants.yml"
PACKAGE = ROOT / "generator" / "taizhang"
LONGEST = 90
"""CPU seconds after which a mutant's tests are taken to run for ever: that is noticed too. Not the clock's, so that a
busy machine shows nothing that is not there."""


@dataclass(frozen=True)
class Mutant:
    """One mistake: in which file of the package, what becomes of which text, and which tests must notice it."""

    file: str
    title: str
    text: str
    becomes: str
    tests: tuple[str, ...]
    survives: str = ""
    """Why no test can tell the difference, where none can."""
    sampled: bool = False
    """Whether it is tried with every run of the tests."""

    @property
    def room(self) -> str:
        return self.file.partition("/")[0]

    @property
    def module(self) -> str:
        return "taizhang." + self.file.removesuffix(".py").replace("/", ".")

    def source(self) -> str:
        """The module with the mistake in it. Raises ValueError where its text is not there exactly once."""
        path = PACKAGE / self.file
        source = path.read_text(encoding="utf-8") if path.exists() else ""
        if source.count(self.text) != 1:
            raise ValueError(
                f"{self.file}: “{self.title}” is about a text that stands there {source.count(self.text)}×"
            )
        return source.replace(self.text, self.becomes)


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    BROKEN = "broken"
    """The tests did not run at all, so that nothing is shown."""


class Trial(NamedTuple):
    """What became of a mutant, and the CPU seconds that its tests took."""

    mutant: Mutant
    fate: Fate
    seconds: float


def read_mutants() -> tuple[Mutant, ...]:
    """The list, in its order: by file, the tests that bear on it and its mutants."""
    entries = yaml.load(LIST.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return tuple(
        Mutant(
            file,
            mutant["title"],
            mutant["text"],
            mutant["becomes"],
            tuple(mutant.get("tests", entry["tests"])),
            mutant.get("survives", ""),
            mutant.get("sampled", False),
        )
        for file, entry in entries.items()
        for mutant in entry["mutants"]
    )


class _Finder(MetaPathFinder):
    """Finds one module of the package with a mistake in it, and leaves all others to the usual finders."""

    def __init__(self, module: str, source: str) -> None:
        self.module, self.source = module, source

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target) if name == self.module else None
        if spec and spec.origin:
            spec.loader = _Loader(name, spec.origin, self.source)
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self.source = source

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002
        return compile(self.source, self.path, "exec", dont_inherit=True)


def warm_up() -> None:
    """Load what the tests load of others, so that every child begins with it; our own modules are loaded anew."""
    known = set(sys.modules)
    sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]
    for name in ("pytest", "hypothesis", "conftest"):
        importlib.import_module(name)
    for name in set(sys.modules) - known:
        if (getattr(sys.modules[name], "__file__", None) or "").startswith((str(PACKAGE), str(ROOT / "tests"))):
            del sys.modules[name]


def run_tests(tests: Iterable[str], module: str = "", source: str = "") -> int:
    """Run tests in this process, with a mistake in one module; the code with which pytest ends."""
    import pytest  # noqa: PLC0415 - only children need it, and it was loaded before they began

    if module:
        sys.meta_path.insert(0, _Finder(module, source))
    options = ["-x", "-q", "-n0", "-p", "no:cacheprovider", "--assert=plain", "--tb=line"]
    return int(
        pytest.main([*options, *(f"{ROOT}/tests/{test}" if test.startswith("test_") else test for test in tests)])
    )


def in_child(tests: Sequence[str], said: Path, module: str = "", source: str = "") -> int:
    """The child that runs these tests, told by its process id; it ends with pytest's code and talks into `said`."""
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST + 5))
        os.chdir(ROOT)
        with said.open("wb") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        code = run_tests(tests, module, source)
    finally:
        sys.stdout.flush()
        os._exit(code)
    raise AssertionError  # os._exit does not return


def trials(mutants: Iterable[Mutant], folder: Path, jobs: int) -> Iterator[Trial]:
    """What becomes of each mutant, in the order in which they end; `jobs` run at once, and talk into `folder`."""
    waiting = list(mutants)[::-1]
    running: dict[int, Mutant] = {}
    while waiting or running:
        while waiting and len(running) < jobs:
            mutant = waiting.pop()
            child = in_child(mutant.tests, folder / f"{len(waiting)}.txt", mutant.module, mutant.source())
            running[child] = mutant
        child, status, used = os.wait4(-1, 0)
        fate = _FATES.get(os.waitstatus_to_exitcode(status), Fate.BROKEN)
        yield Trial(running.pop(child), fate, used.ru_utime + used.ru_stime)


_FATES = {0: Fate.SURVIVED, 1: Fate.KILLED, -SIGXCPU: Fate.KILLED}
"""pytest ends with 0 where all passed, with 1 where one failed; a child that runs for ever is ended by a signal."""


def unsound(mutants: Iterable[Mutant], folder: Path) -> Iterator[str]:
    """The tests that do not pass as the program is, so that they would notice nothing, with what they say of it."""
    said = folder / "unsound.txt"
    for tests in dict.fromkeys(mutant.tests for mutant in mutants):
        if os.waitpid(in_child(tests, said), 0)[1] != 0:
            yield f"{' '.join(tests)}\n{said.read_text(encoding='utf-8', errors='replace')[-2000:]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--room",
        default="",
        help="only the mutants of a room, such as ledger, or of a file, such as ledger/orders.py",
    )
    parser.add_argument("--title", default="", help="only mutants whose title has these words")
    parser.add_argument("--sample", action="store_true", help="only the sample, whose tests are known to pass")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    chosen = [
        mutant
        for mutant in read_mutants()
        if mutant.file.startswith(options.room) and options.title in mutant.title and mutant.sampled >= options.sample
    ]
    with tempfile.TemporaryDirectory() as folder:
        warm_up()
        if not options.sample and (failing := list(unsound(chosen, Path(folder)))):
            sys.exit("\n".join(["These tests fail without any mutant:", *failing]))
        sys.exit(_run(chosen, Path(folder), options.jobs))


def _run(chosen: Sequence[Mutant], folder: Path, jobs: int) -> int:
    """Run the chosen mutants, tell of each that is not killed, and count them; 1 where one is not explained."""
    tally: Counter[tuple[str, Fate]] = Counter()
    unexplained, seconds = 0, 0.0
    for mutant, fate, used in trials(chosen, folder, jobs):
        tally[mutant.room, fate] += 1
        seconds += used
        unexplained += fate is not (Fate.SURVIVED if mutant.survives else Fate.KILLED)
        if fate is not Fate.KILLED or mutant.survives:
            why = f" ({mutant.survives})" if mutant.survives else ""
            print(f"{fate:9} {mutant.file}: {mutant.title}{why}", flush=True)
    for room in dict.fromkeys(mutant.room for mutant in chosen):
        print(f"{room:12}" + "".join(f"{tally[room, fate]:4} {fate}" for fate in Fate))
    print(f"{len(chosen)} tried in {seconds:.0f} CPU seconds")
    return int(unexplained > 0)


if __name__ == "__main__":
    main()
