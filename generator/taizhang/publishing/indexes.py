"""What a reader searches and a crawler follows: the theme's search index and the sitemap, stamped pages included."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from xml.sax.saxutils import escape as escape_xml

from markupsafe import Markup

from taizhang.pages.pages import Page
from taizhang.publishing.shells import PLACEHOLDER

HAN = re.compile(r"(?<=[㐀-鿿])(?=[㐀-鿿])")
SEARCH_TEXT = 4_000
"""Characters of a page that are searched. Tables of figures beyond that are no help to a reader."""


def extend_search(site: Path, pages: Iterable[Page]) -> None:
    """Add every stamped page that a search may find to the theme's index, if the theme made one."""
    file = site / "search" / "search_index.json"
    if not file.exists():
        return
    index = json.loads(file.read_text(encoding="utf-8"))
    index["docs"] += [_entry(page) for page in pages if page.is_searched]
    file.write_text(json.dumps(index, ensure_ascii=False, separators=(",", ":"), sort_keys=True), encoding="utf-8")


def _entry(page: Page) -> dict[str, str]:
    # The theme writes titles and texts of results as HTML, so what goes in must be escaped once more.
    text = Markup(page.body).striptags()[:SEARCH_TEXT]  # noqa: S704 - taken apart, never shown as it is
    return {"location": page.href, "title": _words(escape(page.title)), "text": _words(escape(text))}


def _words(text: str) -> str:
    """Han characters kept apart by zero-width spaces, which is how the theme's index tells Chinese words."""
    return HAN.sub("\u200b", text)


def write_sitemap(site: Path, site_url: str | None, pages: Sequence[Page]) -> None:
    """A sitemap of every page that stands in the site. Without a site address there is none to write."""
    for stale in ("sitemap.xml", "sitemap.xml.gz"):
        (site / stale).unlink(missing_ok=True)
    if not site_url:
        return
    stamped = {page.href for page in pages}
    found = {_address(site, file) for file in site.rglob("index.html") if PLACEHOLDER not in file.parts} | stamped
    base = site_url.rstrip("/") + "/"
    urls = "".join(f"<url><loc>{escape_xml(base + href)}</loc></url>\n" for href in sorted(found))
    body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'
    (site / "sitemap.xml").write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}', encoding="utf-8")


def _address(site: Path, file: Path) -> str:
    folder = file.parent.relative_to(site).as_posix()
    return "" if folder == "." else f"{folder}/"
