"""Equal words mean equal numbers: what pages, tables and summaries show under one title, for one period and scope.

A number leads to its entry on a page with rows, which says what figure it is, of whom and of which days. The words
beside the number must be that figure's title of the register (or, in the official table, its short one), so two numbers
that differ never stand under the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from checkout import taizhang
from lxml import html
from support import ROOT

from taizhang.cli.app import out
from taizhang.figures.register import FIGURES, Figure
from taizhang.figures.summary import OUTSTANDING, SUMMARY

RETURNS = {"shili-banner-2023": "周报", "shili-city-2019": "月报"}
TEMPLATES = ROOT / "generator" / "taizhang" / "pages" / "templates"
SUPERSEDED = re.compile(r"/r[0-9]+/")


class Shown(NamedTuple):
    """A number as a page shows it, the words that stand beside it, and the entry that it leads to."""

    page: str
    words: str
    number: str
    entry: str


class Told(NamedTuple):
    """What an entry says: which figure, of whom, of which days, how many."""

    figure: str
    scope: str
    period: str
    number: str


def text_of(node: html.HtmlElement) -> str:
    return re.sub(r"\s+", "", node.text_content())


def data_pages(site: Path) -> Iterator[tuple[str, html.HtmlElement]]:
    for file in sorted(site.rglob("index.html")):
        found = html.parse(str(file)).getroot().xpath('//div[contains(concat(" ", @class, " "), " tz-page ")]')
        if found:
            yield file.parent.relative_to(site).as_posix(), found[0]


@pytest.fixture(scope="module")
def pages(sample_site: Path) -> dict[str, html.HtmlElement]:
    return dict(data_pages(sample_site))


@pytest.fixture(scope="module")
def entries(pages: dict[str, html.HtmlElement]) -> dict[str, Told]:
    """Everything that the pages with rows tell, by the address of its entry."""
    found = {}
    for href, page in pages.items():
        for strong in page.xpath("//dt/strong[@data-figure]"):
            marks = strong.attrib
            told = Told(marks["data-figure"], marks["data-scope"], marks["data-period"], text_of(strong))
            found[f"{href}/#{strong.getparent().attrib['id']}"] = told
    return found


def headings(table: html.HtmlElement) -> list[str]:
    """The words above every column: the heading, after that of its group where it has one."""
    top, *below = table.xpath("./thead/tr")
    under = iter(below[0].xpath("./th")) if below else iter(())
    found: list[str] = []
    for cell in top.xpath("./th"):
        span = int(cell.get("colspan", "1"))
        found += (
            [text_of(cell) + text_of(next(under)) for _ in range(span)] if "colspan" in cell.attrib else [text_of(cell)]
        )
    return found


def words_beside(link: html.HtmlElement) -> str:
    """The column's heading, the tile's label, the chart's caption, or what stands before the number in its sentence."""
    cell = next(link.iterancestors("td"), None)
    if cell is not None:
        table = next(cell.iterancestors("table"))
        return headings(table)[len(cell.xpath("preceding-sibling::*"))] if table.xpath("./thead") else ""
    tile = next((node for node in link.iterancestors("li") if "tz-tile" in node.get("class", "")), None)
    if tile is not None and "tz-number" in link.getparent().get("class", ""):
        return text_of(tile.xpath('./span[@class="tz-label"]')[0])
    chart = next(link.iterancestors("figure"), None)
    if chart is not None:
        return text_of(chart.xpath("./figcaption")[0])
    before = link.xpath("preceding-sibling::node()[1]")
    return re.sub(r"\s+", "", str(before[0])) if before and isinstance(before[0], str) else ""


def resolved(page: str, href: str) -> str:
    """The address that a link leads to, from the site's root."""
    parts = [] if page == "." else page.split("/")
    target, _, anchor = href.partition("#")
    for part in target.split("/"):
        parts = parts[:-1] if part == ".." else [*parts, *([part] if part not in ("", ".") else [])]
    return f"{'/'.join(parts)}/#{anchor}"


@pytest.fixture(scope="module")
def shown(pages: dict[str, html.HtmlElement]) -> list[Shown]:
    """Every number that leads to an entry, but for those of a bulletin's sentences, which have tests of their own."""
    found = []
    for href, page in pages.items():
        if href.endswith("/rows"):
            continue
        for link in page.xpath('.//a[contains(@href, "/rows/#")]'):
            in_words = any(
                "tz-official" in node.get("class", "") or "tz-summary" in node.get("class", "")
                for node in link.iterancestors()
            )
            if not in_words and "data-duty" not in link.attrib and re.match(r"[0-9]", text_of(link)):
                entry = resolved(href, link.attrib["href"])
                found.append(Shown(href, words_beside(link), text_of(link), entry))
    return found


def names(figure: Figure, campaign: str) -> set[str]:
    """What may stand beside a figure: its title, or in the official table group and short title."""
    table = {figure.column.group + figure.short} if figure.column else set()
    return {figure.title(RETURNS[campaign]), *table}


def test_the_words_beside_a_number_are_its_title(shown: list[Shown], entries: dict[str, Told]) -> None:
    assert len(shown) > 5_000
    for one in shown:
        told = entries[one.entry]
        named = names(FIGURES[told.figure], told.scope.split("/")[0])
        if told.figure == "due_n" and one.words == "报送":
            assert re.fullmatch(r"[0-9]+/[0-9]+", one.number), one
            continue
        is_chart = one.words.endswith(("末）", "每周）", "每月）"))
        assert any(name in one.words if is_chart else one.words.endswith(name) for name in named), (one, named)
        assert told.number.startswith(one.number.rstrip("项次份件个%")), (one, told)


def test_equal_words_of_one_period_and_scope_have_equal_numbers(entries: dict[str, Told]) -> None:
    """Of revisions of one issue only the one in force counts: the others say that they are superseded."""
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    for address, told in entries.items():
        if not SUPERSEDED.search(address):
            title = FIGURES[told.figure].title(RETURNS[told.scope.split("/")[0]])
            found.setdefault((title, told.scope, told.period), {})[address] = told.number
    assert len(found) > 5_000
    assert {key: numbers for key, numbers in found.items() if len(set(numbers.values())) > 1} == {}


def present(entries: dict[str, Told], campaign: str, name: str) -> int:
    """What the site says of a campaign since its start."""
    told = entries.get(f"campaigns/{campaign}/rows/#total.{name}")
    return int(re.sub(r"\D", "", told.number)) if told else 0


def test_the_summary_of_check_says_what_the_site_says(entries: dict[str, Told]) -> None:
    lines = taizhang(ROOT, "check").output.splitlines()[-2:]
    for line, campaign in zip(lines, RETURNS, strict=True):
        said = dict(re.findall(r"([^：、0-9 ]+) ([0-9]+)", line.partition("：")[2]))
        assert set(said) == {FIGURES[name].title() for name in SUMMARY}
        for name in SUMMARY:
            assert int(said[FIGURES[name].title()]) == present(entries, campaign, name), (campaign, name)


def test_the_table_of_status_says_what_the_site_says(entries: dict[str, Told], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out, "width", 260)
    for campaign in RETURNS:
        lines = taizhang(ROOT, "status", "--campaign", campaign).output.splitlines()
        heads = [[cell.strip() for cell in line.split("┃")[1:-1]] for line in lines if line.startswith("┃")]
        titles = ["".join(parts) for parts in zip(*heads, strict=True)]
        assert titles == ["单位", *(FIGURES[name].title() for name in OUTSTANDING)], "the whole title, in lines"
        rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if line.startswith("│")]
        roll = yaml.safe_load((ROOT / "submissions" / campaign / "roll.yml").read_text(encoding="utf-8"))
        units = [org for org in roll["organisations"] if org["tier"] not in ("office", "committee")]
        assert [row[0] for row in rows] == [unit["name"] for unit in units]
        for unit, (_, *counts) in zip(units, rows, strict=True):
            told = [entries.get(f"units/{campaign}/{unit['id']}/rows/#{unit['id']}.{name}") for name in OUTSTANDING]
            assert [count or "0" for count in counts] == [re.sub(r"\D", "", one.number) if one else "0" for one in told]


def test_how_a_duty_stands_is_what_the_figures_say(
    pages: dict[str, html.HtmlElement], entries: dict[str, Told]
) -> None:
    """周报，按时 in the table of duties and 周报按时 among the figures are one number, and all duties come to all."""
    for campaign, returns in RETURNS.items():
        counts: dict[str, int] = {}
        for link in pages[f"campaigns/{campaign}"].xpath(".//a[@data-duty]"):
            counts[link.attrib["data-duty"]] = int(re.sub(r"\D", "", text_of(link)))
        for label, name in (("按时", "on_time"), ("零报告", "nil"), ("迟报", "late"), ("未报", "missing")):
            assert counts.get(f"{returns}，{label}", 0) == present(entries, campaign, f"{name}_n")
            every = sum(count for said, count in counts.items() if said.endswith(f"，{label}"))
            assert every == present(entries, campaign, f"duty_{name}_n")


def test_every_figure_of_a_page_is_defined_where_it_is_shown(pages: dict[str, html.HtmlElement]) -> None:
    """What describes a number is on the page, says what it means and ends with the days it tells of."""
    described = 0
    for href, page in pages.items():
        ids = {node.attrib["id"]: text_of(node) for node in page.xpath(".//*[@id]")}
        assert len(ids) == len(page.xpath(".//*[@id]")), f"{href}: an id stands twice"
        for node in page.xpath(".//*[@aria-describedby][not(ancestor::div[contains(@class, 'tz-filing')])]"):
            meaning = ids[node.attrib["aria-describedby"]]
            assert re.search(r"。(.*日|.*时|这一期.*|截至期末|.*累计)。$", meaning), (href, meaning)
            described += 1
    assert described > 500


def test_the_help_page_tells_of_every_figure(sample_site: Path) -> None:
    page = html.parse(str(sample_site / "help" / "figures" / "index.html")).getroot()
    for figure in FIGURES.values():
        (entry,) = page.xpath(f'//div[@id="{figure.id}"]')
        assert text_of(entry).startswith(figure.title() + re.sub(r"\s", "", figure.definition))


EXPRESSION = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
COUNTING_FILTER = re.compile(r"\|\s*(length|sum)\b|\.figures\.(?!count\()|\bfigures\s*\|")


@pytest.mark.parametrize("template", sorted(p.name for p in TEMPLATES.glob("*.html") if "internal" not in p.name))
def test_no_template_counts_on_its_own(template: str) -> None:
    """A number is a figure of the register, or the length of a list that stands there, said with `listed`."""
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    own = [said.strip() for said in EXPRESSION.findall(text) if COUNTING_FILTER.search(said)]
    allowed = ("m.listed(", "listed(", "m.visit_found(", "m.hazard_table(", "heads | length")
    assert [said for said in own if not said.startswith(allowed)] == []
