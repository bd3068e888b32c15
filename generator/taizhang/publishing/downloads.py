"""The files beside the bulletins' pages: each made once for the same content, and kept where it may be deleted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

import taizhang
from taizhang.bulletins.periodic import Bulletin
from taizhang.bulletins.telling.files import ExportFile, files
from taizhang.disclosure.views import CampaignView
from taizhang.documents.fonts import Fonts
from taizhang.documents.pdf import Unprintable
from taizhang.findings import Finding, finding
from taizhang.pages.bulletins import Download
from taizhang.pages.pages import Edition, Page
from taizhang.publishing.kept import KeptFiles
from taizhang.publishing.release import fingerprint

EDITIONS, FEWEST = 4, 400
"""How many times an edition's files are kept, and how many files at least."""


class DownloadCache:
    """Makes the files of an edition's bulletins, or takes them from where they were kept."""

    def __init__(self, kept: Path, fonts: Fonts | None) -> None:
        self._kept, self.fonts = KeptFiles(kept), fonts
        self.findings: list[Finding] = []
        if fonts is None:
            self.findings.append(finding("W-FONT", "bulletins"))

    def downloads(self, edition: Edition) -> Mapping[str, Sequence[Download]]:
        """The files of every bulletin, by where its revision stands for good."""
        made = {
            bulletin.permanent: tuple(self._files(edition, view, bulletin, series))
            for view, series in edition.campaigns
            for issue in series
            for bulletin in (issue, *issue.others)
        }
        self._kept.sweep(EDITIONS, FEWEST)
        return made

    def _files(
        self, edition: Edition, view: CampaignView, bulletin: Bulletin, series: Sequence[Bulletin]
    ) -> Iterator[Download]:
        for draft in files(bulletin, view, edition.issue(bulletin, series), self.fonts):
            try:
                yield Download(draft.name, draft.label, self._body(draft))
            except Unprintable as error:
                place = f"{bulletin.permanent}{draft.name}"
                self.findings.append(finding("W-GLYPH", place, character=error.character))

    def _body(self, draft: ExportFile) -> bytes:
        digest = hashlib.sha256(f"{_program()}\0{draft.content!r}".encode()).hexdigest()
        return self._kept.get(f"{digest[:40]}{Path(draft.name).suffix}", draft.make)


@cache
def _program() -> str:
    """What else a file follows from beside its content: this program's own text and the libraries that write it."""
    libraries = " ".join(version(name) for name in ("typst", "XlsxWriter"))
    package = Path(taizhang.__file__).parent
    return fingerprint([libraries], [package / "bulletins", package / "documents"])


def write_downloads(site: Path, pages: Sequence[Page], downloads: Mapping[str, Sequence[Download]]) -> None:
    """Put the files beside the pages that link to them."""
    for href in {page.href for page in pages} & set(downloads):
        for download in downloads[href]:
            (site / href / download.name).write_bytes(download.body)
