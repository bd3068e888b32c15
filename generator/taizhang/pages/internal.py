"""The pages that only the internal edition has: the start page, each campaign's full ledger, 我的单位."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from string import Formatter
from typing import TypeVar
from urllib.parse import urlencode

from taizhang.disclosure.internal_views import Errand, InternalCampaign, OwnPage
from taizhang.forge.links import OfficeRepository
from taizhang.forms.layout import layout
from taizhang.workbooks.ledger import ledger_workbook

P = TypeVar("P")
Press = Callable[..., P]
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


def internal_pages(press: Press[P], internal: Internal) -> Iterator[P]:
    """Every page below `my/`."""
    shared = {"internal": internal, "form_link": form_link, "command": command, "action": action}
    for campaign in internal.campaigns:
        title = f"全部隐患 · {campaign.view.short_title}"
        yield press(campaign.href, "my", title, "internal_ledger.html", own=campaign, campaign=campaign.view, **shared)
        for page in campaign.pages:
            title = f"我的单位 · {page.unit.org.name} · {campaign.view.short_title}"
            values = {"page": page, "campaign": campaign.view, "unit": page.unit}
            yield press(page.href, "my", title, "internal_unit.html", **values, **shared)


def form_link(errand: Errand, page: OwnPage) -> str:
    """The form for an errand, below the site's root, filled in as far as is known."""
    answers = {"campaign": page.unit.campaign, "org": page.unit.org.id, **errand.answers}
    return f"filing/{errand.kind}/?{urlencode(answers)}"


def command(errand: Errand, page: OwnPage, today: date) -> str:
    """The same for those who work at a terminal."""
    name = _name(errand, today)
    named = f" --name {name}" if name else ""
    return f"taizhang new {errand.kind} --org {page.unit.org.id} --campaign {page.unit.campaign}{named}"


def action(kind: str) -> str:
    """What one does by filing a record of a kind, in the words of the forms' start page."""
    return layout().card(kind).action


def _name(errand: Errand, today: date) -> str:
    """The name of the record as its form would make it; empty where the command finds the next one by itself."""
    if "$name" in errand.answers:
        return errand.answers["$name"]
    values = {"held_on": today.isoformat(), "inspected_on": today.isoformat(), **errand.answers}
    template = layout().of("names", errand.kind) or ""
    parts = [field for _, field, _, _ in Formatter().parse(template) if field]
    return template.format(**{part: values.get(part, "") for part in parts}).replace("_", "-").strip("-")
