"""Rows of a ledger as the data of records: what each row says, what had to be assumed, what was left out and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from taizhang.intake.advice import short
from taizhang.intake.kinds import parse_date
from taizhang.intake.personal import has_personal, without_personal
from taizhang.intake.schemas import FieldPath
from taizhang.intake.strict_yaml import Document, Place
from taizhang.spreadsheets.reading import Cell
from taizhang.spreadsheets.wording import phrase
from taizhang.workbooks.columns import ColumnLayout, ColumnRole, RecordField, normal
from taizhang.workbooks.headers import LedgerColumn, LedgerTable
from taizhang.workbooks.phrases import posts_and_names, shortened
from taizhang.workbooks.values import ReadingContext, clean, has_invisible, is_none, read_day, read_value

_TOTAL = re.compile(r"(?:合计|小计|总计|累计|共计|本页|总共)")
_FOOT = re.compile(
    r"(?:填表|制表|审核|填报|审批|单位负责人|主要负责人|负责人签字|签字|盖章|注|说明|备注|填写说明|联系人)[^:：]{0,6}[:：]"
)


class Skipped(NamedTuple):
    """A row that holds no entry of the ledger; `reason` is a key of `wording.yml`. Rows count from 0."""

    row: int
    reason: str


@dataclass(frozen=True)
class RowDraft:
    """What one row comes to. `document` holds the data, its places being rows and columns of the sheet, from 1."""

    row: int
    document: Document
    name: str
    """The record's name that the row gives; empty where it gives none."""
    notes: tuple[str, ...]
    private: frozenset[FieldPath]
    """Public fields that were written with somebody's number in them."""

    @property
    def data(self) -> dict[str, Any]:
        return self.document.data


def read_rows(
    table: LedgerTable, layout: ColumnLayout, context: ReadingContext, given: Mapping[str, str] | None = None
) -> Iterator[RowDraft | Skipped]:
    """Every row below the heading, as a draft or with the reason why it is none. `given` fills blank fields."""
    filled = _fill_down(table, layout)
    heading = [normal(column.title) for column in table.columns]
    for row in range(table.first, len(table.sheet.rows)):
        cells = [filled.get((row, column.position), table.sheet.cell(row, column.position)) for column in table.columns]
        reason = _skipped(cells, table.columns, heading)
        if reason:
            yield Skipped(row, reason)
        else:
            yield _RowReader(table, layout, context, row, given or {}).read(cells)


def _skipped(cells: Sequence[Cell], columns: Sequence[LedgerColumn], heading: Sequence[str]) -> str:
    texts = [clean(cell) for cell in cells]
    said = [text for text in texts if text]
    if not said:
        return "blank_row"
    opening = said[0].replace(" ", "")
    if _TOTAL.match(opening) or (len(said) > 1 and _TOTAL.fullmatch(said[1].replace(" ", ""))):
        return "total_row"
    if _FOOT.match(opening):
        return "foot_row"
    if [normal(text) for text in texts] == list(heading):
        return "head_row"
    used = [text for text, column in zip(texts, columns, strict=True) if column.target.reason != "serial" and text]
    return "" if used else "numbered_row"


def _fill_down(table: LedgerTable, layout: ColumnLayout) -> Mapping[tuple[int, int], Cell]:
    """The value of merged cells for each row they span; an amount only once, or its sum would multiply."""
    amounts = {c.position for c in table.columns if _is_amount(c, layout)}
    filled: dict[tuple[int, int], Cell] = {}
    for merge in table.sheet.merges:
        if merge.bottom >= table.first and merge.left not in amounts:
            value = table.sheet.cell(merge.top, merge.left)
            for row in range(max(merge.top + 1, table.first), min(merge.bottom, len(table.sheet.rows) - 1) + 1):
                filled[row, merge.left] = value
    return filled


def _is_amount(column: LedgerColumn, layout: ColumnLayout) -> bool:
    item = layout.fields.get(column.target.path)
    return item is not None and item.schema["type"] == "integer"


@dataclass
class _RowReader:
    """Gathers what one row says."""

    table: LedgerTable
    layout: ColumnLayout
    context: ReadingContext
    row: int
    given: Mapping[str, str]
    found: dict[FieldPath, object] = field(default_factory=dict)
    places: dict[FieldPath, Place] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    special: dict[ColumnRole, tuple[LedgerColumn, str, Cell]] = field(default_factory=dict)
    name: str = ""

    def read(self, cells: Sequence[Cell]) -> RowDraft:
        for column, cell in zip(self.table.columns, cells, strict=True):
            self._cell(column, cell)
        for role, take in (
            (ColumnRole.CONTENT, self._content),
            (ColumnRole.PERSON, self._person),
            (ColumnRole.REMARK, self._remark),
            (ColumnRole.NAME, self._name),
        ):
            if role in self.special:
                take(*self.special[role][:2])
        self._fill_given()
        self._assume()
        self._done()
        private = frozenset(path for path, value in self.found.items() if self._is_private(path, value))
        return RowDraft(self.row, self._document(), self.name, tuple(dict.fromkeys(self.notes)), private)

    def _say(self, key: str, **values: object) -> None:
        self.notes.append(phrase(key, **values))

    def _cell(self, column: LedgerColumn, cell: Cell) -> None:
        text = clean(cell)
        role = column.target.role
        if (self.row, column.position) in self.table.sheet.formulas and role is not ColumnRole.LEFT_OUT:
            self._say("formula", title=column.title, missing="" if text else phrase("no_result"))
        if not text:
            return
        if has_invisible(cell) and role is not ColumnRole.LEFT_OUT:
            self._say("invisible", title=column.title)
        if role is ColumnRole.LEFT_OUT:
            if column.target.reason == "phone":
                self._say("phone_out", title=column.title)
        elif role is ColumnRole.FIELD:
            self._field(column, cell, text)
        else:
            self.special[role] = (column, text, cell)

    def _field(self, column: LedgerColumn, cell: Cell, text: str) -> None:
        item = self.layout.fields[column.target.path]
        name = str(item.path[0])
        words = self.layout.words.get(".".join(map(str, item.path)), {})
        unit = column.unit or self.table.unit
        if is_none(text) and not item.required and normal(text) not in words and not _means_something(item):
            self._say("none", label=item.title, text=text)
            return
        value, note = read_value(item.schema, cell, self.context, unit, words)
        if value is None:
            return
        if note:
            self.notes.append(note)
        if name == "unit" and value not in self.context.organisations.values():
            self._say("other_unit", title=column.title, text=short(text))
        elif name == "unit" and value == self.context.org:
            pass
        elif name in self.layout.lenient and not self._fits(item, value):
            example = str(item.schema["description"]).rpartition("例如 ")[2].partition("；")[0]
            self._say("left", title=column.title, example=example)
        else:
            self._put(item.path, value, column)
        self._money_merged(column, item)

    def _money_merged(self, column: LedgerColumn, item: RecordField) -> None:
        if item.schema["type"] == "integer":
            for merge in self.table.sheet.merges:
                if merge.left == column.position and merge.top == self.row < merge.bottom:
                    self._say("money_merged", title=column.title, row=self.row + 1)

    def _fits(self, item: RecordField, value: object) -> bool:
        probe = {item.path[0]: value} if len(item.path) == 1 else {}
        return not any(
            error.absolute_path and error.absolute_path[0] == item.path[0] for error in self.layout.kind.errors(probe)
        )

    def _put(self, path: FieldPath, value: object, column: LedgerColumn | None) -> None:
        self.found[path] = value
        self.places[path] = Place(self.row + 1, column.position + 1 if column else 0)

    def _content(self, column: LedgerColumn, text: str) -> None:
        """One text that the record wants short, for the public, and whole: columns of their own go first."""
        spread = self.layout.special["content"]
        labels, cut = [], ""
        for name in spread["fills"]:
            if (name,) not in self.found:
                item = self.layout.fields[(name,)]
                kept = shortened(text, item.schema["maxLength"])
                cut = phrase("cut", label=item.title, count=len(kept)) if kept != text else cut
                self._put((name,), kept, column)
                labels.append(item.title)
        if labels:
            self._say("filled", labels="、".join(labels), title=column.title, cut=cut)
        whole = (spread["whole"],)
        if cut and whole not in self.found:
            self._put(whole, text, column)
            self._say("whole", title=column.title, label=self.layout.fields[whole].title)

    def _person(self, column: LedgerColumn, text: str) -> None:
        """A responsible person: a post is public, a name stays internal, a phone number stays outside."""
        about = self.layout.special["person"]
        if has_personal(text):
            self._say("phone_out", title=column.title)
            text = without_personal(text)
        posts, names = posts_and_names(text, about["posts"])
        if posts and (about["role"],) not in self.found:
            self._put((about["role"],), posts, column)
        if names and (about["name"],) not in self.found:
            self._put((about["name"],), names, column)
            self._say("person", title=column.title, label=self.layout.fields[(about["name"],)].title)

    def _remark(self, column: LedgerColumn, text: str) -> None:
        path = (self.layout.special["remark"]["into"],)
        if is_none(text):
            return
        if has_personal(text):
            self._say("private_out", title=column.title)
            return
        before = f"{self.found[path]} " if path in self.found else ""
        self._put(path, f"{before}{column.title}：{text}", column)
        self._say("remark", title=column.title, label=self.layout.fields[path].title)

    def _name(self, column: LedgerColumn, text: str) -> None:
        plain = text.replace(" ", "")
        if self.layout.kind.names.pattern.match(plain):
            self.name = plain
        else:
            self._say("number", title=column.title, text=short(text))

    def _fill_given(self) -> None:
        """What the caller gives for every row fills what the row leaves blank."""
        for dotted, text in self.given.items():
            item = next(f for f in self.layout.fields.values() if ".".join(map(str, f.path)) == dotted)
            if item.path not in self.found:
                words = self.layout.words.get(dotted, {})
                value = read_value(item.schema, text, self.context, words=words).value
                self._put(item.path, value, None)
                self._say("given", label=item.title)

    def _assume(self) -> None:
        """What follows from the rest: the days of filing and registration, and whether the hazard is an old one."""
        today = self.context.today.isoformat()
        properties = self.layout.kind.schema["properties"]
        if ("filed_on",) not in self.found:
            self._put(("filed_on",), today, None)
        if "registered_on" in properties and ("registered_on",) not in self.found:
            filed_on = self.found[("filed_on",)]
            self._put(("registered_on",), filed_on, None)
            self._say("registered", value=filed_on)
        found_on = self._day(("discovered_on",))
        if "legacy" in properties and found_on and found_on < self.context.starts_on and ("legacy",) not in self.found:
            self._put(("legacy",), True, None)
            self._say("legacy", label=properties["legacy"]["title"])

    def _day(self, path: FieldPath) -> date | None:
        return parse_date(str(self.found.get(path, "")))

    def _done(self) -> None:
        """立行立改, where the ledger says a general hazard was put right the day it was found; else another record."""
        day, text = self.special.get(ColumnRole.DONE_DAY), self.special.get(ColumnRole.DONE_TEXT)
        if not day and not text:
            return
        fixed_on = str(read_day(day[2], self.context).value) if day else ""
        at_once = fixed_on and fixed_on == self.found.get(("discovered_on",))
        measures = self.found.get(("measures",))
        group = self.layout.special["done"]["field"]
        if day and at_once and measures and self.found.get(("claimed_level",)) == "general":
            self._put((group, "fixed_on"), fixed_on, day[0])
            self._put((group, "measures"), shortened(str(measures), 200), day[0])
            self._say("on_the_spot", label=self.layout.kind.label((group,)))
            return
        for item in (day, text):
            if item:
                self._say("progress", title=item[0].title)

    def _is_private(self, path: FieldPath, value: object) -> bool:
        texts = value if isinstance(value, list) else [value]
        free = "x-ref" not in self.layout.kind.field(path) and self.layout.kind.visibility(path) == "public"
        return free and any(isinstance(text, str) and has_personal(text) for text in texts)

    def _document(self) -> Document:
        data: dict[str, Any] = {}
        places: dict[FieldPath, Place] = {(): Place(self.row + 1, 0)}
        for name in self.layout.kind.schema["properties"]:
            inner = {path: value for path, value in self.found.items() if path[0] == name}
            if inner:
                data[name] = _assembled(inner, self.places, places)
        return Document(data, places, {})


def _means_something(item: RecordField) -> bool:
    """Whether 无 is an answer here: no money, no."""
    return item.schema["type"] in ("integer", "boolean")


def _assembled(
    found: Mapping[FieldPath, object], at: Mapping[FieldPath, Place], places: dict[FieldPath, Place]
) -> object:
    """The value of one item of the record from the columns of its parts; entries without any part are closed up."""
    order = sorted({path[1] for path in found if len(path) > 1 and isinstance(path[1], int)})
    built: Any = None
    for path, value in found.items():
        if len(path) == 1:
            places[path] = at[path]
            if isinstance(value, list):
                places.update({(*path, index): at[path] for index in range(len(value))})
            return value
        steps = [order.index(step) if isinstance(step, int) else step for step in path[1:]]
        if built is None:
            built = [{} for _ in order] if order else {}
        node = built
        for step in steps[:-1]:
            node = node.setdefault(step, {}) if isinstance(node, dict) else node[step]
        node[steps[-1]] = value
        for end in range(1, len(steps) + 1):
            places[(path[0], *steps[:end])] = at[path]
        places.setdefault((path[0],), at[path])
    return built
