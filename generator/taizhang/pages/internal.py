"""The pages that only the internal edition has: the start page, each campaign's full ledger, 我的单位."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from urllib.parse import urlencode

from taizhang.disclosure.internal_views import Errand, InternalCampaign, OwnPage
from taizhang.forge.links import OfficeRepository
from taizhang.forms.layout import Filing
from taizhang.intake.kinds import Kind
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


def internal_pages(render: RenderPage[P], internal: Internal, filing: Filing) -> Iterator[P]:
    """Every page below `my/`."""

    def typed(errand: Errand, page: OwnPage, today: date) -> str:
        return command(errand, page, _name(errand, filing.form(errand.kind).kind, today))

    def action(kind: str) -> str:
        return filing.form(kind).card.action

    shared = {"internal": internal, "form_link": form_link, "command": typed, "action": action}
    for campaign in internal.campaigns:
        title = f"全部隐患 · {campaign.view.short_title}"
        yield render(campaign.href, "my", title, "internal_ledger.html", own=campaign, campaign=campaign.view, **shared)
        for page in campaign.pages:
            title = f"我的单位 · {page.unit.org.name} · {campaign.view.short_title}"
            values = {"page": page, "campaign": campaign.view, "unit": page.unit}
            yield render(page.href, "my", title, "internal_unit.html", **values, **shared)


def form_link(errand: Errand, page: OwnPage) -> str:
    """The form for an errand, below the site's root, filled in as far as is known."""
    answers = {"campaign": page.unit.campaign, "org": page.unit.org.id, **errand.answers}
    return f"filing/{errand.kind}/?{urlencode(answers)}"


def command(errand: Errand, page: OwnPage, name: str) -> str:
    """The same for those who work at a terminal; `name` is empty where the command finds the next one by itself."""
    named = f" --name {name}" if name else ""
    return f"taizhang new {errand.kind} --org {page.unit.org.id} --campaign {page.unit.campaign}{named}"


def _name(errand: Errand, kind: Kind, today: date) -> str:
    """The name of the record as its form would make it, were it filled in today."""
    if "$name" in errand.answers:
        return errand.answers["$name"]
    days = {name: today.isoformat() for name in kind.names.made_of if kind.field((name,)).get("format") == "date"}
    return kind.names.made({**days, **errand.answers})
