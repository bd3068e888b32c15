"""From the public edition to the internal one, which is the same with what only units and office may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from taizhang import history
from taizhang.disclosure.filing import filing_view
from taizhang.disclosure.internal import internal_campaign
from taizhang.pages.internal import Internal
from taizhang.pages.pages import Edition
from taizhang.publishing.settings import forge_of
from taizhang.workspace import Examination


def internal_edition(root: Path, public: Edition, examination: Examination) -> Edition:
    """The internal edition of what `public` was made from. Records that were left out are missing from it too."""
    verdict, corrected = examination.verdict, _corrections(root)
    views = {view.id: view for view, _ in public.campaigns}
    campaigns = tuple(
        internal_campaign(ledger, view, filing_view(ledger, view), verdict.findings, corrected)
        for ledger in verdict.ledgers
        for view in [views[ledger.campaign.id]]
    )
    return replace(
        public,
        internal=Internal(campaigns, forge_of(root)),
        filing=replace(public.filing, campaigns=tuple(own.filing for own in campaigns)) if public.filing else None,
    )


def _corrections(root: Path) -> Mapping[str, tuple[date, ...]]:
    """For each path the days on which a later version landed; empty where there is no history to be read."""
    try:
        with history.Repository(root) as repository:
            if repository.is_empty:
                return {}
            known = history.read_history(repository, repository.commit("HEAD"))
    except history.HistoryError:
        return {}
    return {
        path: tuple(version.landing.on for version in versions[1:] if version.blob)
        for path, versions in known.versions.items()
        if len(versions) > 1
    }
