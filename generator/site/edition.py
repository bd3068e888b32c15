"""From judged ledgers to the pages of the public edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from generator import history
from generator.bulletins.periodic import published
from generator.disclosure.projection import public_fields
from generator.disclosure.public import campaign_view
from generator.intake.kinds import Kind
from generator.issuing.verifying import verify
from generator.publish.pages import CriteriaDocument, Edition, Provenance
from generator.publish.pdf_fonts import fonts_on
from generator.site.exports import Workshop
from generator.workspace import Examination


def public_edition(
    root: Path, kinds: Mapping[str, Kind], examination: Examination, fonts: Path | None = None
) -> Edition:
    """Everything the public pages are made from. Fonts for PDF are the machine's, or those of one folder alone."""
    verified = verify(root, kinds, examination)
    campaigns = []
    for ledger in examination.verdict.ledgers:
        view = campaign_view(ledger, kinds)
        campaigns.append((view, published(ledger, view, verified.sources)))
    head = history.read_head(root)
    edition = Edition(
        campaigns=campaigns,
        criteria=[CriteriaDocument(r.name, public_fields(r)) for r in examination.intake.of("criteria")],
        left_out=(*examination.verdict.errors, *verified.findings),
        provenance=Provenance(head.commit, head.entry, head.changed) if head else None,
    )
    workshop = Workshop(root / "build" / "cache" / "bulletins", fonts_on(fonts))
    downloads = workshop.downloads(edition)
    return replace(edition, downloads=downloads, notices=tuple(workshop.findings))
