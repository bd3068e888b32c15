"""What bulletins say of hazards: those that came, those that were closed, those that are open, and all so far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from taizhang.bulletins.periodic import Named
from taizhang.bulletins.telling.sentences.counts import PeriodCounts
from taizhang.bulletins.telling.sentences.links import hazard, organisations
from taizhang.disclosure.hazards import HazardView
from taizhang.documents.linked import NOTHING, LinkedText, joined, link


def new(counts: PeriodCounts) -> LinkedText:
    """The clause on new major hazards: how many, against the period before, who found them, how many came back."""
    now, words = counts.now, counts.words
    if now.maj_new:
        many = f"{words.this}新增重大事故隐患" + counts.number("maj_new") + "项"
        came = joined([many, counts.change("maj_new", words.last), _found_by(counts)])
    else:
        before = counts.before.maj_new if counts.before else 0
        came = joined([f"{words.this}没有新增重大事故隐患", f"{words.last}新增{before}项" if before else ""])
    return joined([came, counts.counted("回头看发现反弹", "maj_relapsed")], "；")


def _found_by(counts: PeriodCounts) -> str | LinkedText:
    now = counts.now
    by = "由" if now.maj_new == 1 else "均由"
    if not now.maj_new_external:
        return f"{by}单位自查发现"
    if not now.maj_new_self:
        return f"{by}检查、举报等发现"
    itself = counts.counted("其中单位自查发现", "maj_new_self")
    return joined([itself, counts.counted("检查、举报等发现", "maj_new_external")])


def closed(counts: PeriodCounts) -> LinkedText:
    """The clause on major hazards closed in the period, and those taken off the list by a new determination."""
    done = counts.counted("整改销号", "maj_closed")
    closed = joined([done, counts.change("maj_closed", counts.words.last)]) if done else "没有整改销号"
    return joined([closed, counts.counted("经重新判定核减", "maj_removed")], "；")


def still_open(counts: PeriodCounts, annex: str = "") -> LinkedText:
    """The clause on major hazards open when the period ended, which leads to their list in an annex."""
    end = counts.words.end
    if not counts.now.maj_open_end:
        return LinkedText(f"{end}没有未整改的重大事故隐患")
    return link(f"{end}未整改", annex) + counts.number("maj_open_end") + "项"


def still_open_weekly(counts: PeriodCounts) -> LinkedText:
    """The same with what changed and what is overdue."""
    if not counts.now.maj_open_end:
        return still_open(counts)
    changed = counts.change("maj_open_end", counts.words.last_end)
    return joined([still_open(counts, "#annex"), changed, counts.counted("其中逾期", "maj_overdue")])


def still_open_monthly(counts: PeriodCounts) -> LinkedText:
    """The same with what changed and which of them were known before, are overdue or were given more time."""
    compared = counts.now.maj_open_end or (counts.before and counts.before.maj_open_end)
    changed = counts.change("maj_open_end", counts.words.last_end) if compared else ""
    among = joined(
        [
            counts.counted("前期已发现未整改", "maj_legacy_open"),
            counts.counted("逾期未整改", "maj_overdue"),
            counts.counted("已延期", "maj_extended"),
        ],
        "、",
    )
    return joined([still_open(counts, "#annex"), changed, "其中" + among if among else ""])


def cumulative(counts: PeriodCounts) -> LinkedText:
    """The sentences on all major hazards of the campaign so far, and on those that fell due in the period."""
    return _so_far(counts) + _fell_due(counts)


def _so_far(counts: PeriodCounts) -> LinkedText:
    now = counts.now
    if not now.maj_cum_found:
        return LinkedText("行动开展以来，没有经判定的重大事故隐患。")
    rate = "整改率" + counts.rate("closure_rate")
    clauses = (
        "行动开展以来",
        counts.counted("累计排查重大事故隐患", "maj_cum_found"),
        joined([counts.counted("已整改销号", "maj_cum_closed"), rate]) if now.maj_cum_closed else "尚无整改销号",
        "落实整改资金" + counts.wan("funds_cum") + "万元" if now.funds_cum else "",
    )
    return joined(clauses) + "。"


def _fell_due(counts: PeriodCounts) -> LinkedText:
    now = counts.now
    if not now.fell_due:
        return NOTHING
    rate = "按期整改率" + counts.rate("on_time_closure_rate")
    in_time = joined([counts.counted("按期完成", "closed_in_time"), rate]) if now.closed_in_time else "没有按期完成的"
    return joined([counts.counted(f"{counts.words.this}到期应完成整改", "fell_due"), in_time]) + "。"


def general(counts: PeriodCounts) -> LinkedText:
    """The sentence on hazards that are not major; nothing where there are none."""
    now, words = counts.now, counts.words
    if not (now.gen_found or now.gen_fixed or now.gen_open):
        return NOTHING
    clauses = (
        counts.counted(f"{words.this}排查", "gen_found"),
        counts.counted("整改" if now.gen_found else f"{words.this}整改", "gen_fixed"),
        counts.counted(f"{words.end}未整改", "gen_open") or f"{words.end}全部整改到位",
    )
    return "一般事故隐患" + joined(clauses) + "。"


def overdue(hazards: Iterable[HazardView], campaign: str) -> LinkedText:
    """The clause that names hazards past their deadline; nothing where there are none."""
    return joined((hazard(view, campaign) + f"逾期{view.days_overdue}天" for view in hazards), "；")


def essentials(hazards: Iterable[HazardView], campaign: str) -> LinkedText:
    """The clause that names hazards and which of their 五落实 are missing; nothing where there are none."""
    return joined((hazard(view, campaign) + f"未落实{_missing(view)}" for view in hazards), "；")


def _missing(view: HazardView) -> str:
    return "、".join(name for name, is_there in view.essentials.items() if not is_there)


def found_outside(units: Sequence[Named], counts: PeriodCounts, campaign: str) -> LinkedText:
    """The clause on new major hazards that units had not found themselves, and whose they are; nothing for none."""
    what = (
        f"{counts.words.this}由检查、举报等发现，单位自查没有发现的重大事故隐患"
        + counts.number("maj_new_external")
        + "项"
    )
    return joined([what, "涉及" + organisations(units, campaign, "项")]) if units else NOTHING
