"""Figures on the site: every number leads to its entry, and every entry is the sum or the ratio of what it lists."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest

from taizhang.documents.values import rate

LINK = re.compile(r'href="(?:\.{1,2}/)*([^"#]+/rows/)#([^"]+)"[^>]*>(?:<span[^>]*>)?([^<]+)<')
ENTRY = re.compile(r'<dt id="([^"]+)"[^>]*>.*?<strong([^>]*)>([^<]*)</strong></dt>\s*<dd>(.*?)</dd>', re.DOTALL)
COUNT = re.compile(r'data-count="(\d+)"')


class Entry(NamedTuple):
    """An entry of a page with rows: the value, None for a rate; how it is shown; what it lists."""

    value: int | None
    shown: str
    listed: list[int]


def body(site: Path, href: str) -> str:
    return (site / href / "index.html").read_text(encoding="utf-8")


def entries_of(site: Path, href: str) -> dict[str, Entry]:
    """By anchor, what a page with rows tells."""
    found = {}
    for anchor, marks, shown, says in ENTRY.findall(body(site, href)):
        value = re.search(r'data-value="(\d+)"', marks)
        found[anchor] = Entry(int(value[1]) if value else None, shown, [*map(int, COUNT.findall(says))])
    return found


def pages_of(site: Path, section: str) -> list[str]:
    return sorted(str(file.parent.relative_to(site)) + "/" for file in (site / section).glob("**/index.html"))


def bulletin_pages(site: Path) -> list[str]:
    return pages_of(site, "bulletins")


@pytest.fixture(scope="module")
def entries(sample_site: Path) -> dict[str, dict[str, Entry]]:
    pages = [href for section in ("bulletins", "campaigns", "units") for href in pages_of(sample_site, section)]
    return {href: entries_of(sample_site, href) for href in pages if href.endswith("/rows/")}


def test_the_rows_behind_a_figure_come_to_it(entries: dict[str, dict[str, Entry]]) -> None:
    assert len(entries) > 100
    for href, page in entries.items():
        assert page, href
        for anchor, entry in page.items():
            if entry.value is None:
                part, whole = entry.listed
                assert entry.shown == rate(Fraction(part, whole)), (href, anchor)
            elif anchor == "total.visits_n":
                assert 0 < entry.value <= sum(entry.listed), "one visit may be to several units"
            else:
                assert entry.value == sum(entry.listed), (href, anchor)


@pytest.mark.parametrize("section", ["", "bulletins", "campaigns", "units", "visits", "assessment"])
def test_a_figure_is_what_its_entry_says(section: str, sample_site: Path, entries: dict[str, dict[str, Entry]]) -> None:
    """What a link shows is what its entry shows, but for the unit of measure and for words such as 按时 or 3/4."""
    for href in pages_of(sample_site, section) if section else [""]:
        links = [link for link in LINK.findall(body(sample_site, href)) if link[2].strip()[0].isdigit()]
        assert links or section in ("units", "assessment") or href.endswith("/rows/"), href
        for page, anchor, shown in links:
            entry = entries[page][anchor]
            told = re.match(r"[0-9.]+%?", entry.shown)
            assert told, (href, anchor)
            assert "/" in shown or shown.strip().startswith(told[0]), (href, anchor, shown, entry.shown)


def test_no_number_of_the_table_is_without_its_rows(sample_site: Path) -> None:
    for href in bulletin_pages(sample_site):
        for table in re.findall(
            r'<table class="tz-table tz-figures">(.*?)</table>', body(sample_site, href), re.DOTALL
        ):
            for line in re.findall(r"<tr>(.*?)</tr>", table.split("</thead>")[1], re.DOTALL):
                cells = re.findall(r"<td[^>]*>(.*?)</td>", line, re.DOTALL)
                bare = [cell for cell in cells[1:] if re.fullmatch(r"\s*[0-9.%/]+\s*", cell)]
                assert bare == [], href
