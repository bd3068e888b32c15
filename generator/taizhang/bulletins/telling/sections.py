"""What each kind of bulletin says, section by section: which sentences stand where. A section without any is left out.

Every page, DOCX and PDF of a bulletin is made from this.
"""

from __future__ import annotations

from taizhang.bulletins.periodic import Bulletin, Named
from taizhang.bulletins.telling.sentences.counts import PeriodCounts
from taizhang.bulletins.telling.sentences.filings import filed, filed_weekly, nil_filers, unmet
from taizhang.bulletins.telling.sentences.hazards import (
    closed,
    cumulative,
    essentials,
    found_outside,
    general,
    new,
    overdue,
    still_open,
    still_open_monthly,
    still_open_weekly,
)
from taizhang.bulletins.telling.sentences.notices import corrected, deadlines, paragraphs
from taizhang.bulletins.telling.sentences.oversight import exposed, ordered, tipped, visited, worked
from taizhang.disclosure.views import CampaignView
from taizhang.documents.linked import LinkedText, joined, stopped
from taizhang.documents.outline import Point, Section


def weekly(bulletin: Bulletin) -> tuple[Section, ...]:
    """The weekly statistics (周统计), but for the table itself."""
    counts = PeriodCounts.of(bulletin)
    progress = joined([new(counts), closed(counts), still_open_weekly(counts)], "；") + "。"
    filings = filed_weekly(counts, bulletin.missing, bulletin.late, bulletin.campaign)
    return (
        Section("本周情况", [progress, filings, *_office(bulletin, "remarks")], "overview"),
        Section("好的做法", _office(bulletin, "good_practices"), "practices"),
        Section("更正", [corrected(correction) for correction in bulletin.corrections], "corrections"),
        Section("工作要求", _office(bulletin, "requirements"), "next"),
    )


def monthly(bulletin: Bulletin, campaign: CampaignView) -> tuple[Section, ...]:
    """The monthly bulletin (月通报)."""
    counts = PeriodCounts.of(bulletin)
    overview = (
        _rectification(counts),
        Section("报送情况", [filed(counts, campaign.returns_name), nil_filers(bulletin.nil, campaign.id)], "filing"),
        Section("工作开展情况", [worked(counts), *_office(bulletin, "remarks")], "work"),
        Section("督查督办情况", _oversight(bulletin, counts), "oversight"),
    )
    exposures = (exposed("本月曝光", bulletin.exposed), exposed("本月完成整改的曝光事项", bulletin.rectified))
    coming = deadlines(bulletin.coming, bulletin.period.end.year, "近期到期的事项：")
    return (
        Section("总体情况", overview, "overview"),
        Section("好的做法", _office(bulletin, "good_practices"), "practices"),
        Section("存在问题", _problems(bulletin, counts), "problems"),
        Section("曝光情况", exposures, "exposure"),
        Section("更正", [corrected(correction) for correction in bulletin.corrections], "corrections"),
        Section("下一步工作要求", [*_office(bulletin, "requirements"), coming], "next"),
    )


def newsletter(bulletin: Bulletin, campaign: CampaignView) -> tuple[Section, ...]:
    """The newsletter (工作简报): the light form of a month, no 公文, from the same figures."""
    counts = PeriodCounts.of(bulletin)
    standing = joined([still_open(counts), counts.counted("其中逾期", "maj_overdue")])
    progress = joined([new(counts), closed(counts)], "；") + "。" + standing + "。" + cumulative(counts)
    return (
        Section("本月进展", [progress, filed(counts, campaign.returns_name), *_oversight(bulletin, counts)]),
        Section("工作动态", _office(bulletin, "remarks")),
        Section("经验做法", _office(bulletin, "good_practices")),
        Section("近期要做的事", [deadlines(bulletin.coming, bulletin.period.end.year)]),
    )


def _rectification(counts: PeriodCounts) -> Section:
    progress = joined([new(counts), closed(counts)], "；") + "。" + still_open_monthly(counts) + "。"
    return Section("排查整治情况", [progress, cumulative(counts), general(counts)], "rectification")


def _oversight(bulletin: Bulletin, counts: PeriodCounts) -> list[LinkedText]:
    return [
        visited(bulletin.visits, counts, bulletin.campaign),
        ordered(bulletin.orders, counts, bulletin.campaign),
        tipped(bulletin.tips, counts, bulletin.campaign),
    ]


def _problems(bulletin: Bulletin, counts: PeriodCounts) -> list[Point]:
    campaign = bulletin.campaign
    outside = [
        Named(row.org, row.figures.maj_new_external) for row in bulletin.table.rows if row.figures.maj_new_external
    ]
    return [
        Point("未按时报送", stopped(unmet(bulletin.missing, bulletin.late, campaign))),
        Point("逾期未整改", stopped(overdue(bulletin.overdue, campaign))),
        Point("“五落实”不到位", stopped(essentials(bulletin.essentials_missing, campaign))),
        Point("检查发现而自查没有发现", stopped(found_outside(outside, counts, campaign))),
    ]


def _office(bulletin: Bulletin, field: str) -> tuple[LinkedText, ...]:
    """What the office wrote into a field of the bulletin's record."""
    return paragraphs(bulletin.words.get(field) or ())
