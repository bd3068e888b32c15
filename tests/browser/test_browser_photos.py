"""Photos of an exposure in a browser: there when they are scrolled to, fitting the window, named for who cannot see."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from visiting import OpenVisit

PAGE = "exposures/shili-banner-2023/2023-001/"


@pytest.mark.parametrize(("width", "columns"), [(375, 1), (1440, 2)])
def test_before_and_after_fit_the_window(visit: OpenVisit, site: str, width: int, columns: int) -> None:
    page = visit(site, width).go(PAGE)
    photos = page.locator(".tz-photos img")
    expect(photos).to_have_count(2)
    boxes = []
    for photo in photos.all():
        photo.scroll_into_view_if_needed()
        expect(photo).to_have_js_property("complete", True)
        expect(photo).to_have_js_property("naturalWidth", 1280)
        assert len(photo.get_attribute("alt") or "") > 10
        boxes.append(photo.evaluate("i => [i.offsetLeft, i.clientWidth / i.clientHeight]"))
    assert len({left for left, _ in boxes}) == columns
    assert all(abs(ratio - 4 / 3) < 0.02 for _, ratio in boxes)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".tz-photos figcaption .tz-badge").all_inner_texts() == ["整改前", "整改后"]


def test_nothing_moves_when_photos_arrive(visit: OpenVisit, site: str) -> None:
    """Their place is kept before they are there."""
    page = visit(site).page
    page.route("**/photos/*.jpg", lambda route: route.fulfill(status=200, body="", content_type="image/jpeg"))
    page.goto(site + PAGE)
    photo = page.locator(".tz-photos img").first
    assert photo.evaluate("i => i.clientWidth / i.clientHeight") == pytest.approx(4 / 3, abs=0.02)
