"""Copies of the program that tests may change, run in processes of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from support import ROOT

import taizhang


def program_copy(folder: Path) -> Path:
    """A copy of the package; gives its folder, `taizhang`."""
    program = folder / "program" / "taizhang"
    shutil.copytree(Path(taizhang.__file__).parent, program, ignore=shutil.ignore_patterns("__pycache__"))
    return program


def changed(file: Path, before: str, after: str) -> None:
    """Replace one place of a file that stands there exactly once."""
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1, (file, before)
    file.write_text(text.replace(before, after), encoding="utf-8")


def run_with(program: Path, script: str, **environment: str) -> tuple[str, str, int]:
    """Run a script of tests/ with a copy of the program: what it wrote, its errors, its exit code."""
    paths = os.pathsep.join([str(program.parent), str(ROOT / "tests"), str(ROOT)])
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / script)],
        env={**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip(), done.stderr, done.returncode
