"""The sentences of bulletins: the templates of `templates/`, taken down as blocks of an official document.

Submitted text is escaped on its way through the templates, so it can become neither a link nor a heading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html.parser import HTMLParser
from itertools import count
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from taizhang.documents.official import Addressee, Block, Body, Heading, Link, Number, Title, numbered
from taizhang.documents.titles import broken
from taizhang.documents.values import FILTERS

TITLE_WIDTH = 20
"""Characters of a title's size that go on a line of an upright page."""


def written(template: str, year: int, **values: Any) -> tuple[Block, ...]:
    """What a template says about `values`, block by block. `year` is that of the number to be filled in by hand."""
    notes = _Notes(year)
    _TEMPLATES.get_template(f"{template}.jinja").render(d=notes, **values)
    return tuple(notes.blocks)


class _Notes:
    """Takes down what a wording template says, one block after another. Sections and points number themselves."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.blocks: list[Block] = []
        self._sections, self._points = count(1), count(1)

    def title(self, pieces: Sequence[str]) -> str:
        return self._add(Title(broken(pieces, TITLE_WIDTH)))

    def number(self, number: str) -> str:
        return self._add(Number(number))

    def doc_no(self, issued: str | None) -> str:
        """发文字号 as the office entered it, or the blank it fills in by hand."""
        return self._add(Number(issued) if issued else Number(f"　　　〔{self.year}〕　号", blank=True))

    def addressee(self, addressee: str) -> str:
        return self._add(Addressee(addressee))

    def section(self, title: str, anchor: str = "", *, caller: Callable[[], str]) -> str:
        """A section with what stands in it; nothing at all if nothing does."""
        self._points = count(1)
        return self._headed(caller, lambda: f"{numbered(next(self._sections))}、{title}", 1, anchor)

    def part(self, title: str, anchor: str = "", *, caller: Callable[[], str]) -> str:
        """A part of a section, likewise."""
        return self._headed(caller, lambda: f"（{numbered(next(self._points))}）{title}", 2, anchor)

    def _headed(self, caller: Callable[[], str], name: Callable[[], str], level: int, anchor: str) -> str:
        start = len(self.blocks)
        caller()
        if len(self.blocks) > start:
            self.blocks.insert(start, Heading(name(), level, anchor))
        return ""

    def text(self, *, caller: Callable[[], str]) -> str:
        """A paragraph, unless it is empty. The template's own lines and indents are not in it."""
        said, links = _read(caller())
        return self._add(Body(said, links=links)) if said else ""

    def point(self, title: str, *, caller: Callable[[], str]) -> str:
        """A numbered point whose title runs on into its text; the stop at its end is put here."""
        said, links = _read(caller())
        if said:
            self._add(Body(f"{said}。", lead=f"（{numbered(next(self._points))}）{title}。", links=links))
        return ""

    def paragraphs(self, texts: Iterable[str] | None) -> str:
        """What the office wrote, as it wrote it."""
        for line in (line for written in texts or () for line in written.splitlines()):
            if line.strip():
                self._add(Body(line.strip()))
        return ""

    def _add(self, block: Block) -> str:
        self.blocks.append(block)
        return ""


def _read(markup: str) -> tuple[str, tuple[Link, ...]]:
    """The text of a rendered paragraph and the links in it, which only the templates can have made."""
    reader = _Reader()
    reader.feed("".join(line.strip() for line in markup.splitlines()))
    reader.close()
    return reader.text, tuple(reader.links)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.links: list[Link] = []
        self._open: tuple[int, str] | None = None

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        del tag
        self._open = (len(self.text), dict(attrs)["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        del tag
        if self._open:
            start, href = self._open
            self.links.append(Link(start, len(self.text), href))


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("taizhang.bulletins.telling"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    return environment


_TEMPLATES = _environment()
