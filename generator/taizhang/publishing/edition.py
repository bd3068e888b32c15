"""From judged ledgers to the pages of the public edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from taizhang import history
from taizhang.bulletins.issuing.verifying import verify
from taizhang.bulletins.periodic import published
from taizhang.disclosure.filing import filing_view
from taizhang.disclosure.photos import published_files
from taizhang.disclosure.projection import public_fields
from taizhang.disclosure.public import campaign_view
from taizhang.documents.fonts import fonts_on
from taizhang.forms.layout import read_filing
from taizhang.intake.kinds import Kind, read_payloads
from taizhang.intake.source import FolderSource
from taizhang.pages.pages import CriteriaDocument, Edition, Provenance
from taizhang.photos.decoding import clean_photos
from taizhang.publishing.downloads import DownloadCache
from taizhang.workspace import Examination


def public_edition(
    root: Path, kinds: Mapping[str, Kind], examination: Examination, fonts: Path | None = None
) -> Edition:
    """Everything the public pages are made from. A photo that cannot be shown is among what was left out.

    Fonts for PDF are the machine's, or those of one folder alone.
    """
    ledgers, errors = examination.verdict.ledgers, examination.verdict.errors
    wanted = {path for ledger in ledgers for path in published_files(ledger)}
    pictures, faults = clean_photos(FolderSource(root), wanted & examination.intake.files - {f.file for f in errors})
    verified = verify(root, kinds, examination)
    campaigns, filing = [], []
    for ledger in ledgers:
        view = campaign_view(ledger, kinds, pictures)
        campaigns.append((view, published(ledger, view, verified.sources)))
        filing.append(filing_view(ledger, view))
    head = history.read_head(root, {r.path: r.blob for r in examination.intake.records})
    edition = Edition(
        campaigns=campaigns,
        criteria=[CriteriaDocument(r.name, public_fields(r)) for r in examination.intake.of("criteria")],
        left_out=(*errors, *faults, *verified.findings),
        provenance=Provenance(head.commit, head.entry, head.changed) if head else None,
        digest=examination.intake.digest,
        pictures={picture.href: picture.raw for picture in pictures.values()},
        filing=read_filing(kinds, read_payloads(root / "schemas"), filing),
    )
    cache = DownloadCache(root / "build" / "cache" / "bulletins", fonts_on(fonts))
    downloads = cache.downloads(edition)
    return replace(edition, downloads=downloads, notices=tuple(cache.findings))
