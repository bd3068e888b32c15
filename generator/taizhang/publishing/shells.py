"""Shells: pages that MkDocs renders with theme and navigation around tokens, one for each section and depth.

A shell lies as deep in the site as the pages stamped into it, so that every relative link the theme wrote
is right for them, whatever the theme.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

from taizhang.pages.pages import Page

TITLE, DESCRIPTION, BODY = "TzTitleToken", "TzDescriptionToken", "TzBodyToken"
PLACEHOLDER = "_"
"""Folder that holds the deeper shells. No identifier starts with an underscore, so no page can lie there."""

SHELL = f"""---
title: {TITLE}
description: {DESCRIPTION}
shell: true
hide: [navigation, toc]
search: {{exclude: true}}
---
{BODY}
"""

Slot = tuple[str, int]
"""A section and a depth."""


def slots(pages: Iterable[Page]) -> Mapping[Slot, str]:
    """For each section and depth that `pages` need, the address of its shell.

    A section's own page serves as its shell, so that the navigation can point at it.
    """
    first: dict[str, str] = {}
    found: dict[Slot, str] = {}
    for page in sorted(pages, key=lambda p: p.depth):
        base = first.setdefault(page.section, page.href)
        found[page.section, page.depth] = base + f"{PLACEHOLDER}/" * (page.depth - base.count("/"))
    return found


def source_of(href: str) -> str:
    """The Markdown file that MkDocs renders at an address."""
    return f"{href}index.md"


class Shell:
    """A rendered shell, cut at its tokens once; stamping a page is joining the pieces."""

    def __init__(self, html: str) -> None:
        if BODY not in html:
            raise ValueError("the theme dropped the shell's body; does its main.html print page.content?")
        self._pieces = _cut(html, (TITLE, DESCRIPTION, BODY))

    def stamp(self, page: Page) -> str:
        """The page's HTML. Title and description are escaped here; the body comes escaped from its template."""
        values = {TITLE: escape(page.title), DESCRIPTION: escape(page.description), BODY: str(page.body)}
        return "".join(values.get(piece, piece) for piece in self._pieces)


def _cut(text: str, tokens: tuple[str, ...]) -> list[str]:
    """The text split at every token, tokens kept."""
    if not tokens:
        return [text]
    token, rest = tokens[0], tokens[1:]
    pieces: list[str] = []
    for index, part in enumerate(text.split(token)):
        pieces += [token] if index else []
        pieces += _cut(part, rest)
    return pieces


def stamp_all(site: Path, pages: Iterable[Page], where: Mapping[Slot, str]) -> None:
    """Write every page into the rendered site and take the bare shells away."""
    shells = {slot: Shell(_index(site, href).read_text(encoding="utf-8")) for slot, href in where.items()}
    for page in pages:
        target = _index(site, page.href)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(shells[page.section, page.depth].stamp(page), encoding="utf-8")
    for href in where.values():
        if href.endswith(f"{PLACEHOLDER}/"):
            _remove(site, href)


def _index(site: Path, href: str) -> Path:
    return site / href / "index.html"


def _remove(site: Path, href: str) -> None:
    """Remove a placeholder shell and the folders it leaves empty."""
    folder = site / href
    (folder / "index.html").unlink(missing_ok=True)
    while folder.name == PLACEHOLDER and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
