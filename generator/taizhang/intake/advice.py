"""Advice in a clerk's words: how to write a field, and what was probably meant."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

from taizhang.intake.kinds import parse_date
from taizhang.intake.schemas import Schema

LONGEST_VALUE = 40
"""Characters of a submitted value that a message repeats."""

EXAMPLES: Mapping[str, str] = {
    "organisation": "写名册上的单位编号，例如 lanqi-hospital，不写单位名称",
    "clause": "写“标准编号/条款号”，例如 gb-35181-2017/7.3.2",
}
RECORD_EXAMPLE = "写“单位编号/记录编号”，例如 lanqi-hospital/2023-004"

_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?\Z|([0-9]{4})([0-9]{2})([0-9]{2})\Z")
_NUMBER = re.compile(
    r"([0-9]+(?:\.[0-9]+)?|[零一二三四五六七八九十])(千|万|亿)?"
    r"(?:元|人次|人|次|个|条|项|处|家|年|天|日|个工作日|工作日|%)?整?\Z"
)
_SCALE = {None: 1, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_YES_NO = {"是": "true", "对": "true", "yes": "true", "否": "false", "不是": "false", "no": "false"}
_WIDE_COLON = re.compile(r"\s*[A-Za-z_]+\s*：")


def short(text: str) -> str:
    """Text on one line, cut to what a message repeats."""
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_VALUE else f"{flat[:LONGEST_VALUE]}…"


def how_to_write(schema: Schema) -> str:
    """How a field is filled in, as a phrase."""
    kind = schema.get("type")
    if "x-ref" in schema:
        return EXAMPLES.get(schema["x-ref"], RECORD_EXAMPLE)
    if schema.get("format") == "date":
        return "写日期，例如 2023-05-25"
    if "enum" in schema:
        value = schema["enum"][0]
        return f"写英文代号，例如 {value}（{schema['x-labels'][value]}）"
    if kind == "integer":
        return "写整数，不写单位"
    if kind == "boolean":
        return "写 true（是）或 false（否）"
    if kind == "array":
        return "另起一行，每行一条，行首写“- ”"
    if kind == "object":
        return "另起一行，每行一项，行首多空两格"
    description = str(schema["description"])
    return "写一段文字，会公开" if description.startswith("会公开") else description


def form_meant(schema: Schema, value: object) -> str:
    """How to mend a value of the wrong form, with what was probably meant where that is plain.

    The advice may repeat the value, so for a private field the caller passes None in its place.
    """
    wanted = schema.get("type")
    text = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else ""
    if wanted == "integer":
        number = _number(text)
        fits = number is not None and schema.get("minimum", 0) <= number <= schema.get("maximum", number)
        return f"改成 {number}" if fits else "改成整数，只写半角数字"
    if wanted == "boolean":
        return f"改成 {_YES_NO[text.lower()]}" if text.lower() in _YES_NO else "改成 true（是）或 false（否）"
    if wanted == "array":
        example = f"，例如“- {short(re.split('[、，,；;]', text)[0])}”" if text else ""
        return f"另起一行，每行一条，行首写“- ”{example}"
    if wanted == "object":
        if isinstance(value, str) and _WIDE_COLON.match(value):
            return "把中文冒号改成英文冒号，后面空一格"
        return "参照 taizhang new 生成的模板，另起一行，每行一项，行首多空两格"
    if isinstance(value, list):
        return "只写一项，写在冒号后面的同一行，行首不要“- ”"
    return "改成一段文字；内容里有英文冒号的，用英文双引号把它括起来"


def amount(number: int) -> str:
    """A number as it is read aloud: 1 亿, 10 万, 999."""
    for unit in ("亿", "万"):
        if number and number % _SCALE[unit] == 0:
            return f"{number // _SCALE[unit]} {unit}"
    return str(number)


def _number(text: str) -> int | None:
    match = _NUMBER.match(re.sub(r"[,\s¥￥约共]|人民币", "", text)[:30])
    if not match:
        return None
    plain = match[1] if match[1][0].isascii() else unicodedata.numeric(match[1])
    value = Decimal(plain) * _SCALE[match[2]]
    return int(value) if value == value.to_integral_value() else None


def date_meant(value: object) -> str:
    """The date that was probably meant, as advice."""
    match = _DATE.match(unicodedata.normalize("NFKC", value).replace(" ", "")) if isinstance(value, str) else None
    if not match:
        return "改成半角数字、四位年、两位月、两位日，例如 2023-05-25"
    year, month, day = (int(part) for part in match.groups() if part)
    written = f"{year:04}-{month:02}-{day:02}"
    if not parse_date(written):
        return "日历上没有这一天，核对后改正"
    if not 1950 <= year <= 2099:
        return "年份要在 1950 到 2099 之间，核对后改正"
    return f"改成 {written}"


def choice_meant(schema: Schema, value: object) -> str:
    """The code of a choice whose label was written instead, or which was misspelt, as advice."""
    labels: Mapping[str, str] = schema["x-labels"]
    text = str(value).strip()[:LONGEST_VALUE]
    by_label = [code for code, label in labels.items() if text == label]
    by_part = [code for code, label in labels.items() if len(text) > 1 and (text in label or label in text)]
    by_start = [code for code in by_part if labels[code].startswith(text) or text.startswith(labels[code])]
    part = by_start or by_part
    if not by_label and len(part) > 1:
        return "意思相近的不止一个，从中选一个，写括号前面的英文代号"
    close = by_label or part or difflib.get_close_matches(text.lower(), labels, n=1)
    return f"改成 {close[0]}（{labels[close[0]]}）" if close else "从中选一个，写括号前面的英文代号"
