"""The public edition of a ledger: from records with private fields to views without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from taizhang.disclosure.behind import rows_behind
from taizhang.disclosure.exposures import published_exposures
from taizhang.disclosure.hazards import hazard_view
from taizhang.disclosure.projection import may_be_public, public_fields
from taizhang.disclosure.scopes import ScopeFigures
from taizhang.disclosure.scores import assessment_of
from taizhang.disclosure.supervision import read_oversight
from taizhang.disclosure.units import Units
from taizhang.disclosure.views import CampaignView
from taizhang.figures.figures import Figures
from taizhang.figures.tables import present_figures
from taizhang.intake.kinds import Kind
from taizhang.ledger.ledger import Ledger
from taizhang.photos.pictures import NO_PICTURES, Pictures


def campaign_view(ledger: Ledger, kinds: Mapping[str, Kind], pictures: Pictures = NO_PICTURES) -> CampaignView:
    """Everything the public may see of one campaign at the ledger's date, with those photos that were cleaned."""
    campaign = ledger.campaign
    hazards = {h.ref: hazard_view(ledger, h) for h in ledger.hazards if may_be_public(h)}
    exposures = tuple(published_exposures(ledger, hazards, pictures))
    table, counted = present_figures(ledger)
    figures = {row.org.id: row.figures for row in table.rows}
    oversight = read_oversight(ledger, hazards)
    units = Units(ledger, kinds, hazards, exposures, oversight, partial(since_start, ledger, figures))
    view = CampaignView(
        id=campaign.id,
        at=ledger.at,
        title=campaign.title,
        short_title=campaign.short_title,
        fields=public_fields(campaign.record),
        demo=campaign.demo,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        archived_on=campaign.archived_on,
        phases=campaign.phases,
        phase=campaign.phase_on(ledger.at),
        obligations=ledger.obligations(),
        returns_name=campaign.returns_name,
        since_start=ScopeFigures(
            campaign.id,
            table.total,
            campaign.starts_on,
            ledger.at,
            campaign.returns_name,
            f"campaigns/{campaign.id}/rows/#total.",
        ),
        units=tuple(units.view(org) for org in ledger.roll.organisations),
        hazards=tuple(hazards.values()),
        exposures=exposures,
        orders=oversight.orders,
        visits=oversight.visits,
        lessons=oversight.lessons,
        practices=oversight.practices,
        tips=oversight.tips,
        hazard_units={h.ref: h.unit for h in ledger.hazards},
        assessment=assessment_of(ledger, figures, hazards),
    )
    return replace(view, behind=rows_behind(counted, view, ledger.at, is_over=False))


def since_start(ledger: Ledger, figures: Mapping[str, Figures], org: str) -> ScopeFigures:
    """The figures of an organisation from the campaign's first day to the ledger's date."""
    campaign = ledger.campaign
    return ScopeFigures(
        f"{campaign.id}/{org}",
        figures.get(org, Figures()),
        campaign.starts_on,
        ledger.at,
        campaign.returns_name,
        f"units/{campaign.id}/{org}/rows/#{org}.",
    )
