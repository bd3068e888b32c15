"""Cells as values of a record: days, amounts, choices, texts, as people write them in ledgers.

What cannot be understood is handed on as the text that was written, so that the record's own check says what is
wrong with it, in the same words as for a file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from taizhang.intake.advice import short
from taizhang.intake.schemas import Schema
from taizhang.spreadsheets.reading import Cell
from taizhang.spreadsheets.wording import phrase
from taizhang.workbooks.columns import normal

_TIME = re.compile(r"[T ]*(?:[上下]午)?[0-9]{1,2}[:时][0-9]{0,2}(?:[:分][0-9.]*秒?)?Z?$")
_WEEKDAY = re.compile(r"\(?(?:星期|周)[一二三四五六日天]\)?$")
_FULL = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})[日号]?$|([0-9]{4})([0-9]{2})([0-9]{2})$")
_SHORT_YEAR = re.compile(r"([0-9]{2})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})[日号]?$")
_NO_YEAR = re.compile(r"([0-9]{1,2})[-/.月]([0-9]{1,2})[日号]?$")
_AMOUNT = re.compile(r"(?:人民币|约|共|计|¥|￥)*(-?[0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+)(千|万|亿)?(元)?(?:整)?$")
_COUNT = re.compile(r"([0-9][0-9,]*)(?:\.0+)?(?:人次|人|次|个|条|项|处|家|年|天|日|%|件|台|套|支|份|间|具|只|名)?$")
_UNITS = {"元": 1, "千元": 1_000, "万元": 10_000, "亿元": 100_000_000}
_FIRST_DAY = date(1899, 12, 30)
"""Day 0 of the serial numbers of spreadsheets in the 1900 system, for days after February 1900."""
_SERIALS = range(18_264, 73_051)
"""Serials of the years 1950 to 2099."""

_BLANK = frozenset({"", "/", "\\", "-", "--", "—", "——", "―", "、", "n/a", "#n/a", "null"})
_NONE = frozenset({"无", "暂无", "没有", "不涉及"})
_NO_MONEY = frozenset({"无", "不需要", "无需", "无需资金", "不需资金", "无资金", "零"})
_TRUE = frozenset({"是", "对", "有", "√", "✓", "☑", "yes", "y", "true", "1"})
_FALSE = frozenset({"否", "不是", "没有", "无", "×", "✗", "no", "n", "false", "0"})
_ITEM_BREAK = re.compile(r"[;；\n]+")
_CHOICE_BREAK = re.compile(r"[、，,;；/\s]+")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff\xad\u202a-\u202e\u2066-\u2069\ufe00-\ufe0f]|_x000[dD]_")
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2800\u3164\u115f\u1160\uffa0]+")


@dataclass(frozen=True)
class ReadingContext:
    """What a cell is read against: whose ledger it is, the campaign's span, today, and who is called what."""

    org: str
    starts_on: date
    ends_on: date
    today: date
    organisations: Mapping[str, str]
    """Normal names and short names of the roll, with their ids."""


class Reading(NamedTuple):
    """A cell as a value, None where nothing was written; `note` says what had to be assumed."""

    value: object = None
    note: str = ""


def read_value(
    schema: Schema, cell: Cell, context: ReadingContext, unit: str = "", words: Mapping[str, object] | None = None
) -> Reading:
    """The value of a field from a cell. `unit` is the unit of money that the heading names."""
    text = clean(cell)
    kind = schema["type"]
    if text.lower() in _BLANK:
        return Reading()
    if kind == "array":
        return _list(schema["items"], cell, context, words or {})
    if schema.get("format") == "date":
        return read_day(cell, context)
    if "enum" in schema:
        return Reading(_choice(schema, text, words or {}))
    if kind == "boolean":
        return Reading(_truth(text, words or {}))
    if kind == "integer":
        return read_amount(text, unit) if "元" in schema["title"] else _count(text)
    if "x-ref" in schema:
        return Reading(_reference(schema["x-ref"], text, context))
    return Reading(_plain(text) if "pattern" in schema else text)


def clean(cell: Cell) -> str:
    """A cell as text on one line: days as written in records, blanks single, nothing invisible."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute) else cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, bool):
        return "是" if cell else "否"
    text = cell.isoformat() if isinstance(cell, date) else str(cell)
    return _BLANKS.sub(" ", _INVISIBLE.sub("", text)).strip()


def has_invisible(cell: Cell) -> bool:
    """Whether `clean` takes characters away that nobody can see."""
    return isinstance(cell, str) and bool(_INVISIBLE.search(cell))


def is_none(text: str) -> bool:
    """Whether a text says that there is nothing."""
    return text in _NONE


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "")


def read_day(cell: Cell, context: ReadingContext) -> Reading:
    """A day however it was written. A day without a year falls within the campaign, if only one year fits."""
    if isinstance(cell, datetime):
        return Reading(cell.date().isoformat())
    text = clean(cell)
    plain = _plain(_TIME.sub("", _WEEKDAY.sub("", unicodedata.normalize("NFKC", text).strip())))
    if match := _FULL.match(plain):
        return _checked(text, [part for part in match.groups() if part])
    if (plain.isdigit() or isinstance(cell, float)) and int(float(plain)) in _SERIALS:
        day = (_FIRST_DAY + timedelta(days=int(float(plain)))).isoformat()
        return Reading(day, phrase("serial_day", text=short(text), value=day))
    if (match := _SHORT_YEAR.match(plain)) and context.starts_on.year - 5 <= 2000 + int(
        match[1]
    ) <= context.ends_on.year:
        found = _checked(text, [f"20{match[1]}", match[2], match[3]])
        return found._replace(note=phrase("century", text=short(text), value=found.value))
    if isinstance(cell, str) and (match := _NO_YEAR.match(plain)):
        return _within(text, int(match[1]), int(match[2]), context)
    return Reading(text)


def _checked(text: str, parts: Iterable[str]) -> Reading:
    day = _day(*(int(part) for part in parts))
    return Reading(day.isoformat() if day else text)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _within(text: str, month: int, day: int, context: ReadingContext) -> Reading:
    """The only year of the campaign that a day fits into; a campaign of one year has just that."""
    years = range(context.starts_on.year, context.ends_on.year + 1)
    days = [found for year in years if (found := _day(year, month, day))]
    inside = [found for found in days if context.starts_on <= found <= context.ends_on]
    fitting = inside if len(years) > 1 else days
    if len(fitting) != 1:
        return Reading(text)
    return Reading(fitting[0].isoformat(), phrase("year", text=short(text), value=fitting[0]))


def read_amount(text: str, unit: str) -> Reading:
    """Money in whole 元. Without a unit in the cell or the heading it stays as written, for 5 may be 5 万元."""
    plain = _plain(text)
    if plain in _NO_MONEY:
        return Reading(0)
    match = _AMOUNT.match(plain)
    if not match:
        return Reading(text)
    own = f"{match[2] or ''}元" if match[2] or match[3] else ""
    scale = _UNITS.get(own or unit)
    try:
        number = Decimal(match[1].replace(",", ""))
    except InvalidOperation:
        return Reading(text)
    if scale is None:
        return Reading(0) if not number else Reading(text)
    # A spreadsheet's 1.13 may be stored as 1.1299999999999999.
    yuan = (number * scale).quantize(Decimal("0.0001"))
    if yuan != yuan.to_integral_value():
        return Reading(text)
    note = "" if (own or unit) == "元" else phrase("yuan", text=short(text), unit=own or unit, value=int(yuan))
    return Reading(int(yuan), note)


def unit_of_money(text: str) -> str:
    """The unit that a heading or a line above the table names; empty where it names none."""
    plain = _plain(text)
    return next((unit for unit in ("亿元", "万元", "千元", "元") if unit in plain), "")


def _count(text: str) -> Reading:
    match = _COUNT.match(_plain(text))
    return Reading(int(match[1].replace(",", "")) if match else text)


def _truth(text: str, words: Mapping[str, object]) -> object:
    plain = normal(text) or text
    if plain in words:
        return words[plain]
    return True if plain in _TRUE else False if plain in _FALSE else text


def _choice(schema: Schema, text: str, words: Mapping[str, object]) -> object:
    """The code of a choice from its code, its label, or a word for it; of several labels the one that is the text."""
    plain = normal(text) or text
    labels = {normal(label): code for code, label in schema.get("x-labels", {}).items()}
    return text if text in schema["enum"] else labels.get(plain, words.get(plain, text))


def _reference(to: str, text: str, context: ReadingContext) -> str:
    """A reference from what people write: an organisation's name, or a number within the own folder."""
    plain = _plain(text)
    if to == "organisation":
        return context.organisations.get(normal(text), plain)
    if to == "clause" or "/" in plain:
        return plain
    return f"{context.org}/{plain}"


def _list(schema: Schema, cell: Cell, context: ReadingContext, words: Mapping[str, object]) -> Reading:
    """A list from one cell: entries of text by line or semicolon, choices and references by any mark."""
    raw = cell if isinstance(cell, str) else clean(cell)
    free = schema["type"] == "string" and not {"enum", "x-ref", "pattern"} & schema.keys()
    parts = [part for part in (_ITEM_BREAK if free else _CHOICE_BREAK).split(raw) if clean(part)]
    return Reading([read_value(schema, part, context, words=words).value for part in parts] or None)
