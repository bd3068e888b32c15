"""What the columns of a kind's ledger may be: the schema's fields under their titles, and the names of real ledgers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, cached_property, lru_cache
from importlib import resources
from typing import Any, NamedTuple

import yaml

from taizhang.intake.kinds import Kind
from taizhang.intake.schemas import FieldPath, Schema

ITEMS = 3
"""How many entries of a list of groups a row has columns for."""

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕")
_NUMBERING = re.compile(r"(?:[0-9]{1,2}|[一二三四五六七八九十])[.、．]")
_NOISE = re.compile(r"[\s:*;。/、,·›>_\-—\"“”']+")


class ColumnRole(Enum):
    """What a column is for."""

    FIELD = "field"
    CONTENT = "content"
    REMARK = "remark"
    PERSON = "person"
    DONE_DAY = "done_day"
    DONE_TEXT = "done_text"
    NAME = "name"
    LEFT_OUT = "left_out"


class Target(NamedTuple):
    """Where a column goes: a field of the record, or a role; `reason` says why it goes nowhere."""

    role: ColumnRole
    path: FieldPath = ()
    reason: str = ""


class RecordField(NamedTuple):
    """One field of a record as a column of its own: an inner item has the names around it in its title."""

    path: FieldPath
    title: str
    schema: Schema
    required: bool


class UnknownColumn(Exception):
    """A name given by hand that no column of the kind has; its text is the name."""


@dataclass(frozen=True)
class ColumnLayout:
    """How a kind's ledgers are read: every known name of a column, and the words for choices besides the labels."""

    kind: Kind
    fields: Mapping[FieldPath, RecordField]
    names: Mapping[str, Target] = field(repr=False)
    words: Mapping[str, Mapping[str, object]] = field(repr=False)
    """By field: a normal word and the value it means."""
    special: Mapping[str, Any] = field(repr=False)
    """The entries of `aliases.yml` for content, remark, person and done."""

    @property
    def identity(self) -> Sequence[str]:
        """The fields by which a row is known again: the day, and what a person wrote in words or named."""
        if "identity" in self.special:
            return tuple(self.special["identity"])
        words = [name for name in self.kind.schema["required"] if _is_free(self.kind.field((name,)))]
        return [name for name in (self.kind.date_field,) if name] + words

    @cached_property
    def public(self) -> Mapping[str, str]:
        """The public items of the record with their titles."""
        kind = self.kind
        names = kind.schema["properties"]
        return {name: kind.label((name,)) for name in names if kind.visibility((name,)) == "public"}

    @property
    def titles(self) -> Sequence[str]:
        """The titles that a column can be given."""
        return [item.title for item in self.fields.values()]

    def dotted(self, name: str) -> str:
        """The path of the field that is known by a name, its steps joined by dots. Raises UnknownColumn."""
        target = self.names.get(normal(name))
        if target is None or target.role is not ColumnRole.FIELD:
            raise UnknownColumn(name)
        return ".".join(map(str, target.path))

    @property
    def lenient(self) -> frozenset[str]:
        """Fields that are left out, and said to be, where they cannot be understood."""
        return frozenset(self.special.get("lenient", ()))


def _is_free(schema: Schema) -> bool:
    return schema["type"] == "string" and "enum" not in schema and "format" not in schema


@cache
def _aliases() -> Mapping[str, Mapping[str, Any]]:
    text = resources.files("taizhang.workbooks").joinpath("aliases.yml").read_text(encoding="utf-8")
    loaded: Mapping[str, Mapping[str, Any]] = yaml.load(text, Loader=yaml.CSafeLoader)
    return loaded


@lru_cache(maxsize=10_000)
def normal(text: str, brackets: bool = False) -> str:
    """A name as it is compared: full-width as half-width, without blanks, marks and numbering."""
    plain = unicodedata.normalize("NFKC", text).lower().strip()
    plain = _NUMBERING.sub("", plain, count=1) if _NUMBERING.match(plain) else plain
    if not brackets:
        plain = _BRACKETS.sub("", plain)
    return _NOISE.sub("", plain)


def layout_of(kind: Kind, columns: Mapping[str, str] | None = None) -> ColumnLayout:
    """The layout of a kind. `columns` are names given by hand, each with the known name it stands for.

    Raises UnknownColumn for a name that is not known.
    """
    every, own = _aliases()["every"], _aliases().get(kind.name, {})
    fields = {item.path: item for item in fields_of(kind)}
    names: dict[str, Target] = {}
    for target, titles in (*_special(every), *_special(own), *_plain(every, fields), *_plain(own, fields)):
        for title in titles:
            names[normal(str(title))] = target
    for item in fields.values():
        target = Target(ColumnRole.FIELD, item.path)
        dotted = ".".join(map(str, item.path))
        for name in {normal(item.title), normal(item.title, brackets=True), normal(dotted)}:
            if name not in names or name == normal(item.title, brackets=True):
                names[name] = target
    for given, known in (columns or {}).items():
        if normal(known) not in names:
            raise UnknownColumn(known)
        names[normal(given)] = names[normal(known)]
    return ColumnLayout(kind, fields, names, _words(own), own)


def _special(section: Mapping[str, Any]) -> Iterator[tuple[Target, Sequence[str]]]:
    for reason, titles in section.get("left_out", {}).items():
        yield Target(ColumnRole.LEFT_OUT, reason=reason), titles
    for reason in ("own", "serial"):
        yield Target(ColumnRole.LEFT_OUT, reason=reason), section.get(reason, ())
    yield Target(ColumnRole.NAME), section.get("name", ())
    for role in (ColumnRole.CONTENT, ColumnRole.REMARK, ColumnRole.PERSON):
        yield Target(role), section.get(role.value, {}).get("names", ())
    done = section.get("done", {})
    yield Target(ColumnRole.DONE_DAY), done.get("day", ())
    yield Target(ColumnRole.DONE_TEXT), done.get("text", ())


def _plain(
    section: Mapping[str, Any], fields: Mapping[FieldPath, RecordField]
) -> Iterator[tuple[Target, Sequence[str]]]:
    for dotted, titles in section.get("fields", {}).items():
        path = tuple(dotted.split("."))
        if path in fields:
            yield Target(ColumnRole.FIELD, path), titles


def _words(section: Mapping[str, Any]) -> Mapping[str, Mapping[str, object]]:
    return {
        name: {normal(str(word)): value for value, words in meanings.items() for word in words}
        for name, meanings in section.get("values", {}).items()
    }


def fields_of(kind: Kind) -> Iterator[RecordField]:
    """Every field of a new record as a column, in the schema's order; a record is not withdrawn by a ledger."""
    for name, schema in kind.schema["properties"].items():
        if name != "withdrawn":
            yield from _leaves((name,), str(schema["title"]), schema, name in kind.schema["required"])


def _leaves(path: FieldPath, title: str, schema: Schema, required: bool) -> Iterator[RecordField]:
    if schema["type"] == "object":
        for name, inner in schema["properties"].items():
            needed = required and name in schema.get("required", ())
            yield from _leaves((*path, name), f"{title} › {inner['title']}", inner, needed)
    elif schema["type"] == "array" and schema["items"]["type"] == "object":
        for index in range(ITEMS):
            needed = required and index == 0
            yield from _leaves((*path, index), f"{title} {index + 1}", schema["items"], needed)
    else:
        yield RecordField(path, title, schema, required)
