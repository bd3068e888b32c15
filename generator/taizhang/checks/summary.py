"""What a check comes to, in a few lines."""

from __future__ import annotations

from taizhang.checks.verdict import Verdict
from taizhang.figures.summary import summed_up


def summary(verdict: Verdict) -> str:
    """Whether it passed, how many records count, and a line for each campaign on what was returned and what is late."""
    warnings = len(verdict.validity) - len(verdict.errors)
    records = sum(len(ledger.records) for ledger in verdict.ledgers)
    result = f"有 {len(verdict.errors)} 处错误，相关记录没有计入" if verdict.errors else "检查通过"
    campaigns = (f"{each.campaign.short_title}（截至 {each.at}）：{summed_up(each)}。" for each in verdict.ledgers)
    return "\n".join([f"{result}：{records} 份记录计入台账，{warnings} 处提醒。", *campaigns])
