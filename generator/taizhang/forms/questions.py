"""The questions of `taizhang new`: what is asked for, how an answer is read, what the check would say of it.

Asking is the command's; nothing here prints or waits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from taizhang.checks.personal import is_guarded
from taizhang.findings import Channel, say, worded
from taizhang.intake import messages
from taizhang.intake.characters import first_forbidden
from taizhang.intake.kinds import Kind, parse_date, typed
from taizhang.intake.personal import has_personal
from taizhang.intake.strict_yaml import Document
from taizhang.workbooks.columns import RecordField, fields_of, layout_of
from taizhang.workbooks.values import ReadingContext, read_value

_BETWEEN = re.compile(r"[、，,;；\s]+")
Answers = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """One field that is asked for."""

    field: RecordField
    needed: bool
    default: str
    """What an empty answer means; empty where it means nothing, or that the field is left out."""

    @property
    def text(self) -> str:
        """The question: 整改期限（必填）：…"""
        needed = "必填" if self.needed else "选填，直接回车就不填"
        return f"{self.field.title}（{needed}）：{typed(self.field.schema)}"

    @property
    def choices(self) -> Mapping[str, str]:
        """By code, the labels to choose from; an answer may be a label, or its number from 1."""
        labels: Mapping[str, str] = (self.field.schema.get("items") or self.field.schema).get("x-labels", {})
        return labels

    @property
    def takes_several(self) -> bool:
        """Whether several choices may be given at once."""
        return bool(self.choices) and self.field.schema["type"] == "array"


class Interview:
    """Keeps the answers by the path of their field; `required` and `optional` are the items of the record, by name."""

    def __init__(self, kind: Kind, context: ReadingContext) -> None:
        self.kind, self.context = kind, context
        items = {str(name): tuple(fields) for name, fields in groupby(fields_of(kind), key=lambda item: item.path[0])}
        self.required = {name: items.pop(name) for name in kind.schema["required"]}
        self.optional = items
        self._words = layout_of(kind).words
        self._answers: Answers = {}

    def needed(self) -> str | None:
        """An item that is not among the required ones, was not answered yet, and is needed by an answer given."""
        for question, answer, name, _ in self.kind.needs:
            is_open = name in self.optional and name not in self._answers and question in self._answers
            if is_open and self._answers[question] == self.kind.answer(question, answer):
                return name
        return None

    def question(self, field: RecordField) -> Question:
        """The question for a field, its default following from what was answered before."""
        needed = field.path[-1] in self.kind.field(field.path[:-1]).get("required", ()) or field.path == (
            self.needed(),
        )
        return Question(field, needed, self._default(field) if needed else "")

    def answer(self, question: Question, text: str) -> Sequence[str]:
        """Keep an answer, or give the sentences in which the check would refuse it."""
        value = self._value(question, text)
        problems = self._problems(question.field, value)
        if not problems:
            _put(self._answers, question.field, value)
        return problems

    def record(self) -> Answers:
        """The answers as the data of a record, in the schema's order."""
        return {name: _closed(self._answers[name]) for name in self.kind.schema["properties"] if name in self._answers}

    def assume(self) -> str | None:
        """Note what follows from the answers, and say it: that a hazard found before the campaign is an old one."""
        fields, day = self.kind.schema["properties"].items(), str(self.kind.date_field)
        assumed = next((name for name, field in fields if field.get("x-default") == "before_campaign"), None)
        happened_on = parse_date(str(self._answers.get(day, "")))
        if assumed is None or assumed in self._answers or not happened_on or happened_on >= self.context.starts_on:
            return None
        self._answers[assumed] = True
        return f"{self.kind.label((day,))}早于行动开始，已标明“{self.kind.label((assumed,))}”。"

    def _default(self, field: RecordField) -> str:
        """Today for the days of filing and registration; for the public summary the title, which it tells at length."""
        if field.schema.get("x-default") == "today":
            return self.context.today.isoformat()
        return str(self._answers.get("title", "")) if field.path == ("public_summary",) else ""

    def _value(self, question: Question, text: str) -> object:
        """An answer as a value: a number stands for the choice listed, everything else is read as in a workbook."""
        field = question.field
        codes = {str(number): code for number, code in enumerate(question.choices, 1)}
        if question.takes_several:
            text = "、".join(codes.get(part, part) for part in _BETWEEN.split(text))
        words = self._words.get(".".join(map(str, field.path)), {})
        unit = "元" if "元" in field.schema["title"] else ""
        return read_value(field.schema, codes.get(text, text), self.context, unit, words).value

    def _problems(self, field: RecordField, value: object) -> Sequence[str]:
        texts = [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]
        if is_guarded(self.kind, field.path) and any(map(has_personal, texts)):
            return ["这一项不能有电话、证件号、邮箱；请重新填写。"]
        bad = next(filter(None, map(first_forbidden, texts)), None)
        if bad:
            return [f"里面有{bad.what}，{say(bad.advice, Channel.FORM)}。"]
        probe: Answers = {}
        _put(probe, field, value)
        name = str(field.path[0])
        data = {name: _closed(probe[name])}
        self.kind.settle(data)
        # The other parts of a group are asked for next: that they are missing yet says nothing about this one.
        explained = messages.explain("", self.kind, Document(data, {}, {}))
        findings = [f for f in explained if f.path and f.code != "E-REQUIRED"]
        return [f"{one.message}{one.remedy}" for one in worded(findings, Channel.FORM)]


def entries_of(fields: Sequence[RecordField]) -> Sequence[tuple[int, Sequence[RecordField]]]:
    """The fields of one item by the entry of its list that they belong to, from 0; without a list, of entry 0."""
    return [(entry, list(parts)) for entry, parts in groupby(fields, key=_entry_of)]


def _entry_of(field: RecordField) -> int:
    step = field.path[1] if len(field.path) > 2 else 0
    return step if isinstance(step, int) else 0


def _put(answers: Answers, field: RecordField, value: object) -> None:
    node: Any = answers
    for step in field.path[:-1]:
        node = node.setdefault(step, {})
    node[field.path[-1]] = value


def _closed(value: Any) -> Any:
    """Entries of a list, which were gathered by their number, as the list they are."""
    if isinstance(value, dict) and value and all(isinstance(key, int) for key in value):
        return [value[key] for key in sorted(value)]
    return value
