"""Advice in a clerk's words: how to write a field, and what was probably meant; the words are in `phrases.yml`."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

from taizhang.findings import Phrase, phrase, several
from taizhang.intake.kinds import parse_date
from taizhang.intake.schemas import Schema

LONGEST_VALUE = 40
"""Characters of a submitted value that a message repeats."""
MOST_CHOICES = 6
"""How many choices a piece of advice lists before it says 等."""

_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?\Z|([0-9]{4})([0-9]{2})([0-9]{2})\Z")
_NUMBER = re.compile(
    r"([0-9]+(?:\.[0-9]+)?|[零一二三四五六七八九十])(千|万|亿)?"
    r"(?:元|人次|人|次|个|条|项|处|家|年|天|日|个工作日|工作日|%)?整?\Z"
)
_SCALE = {None: 1, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_YES_NO = {"是": "yes", "对": "yes", "yes": "yes", "否": "no", "不是": "no", "no": "no"}
_WIDE_COLON = re.compile(r"\s*[A-Za-z_]+\s*：")


def short(text: str) -> str:
    """Text on one line, cut to what a message repeats."""
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_VALUE else f"{flat[:LONGEST_VALUE]}…"


def choice(schema: Schema, code: str) -> Phrase:
    """A value of a choice field, by its code where the file is at hand, and by its label elsewhere."""
    return phrase("choice", code=code, label=schema["x-labels"][code])


def how_to_write(schema: Schema) -> Phrase:
    """How a field is filled in."""
    if "x-ref" in schema:
        return phrase(f"write.{schema['x-ref'] if schema['x-ref'] in ('organisation', 'clause') else 'record'}")
    if schema.get("format") == "date":
        return phrase("write.date")
    if "enum" in schema:
        return phrase("write.choice", choice=choice(schema, schema["enum"][0]), labels=_labels(schema))
    if schema.get("type") in ("integer", "boolean", "array", "object"):
        return phrase(f"write.{schema['type']}")
    description = str(schema["description"])
    return (
        phrase("write.public_text")
        if description.startswith("会公开")
        else phrase("write.text", description=description)
    )


def _labels(schema: Schema) -> object:
    labels = list(schema["x-labels"].values())
    listed = several(labels[:MOST_CHOICES])
    return phrase("more", listed=listed) if len(labels) > MOST_CHOICES else listed


def form_meant(schema: Schema, value: object) -> Phrase:
    """How to mend a value of the wrong form, with what was probably meant where that is plain.

    The advice may repeat the value, so for a private field the caller passes None in its place.
    """
    text = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else ""
    match schema.get("type"):
        case "integer":
            number = _number(text)
            fits = number is not None and schema.get("minimum", 0) <= number <= schema.get("maximum", number)
            return phrase("mend.value", value=number) if fits else phrase("mend.integer")
        case "boolean":
            meant = _YES_NO.get(text.lower())
            return phrase("mend.value", value=phrase(f"shown.{meant}")) if meant else phrase("mend.boolean")
        case "array":
            first = short(re.split("[、，,；;]", text)[0])
            return phrase("mend.array_of", first=first) if text else phrase("mend.array")
        case "object":
            has_wide_colon = isinstance(value, str) and _WIDE_COLON.match(value)
            return phrase("mend.wide_colon" if has_wide_colon else "mend.object")
        case _:
            return phrase("mend.one_item" if isinstance(value, list) else "mend.string")


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


def date_meant(value: object) -> Phrase:
    """The date that was probably meant, as advice."""
    match = _DATE.match(unicodedata.normalize("NFKC", value).replace(" ", "")) if isinstance(value, str) else None
    if not match:
        return phrase("mend.date")
    year, month, day = (int(part) for part in match.groups() if part)
    written = f"{year:04}-{month:02}-{day:02}"
    if not parse_date(written):
        return phrase("mend.no_such_day")
    return phrase("mend.value", value=written) if 1950 <= year <= 2099 else phrase("mend.year")


def choice_meant(schema: Schema, value: object) -> Phrase:
    """The choice whose label was written instead of its code, or whose code was misspelt, as advice."""
    labels: Mapping[str, str] = schema["x-labels"]
    text = str(value).strip()[:LONGEST_VALUE]
    by_label = [code for code, label in labels.items() if text == label]
    by_part = [code for code, label in labels.items() if len(text) > 1 and (text in label or label in text)]
    by_start = [code for code in by_part if labels[code].startswith(text) or text.startswith(labels[code])]
    part = by_start or by_part
    if not by_label and len(part) > 1:
        return phrase("mend.one_of_several")
    close = by_label or part or difflib.get_close_matches(text.lower(), labels, n=1)
    return phrase("mend.value", value=choice(schema, close[0])) if close else phrase("mend.one_of")
