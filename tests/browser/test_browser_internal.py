"""The internal edition in a real browser: from the start page to a form that is filled in, on a phone too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from checkout import checkout, taizhang
from filling import Filler
from playwright.sync_api import expect
from support import CAMPAIGN, Tree
from test_browser_accessibility import violations
from test_browser_hostile import ATTACKS
from visiting import OpenVisit, served

EAST = f"my/{CAMPAIGN}/east-hospital/"
PAGES = {"start": "", "ledger": f"my/{CAMPAIGN}/", "unit": EAST, "office": f"my/{CAMPAIGN}/bureau/"}


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A unit that filed last week, a hazard of hostile text, a claim, contacts, a broken record."""
    tree = Tree()
    last = {"self_checks": 3, "places_checked": 30, "note": "查了配电室 & 库房"}
    tree.add("east-hospital", "weekly", "2023-W32", filed_on="2023-08-14", **last)
    tree.add("east-hospital", "weekly", "2023-W31", filed_on="2023-08-07", self_checks="3次")
    tree.add("east-hospital", "hazards", title=ATTACKS[0][:60], location_text=ATTACKS[1][:60], cause=ATTACKS[2][:60])
    tree.add("bureau", "determinations")
    tree.add("east-hospital", "hazards", "2023-002", title="库房堆放纸箱", claimed_level="general")
    tree.add("west-hospital", "hazards", title="配电室积水")
    tree.add("east-hospital", "contacts")
    folder = tmp_path_factory.mktemp("inside")
    root = checkout(folder / "checkout", tree)
    result = taizhang(
        root, "build", "--edition", "internal", "--today", "2023-08-15", "--output", str(folder / "x/site")
    )
    assert result.exit_code == 0, result.output
    assert "E-TYPE" in (folder / "x" / "site" / EAST / "index.html").read_text(encoding="utf-8")
    with served(Path(folder / "x" / "site")) as address:
        yield address


@pytest.mark.parametrize("width", [1440, 768, 375])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    visit: OpenVisit, inside: str, name: str, width: int
) -> None:
    page = visit(inside, width).go(PAGES[name])
    expect(page.locator(".md-banner")).to_contain_text("内部资料")
    for fold in page.locator("details").all():
        fold.evaluate("fold => { fold.open = true; }")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector("body[data-md-color-scheme=slate]")
    assert violations(page, runOnly=["color-contrast"]) == []


@pytest.mark.parametrize("width", [1440, 375])
def test_from_the_start_page_the_same_as_last_week_is_filed_in_three_clicks(
    visit: OpenVisit, inside: str, width: int
) -> None:
    page = visit(inside, width).go()
    page.get_by_role("link", name="城东医院").first.click()
    page.locator(".tz-owed", has_text="第33周").get_by_role("link", name="和上次一样").click()
    form = Filler(page)
    expect(page.locator("#f-self_checks")).to_have_value("3")
    path, text = form.finish()
    assert path == f"submissions/{CAMPAIGN}/east-hospital/weekly/2023-W33.yml"
    filed = yaml.safe_load(text)
    assert {name: filed[name] for name in ("self_checks", "places_checked", "note")} == {
        "self_checks": 3,
        "places_checked": 30,
        "note": "查了配电室 & 库房",
    }


def test_a_general_hazard_can_be_chosen_in_the_forms_of_the_internal_edition(visit: OpenVisit, inside: str) -> None:
    page = visit(inside).go(EAST)
    page.locator("#hazard-east-hospital-2023-002").get_by_role("link", name="报整改方案").click()
    Filler(page)
    expect(page.locator("#f-hazard")).to_have_value("east-hospital/2023-002")
    expect(page.locator("#f-hazard option:checked")).to_contain_text("库房堆放纸箱")


def test_the_office_goes_from_what_waits_to_the_form_for_it(visit: OpenVisit, inside: str) -> None:
    page = visit(inside).go(PAGES["office"])
    page.get_by_role("link", name="判定隐患等级").click()
    Filler(page)
    expect(page.locator("#f-hazard")).to_have_value("west-hospital/2023-001")


def test_a_finding_leads_to_what_it_means(visit: OpenVisit, inside: str) -> None:
    page = visit(inside).go(EAST)
    card = page.locator("article", has_text="现在写的是“3次”")
    card.get_by_role("link", name="E-TYPE").click()
    expect(page.locator("h1")).to_contain_text("E-TYPE")


def test_hostile_text_stays_text_where_it_is_not_public_either(visit: OpenVisit, inside: str) -> None:
    page = visit(inside).go(EAST)
    text = page.locator("#tz-content").evaluate("e => e.textContent")
    for attack in ATTACKS[:3]:
        assert attack[:60] in text
    assert page.locator("#tz-content script, #tz-content img").count() == 0
