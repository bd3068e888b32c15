"""Fixtures that several files of tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import ROOT

from taizhang.cli import today_in_china
from taizhang.publishing.edition import public_edition
from taizhang.publishing.stamping import Stamper, build_site
from taizhang.workspace import Examination, Workspace


@pytest.fixture(scope="session")
def sample() -> Examination:
    """The sample in `submissions/`, read and judged as of today."""
    return Workspace(ROOT).examine(today_in_china())


@pytest.fixture(scope="session")
def sample_site(sample: Examination, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public site of the sample, built once for each test process."""
    target = tmp_path_factory.mktemp("sample") / "site"
    build_site(ROOT, Stamper(public_edition(ROOT, Workspace(ROOT).kinds, sample)), target)
    return target
