"""Pages: what it costs to write one from a template and stamp it, beside a page that MkDocs renders itself."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

from bench.timing import Measurement, fastest
from taizhang.pages.pages import render
from taizhang.publishing.edition import public_edition
from taizhang.publishing.shells import stamp_all
from taizhang.publishing.stamping import PLUGIN, Stamper, build_site
from taizhang.workspace import Workspace

MARKDOWN_PAGES = 100


def measure_pages(root: Path, at: date, repeat: int) -> Iterator[Measurement]:
    logging.getLogger("mkdocs").setLevel(logging.ERROR)
    workspace = Workspace(root)
    examination = workspace.examine(at)
    edition = public_edition(root, workspace.kinds, examination)
    stamper = Stamper(edition)
    count = len(stamper.pages)
    writing = fastest(lambda: tuple(render(edition)), repeat) / count
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        whole = fastest(lambda: build_site(root, Stamper(edition), site), 1)
        stamping = _stamping(root, stamper, site, repeat) / count
        markdown = _markdown_page(Path(folder), repeat)
    yield Measurement("data pages", count, "pages")
    yield Measurement("view to page body", writing * 1000, "ms/page")
    yield Measurement(
        "stamping a page into its shell", stamping * 1000, "ms/page", f"{stamping / markdown:.3f} x a MkDocs page"
    )
    yield Measurement("a small page rendered by MkDocs with the same theme", markdown * 1000, "ms/page")
    yield Measurement("the whole site", whole, "s")


def _stamping(root: Path, stamper: Stamper, site: Path, repeat: int) -> float:
    """Seconds to stamp all pages, with the shells of their own build put back before each run."""
    config = load_config(str(root / "mkdocs.yml"), site_dir=str(site))
    config.plugins[PLUGIN].stamper = _Unstamped(stamper)  # type: ignore[attr-defined]
    mkdocs_build(config)
    shells = {href: (site / href / "index.html").read_bytes() for href in stamper.slots.values()}

    def once() -> None:
        for href, html in shells.items():
            (site / href).mkdir(parents=True, exist_ok=True)
            (site / href / "index.html").write_bytes(html)
        stamp_all(site, stamper.pages, stamper.slots)

    return fastest(once, repeat)


class _Unstamped:
    """Lets MkDocs render the shells and leaves them as they are."""

    def __init__(self, stamper: Stamper) -> None:
        self.demo, self.slots = stamper.demo, stamper.slots

    def finish(self, site: Path, site_url: str | None) -> None:
        """Leave the shells bare."""


def _markdown_page(folder: Path, repeat: int) -> float:
    """Seconds that one more Markdown page adds to a MkDocs build with this theme."""
    times = []
    for pages in (1, 1 + MARKDOWN_PAGES):
        docs = folder / f"docs-{pages}"
        docs.mkdir()
        (docs / "index.md").write_text("# start\n", encoding="utf-8")
        for number in range(1, pages):
            (docs / f"page-{number}.md").write_text(
                f"# 第 {number} 页\n\n一段文字。\n\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n"
            )
        config = folder / f"mkdocs-{pages}.yml"
        config.write_text(
            f"site_name: bench\ndocs_dir: {docs}\nsite_dir: {folder / f'out-{pages}'}\n"
            f"theme: {{name: material, language: zh, font: false}}\n"
            "nav: [index.md]\nnot_in_nav: 'page-*'\nmarkdown_extensions: [tables]\n",
            encoding="utf-8",
        )
        times.append(fastest(lambda path=str(config): mkdocs_build(load_config(path)), repeat))  # type: ignore[misc]
    return (times[1] - times[0]) / MARKDOWN_PAGES
