"""The thin hook that makes `mkdocs build` and `mkdocs serve` give the same pages as `taizhang build`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from jinja2 import Environment
from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from taizhang.findings import Finding, worded
from taizhang.findings.formats import as_text
from taizhang.forge.address import read_forge
from taizhang.history import SHANGHAI, HistoryError
from taizhang.pages.compiled import COMPILED
from taizhang.pages.pages import figure_list
from taizhang.publishing.edition import public_edition
from taizhang.publishing.shells import SHELL, source_of
from taizhang.publishing.stamping import Stamper, broken_release, may_say
from taizhang.release_gate.inspection import Allowed
from taizhang.workspace import Workspace

FIGURES = re.compile("^<!-- figures: (?P<section>[a-z]+) -->$", re.MULTILINE)
"""Where a page written by hand wants the figures of a section."""


class PluginConfig(Config):  # type: ignore[no-untyped-call]
    """Options under `plugins: - taizhang:` in mkdocs.yml."""

    allow_findings = config_options.Type(bool, default=False)


class TaizhangPlugin(BasePlugin[PluginConfig]):  # type: ignore[no-untyped-call]
    """Adds the shells before the build and stamps the data pages after it."""

    stamper: Stamper | None = None
    """Set by `taizhang build`, which has already read and judged the submissions, and has the release gate itself."""

    may: Allowed | None = None
    """What the site may say, where MkDocs was called by itself."""

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Give MkDocs a shell to render for every section and depth."""
        stamper = self.stamper = self.stamper or self._prepare(Path(config.config_file_path).parent)
        config.extra["demo"] = stamper.demo
        config.extra["internal"] = stamper.is_internal
        if stamper.is_internal:
            config.site_name = f"内部资料 · {config.site_name}"
        try:
            config.extra["filing"] = read_forge(config.extra.get("filing"))
        except ValueError as error:
            raise PluginError(str(error)) from None
        for href in stamper.slots.values():
            files.append(File.generated(config, source_of(href), content=SHELL))
        return files

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Put the register of figures where a page written by hand asks for a section of it."""
        del page, config, files
        return FIGURES.sub(lambda asked: figure_list(asked["section"]), markdown)

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Let the theme's templates be compiled once, however often the site is built."""
        del config, files
        env.bytecode_cache = COMPILED
        return env

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Stamp, after every other plugin has written what it writes."""
        if self.stamper:
            self.stamper.finish(Path(config.site_dir), config.site_url)
        if self.may:
            self._stop(broken_release(Path(config.site_dir), config, self.may))

    def _prepare(self, root: Path) -> Stamper:
        today = datetime.now(SHANGHAI).date()
        workspace = Workspace(root, today)
        try:
            examination = workspace.examine(today)
            self._refuse(examination.verdict.errors)
            edition = public_edition(root, workspace.kinds, examination)
        except HistoryError as error:
            raise PluginError(str(error)) from None
        self._refuse(edition.left_out)
        self.may = may_say(root, examination.intake)
        return Stamper(edition)

    def _refuse(self, errors: Sequence[Finding]) -> None:
        """End the build where there are errors, before anything is made from the rest."""
        if not self.config.allow_findings:
            self._stop(errors)

    def _stop(self, errors: Sequence[Finding]) -> None:
        if errors:
            raise PluginError(f"{as_text(worded(errors))}\n有 {len(errors)} 处错误，未生成网站。")
