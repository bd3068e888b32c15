"""Bulletins on the site: the blocks of the official document as HTML, its tables with links to what they count."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from taizhang.bulletins.periodic import Bulletin
from taizhang.bulletins.revisions import FigureChange
from taizhang.bulletins.telling.changes import SentenceChange, changed_sentences
from taizhang.bulletins.telling.columns import (
    StatisticsColumn,
    StatisticsLine,
    StatisticsTable,
    parts,
    statistics,
    statistics_lead,
    text,
    value,
)
from taizhang.bulletins.telling.documents import Issue, notes, official
from taizhang.disclosure.views import CampaignView
from taizhang.documents.official import Annex, Block, Body, OfficialDocument
from taizhang.figures.register import FIGURES


class Download(NamedTuple):
    """A file that lies beside a bulletin's page."""

    name: str
    label: str
    body: bytes

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.body)


def page_values(bulletin: Bulletin, campaign: CampaignView, issue: Issue) -> Mapping[str, Any]:
    """What the templates of the bulletins' pages ask for beside the bulletin itself."""
    document = official(bulletin, campaign, issue)
    return {
        "document": document,
        "text": tuple(_before_annexes(document)),
        "annexed": tuple(_annexed(document)),
        "issue": issue,
        "parts": parts(bulletin),
        "columns": statistics(bulletin.edition),
        "behind": partial(_behind, bulletin),
        "cell_text": text,
        "cell_value": value,
        "lead": statistics_lead(bulletin),
        "notes": tuple(notes(bulletin, issue)),
    }


class Revised(NamedTuple):
    """What a revision of an issue changed in the one before it."""

    figures: tuple[FigureChange, ...]
    sentences: tuple[SentenceChange, ...]
    is_current: bool


def history(revisions: Sequence[Bulletin], documents: Sequence[OfficialDocument]) -> Mapping[int, Revised]:
    """For every revision that can be read what it changed, by its number. Both lists begin with the first revision."""
    found: dict[int, Revised] = {}
    before: OfficialDocument | None = None
    for bulletin, document in zip(revisions, documents, strict=True):
        if bulletin.revision:
            sentences = changed_sentences(before, document) if before else ()
            current = bulletin.is_current and bulletin.is_issued
            found[bulletin.revision.revision] = Revised(bulletin.changed, sentences, current)
        before = document
    return found


def _before_annexes(document: OfficialDocument) -> Iterator[Block]:
    for block in document.blocks:
        if isinstance(block, Annex):
            return
        yield block


def _annexed(document: OfficialDocument) -> Iterator[tuple[Annex, tuple[Block, ...]]]:
    """Each annex with its blocks."""
    starts = [index for index, block in enumerate(document.blocks) if isinstance(block, Annex)]
    for start, end in pairwise([*starts, len(document.blocks)]):
        annex = document.blocks[start]
        if isinstance(annex, Annex):
            yield annex, document.blocks[start + 1 : end]


def linked(block: Body, root: str) -> Markup:
    """A paragraph for a page, its links led from there by `root`."""
    pieces, at = [Markup("")], 0
    for start, end, href in block.links:
        pieces += [Markup.escape(block.text[at:start])]
        base = "" if href.startswith("#") else root
        pieces += [Markup('<a href="{}{}">{}</a>').format(base, href, block.text[start:end])]
        at = end
    return Markup("").join([*pieces, Markup.escape(block.text[at:])])


def _behind(bulletin: Bulletin, part: StatisticsTable, line: StatisticsLine, head: StatisticsColumn) -> str:
    """Where the rows behind a cell of the statistics stand; empty for a cell that counts nothing."""
    figure = FIGURES["due_n"] if head.key == "filing" else head.figure
    if not bulletin.behind or not figure or line.figures.is_empty(figure):
        return ""
    column = figure.id
    county = part.lines[0].org if part.name else line.org if line.is_county else None
    if line.is_county or (county and line.is_total):
        return bulletin.anchor(f"part-{county.id}", column) if county else ""
    return bulletin.anchor(line.org.id if line.org else "total", column)


def _groups(heads: Sequence[StatisticsColumn]) -> list[tuple[str, list[StatisticsColumn]]]:
    return [(group, list(members)) for group, members in groupby(heads, key=lambda head: head.group)]


def _cell_class(head: StatisticsColumn, shown: str | None = None) -> str | None:
    """The classes of a cell, or of the heading of its column where nothing is shown; None for none."""
    classes = [] if head.phone else ["tz-more"]
    if head.key == "unit":
        classes.append("tz-first")
    if shown is not None and head.key == "maj_open_end":
        classes.append("tz-stock")
    if shown and head.key == "maj_overdue":
        classes.append("tz-no")
    return " ".join(classes) or None


def _heading(head: StatisticsColumn, bulletin: Bulletin) -> Mapping[str, str | None]:
    """What the heading of a column is, and where its meaning stands."""
    figures = bulletin.scoped("total", bulletin.total)
    return {"class": _cell_class(head), "aria-describedby": figures.definition_id(head.key) if head.figure else None}


def _lines(title: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in title.split("\n"))


def _led_to(shown: str, href: str) -> Markup:
    """What is shown, as a link where there is an address."""
    return Markup('<a href="{}">{}</a>').format(href, Markup(shown)) if href else Markup(shown)  # noqa: S704 - escaped


def _size(count: int) -> str:
    """The size of a file in KB, rounded up."""
    return f"{-(-count // 1024)} KB"


def _kind_of(block: Block) -> str:
    return type(block).__name__


FILTERS: Mapping[str, Callable[..., Any]] = {
    "linked": linked,
    "groups": _groups,
    "cell_class": _cell_class,
    "heading": _heading,
    "led_to": _led_to,
    "lines": _lines,
    "size": _size,
    "kind_of": _kind_of,
}
