"""A build from the checkout to the site in place: where an edition lies, what stops it, when nothing is to be done."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import taizhang
from taizhang import history
from taizhang.checks.past import broken_publication
from taizhang.findings import Finding
from taizhang.pages.pages import Edition
from taizhang.publishing import release
from taizhang.publishing.edition import public_edition
from taizhang.publishing.internal import internal_edition
from taizhang.publishing.stamping import Stamper, broken_release, build_site, may_say
from taizhang.publishing.target import INTERNAL, PUBLIC, SHELF, ReleaseTarget, locked
from taizhang.workspace import Examination, Workspace

PLACES = {PUBLIC: "build/site", INTERNAL: "build/internal/site"}
"""Where an edition lies below the checkout. Each has its own folder of releases beside it."""
LIBRARIES = ("mkdocs", "mkdocs-material", "Markdown", "jinja2", "Pillow")
"""What else pages follow from, beside the program itself."""


class BuildStopped(Exception):
    """Errors for which nothing is built, or for which what was built may not go out; the site in place stays."""

    def __init__(self, errors: Sequence[Finding], *, at_gate: bool = False) -> None:
        super().__init__(len(errors))
        self.errors, self.at_gate = errors, at_gate


class Misplaced(Exception):
    """The internal edition would come to lie in, beside, or in place of a public one."""


class Built(NamedTuple):
    """What became of a build: how many data pages were made, None where nothing has changed; and what to know."""

    pages: int | None
    notices: Sequence[Finding]


@dataclass(frozen=True)
class Build:
    """What is to be built: the edition, as a link to the release in place, of a day, for a site at an address."""

    edition: str
    link: Path
    today: date
    site_url: str = ""
    allow_findings: bool = False
    published: str | None = None
    """The commit that was published last, which main's line must still contain."""

    @property
    def is_internal(self) -> bool:
        return self.edition == INTERNAL

    def run(self, workspace: Workspace, step: Callable[[str], None]) -> Built:
        """Build, and put the site in place in one step, unless it is there already; `step` is told what is going on.

        Raises Misplaced, target.NotOurs, BuildStopped, history.HistoryError where the history cannot be read, and
        OSError where the disk does not take the site. Of two builds from one checkout the second waits, so that what
        was read later is in place last.
        """
        with locked(workspace.root, lambda: step("另一次生成正在进行，等它结束")):
            return self._run(workspace, step)

    def _run(self, workspace: Workspace, step: Callable[[str], None]) -> Built:
        if self.is_internal:
            _keep_from_public(self.link, workspace.root)
        if self.published is not None:
            _stop_at(_rewritten(workspace.root, self.published))
        target = ReleaseTarget(self.link, self.edition, history.first_commit(workspace.root))
        target.refuse_if_taken()
        step("读取并检查填报")
        examination = workspace.examine(self.today)
        edition = self._edition(workspace, examination, step)
        name = self._release_name(workspace.root, examination, edition)
        if release.is_current(target, name):
            return Built(None, edition.notices)
        stamper = Stamper(edition)
        step(f"生成 {len(stamper.pages)} 页")
        release.publish(target, name, functools.partial(self._make, workspace.root, examination, stamper))
        return Built(len(stamper.pages), edition.notices)

    def _make(self, root: Path, examination: Examination, stamper: Stamper, target: Path) -> None:
        config = build_site(root, stamper, target)
        may = may_say(root, examination.intake, is_internal=self.is_internal)
        if broken := broken_release(target, config, may):
            raise BuildStopped(broken, at_gate=True)

    def _edition(self, workspace: Workspace, examination: Examination, step: Callable[[str], None]) -> Edition:
        # The internal edition is where errors are seen; it stops for none.
        stops = not (self.allow_findings or self.is_internal)
        if stops:
            _stop_at(examination.verdict.errors)
        step("计算通报和页面，生成通报的 Word、PDF、Excel")
        edition = public_edition(workspace.root, workspace.kinds, examination)
        if stops:
            _stop_at(edition.left_out)
        return internal_edition(workspace.root, edition, examination) if self.is_internal else edition

    def _release_name(self, root: Path, examination: Examination, edition: Edition) -> str:
        """Names a release after all that goes into it, so that an unchanged site is not built again."""
        files = [f"{file.name} {file.size}" for files in edition.downloads.values() for file in files]
        shown = (examination.intake.digest, str(edition.provenance), *edition.shown_pictures, *files)
        mkdocs = (root / "mkdocs.yml").read_text(encoding="utf-8")
        versions = " ".join(map(version, LIBRARIES))
        folders = (root / "schemas", root / "site", Path(taizhang.__file__).parent)
        return release.fingerprint([mkdocs, self.site_url, self.today.isoformat(), *shown, versions], folders)


def _keep_from_public(link: Path, root: Path) -> None:
    place, shelf = link.resolve(), link.parent / SHELF
    inside = any(f.parent.name == SHELF and not _is_internal(f) for f in (place, *place.parents))
    beside = link.parent.resolve() == (root / PLACES[PUBLIC]).parent.resolve() or not all(
        _is_internal(folder) for folder in shelf.glob("[!.]*")
    )
    if inside or beside:
        raise Misplaced


def _is_internal(folder: Path) -> bool:
    return folder.name.startswith(f"{INTERNAL}-")


def _rewritten(root: Path, published: str) -> Sequence[Finding]:
    """E-REWRITE, where main's line has lost the commit that was published last."""
    with history.Repository(root) as repository:
        return tuple(broken_publication(published, repository.kept(published, repository.commit("HEAD"))))


def _stop_at(errors: Sequence[Finding]) -> None:
    if errors:
        raise BuildStopped(errors)
