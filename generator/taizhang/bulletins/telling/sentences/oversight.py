"""What bulletins say of superiors and the public: visits, orders, tips, exposures, and what units did themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TypeVar

from taizhang.bulletins.periodic import Named
from taizhang.bulletins.telling.sentences.counts import PeriodCounts
from taizhang.bulletins.telling.sentences.links import exposures, organisations
from taizhang.disclosure.oversight import LookBack, OrderView, Tip, Visit
from taizhang.disclosure.views import ExposureView
from taizhang.documents.linked import NOTHING, LinkedText, joined, link, stopped

_T = TypeVar("_T")


def worked(counts: PeriodCounts) -> LinkedText:
    """The sentence on what the units did beside rectifying; nothing where they reported none of it."""
    done = (
        counts.counted("开展自查", "self_checks", "次"),
        counts.counted("培训", "train_n", "人次"),
        counts.counted("组织应急演练", "drill_n", "次"),
        counts.counted("开展警示教育", "warn_n", "次"),
    )
    led = counts.counted("主要负责人本季度累计带队检查", "principal_checks_qtd", "次")
    body = joined([joined(done), led], "；")
    return f"{counts.words.this}各单位" + body + "。" if body else NOTHING


def visited(visits: Sequence[Visit], counts: PeriodCounts, campaign: str) -> LinkedText:
    """The sentence on visits: by whom, of what nature, where, what they found, how closed hazards had held."""
    if not visits:
        return NOTHING
    by = "、".join(dict.fromkeys(visit.by.short_name for visit in visits))
    natures = (
        link(f"{label}{len(group)}次", f"visits/#campaign-{campaign}")
        for label, group in _grouped(visits, lambda visit: visit.label)
    )
    clauses = (
        f"{counts.words.this}{by}开展" + joined(natures, "、"),
        "到访" + counts.number("visited_n") + "家次",
        counts.counted("发现自查没有发现的隐患", "checked_hazards_n"),
    )
    return joined([joined(clauses), _held([look for visit in visits for look in visit.look_back])], "；") + "。"


def _held(looked: Sequence[LookBack]) -> str:
    if not looked:
        return ""
    relapsed = sum(1 for look in looked if not look.stable)
    none = "没有反弹" if len(looked) == 1 else "均未反弹"
    return f"复查已销号隐患{len(looked)}项，{f'其中反弹{relapsed}项' if relapsed else none}"


_ORDERS = (
    ("rectify", "责令整改", "件"),
    ("suspend", "责令停产停业", "家"),
    ("supervise", "挂牌督办", "项"),
    ("urge", "发督促函", "份"),
    ("talk", "约谈", "次"),
    ("penalty", "行政处罚", "件"),
    ("trace_back", "责任倒查", "件"),
)
"""What is told of orders, and in which measure; 局部 and 全部停产停业 together."""


def ordered(orders: Sequence[OrderView], counts: PeriodCounts, campaign: str) -> LinkedText:
    """The sentence on what superiors ordered in the period, and on open hazards under their orders."""
    given = joined(_given(orders, campaign))
    standing = joined([counts.counted("挂牌督办", "maj_supervised"), counts.counted("停产停业", "maj_suspended")])
    clauses = (
        counts.words.this + given if given else "",
        f"{counts.words.end}未整改的重大事故隐患中，" + standing if standing else "",
    )
    return stopped(joined(clauses, "；"))


def _given(orders: Sequence[OrderView], campaign: str) -> Iterator[LinkedText]:
    for kind, label, measure in _ORDERS:
        found = [order for order in orders if order.kind in (kind, f"{kind}_partial", f"{kind}_full")]
        if found:
            units = (Named(unit, 1) for unit in dict.fromkeys(order.unit for order in found))
            yield f"{label}{len(found)}{measure}（" + organisations(units, campaign) + "）"


def tipped(tips: Sequence[Tip], counts: PeriodCounts, campaign: str) -> LinkedText:
    """The sentence on tips that were dealt with; nothing where there were none."""
    if not tips:
        return NOTHING
    outcomes = (f"{outcome}{len(group)}件" for outcome, group in _grouped(tips, lambda tip: tip.outcome))
    handled = link(f"办结举报{len(tips)}件", f"tips/#campaign-{campaign}")
    return counts.words.this + handled + "：" + joined(outcomes) + "。"


def exposed(label: str, views: Sequence[ExposureView]) -> LinkedText:
    """The sentence that counts and names exposures, the oldest first; `views` begins with the newest."""
    return f"{label}{len(views)}件：" + exposures(reversed(views)) + "。" if views else NOTHING


def _grouped(items: Iterable[_T], key: Callable[[_T], str]) -> Iterator[tuple[str, list[_T]]]:
    for value, group in groupby(sorted(items, key=key), key=key):
        yield value, list(group)
