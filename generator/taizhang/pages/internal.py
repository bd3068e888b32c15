"""The pages that only the internal edition has: the start page, each campaign's full ledger, 我的单位."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from taizhang.disclosure.internal_views import Errand, InternalCampaign, OwnPage
from taizhang.forge.links import OfficeRepository
from taizhang.forms.layout import FilingForms
from taizhang.forms.links import command, form_link, name_of
from taizhang.workbooks.ledger import ledger_workbook

P = TypeVar("P")
RenderPage = Callable[..., P]
"""Makes a page: address, section, title, template, description, and what the template needs."""


@dataclass(frozen=True)
class Internal:
    """What the internal edition adds. `forge` is where records are corrected, if there is a code platform."""

    campaigns: tuple[InternalCampaign, ...]
    forge: OfficeRepository | None

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The full ledger of every campaign and every unit as a workbook, by its address below the site's root."""
        for campaign in self.campaigns:
            view = campaign.view
            for page in campaign.pages:
                if page.unit.org.files:
                    title = f"{page.unit.org.name}事故隐患台账"
                    yield (
                        page.workbook,
                        ledger_workbook(page.rows, title=title, at=view.at, internal=True, demo=view.demo),
                    )
            title = f"{view.short_title}事故隐患台账"
            yield (
                campaign.workbook,
                ledger_workbook(campaign.rows, title=title, at=view.at, internal=True, demo=view.demo),
            )


def internal_pages(render: RenderPage[P], internal: Internal, filing: FilingForms) -> Iterator[P]:
    """Every page below `my/`."""

    def linked(errand: Errand, page: OwnPage) -> str:
        return form_link(errand, page.unit.campaign, page.unit.org.id)

    def typed(errand: Errand, page: OwnPage, today: date) -> str:
        name = name_of(errand, filing.form(errand.kind).kind, today)
        return command(errand, page.unit.campaign, page.unit.org.id, name)

    def action(kind: str) -> str:
        return filing.form(kind).card.action

    shared = {"internal": internal, "form_link": linked, "command": typed, "action": action}
    for campaign in internal.campaigns:
        title = f"全部隐患 · {campaign.view.short_title}"
        yield render(campaign.href, "my", title, "internal_ledger.html", own=campaign, campaign=campaign.view, **shared)
        for page in campaign.pages:
            title = f"我的单位 · {page.unit.org.name} · {campaign.view.short_title}"
            values = {"page": page, "campaign": campaign.view, "unit": page.unit}
            yield render(page.href, "my", title, "internal_unit.html", **values, **shared)
