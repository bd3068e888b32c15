"""Fixtures that several files of tests share, and which tests run in one process."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest
from checkout import MakeOnce
from support import ROOT

from taizhang.cli import today_in_china
from taizhang.pages.pages import Edition
from taizhang.publishing.edition import public_edition
from taizhang.publishing.stamping import Stamper, build_site
from taizhang.workspace import Examination, Workspace

DEAR = ("browser", "sample")
"""Fixtures that cost seconds in every process: whatever needs one of them runs where it is already."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests stay together: those of a dear fixture, and the rest of a file.

    A test marked `apart` shares nothing dear with its neighbours, and goes to whichever process is free.
    """
    for item in items:
        dear = next((name for name in DEAR if name in getattr(item, "fixturenames", ())), None)
        if dear or not item.get_closest_marker("apart"):
            item.add_marker(pytest.mark.xdist_group(dear or item.path.stem))


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> MakeOnce:
    """Makes a folder once for all processes of the run: who comes second waits, and takes it as it is. Only read it."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent

    def make_once(name: str, make: Callable[[Path], None]) -> Path:
        target = shared / name
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not target.exists():
                partial = shared / f"{name}.part"
                make(partial)
                partial.rename(target)
        return target

    return make_once


@pytest.fixture(scope="session")
def sample() -> Examination:
    """The sample in `submissions/`, read and judged as of today."""
    return Workspace(ROOT).examine(today_in_china())


@pytest.fixture(scope="session")
def sample_edition(sample: Examination) -> Edition:
    """What the public pages of the sample are made from."""
    return public_edition(ROOT, Workspace(ROOT).kinds, sample)


@pytest.fixture(scope="session")
def sample_site(request: pytest.FixtureRequest, made_once: MakeOnce) -> Path:
    """The public site of the sample, built once for all test processes. The sample is read only where it is built."""
    return made_once("sample", lambda to: build_site(ROOT, Stamper(request.getfixturevalue("sample_edition")), to))
