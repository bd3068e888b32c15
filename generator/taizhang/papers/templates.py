"""The wording of the papers, from `papers.yml`, and how it becomes a document once the facts are known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from typing import Any

import yaml

from taizhang.documents.linked import LinkedText
from taizhang.documents.official import (
    Addressee,
    Align,
    Body,
    Cell,
    Line,
    Number,
    OfficialDocument,
    Row,
    Signature,
    Table,
    Title,
    columns,
)
from taizhang.documents.outline import Content, Point, Section, outlined

Facts = Mapping[str, str]
Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Template:
    """One kind of paper: what it is called, what REF must name, its parts from top to bottom."""

    title: str
    heading: Sequence[str]
    blocks: Sequence[Entry]
    ref: str = ""
    within: str = ""
    number: bool = False
    addressee: str = ""
    closing: str = ""
    signed_by: str = ""
    after: Sequence[Entry] = ()


@dataclass(frozen=True)
class Material:
    """What a paper is about. A fact that is not known is not there; nothing stands in for it."""

    facts: Facts
    day: date
    """成文日期: the day of the act that the paper puts on record."""
    lists: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    doc_no: str | None = None
    """The number under which the office has already issued it, if the record says so."""


def _load() -> Mapping[str, Any]:
    text = resources.files("taizhang.papers").joinpath("papers.yml").read_text(encoding="utf-8")
    wording: Mapping[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return wording


_WORDING = _load()
TEMPLATES: Mapping[str, Template] = {kind: Template(**entry) for kind, entry in _WORDING["papers"].items()}
FORMS: Mapping[str, Entry] = _WORDING["forms"]
WORDS: Mapping[str, Any] = _WORDING["words"]
LOWEST = 9
"""How high a row of a form is at least, in mm: high enough to write in by hand."""
_SLOT = re.compile(r"\{([a-z_]+)\}")


def slots(text: str) -> list[str]:
    """The names of the facts that a text asks for."""
    return _SLOT.findall(text)


def fill(text: str, facts: Facts) -> str | None:
    """The text with its facts, or None if one is not known. What a fact says is never read as a slot."""
    if any(name not in facts for name in slots(text)):
        return None
    return _SLOT.sub(lambda match: facts[match[1]], text)


def compose(template: Template, material: Material, header: str) -> OfficialDocument:
    """The document that a template and its facts make."""
    return OfficialDocument(template.title, tuple(outlined(_Composer(template, material).document())), header)


class _Composer:
    """Writes one paper."""

    def __init__(self, template: Template, material: Material) -> None:
        self.template, self.material, self.facts = template, material, material.facts

    def document(self) -> Iterator[Content]:
        template = self.template
        yield from self._each(Title, self._first(template.heading))
        if template.number:
            yield Number(self.material.doc_no or WORDS["blank_number"].format(year=self.material.day.year))
        yield from self._each(Addressee, fill(template.addressee, self.facts))
        yield from self._blocks(template.blocks)
        yield from self._each(Body, fill(template.closing, self.facts))
        signer = fill(template.signed_by, self.facts)
        if signer:
            yield Signature(signer, self.material.day)
        yield from self._blocks(template.after)

    def _blocks(self, entries: Iterable[Entry]) -> Iterator[Content]:
        for entry in entries:
            if all(name in self.facts for name in entry.get("needs", ())):
                yield from self._block(entry)

    def _block(self, entry: Entry) -> Iterator[Content]:
        match entry:
            case {"section": title}:
                yield Section(title, tuple(self._blocks(entry["blocks"])))
            case {"text": text}:
                yield from self._each(Body, self._first([text] if isinstance(text, str) else text))
            case {"point": text}:
                title, _, rest = (fill(text, self.facts) or "").partition("。")
                yield Point(title, LinkedText(rest))
            case {"line": text}:
                yield from self._each(Line, fill(text, self.facts))
            case {"form": name}:
                yield self._form(FORMS[name])
            case {"list": name}:
                yield columns(entry["head"], self.material.lists[name], entry["widths"])

    def _first(self, texts: Sequence[str]) -> str | None:
        return next((done for done in (fill(text, self.facts) for text in texts) if done is not None), None)

    def _each(self, block: type[Title | Addressee | Body | Line], text: str | None) -> Iterator[Content]:
        if text:
            yield block(text)

    def _form(self, form: Entry) -> Table:
        widths = tuple(form["widths"])
        rows = (entry if isinstance(entry, Mapping) else {"row": entry} for entry in form["rows"])
        return Table(widths, tuple(self._row(row, len(widths)) for row in rows))

    def _row(self, entry: Entry, width: int) -> Row:
        """Labels and values by turns, or every cell alike; the last cell takes what is left of the row."""
        texts = [self._cell(value) for value in entry["row"]]
        last = len(texts) - 1
        cells = (
            Cell(
                text,
                span=width - last if index == last else 1,
                align=Align.CENTRE if entry.get("each") or index % 2 == 0 else Align.LEFT,
                foot=self._cell(entry.get("foot", "")) if index == last else "",
            )
            for index, text in enumerate(texts)
        )
        return Row(tuple(cells), entry.get("height", LOWEST))

    def _cell(self, value: str | Sequence[str]) -> str:
        if isinstance(value, str):
            return fill(value, self.facts) or ""
        known = (done for done in (fill(text, self.facts) for text in value) if done)
        return "\n".join(f"{number}.{text}" for number, text in enumerate(known, 1))
