"""The guides: their pictures are made here from the real pages, and what a picture shows still stands on its page.

`UPDATE_GUIDES=1 pytest tests/browser/test_browser_guides.py` makes the pictures and the texts beside this file anew.
"""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from support import ROOT
from test_browser_accessibility import violations
from visiting import OpenVisit, served

from taizhang.publishing.edition import public_edition
from taizhang.publishing.internal import internal_edition
from taizhang.publishing.stamping import Stamper, build_site
from taizhang.workspace import Workspace

GUIDES = ROOT / "site" / "pages" / "help"
IMAGES = GUIDES / "images"
SHOWN = Path(__file__).parent / "guides.json"
"""The text in each picture, line by line."""
UPDATE = os.environ.get("UPDATE_GUIDES") == "1"
LARGEST = 100_000
PHONE, DESK, WINDOW = 420, 720, 1280
"""Units and the public read on phones, where a wide picture would be too small to read; the office has a desk."""
NOW = datetime(2023, 8, 15, 2, tzinfo=UTC)
UNIT = "campaign=shili-banner-2023&org=qi-fuyou"
OWN = "my/shili-banner-2023"


@dataclass(frozen=True)
class Shot:
    """A picture: where it is taken, what is done first, from the top of which element to the foot of which other."""

    path: str
    first: str
    last: str
    steps: Callable[[Page], None] = lambda _: None
    width: int = PHONE
    folder: Path = IMAGES
    framed: bool = False
    """Whether the site's own header is in the picture."""


def choose_nothing_new(page: Page) -> None:
    page.locator("[data-nil] button").first.click()
    expect(page.locator("[data-result]")).to_be_visible()


def fill_hazard(page: Page) -> None:
    page.locator("#f-title").fill("门诊楼东侧安全出口堆放纸箱")
    page.locator("#f-public_summary").fill("门诊楼一层东侧安全出口堆放纸箱，宽度不足，影响疏散。")
    page.locator("#f-discovered_on").fill("2023-08-15")
    page.locator("#f-source").select_option("self_check")
    page.locator("#f-place").fill("门诊楼一层")
    page.locator("#f-category").select_option("fire")
    page.locator("#f-nature").select_option("management_defect")


def leave_mistakes(page: Page) -> None:
    fill_hazard(page)
    page.locator("#f-title").fill("堵")
    page.locator("form[data-filing] button[type=submit]").click()
    expect(page.locator("[data-summary]")).to_be_visible()
    page.evaluate("document.activeElement.blur()")


HAZARD = f"filing/hazards/?{UNIT}"
SHOTS: Mapping[str, Shot] = {
    "start": Shot(f"filing/?{UNIT}", "h1", "[data-owed]"),
    "nil": Shot(f"filing/?{UNIT}", "[data-nil]", "[data-result]", choose_nothing_new),
    "hazard": Shot(HAZARD, "h1", "[data-field=discovered_on]", fill_hazard),
    "wrong": Shot(HAZARD, "[data-summary]", "[data-field=title]", leave_mistakes),
    "mine": Shot(f"{OWN}/qi-fuyou/", "h1", "#owed ~ .tz-owed"),
    "outstanding": Shot("", "h1", ".tz-outstanding tr:nth-child(7)", width=DESK),
    "waiting": Shot(f"{OWN}/qi-wjw/", "#waiting", "#waiting ~ ul", width=DESK),
    "public": Shot("units/shili-banner-2023/qi-renmin-yiyuan/", "h1", ".tz-hazard .tz-facts"),
    "exposure": Shot("exposures/shili-banner-2023/2023-004/", "h1", ".tz-page > section, .tz-page > .tz-card"),
}
README_SHOTS: Mapping[str, Shot] = {
    "home": Shot("", ".md-banner", ".tz-columns", width=WINDOW, folder=ROOT / "docs" / "images", framed=True),
}
"""The picture at the top of the READMEs."""
INTERNAL = ("mine", "outstanding", "waiting")


@pytest.fixture(scope="session")
def internal_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the sample's internal edition on a day in the middle of a campaign."""
    workspace = Workspace(ROOT)
    examination = workspace.examine(date(2023, 8, 15))
    public = public_edition(ROOT, workspace.kinds, examination)
    target = tmp_path_factory.mktemp("internal") / "site"
    build_site(ROOT, Stamper(internal_edition(ROOT, public, examination)), target)
    with served(target) as address:
        yield address


DATES_AS_IN_CHINA = """() => {
  for (const field of document.querySelectorAll("input[type=date]")) {
    const value = field.value.replaceAll("-", "/") || "年/月/日";
    field.type = "text";
    field.value = value;
  }
}"""
"""A browser shows dates in its own language, and the one that takes the pictures may speak none but English."""

VISIBLE = """([top, bottom]) => {
  const lines = [];
  const walker = document.createTreeWalker(document.querySelector("#tz-content"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent.replace(/\\s+/g, " ").trim();
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    const inside = box.height && box.width > 1 && box.top + scrollY >= top && box.bottom + scrollY <= bottom;
    if (text && inside && node.parentElement.checkVisibility({ visibilityProperty: true })
        && !node.parentElement.closest("option, .tz-hidden")) lines.push(text);
  }
  for (const field of document.querySelectorAll("#tz-content :is(input, select, textarea)")) {
    const box = field.getBoundingClientRect();
    if (box.height && box.top + scrollY >= top && box.bottom + scrollY <= bottom)
      lines.push(field.tagName === "SELECT" ? field.selectedOptions[0].text : field.value);
  }
  return lines.filter(Boolean);
}"""


def taken(page: Page, base: str, shot: Shot) -> tuple[bytes, Sequence[str]]:
    """The picture as a small PNG, and every line of text in it."""
    page.clock.set_fixed_time(NOW)
    page.goto(base + shot.path)
    page.wait_for_load_state("networkidle")
    shot.steps(page)
    # What floats over the page would stand in the middle of a tall picture.
    page.evaluate(DATES_AS_IN_CHINA)
    hidden = ".md-top" if shot.framed else ".md-header, .md-tabs, .md-top"
    page.add_style_tag(content=f".md-header {{ position: static !important }} {hidden} {{ display: none }}")
    page.evaluate("scrollTo(0, 0)")
    boxes = [page.locator(s).first.bounding_box() for s in (shot.first, shot.last)]
    assert boxes[0], shot.first
    assert boxes[1], shot.last
    top, bottom = boxes[0]["y"] - 12, boxes[1]["y"] + boxes[1]["height"] + 12
    raw = page.screenshot(full_page=True, clip={"x": 0, "y": top, "width": shot.width, "height": bottom - top})
    packed = io.BytesIO()
    Image.open(io.BytesIO(raw)).convert("RGB").quantize(48).save(packed, "PNG", optimize=True)
    return packed.getvalue(), page.evaluate(VISIBLE, [top, bottom])


@pytest.fixture(scope="module")
def shown() -> Iterator[dict[str, Sequence[str]]]:
    """What each picture showed when it was taken; written anew where pictures are."""
    known: dict[str, Sequence[str]] = json.loads(SHOWN.read_text(encoding="utf-8")) if SHOWN.exists() else {}
    yield known
    if UPDATE:
        text = json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True)
        SHOWN.write_text(f"{text}\n", encoding="utf-8")


@pytest.mark.parametrize("name", [*SHOTS, *README_SHOTS])
def test_what_a_picture_shows_still_stands_on_its_page(
    visit: OpenVisit, running_site: str, internal_site: str, shown: dict[str, Sequence[str]], name: str
) -> None:
    base = internal_site if name in INTERNAL else running_site
    shot = SHOTS[name] if name in SHOTS else README_SHOTS[name]
    raw, lines = taken(visit(base, shot.width).page, base, shot)
    if UPDATE:
        (shot.folder / f"{name}.png").write_bytes(raw)
        shown[name] = lines
    assert len(lines) > 5
    assert shown[name] == lines, "the page has changed: take the pictures anew with UPDATE_GUIDES=1"


def pictures(guide: Path) -> list[tuple[str, str]]:
    """The file and the words of every picture in a guide."""
    found = re.findall(r"!\[([^\]]*)\]\(images/([^)]+)\)", guide.read_text(encoding="utf-8"))
    return [(file, words) for words, file in found]


@pytest.mark.skipif(UPDATE, reason="the pictures are being taken")
def test_every_picture_is_small_used_told_in_words_and_made_here() -> None:
    used = [entry for guide in sorted(GUIDES.glob("*.md")) for entry in pictures(guide)]
    assert {file for file, _ in used} == {file.name for file in IMAGES.iterdir()} == {f"{name}.png" for name in SHOTS}
    for file, words in used:
        assert len(words) >= 10, file
        assert (IMAGES / file).stat().st_size < LARGEST, file
        with Image.open(IMAGES / file) as picture:
            assert picture.width == SHOTS[Path(file).stem].width, file


GUIDE_PAGES = ("help/", "help/units/", "help/files/", "help/office/", "help/setup/", "help/public/")


@pytest.mark.parametrize("width", [1440, 768, 375])
@pytest.mark.parametrize("href", GUIDE_PAGES)
def test_a_guide_reads_well_at_every_width(visit: OpenVisit, running_site: str, href: str, width: int) -> None:
    page = visit(running_site, width).go(href)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for image in page.locator("article img").all():
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("image => image.naturalWidth") in (PHONE, DESK)
    assert violations(page) == []


def test_no_guide_and_no_page_takes_a_tip(visit: OpenVisit, running_site: str) -> None:
    for href in ("help/public/", "tips/"):
        page = visit(running_site).go(href)
        content = page.locator("article")
        assert "12350" in content.inner_text()
        assert content.locator("form, input, textarea, select, button, a[href^='mailto:']").count() == 0
