"""An empty workbook for a kind of record: its columns, drop-downs, limits and notes come from the schema alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from taizhang.intake.kinds import Kind, typed
from taizhang.intake.schemas import Schema
from taizhang.spreadsheets.wording import phrase
from taizhang.workbooks.columns import RecordField, fields_of
from taizhang.workbooks.parts import FONT, new_book, put, width_of
from taizhang.workbooks.verdicts import letter

ROWS = 500
"""Rows that are ready to be filled in."""
LONGEST_MESSAGE = 255
LONGEST_MESSAGE_TITLE = 32
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2099, 12, 31)
"""What the schemas' patterns for dates take."""
REQUIRED, OPTIONAL = "#FCE4D6", "#EDEDED"


def template_workbook(kind: Kind, created: date) -> bytes:
    """A sheet to fill in, a sheet 填写说明, and the choices in a hidden one."""
    raw, book = new_book(created)
    columns = [*_name_column(kind), *fields_of(kind)]
    page, help_page, choices = (book.add_worksheet(phrase(f"template_{name}")) for name in ("rows", "help", "choices"))
    choices.hide()
    for index, item in enumerate(columns):
        colour = REQUIRED if item.required else OPTIONAL
        head = book.add_format({**FONT, "bold": True, "border": 1, "text_wrap": True, "bg_color": colour})
        put(page, 0, index, item.title + ("*" if item.required else ""), head)
        page.set_column(index, index, min(max(width_of(item.title) + 3, 12), 32), book.add_format(_cell(item.schema)))
        for row, label in enumerate(_choices(item.schema)):
            put(choices, row, index, label)
        page.data_validation(1, index, ROWS, index, _validation(item, index))
    page.set_row(0, 36)
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.set_paper(9)
    page.repeat_rows(0)
    _explained(book, help_page, kind, columns)
    book.close()
    return raw.getvalue()


def _name_column(kind: Kind) -> Iterator[RecordField]:
    """Where records are not simply numbered, a column for the record's name."""
    if not kind.names.is_numbered:
        schema = {"type": "string", "title": phrase("template_name"), "description": kind.names.help}
        yield RecordField(("",), phrase("template_name"), schema, bool(kind.period))


def _cell(schema: Schema) -> dict[str, Any]:
    """How cells of a column look: dates as dates, numbers as numbers, everything else as text."""
    number = {"integer": "0"}.get(schema["type"], "yyyy-mm-dd" if schema.get("format") == "date" else "@")
    return {**FONT, "num_format": number, "text_wrap": number == "@", "valign": "top"}


def _choices(schema: Schema) -> Sequence[str]:
    """What a drop-down offers: the labels of a choice, or yes and no."""
    if schema["type"] == "boolean":
        return [phrase("yes"), phrase("no")]
    return list(schema.get("x-labels", {}).values()) if "enum" in schema else []


def _validation(item: RecordField, column: int) -> dict[str, Any]:
    """The limits of a column as the spreadsheet program holds them, with the schema's help beside the cell."""
    schema = item.schema
    rule: dict[str, Any] = {"validate": "any"}
    choices = _choices(schema)
    if choices:
        page = phrase("template_choices")
        source = f"='{page}'!${letter(column)}$1:${letter(column)}${len(choices)}"
        rule = {"validate": "list", "source": source}
    elif schema.get("format") == "date":
        rule = {"validate": "date", "criteria": "between", "minimum": FIRST_DAY, "maximum": LAST_DAY}
    elif schema["type"] == "integer":
        rule = {"validate": "integer", "criteria": "between", **_bounds(schema)}
    elif "minLength" in schema:
        bounds = {"minimum": schema["minLength"], "maximum": schema["maxLength"]}
        rule = {"validate": "length", "criteria": "between", **bounds}
    return {
        **rule,
        "input_title": item.title[-LONGEST_MESSAGE_TITLE:],
        "input_message": _message(schema)[:LONGEST_MESSAGE],
        "error_title": phrase("template_error")[:LONGEST_MESSAGE_TITLE],
        "error_message": _limit(schema)[:LONGEST_MESSAGE] or _message(schema)[:LONGEST_MESSAGE],
    }


def _bounds(schema: Schema) -> Mapping[str, int]:
    return {"minimum": schema["minimum"], "maximum": schema["maximum"]}


def _message(schema: Schema) -> str:
    return "。".join(part for part in (typed(schema), _limit(schema)) if part)


def _limit(schema: Schema) -> str:
    """The limits of a field as a phrase."""
    inner = schema.get("items", {})
    if "enum" in inner:
        return phrase("template_several", choices="、".join(inner["x-labels"].values()))
    if schema["type"] == "array":
        return phrase("template_lines", count=schema["maxItems"])
    if schema.get("format") == "date":
        return phrase("template_date")
    if _choices(schema):
        return phrase("template_pick")
    if schema["type"] == "integer":
        return phrase("template_range", **_bounds(schema))
    if "minLength" in schema:
        return phrase("template_length", low=schema["minLength"], high=schema["maxLength"])
    return ""


def _explained(book: Workbook, page: Any, kind: Kind, columns: Sequence[RecordField]) -> None:
    plain = book.add_format({**FONT, "text_wrap": True, "border": 1, "valign": "top"})
    bold = book.add_format({**FONT, "bold": True, "border": 1, "bg_color": OPTIONAL})
    lines = [f"{kind.title}：{kind.schema['description']}", *phrase("template_advice", kind=kind.name).split("|")]
    for row, line in enumerate(lines):
        put(page, row, 0, line, book.add_format(FONT))
    first = len(lines) + 1
    for column, title in enumerate(phrase("template_heading").split("|")):
        put(page, first, column, title, bold)
    for row, item in enumerate(columns, first + 1):
        answers = kind.answers_needing(str(item.path[0])) if len(item.path) == 1 else ()
        needed = phrase("template_needed", answers="、".join(answers)) if answers else phrase("template_optional")
        needed = phrase("template_required") if item.required else needed
        seen = phrase(f"seen_{kind.visibility(item.path)}") if item.path != ("",) else ""
        texts = (item.title, needed, seen, typed(item.schema), _limit(item.schema))
        for column, text in enumerate(texts):
            put(page, row, column, text, plain)
    for column, width in enumerate((34, 8, 8, 60, 60)):
        page.set_column(column, column, width)
    page.freeze_panes(first + 1, 0)
