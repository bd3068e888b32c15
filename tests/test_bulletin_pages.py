"""Bulletins on the site: every number leads to the rows that it is the sum of; every revision has its own address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROWS = re.compile(r'href="(?:\.\./)+(bulletins/[^"#]+/rows/)#([^"]+)"[^>]*>(?:<span[^>]*>)?([^<]+)<')
ENTRY = re.compile(r'<dt id="([^"]+)"[^>]*>.*?data-figure="(\d+)".*?</dt>\s*<dd>(.*?)</dd>', re.DOTALL)
TABLE = re.compile(r'<table class="tz-table tz-figures">(.*?)</table>', re.DOTALL)
COUNT = re.compile(r'data-count="(\d+)"')


def body(site: Path, href: str) -> str:
    return (site / href / "index.html").read_text(encoding="utf-8")


def entries_of(site: Path, href: str) -> dict[str, tuple[int, int]]:
    """By anchor: the figure that a page with rows tells, and what its rows add up to."""
    found = ENTRY.findall(body(site, href))
    return {anchor: (int(figure), sum(map(int, COUNT.findall(rows)))) for anchor, figure, rows in found}


def amount(shown: str) -> float | None:
    """A number as a reader sees it, None for a word such as 按时."""
    text = shown.strip()
    return float(text.rstrip("%")) if re.fullmatch(r"[0-9.]+%?", text) else None


def bulletin_pages(site: Path) -> list[str]:
    return sorted(str(file.parent.relative_to(site)) + "/" for file in (site / "bulletins").glob("**/index.html"))


@pytest.fixture(scope="module")
def entries(sample_site: Path) -> dict[str, dict[str, tuple[int, int]]]:
    return {href: entries_of(sample_site, href) for href in bulletin_pages(sample_site) if href.endswith("/rows/")}


def test_the_rows_behind_a_figure_count_up_to_it(entries: dict[str, dict[str, tuple[int, int]]]) -> None:
    assert len(entries) > 40
    for href, page in entries.items():
        assert page, href
        assert {anchor: told for anchor, told in page.items() if told[0] != told[1]} == {}, href


def test_every_figure_of_a_bulletin_leads_to_its_rows(
    sample_site: Path, entries: dict[str, dict[str, tuple[int, int]]]
) -> None:
    for href in bulletin_pages(sample_site):
        links = ROWS.findall(body(sample_site, href))
        assert links or href.endswith("/rows/"), href
        for page, anchor, shown in links:
            figure, _ = entries[page][anchor]
            told = amount(shown)
            if "%" in shown or told is None:
                assert figure > 0, (href, anchor)
            elif anchor.endswith("funds_secured"):
                assert abs(figure / 10_000 - told) < 0.01, (href, anchor)
            elif "/" not in shown:
                assert told == figure, (href, anchor, shown)


def test_no_number_of_the_table_is_without_its_rows(sample_site: Path) -> None:
    for href in bulletin_pages(sample_site):
        for table in re.findall(
            r'<table class="tz-table tz-figures">(.*?)</table>', body(sample_site, href), re.DOTALL
        ):
            for line in re.findall(r"<tr>(.*?)</tr>", table.split("</thead>")[1], re.DOTALL):
                cells = re.findall(r"<td[^>]*>(.*?)</td>", line, re.DOTALL)
                bare = [cell for cell in cells[1:] if re.fullmatch(r"\s*[0-9.%/]+\s*", cell)]
                assert bare == [], href
