"""What a check comes to, in a few lines."""

from __future__ import annotations

from collections import Counter

from taizhang.checks.verdict import Verdict
from taizhang.ledger.duties import Status


def summary(verdict: Verdict) -> str:
    """Whether it passed, how many records count, and a line for each campaign on what was returned and what is late."""
    warnings = len(verdict.validity) - len(verdict.errors)
    records = sum(len(ledger.records) for ledger in verdict.ledgers)
    result = f"有 {len(verdict.errors)} 处错误，相关记录没有计入" if verdict.errors else "检查通过"
    lines = [f"{result}：{records} 份记录计入台账，{warnings} 处提醒。"]
    for ledger in verdict.ledgers:
        returns = Counter(item.status(ledger.at) for item in ledger.returns)
        counts = "、".join(f"{status.label} {returns[status]}" for status in Status)
        overdue = len(ledger.overdue())
        lines.append(f"{ledger.campaign.short_title}（截至 {ledger.at}）：{counts}；逾期隐患 {overdue}。")
    return "\n".join(lines)
