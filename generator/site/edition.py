"""From judged ledgers to the pages of the public edition."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from generator import history
from generator.bulletins.periodic import published
from generator.disclosure.filing import filing_view
from generator.disclosure.projection import public_fields
from generator.disclosure.public import campaign_view
from generator.intake.kinds import Kind, read_payloads
from generator.publish.forms import read_filing
from generator.publish.pages import CriteriaDocument, Edition, Provenance
from generator.workspace import Examination


def public_edition(root: Path, kinds: Mapping[str, Kind], examination: Examination) -> Edition:
    """Everything the public pages are made from."""
    campaigns, filing = [], []
    for ledger in examination.verdict.ledgers:
        view = campaign_view(ledger, kinds)
        campaigns.append((view, published(ledger, view)))
        filing.append(filing_view(ledger, view))
    head = history.read_head(root)
    return Edition(
        campaigns=campaigns,
        criteria=[CriteriaDocument(r.name, public_fields(r)) for r in examination.intake.of("criteria")],
        left_out=examination.verdict.errors,
        provenance=Provenance(head.commit, head.entry, head.changed) if head else None,
        filing=read_filing(kinds, read_payloads(root / "schemas"), filing),
    )
