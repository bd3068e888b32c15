"""The questions of `taizhang new` at a terminal: one field after another, each answer checked as the file would be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import click

from taizhang.intake import messages
from taizhang.intake.characters import first_forbidden
from taizhang.intake.kinds import Kind, parse_date, typed
from taizhang.intake.personal import has_personal
from taizhang.intake.strict_yaml import Document, Place
from taizhang.workbooks.columns import Field, Layout, fields_of, layout_of
from taizhang.workbooks.values import Surroundings, clean, read_value

ASKED = Place(2, 1)
"""Where the answer just given stands in the record that is made up to check it; everything else stands in line 1."""

_BETWEEN = re.compile(r"[、，,;；\s]+")
Answers = dict[str, Any]


def ask(kind: Kind, around: Surroundings) -> Answers:
    """The data of a record from the answers given. Raises click.Abort on Ctrl+C: then nothing was written."""
    click.echo(f"{kind.title}：{kind.schema['description']}")
    click.echo("逐项回答，按回车确认；方括号里是默认值，直接回车就用它。随时按 Ctrl+C 退出，什么也不会写。")
    groups = {str(name): list(items) for name, items in groupby(fields_of(kind), key=lambda item: item.path[0])}
    interview = _Interview(layout_of(kind), around)
    for name in kind.schema["required"]:
        interview.ask_about(groups.pop(name))
    while groups:
        chosen = _choose(kind, list(groups))
        if chosen is None:
            break
        interview.ask_about(groups.pop(chosen))
    return interview.record()


def _choose(kind: Kind, names: Sequence[str]) -> str | None:
    """Which of the optional items is filled in next; None for no more."""
    click.echo("\n还可以填：")
    for number, name in enumerate(names, 1):
        click.echo(f"  {number:>2}. {kind.label((name,))}")
    while True:
        text = _line("要填的编号（直接回车：不填了）")
        if not text:
            return None
        if text.isdecimal() and 1 <= int(text) <= len(names):
            return names[int(text) - 1]
        click.echo(f"  请写 1 到 {len(names)} 的编号，或者直接回车。")


def _line(hint: str, default: str = "") -> str:
    prompt = f"{hint}[{default}]" if default else hint
    answer: str = click.prompt(f"{prompt} >".strip(), default=default, show_default=False, prompt_suffix=" ")
    return clean(answer)


class _Interview:
    """Asks, checks and keeps the answers by the path of their field."""

    def __init__(self, layout: Layout, around: Surroundings) -> None:
        self.layout, self.around = layout, around
        self.kind = layout.kind
        self.answers: Answers = {}

    def ask_about(self, items: Sequence[Field]) -> None:
        """Ask for an item of the record, part by part if it has parts; entries of a list as long as one is begun."""
        for entry, parts in groupby(items, key=lambda item: item.path[1:2] if _is_entry(item) else ()):
            if entry and entry[0] and _line("再填一条？写 y 再填，直接回车就不填").lower() not in ("y", "yes", "是"):
                return
            for item in parts:
                self._ask(item)

    def record(self) -> Answers:
        """The answers as the data of a record, in the schema's order, with what follows from them."""
        properties = self.kind.schema["properties"]
        found_on = parse_date(str(self.answers.get("discovered_on", "")))
        if "legacy" in properties and "legacy" not in self.answers and found_on and found_on < self.around.starts_on:
            self.answers["legacy"] = True
            click.echo(f"\n发现日期早于行动开始，已标明“{properties['legacy']['title']}”。")
        return {name: _closed(self.answers[name]) for name in properties if name in self.answers}

    def _ask(self, item: Field) -> None:
        """Ask until the answer is one that a file may hold; what is not needed may be left out."""
        needed = self._is_needed(item)
        default = self._default(item) if needed else ""
        click.echo(f"\n{item.title}（{'必填' if needed else '选填，直接回车就不填'}）：{typed(item.schema)}")
        labels = _labels(item)
        for number, label in enumerate(labels.values(), 1):
            click.echo(f"  {number:>2}. {label}")
        several = labels and item.schema["type"] == "array"
        while True:
            text = _line("编号，可以填几个，用顿号隔开" if several else "编号" if labels else "", default)
            if not text and not needed:
                return
            value = self._value(item, text)
            problems = self._problems(item, value)
            if not problems:
                _put(self.answers, item, value)
                return
            for problem in problems:
                click.echo(f"  {problem}")

    def _is_needed(self, item: Field) -> bool:
        return item.path[-1] in self.kind.field(item.path[:-1]).get("required", ())

    def _default(self, item: Field) -> str:
        """Today for the days of filing and registration; for the public summary the title, which it tells at length."""
        if item.path in (("filed_on",), ("registered_on",)):
            return self.around.today.isoformat()
        return str(self.answers.get("title", "")) if item.path == ("public_summary",) else ""

    def _value(self, item: Field, text: str) -> object:
        """An answer as a value: a number stands for the choice listed, everything else is read as in a workbook."""
        codes = {str(number): code for number, code in enumerate(_labels(item), 1)}
        if codes and item.schema["type"] == "array":
            text = "、".join(codes.get(part, part) for part in _BETWEEN.split(text))
        words = self.layout.words.get(".".join(map(str, item.path)), {})
        unit = "元" if "元" in item.schema["title"] else ""
        return read_value(item.schema, codes.get(text, text), self.around, unit, words).value

    def _problems(self, item: Field, value: object) -> Sequence[str]:
        """What the check would say of an answer, in its own sentences."""
        texts = [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]
        if self.kind.visibility(item.path) == "public" and any(map(has_personal, texts)):
            return ["这一项会公开，不能有电话、证件号、邮箱；请重新填写。"]
        bad = next(filter(None, map(first_forbidden, texts)), None)
        if bad:
            return [f"里面有{bad.what}，{bad.advice}。"]
        probe: Answers = {}
        _put(probe, item, value)
        name = str(item.path[0])
        data = {name: _closed(probe[name])}
        self.kind.settle(data)
        document = Document(data, {(): Place(1, 1), (name,): ASKED}, {})
        found = [f for f in messages.explain("", self.kind, document) if f.line == ASKED.line]
        # The other parts of a group are asked for next: that they are missing yet says nothing about this one.
        return [f"{f.message}改法：{f.fix}。" for f in found if f.code != "E-REQUIRED"]


def _is_entry(item: Field) -> bool:
    return len(item.path) > 2 and isinstance(item.path[1], int)


def _labels(item: Field) -> Mapping[str, str]:
    labels: Mapping[str, str] = (item.schema.get("items") or item.schema).get("x-labels", {})
    return labels


def _put(answers: Answers, item: Field, value: object) -> None:
    node: Any = answers
    for step in item.path[:-1]:
        node = node.setdefault(step, {})
    node[item.path[-1]] = value


def _closed(value: Any) -> Any:
    """Entries of a list, which were gathered by their number, as the list they are."""
    if isinstance(value, dict) and value and all(isinstance(key, int) for key in value):
        return [value[key] for key in sorted(value)]
    return value


def confirmed(text: str, path: str) -> bool:
    """Show the record as it will be written and ask whether it shall be."""
    click.echo(f"\n{path}\n\n{text}")
    return _line("写进这个文件？直接回车就写，写 n 放弃").lower() not in ("n", "no", "否", "不")
