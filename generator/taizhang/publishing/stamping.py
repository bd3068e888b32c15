"""One build with MkDocs: configuration, shells, stamping."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from taizhang.findings import RULES, Finding
from taizhang.intake.records import Intake
from taizhang.pages.pages import Edition, Page, render
from taizhang.publishing.downloads import write_downloads
from taizhang.publishing.indexes import extend_search, write_sitemap
from taizhang.publishing.release import FACTS_FILE, facts
from taizhang.publishing.shells import Slot, slots, stamp_all
from taizhang.release_gate.inspection import Allowed, allowed, inspect

PLUGIN = "taizhang"
ROBOTS = "User-agent: *\nDisallow: /\n"
"""In the internal edition, beside the mark on every page: no crawler has any business there."""


class Stamper:
    """The data pages of one build: they tell MkDocs which shells to render, then go into them."""

    def __init__(self, edition: Edition) -> None:
        self.demo = edition.demo
        self.facts = facts(edition)
        self.pictures = edition.shown_pictures
        self.downloads = edition.downloads
        self.is_internal = edition.internal is not None
        self.pages: Sequence[Page] = tuple(render(edition))
        self.slots: dict[Slot, str] = dict(slots(self.pages))
        self.files = dict(edition.filing.files()) if edition.filing else {}
        self.files |= dict(edition.internal.files()) if edition.internal else {}

    def finish(self, site: Path, site_url: str | None) -> None:
        """Stamp every page into the rendered site, lay the pictures and the facts beside, make the indexes cover it."""
        stamp_all(site, self.pages, self.slots)
        for href, raw in self.pictures.items():
            (site / href).parent.mkdir(exist_ok=True)
            (site / href).write_bytes(raw)
        for address, content in self.files.items():
            (site / address).write_bytes(content)
        (site / FACTS_FILE).write_text(self.facts, encoding="utf-8")
        write_downloads(site, self.pages, self.downloads)
        extend_search(site, self.pages)
        if self.is_internal:
            (site / "robots.txt").write_text(ROBOTS, encoding="ascii")
        write_sitemap(site, None if self.is_internal else site_url, self.pages)


def build_site(root: Path, stamper: Stamper, target: Path) -> MkDocsConfig:
    """Render the site into `target` with the checkout's own `mkdocs.yml`, which is given back as it was read."""
    config: MkDocsConfig = load_config(str(root / "mkdocs.yml"), site_dir=str(target))
    config.plugins[PLUGIN].stamper = stamper  # type: ignore[attr-defined]
    mkdocs_build(config)
    return config


def may_say(root: Path, intake: Intake, *, is_internal: bool = False) -> Allowed:
    """What an edition of these records may say, by the release gate."""
    own = [file.read_text(encoding="utf-8") for file in sorted((root / "schemas").rglob("*.json"))]
    examples = [text for rule in RULES.values() for text in (rule.bad, rule.good)]
    return allowed(intake.records, [*own, *examples], is_internal=is_internal)


def broken_release(site: Path, config: MkDocsConfig, may: Allowed) -> Sequence[Finding]:
    """Everything for which a finished site may not go out: the release gate."""
    sources = [Path(folder) for folder in (*config.theme.dirs, config.docs_dir)]
    return inspect(site, sources, config.site_url or "", may)
