"""How values look on a page: dates, rates, money, counts. One place, so that every page agrees."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import takewhile
from typing import Any

from markupsafe import Markup, escape

NONE = "—"
"""What stands where there is no value: a rate without denominator, a date that is not set."""


def day(value: date | str | None) -> str:
    """2023年5月25日, without leading zeros as GB/T 9704 writes dates."""
    if value is None:
        return NONE
    value = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{value.year}年{value.month}月{value.day}日"


def short_day(value: date | None) -> str:
    """5月25日, where the year is plain from the context."""
    return f"{value.month}月{value.day}日" if value else NONE


def rate(value: Fraction | None) -> str:
    """66.7%: one decimal, half up; — where the denominator is zero."""
    if value is None:
        return NONE
    return f"{_half_up(value * 100, '0.1')}%"


def wan(yuan: int) -> str:
    """An amount in 元 as 万元 with at most two decimals: 125000 is 12.5."""
    text = str(_half_up(Fraction(yuan, 10_000), "0.01"))
    return text.rstrip("0").rstrip(".")


def blank(count: int) -> str:
    """A count in a table, with zero left blank as the official forms do."""
    return str(count) if count else ""


def sentence(text: str) -> str:
    """What somebody wrote, with one stop at its end."""
    return text.strip().rstrip("。；，") + "。"


def points(value: int) -> str:
    """Points added or taken: +2, −5, 0, with a minus as wide as the plus."""
    return f"+{value}" if value > 0 else f"−{-value}" if value else "0"


def change(now: int, before: int | None, than: str = "上期") -> str:
    """环比 in words: 比上期增加3项. Empty where there is nothing to compare with."""
    if before is None:
        return ""
    if now == before:
        return f"与{than}持平"
    return f"比{than}{'增加' if now > before else '减少'}{abs(now - before)}项"


def clauses(lines: str, separator: str = "，") -> str:
    """The lines that are not empty, joined into one sentence: what has nothing to say is left out, comma and all."""
    told = [line.strip() for line in lines.splitlines()]
    glue = escape(separator) if isinstance(lines, Markup) else separator
    return glue.join(line for line in told if line)


def file_name(path: str) -> str:
    """The path of a file as far as it is named by the rules: what somebody misnamed may say what nobody should read."""
    parts = path.split("/")
    sound = list(takewhile(_SOUND.fullmatch, parts))
    return path if sound == parts else "/".join([*sound, "（文件名不合规定，不列出）"])


_SOUND = re.compile(r"(?!.*[0-9]{7})[a-z0-9][a-z0-9.-]{0,60}", re.IGNORECASE | re.ASCII)


def slots(wording: str) -> str:
    """A rule's wording for reading as a rule: what a finding would fill in is said in general, or left out as …."""
    general = wording.replace("必须是{wanted}", "必须是规定的形式")
    return _SLOT.sub(lambda slot: _GENERAL.get("".join(name or "" for name in slot.groups()), "…"), general)


_SLOT = re.compile(r" ?(?:“\{([a-z_]+)\}”|「\{([a-z_]+)\}」|\{([a-z_]+)\}) ?")
_GENERAL = {
    "field": "这一项",
    "name": "项目名称",
    "key": "同一个项目",
    "kind": "这种记录",
    "kinds": "提示里列出的几种",
    "choices": "提示里列出的几种",
    "fields": "规定必填的各项",
    "help": "规定的样子",
    "who": "规定的一方",
    "unit": "单位",
    "hazard": "",
    "duty": "应报的事项",
    "due": "期限当天",
    "deadline": "整改时限",
    "first": "先发生的日期",
    "second": "后发生的日期",
    "after": "每一步之后",
    "step": "这一步",
    "advice": "照检查提示里写的改",
    "otherwise": "",
}


def _half_up(value: Fraction, step: str) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(step), rounding=ROUND_HALF_UP)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "day": day,
    "short_day": short_day,
    "rate": rate,
    "wan": wan,
    "blank": blank,
    "change": change,
    "points": points,
    "sentence": sentence,
    "clauses": clauses,
    "file_name": file_name,
    "slots": slots,
}
