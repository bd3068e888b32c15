"""The list of known mistakes fits the program, and of a sample of them each is noticed."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache

import pytest
from support import ROOT

from bench.mutants import Mutant, read_mutants

MUTANTS = read_mutants()
KEYWORDS = {"and", "or", "not"}


def test_every_mistake_can_be_made() -> None:
    """Its text stands in its file once, what takes its place is another one, and the module can still be read."""
    for mutant in MUTANTS:
        assert mutant.text != mutant.becomes, mutant.title
        compile(mutant.source(), f"{mutant.file}: {mutant.title}", "exec")
    titles = [(mutant.file, mutant.title) for mutant in MUTANTS]
    assert len(set(titles)) == len(titles)


@cache
def names_in(file: str) -> tuple[str, ...]:
    """What pytest's -k may look at: the file's name, its tests, and the functions that are their parameters."""
    text = (ROOT / "tests" / file).read_text(encoding="utf-8")
    return (file, *re.findall(r"^def (\w+)", text, re.MULTILINE))


@pytest.mark.parametrize("mutant", {m.tests: m for m in MUTANTS}.values(), ids=lambda m: m.file)
def test_the_tests_that_bear_on_a_mistake_exist(mutant: Mutant) -> None:
    files = [test for test in mutant.tests if test.endswith(".py")]
    known = [name for file in files for name in names_in(file)]
    assert mutant.tests[len(files) : -1] in ((), ("-k",))
    words = set(re.findall(r"\w+", mutant.tests[-1])) - KEYWORDS if len(files) < len(mutant.tests) else set()
    assert not [word for word in words if not any(word in name for name in known)]


def test_a_sample_is_noticed_but_for_what_no_test_can_notice() -> None:
    sample = [mutant for mutant in MUTANTS if mutant.sampled]
    assert len({mutant.room for mutant in sample}) > 5
    survivors = [mutant for mutant in sample if mutant.survives]
    command = [sys.executable, "-m", "bench.mutants", "--sample", "--jobs", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0), done.stdout
    told = [line for line in done.stdout.splitlines() if line.startswith("survived")]
    assert len(told) == len(survivors) == 1
    assert survivors[0].title in told[0]
    assert f"{len(sample)} tried" in done.stdout
