"""Score sheets and rankings of campaigns that make their assessment public. Notice B46."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from taizhang.disclosure.hazards import HazardView
from taizhang.disclosure.oversight import Assessment, Proof, Rank, Ranking, ScoreLine, ScoreSheet
from taizhang.figures.assessment import RANKED, CriterionScore, Evidence, UnitScore, rankings, score_sheet, years_of
from taizhang.figures.figures import Figures
from taizhang.ledger.ledger import Ledger


def assessment_of(ledger: Ledger, table: Mapping[str, Figures], hazards: Mapping[str, HazardView]) -> Assessment | None:
    """The assessment, or None where there is none, it is not public, or the campaign has not begun."""
    campaign = ledger.campaign
    public = campaign.data.get("assessment", {}).get("visibility") == "public"
    if not public or ledger.at < campaign.starts_on:
        return None
    years = years_of(campaign.starts_on, min(campaign.ends_on, ledger.at))
    sheets = (score_sheet(ledger, org, year) for org in ledger.roll.units for year in years)
    return Assessment(
        sheets=tuple(_sheet(campaign.id, sheet, hazards) for sheet in sheets),
        rankings=tuple(_rankings(ledger, table)),
    )


def _sheet(campaign: str, sheet: UnitScore, hazards: Mapping[str, HazardView]) -> ScoreSheet:
    unit = f"units/{campaign}/{sheet.org.id}/"
    lines = tuple(_line(line, unit, hazards) for line in sheet.lines)
    return ScoreSheet(campaign, sheet.org, sheet.year, sheet.total, lines)


def _line(line: CriterionScore, unit: str, hazards: Mapping[str, HazardView]) -> ScoreLine:
    criterion = line.criterion
    proofs = tuple(_proof(criterion.measure, evidence, unit, hazards) for evidence in line.evidence)
    return ScoreLine(criterion.title, criterion.points, criterion.limit, line.points, proofs)


def _proof(measure: str, evidence: Evidence, unit: str, hazards: Mapping[str, HazardView]) -> Proof:
    if evidence.ref in hazards:
        return Proof(evidence.text, f"{unit}#{hazards[evidence.ref].anchor}")
    return Proof(evidence.text, f"{unit}#{'accidents' if measure == 'accident' else 'filings'}")


def _rankings(ledger: Ledger, table: Mapping[str, Figures]) -> Iterator[Ranking]:
    """The three rankings of every peer group, over the time of the campaign."""
    peers = [(org, table[org.id]) for org in ledger.roll.units if org.id in table]
    for measure in RANKED:
        for group, ranked in rankings(peers, measure).items():
            yield Ranking(measure, group, tuple(Rank(*entry) for entry in ranked))
