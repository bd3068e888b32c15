"""The browser, the sites and the visits that the tests here share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from support import ROOT
from visiting import FLAGS, MISSING, OpenVisit, Visit, find_chromium, served

from taizhang.publishing.edition import public_edition
from taizhang.publishing.stamping import Stamper, build_site
from taizhang.workspace import Workspace


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        pytest.fail(MISSING, pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(sample_site: Path) -> Iterator[str]:
    """The address of the sample's site, both of its campaigns archived."""
    with served(sample_site) as address:
        yield address


@pytest.fixture(scope="session")
def running_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the sample's site on a day in the middle of a campaign."""
    workspace = Workspace(ROOT)
    edition = public_edition(ROOT, workspace.kinds, workspace.examine(date(2023, 8, 15)))
    target = tmp_path_factory.mktemp("running") / "site"
    build_site(ROOT, Stamper(edition), target)
    with served(target) as address:
        yield address


@pytest.fixture
def visit(browser: Browser) -> Iterator[OpenVisit]:
    """Opens visits, each in a context of its own; the test fails if anything went wrong in one of them."""
    opened: list[Visit] = []

    def open_visit(base: str, width: int = 1440, scheme: str = "light", **options: Any) -> Visit:
        height = 812 if width < 500 else 1000
        size = {"width": width, "height": height}
        context = browser.new_context(viewport=size, color_scheme=scheme, locale="zh-CN", **options)
        context.set_default_timeout(15_000)
        opened.append(Visit(context.new_page(), base))
        return opened[-1]

    yield open_visit
    troubles = [trouble for one in opened for trouble in one.troubles]
    for one in opened:
        one.page.context.close()
    assert not troubles
