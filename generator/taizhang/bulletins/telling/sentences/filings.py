"""What bulletins say of the weekly and monthly returns of a period: how many were owed and came, and who is named."""

from __future__ import annotations

from collections.abc import Sequence

from taizhang.bulletins.periodic import Named
from taizhang.bulletins.telling.sentences.counts import PeriodCounts
from taizhang.bulletins.telling.sentences.links import organisations
from taizhang.documents.linked import NOTHING, LinkedText, joined


def filed(counts: PeriodCounts, returns: str) -> LinkedText:
    """The sentence on how many returns were owed, came, came in time, were nil returns, late or missing."""
    now, this = counts.now, counts.words.this
    if not now.due_n:
        return LinkedText(f"{this}没有到期的定期报送。")
    nil = counts.counted("其中零报告", "nil_n", "份")
    in_time = "按时报送" + counts.number("in_time_n") + "份" + ("（" + nil + "）" if nil else "")
    clauses = (
        joined([f"{this}应报{returns}" + counts.number("due_n") + "份", *_received(counts, "份")]),
        joined([in_time, "按时报送率" + counts.rate("in_time_rate")]),
        joined([counts.counted("迟报", "late_n", "份"), counts.counted("未报送", "missing_n", "份")]),
    )
    return joined(clauses, "；") + "。"


def filed_weekly(counts: PeriodCounts, missing: Sequence[Named], late: Sequence[Named], campaign: str) -> LinkedText:
    """The sentences on how many returns were owed and came, and on who did not file or filed late."""
    if not counts.now.due_n:
        return LinkedText(f"{counts.words.this}没有到期的报送。")
    nil = counts.counted("其中零报告", "nil_n", "家")
    received = joined(["应报" + counts.number("due_n") + "家", *_received(counts, "家"), nil]) + "。"
    named = (clause + "。" for clause in _unmet(missing, late, campaign, "次"))
    return received + (joined(named, "") or "各单位均按时报送。")


def _received(counts: PeriodCounts, measure: str) -> tuple[LinkedText, LinkedText]:
    return "实报" + counts.number("received_n") + measure, "报送率" + counts.rate("submission_rate")


def nil_filers(nil: Sequence[Named], campaign: str) -> LinkedText:
    """The sentence that names who filed nil returns; nothing where nobody did."""
    return "上报零报告的单位有" + organisations(nil, campaign, "份") + "。" if nil else NOTHING


def unmet(missing: Sequence[Named], late: Sequence[Named], campaign: str) -> LinkedText:
    """The clause that names who did not file and who filed late; nothing where all filed in time."""
    return joined(_unmet(missing, late, campaign, "份"), "；")


def _unmet(missing: Sequence[Named], late: Sequence[Named], campaign: str, measure: str) -> tuple[LinkedText, ...]:
    labelled = (("未报送的有", missing), ("迟报的有", late))
    return tuple(label + organisations(named, campaign, measure) for label, named in labelled if named)
