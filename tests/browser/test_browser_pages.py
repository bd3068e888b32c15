"""The site as a reader meets it: from page to page, on a phone, by keyboard, on paper, and through search."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from visiting import OpenVisit

BANNER, CITY = "shili-banner-2023", "shili-city-2019"
KINDS = {
    "home": "",
    "campaigns": "campaigns/",
    "campaign with phases": f"campaigns/{BANNER}/",
    "campaign without phases": f"campaigns/{CITY}/",
    "units": "units/",
    "hospital": f"units/{BANNER}/qi-renmin-yiyuan/",
    "county": f"units/{CITY}/yunquan-wjw/",
    "office": f"units/{BANNER}/qi-wjw/",
    "unit without hazards": f"units/{BANNER}/shazaohua-wsy/",
    "unit without duties": f"units/{CITY}/yunquan-renmin-yiyuan/",
    "exposures": "exposures/",
    "exposure, corrected and archived": f"exposures/{BANNER}/2023-004/",
    "exposure, open": f"exposures/{BANNER}/2023-006/",
    "bulletins": "bulletins/",
    "weekly": f"bulletins/{BANNER}/weekly-2023-W26/",
    "corrected weekly": f"bulletins/{BANNER}/weekly-2023-W22/",
    "superseded weekly": f"bulletins/{BANNER}/weekly-2023-W22/r1/",
    "rows behind": f"bulletins/{BANNER}/weekly-2023-W33/rows/",
    "monthly, one campaign": f"bulletins/{BANNER}/monthly-2023-08/",
    "monthly, the other": f"bulletins/{CITY}/monthly-2019-11/",
    "criteria": "criteria/",
    "rules": "help/rules/",
    "rule": "help/rules/E-TYPE/",
    "filing": "help/",
    "figures": "help/figures/",
    "not found": "404.html",
}
RUNNING = {
    "home": "",
    "campaign": f"campaigns/{BANNER}/",
    "hospital": f"units/{BANNER}/qi-renmin-yiyuan/",
    "exposure, disputed": f"exposures/{BANNER}/2023-004/",
    "weekly": f"bulletins/{BANNER}/weekly-2023-W32/",
}


def heading(page: Page) -> str:
    return page.locator("h1").first.inner_text()


def section(page: Page, name: str, phone: bool) -> None:
    """Go to a section by the navigation, which a phone keeps in a drawer."""
    if phone:
        page.locator("label.md-header__button[for=__drawer]").click()
        page.locator(".md-nav--primary > .md-nav__list > .md-nav__item > .md-nav__link", has_text=name).click()
    else:
        page.locator(".md-tabs__link", has_text=name).click()


@pytest.mark.parametrize("width", [1440, 375])
def test_a_reader_walks_from_the_start_to_a_unit_an_exposure_and_a_bulletin(
    visit: OpenVisit, site: str, width: int
) -> None:
    page = visit(site, width).go()
    assert "台账" in heading(page)
    page.get_by_role("link", name="单位名录").first.click()
    page.get_by_role("link", name="示例旗人民医院", exact=True).click()
    assert heading(page) == "示例旗人民医院"
    page.locator("#exposures + .tz-cards h3 a").click()
    assert "示例旗人民医院" in heading(page)
    section(page, "通报", phone=width < 1000)
    assert heading(page) == "通报"
    page.locator(f"#monthly-{BANNER} + .tz-scroll a").first.click()
    assert heading(page).startswith("关于2023年12月份")


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_scrolls_sideways(visit: OpenVisit, site: str, kind: str) -> None:
    page = visit(site, 375).go(KINDS[kind])
    for width in (375, 320, 768):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


@pytest.mark.parametrize("kind", RUNNING)
def test_no_page_of_a_running_campaign_scrolls_sideways(visit: OpenVisit, running_site: str, kind: str) -> None:
    page = visit(running_site, 375).go(RUNNING[kind])
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_speaks_chinese_and_has_one_headline(visit: OpenVisit, site: str, kind: str) -> None:
    page = visit(site).go(KINDS[kind])
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert page.locator("h1").count() == 1
    told = page.evaluate("""() => [...document.querySelectorAll("[aria-label], [title], [placeholder]")].flatMap(
        e => ["aria-label", "title", "placeholder"].map(name => e.getAttribute(name)).filter(Boolean))""")
    assert [text for text in told if not re.search("[一-鿿]", text)] == []
    texts = page.locator("body").inner_text()
    assert "Made with" not in texts
    assert "Not found" not in texts
    assert re.search("[一-鿿]", page.title())


def test_an_address_that_is_none_leads_on_to_pages_that_are(visit: OpenVisit, site: str) -> None:
    page = visit(site).go("404.html")
    assert heading(page) == "没有找到这一页"
    page.locator("#tz-content").get_by_role("link", name="曝光").click()
    assert heading(page) == "曝光"


def test_the_first_stop_by_keyboard_leads_past_the_navigation(visit: OpenVisit, site: str) -> None:
    page = visit(site).go(KINDS["weekly"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "tz-content"


def test_a_wide_table_scrolls_by_keyboard_and_keeps_the_names_of_units_in_sight(visit: OpenVisit, site: str) -> None:
    page = visit(site, 768).go(KINDS["weekly"])
    box, name = page.locator(".tz-wide-table"), page.locator(".tz-figures tbody .tz-first").first
    box.focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.tz-wide-table').scrollLeft > 50")
    where, frame = name.bounding_box(), box.bounding_box()
    assert where is not None
    assert frame is not None
    assert where["x"] - frame["x"] < 3
    ground = name.evaluate("e => getComputedStyle(e).backgroundColor")
    assert ground.startswith("rgb(")


def test_a_phone_shows_the_main_columns_first_and_all_on_demand(visit: OpenVisit, site: str) -> None:
    page = visit(site, 375).go(KINDS["weekly"])
    rest = page.locator(".tz-figures tbody td.tz-more").first
    expect(rest).to_be_hidden()
    table = page.locator(".tz-wide-table")
    assert table.evaluate("e => e.scrollWidth <= e.clientWidth")
    page.locator("#all-columns").focus()
    page.keyboard.press("Space")
    expect(rest).to_be_visible()
    assert table.evaluate("e => e.scrollWidth > e.clientWidth")


def test_a_link_to_a_hazard_leads_to_its_card(visit: OpenVisit, site: str) -> None:
    page = visit(site, 375).go(KINDS["campaign with phases"])
    link = page.locator("#open + .tz-scroll td a").first
    title = link.inner_text()
    link.click()
    card = page.locator(".tz-hazard:target")
    expect(card.locator("h3")).to_have_text(title)
    expect(card).to_be_in_viewport()


def test_what_is_folded_unfolds(visit: OpenVisit, site: str) -> None:
    page = visit(site).go(KINDS["hospital"])
    fold = page.locator(".tz-hazard", has_text="机械式停车库").locator("details")
    expect(fold.locator(".tz-timeline")).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.locator(".tz-timeline")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_gets_the_whole_table_in_dark_on_light_and_none_of_the_navigation(
    visit: OpenVisit, site: str, scheme: str
) -> None:
    page = visit(site, scheme=scheme).go(KINDS["monthly, one campaign"])
    page.emulate_media(media="print", color_scheme=scheme)
    expect(page.locator(".md-header")).to_be_hidden()
    expect(page.locator(".md-banner")).to_be_visible()
    expect(page.locator(".tz-figures tbody td.tz-more").first).to_be_visible()
    ink = page.locator(".tz-official p").last.evaluate("e => getComputedStyle(e).color")
    assert all(int(part) < 100 for part in re.findall(r"\d+", ink)[:3])
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_a_reader_may_choose_the_colours(visit: OpenVisit, site: str) -> None:
    page = visit(site, scheme="light").go()
    assert page.locator("body").get_attribute("data-md-color-scheme") == "default"
    for _ in range(2):
        page.locator("form[data-md-component=palette] label:visible").click()
    assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"
    page.reload()
    assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"


@pytest.mark.parametrize("width", [1440, 375])
def test_search_finds_a_unit_by_any_part_of_its_name(visit: OpenVisit, site: str, width: int) -> None:
    opened = visit(site, width)
    page = opened.go(KINDS["criteria"])
    found = opened.search("旗人民医院")
    assert found[0].startswith(KINDS["hospital"])
    page.locator(".md-search-result__link").first.click()
    assert heading(page) == "示例旗人民医院"
    expect(page.locator("h1 mark")).to_have_text("旗人民医院")


def test_search_finds_a_hazard_by_a_word_in_it(visit: OpenVisit, site: str) -> None:
    opened = visit(site)
    page = opened.go()
    found = opened.search("夹芯板")
    assert any(link.startswith(f"units/{BANNER}/baiyu-wsy/") for link in found[:3])
    expect(page.locator(".md-search-result__article mark").first).to_have_text("夹芯板")


def test_search_wants_every_word_and_says_when_there_is_none(visit: OpenVisit, site: str) -> None:
    opened = visit(site)
    opened.go()
    found = []
    for words in ("人民医院", "人民医院 楼梯", "人民医院 楼梯 夹芯板", "没有这几个字"):
        opened.search(words)
        found.append(opened.found())
    assert found == sorted(found, reverse=True)
    assert found[0] > found[1] > found[3] == 0


def test_search_leads_to_a_rule_by_its_code_and_to_a_part_of_a_help_page(visit: OpenVisit, site: str) -> None:
    opened = visit(site)
    opened.go()
    assert opened.search("e-type")[0].startswith("help/rules/E-TYPE/")
    found = opened.search("零报告")
    assert any(link.startswith("help/figures/") and link.endswith("#filing") for link in found)
