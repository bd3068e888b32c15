"""A blank record of a kind: a commented YAML template written from the schema."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from taizhang.intake.kinds import Kind, typed
from taizhang.intake.schemas import Schema

_MARKS = {"public": "公开", "internal": "不公开", "sealed": "加密"}


def blank(kind: Kind, today: date) -> str:
    """The template. Required fields stand ready to be filled; optional ones are commented out."""
    lines = [f"# {kind.title}：{kind.schema['description']}", f"# 文件名：{kind.names.help}", ""]
    required = set(kind.schema["required"])
    for name, field in kind.schema["properties"].items():
        value = today.isoformat() if field.get("x-default") == "today" else ""
        answers = kind.answers_needing(name)
        need = "必填" if name in required else f"“{'、'.join(answers)}”时必填" if answers else "选填"
        lines += _field(name, field, need, required=name in required, value=value)
    return "\n".join(lines) + "\n"


def _field(name: str, field: Schema, need: str, *, required: bool, value: str) -> Iterator[str]:
    yield f"# {field['title']}（{need}，{_MARKS[field['x-visibility']]}）：{typed(field)}{_limits(field)}"
    yield from (line if required else f"# {line}" for line in _example(name, field, value))
    yield ""


def _limits(field: Schema) -> str:
    if field["x-visibility"] == "sealed":
        return "。运行 taizhang seal，把打印出来的一行填在冒号后面"
    choice = field.get("items", field)
    if "enum" in choice:
        labels = choice.get("x-labels", {})
        return "。可选：" + "、".join(f"{v}（{labels.get(v, v)}）" for v in choice["enum"])
    if field["type"] == "string" and "minLength" in field:
        return f"（{field['minLength']} 到 {field['maxLength']} 个字）"
    return ""


def _example(name: str, field: Schema, value: str) -> Iterator[str]:
    if field["type"] == "object":
        yield f"{name}:"
        for inner, schema in field["properties"].items():
            yield f"  {inner}:{'':1}# {schema['title']}：{typed(schema)}"
    elif field["type"] == "array":
        yield f"{name}:"
        items = field["items"]
        if items["type"] == "object":
            for index, (inner, schema) in enumerate(items["properties"].items()):
                yield f"  {'-' if index == 0 else ' '} {inner}: # {schema['title']}：{typed(schema)}"
        else:
            yield f"  - # {items['title']}：{typed(items)}"
    else:
        yield f"{name}: {value}".rstrip()
