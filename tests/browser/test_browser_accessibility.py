"""Every kind of page under axe, in light and in dark: names, roles, contrast."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from test_browser_pages import KINDS, RUNNING
from visiting import OpenVisit


def violations(page: Page, **options: object) -> list[tuple[str, str]]:
    found = Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    return [(v["id"], node["html"][:200]) for v in found for node in v["nodes"]]


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(visit: OpenVisit, site: str, kind: str) -> None:
    page = visit(site).go(KINDS[kind])
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector("body[data-md-color-scheme=slate]")
    assert violations(page, runOnly=["color-contrast"]) == []


@pytest.mark.parametrize("kind", ["campaign with phases", "hospital", "units", "weekly", "filing"])
def test_axe_finds_nothing_on_a_phone(visit: OpenVisit, site: str, kind: str) -> None:
    page = visit(site, 375).go(KINDS[kind])
    assert violations(page) == []


@pytest.mark.parametrize("kind", RUNNING)
def test_axe_finds_nothing_while_a_campaign_runs(visit: OpenVisit, running_site: str, kind: str) -> None:
    page = visit(running_site, scheme="dark").go(RUNNING[kind])
    assert violations(page) == []


def test_axe_would_find_pale_words_and_a_picture_without_a_name(visit: OpenVisit, site: str) -> None:
    page = visit(site).go("404.html")
    page.evaluate("""() => document.querySelector("#tz-content").insertAdjacentHTML(
        "beforeend", '<p style="color:#ccc;background:#fff">颜色很淡的字</p><img src="data:,">')""")
    assert {rule for rule, _ in violations(page)} == {"color-contrast", "image-alt"}
    assert {rule for rule, _ in violations(page, runOnly=["color-contrast"])} == {"color-contrast"}
