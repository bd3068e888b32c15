"""Web forms: from the schema of a kind to the parts of its form, and what the page needs to know besides.

Nothing submitted stands in a form. What it offers to choose from comes in a JSON file for each campaign, made from a
view of public fields only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any, NamedTuple

import yaml

from taizhang.disclosure.filing import FilingView
from taizhang.forms import sentences
from taizhang.intake.annotations import Need
from taizhang.intake.kinds import Kind
from taizhang.intake.personal import PATTERNS
from taizhang.intake.schemas import Schema

LAST = 99
"""The rank of a card that has none."""


class Card(NamedTuple):
    """A kind on the start page: what one does with it, and when."""

    kind: str
    action: str
    about: str


class Group(NamedTuple):
    """Cards under one heading, for units or for those above them."""

    title: str
    who: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Layout:
    """`forms.yml`: how forms are laid out, and the words for which no schema has a place."""

    data: Mapping[str, Any]

    @property
    def words(self) -> Mapping[str, str]:
        words: Mapping[str, str] = self.data["words"]
        return words

    @property
    def who(self) -> Mapping[str, str]:
        who: Mapping[str, str] = self.data["who"]
        return who

    def group_of(self, kind: Kind) -> str:
        """The group of the start page in which a kind's card stands: the one it names, or the last of its filers."""
        who = "unit" if "unit" in kind.filed_by else "superior"
        last = [name for name, group in self.data["groups"].items() if group["who"] == who][-1]
        return str(kind.card.get("group", last))


@cache
def layout() -> Layout:
    """The layout, read once."""
    text = resources.files("taizhang.forms").joinpath("forms.yml").read_text(encoding="utf-8")
    return Layout(yaml.load(text, Loader=yaml.CSafeLoader))


@dataclass(frozen=True)
class Field:
    """One field of a form. `path` is dotted; every item of a list is called `*` in it."""

    path: str
    name: str
    control: str
    schema: Schema
    required: bool
    pick: str
    """What is chosen from, where the value names something: a kind, organisation, clause, duties, periods, kinds."""
    fields: tuple[Field, ...] = ()

    @property
    def id(self) -> str:
        return "f-" + self.path.replace(".", "-").replace("*", "__n__")

    @property
    def title(self) -> str:
        return str(self.schema["title"])

    @property
    def help(self) -> str:
        """The schema's description, which leaves out what only those need who type the file."""
        if self.control == "sealed":
            return layout().words["sealed_help"]
        return str(self.schema.get("description", ""))

    @property
    def mark(self) -> str:
        """Who may see it, in a word; empty for what everybody may see."""
        words = layout().words
        return {"internal": words["private"], "sealed": words["secret"]}.get(self.schema["x-visibility"], "")

    @property
    def is_prominent(self) -> bool:
        """Whether it stands at the top, among what must be filled in."""
        return self.required or bool(self.schema.get("x-prominent"))

    @property
    def takes_all(self) -> bool:
        """Whether every choice has to be ticked."""
        return bool(self.schema.get("minItems") == len(self.options))

    @property
    def options(self) -> Sequence[tuple[str, str]]:
        schema = self.schema.get("items", self.schema)
        return [(value, schema["x-labels"][value]) for value in schema.get("enum", ())]

    @property
    def is_long(self) -> bool:
        """Whether the text may be longer than one line holds."""
        return int(self.schema.get("maxLength", 0)) > 60 and "pattern" not in self.schema


class FormSection(NamedTuple):
    """Fields that belong together. `condition` is JSON of the answers on which they are shown; empty for always."""

    title: str
    note: str
    condition: str
    folds: bool
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Form:
    """The form of one kind."""

    kind: Kind
    payload: Kind | None
    """What a sealed field holds before it is sealed."""

    @property
    def card(self) -> Card:
        """The words that the schema has for it, or else the kind's own."""
        words, kind = self.kind.card, self.kind
        about = str(kind.schema["description"]).rstrip("。")
        return Card(kind.name, words.get("action", kind.title), words.get("about", about))

    @property
    def href(self) -> str:
        return f"filing/{self.kind.name}/"

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Every field of the schema, by name."""
        return {field.name: field for field in self._inner((), self.kind.schema)}

    def _field(self, path: tuple[str, ...], schema: Schema, required: bool) -> Field:
        pick = schema.get("x-pick", schema.get("x-ref", ""))
        is_sealed = len(path) == 1 and schema["x-visibility"] == "sealed"
        control = "sealed" if is_sealed else _control(schema, pick)
        inner: tuple[Field, ...] = ()
        if control == "sealed" and self.payload:
            inner = self._inner(path, self.payload.schema)
        elif control == "group":
            inner = self._inner(path, schema)
        elif control == "list":
            inner = (self._field((*path, "*"), schema["items"], True),)
        return Field(".".join(path), path[-1], control, schema, required, pick, inner)

    def _inner(self, path: tuple[str, ...], schema: Schema) -> tuple[Field, ...]:
        needed = schema.get("required", ())
        return tuple(self._field((*path, name), s, name in needed) for name, s in schema["properties"].items())

    @cached_property
    def parts(self) -> tuple[FormSection, ...]:
        """The form from top to bottom: what is always asked, what depends on an answer, and what may be left out."""
        folds = [self._fold(entry) for entry in self.kind.schema.get("x-folds", ())]
        folded = {field.name for part in folds for field in part.fields}
        grouped: dict[str, list[Field]] = {}
        for field in self.fields.values():
            if field.name not in folded:
                grouped.setdefault(self._condition(field), []).append(field)
        free = grouped.pop("", [])
        asked = [FormSection("", "", condition, False, tuple(fields)) for condition, fields in grouped.items()]
        order = list(self.fields)
        dependent = sorted([*asked, *folds], key=lambda part: order.index(part.fields[0].name))
        main = tuple(field for field in free if field.is_prominent)
        more = tuple(field for field in free if not field.is_prominent)
        return (FormSection("", "", "", False, main), *dependent, FormSection(_MORE, "", "", True, more))

    def _fold(self, entry: Mapping[str, Any]) -> FormSection:
        condition = json.dumps(entry["open"]) if "open" in entry else ""
        return FormSection(
            entry["title"], entry.get("note", ""), condition, True, tuple(self.fields[n] for n in entry["fields"])
        )

    def _condition(self, field: Field) -> str:
        """On which answers a field is asked for, as JSON; empty for always."""
        kind = self.kind
        if kind.alone and field.name not in (kind.alone, "filed_on", "withdrawn"):
            return json.dumps({kind.alone: [False, None]})
        asked: dict[str, list[object]] = {}
        for question, codes in kind.conditions.get(field.name, {}).items():
            if question:
                asked[question] = [kind.answer(question, code) for code in codes]
            else:
                asked |= {f"${circumstance}": [True] for circumstance in codes}
        return json.dumps(asked) if asked else ""

    @cached_property
    def knowledge(self) -> str:
        """What the script of the page must know of this kind, as JSON: limits, sentences, names, needs."""
        kind = self.kind
        wordings = dict(sentences.of_fields(kind))
        schema = _plain(kind.schema)
        if self.payload:
            wordings |= {f"people.{path}": said for path, said in sentences.of_fields(self.payload).items()}
            schema["properties"]["people"] = _plain(self.payload.schema)
        return json.dumps(
            {
                "kind": kind.name,
                "title": kind.title,
                "filedBy": kind.filed_by,
                "schema": schema,
                "sealed": "people" if self.payload else None,
                "name": {
                    "pattern": kind.names.pattern.pattern.replace(r"\Z", "$"),
                    "rhythm": kind.period,
                    "starts_with": kind.names.starts_with,
                    "made_of": kind.names.made_of,
                },
                "alone": kind.alone,
                "defaults": {n: f["x-default"] for n, f in kind.schema["properties"].items() if "x-default" in f},
                "fields": wordings,
                "file": sentences.of_files(kind),
                "characters": sentences.characters(),
                "personal": PATTERNS["numbers"],
                "order": sentences.of_order(kind),
                "overspending": sentences.of_overspending() if "funds" in kind.schema["properties"] else None,
                "needs": [self._need(need) for need in kind.needs],
                "words": layout().words,
            },
            separators=(",", ":"),
        )

    def _need(self, need: Need) -> Mapping[str, Any]:
        answer = {need.question: self.kind.answer(need.question, need.answer)} if need.question else {}
        condition = answer or {f"${need.answer}": True}
        return {"if": condition, "need": need.field, "told": sentences.of_need(self.kind, need.rule, answer)}


_MORE = "更多选填项"
_KEPT = ("type", "required", "properties", "items", "enum", "pattern", "format")
_LIMITS = ("minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems")


def _plain(schema: Schema) -> dict[str, Any]:
    """What of a schema decides whether a value is right; titles and helps stand in the page already."""
    kept = {name: schema[name] for name in (*_KEPT, *_LIMITS) if name in schema}
    if "properties" in kept:
        kept["properties"] = {name: _plain(inner) for name, inner in kept["properties"].items()}
    if "items" in kept:
        kept["items"] = _plain(kept["items"])
    return kept


def _control(schema: Schema, pick: str) -> str:
    match schema["type"]:
        case "object":
            return "group"
        case "array":
            return "checks" if "enum" in schema["items"] else "list"
        case "integer":
            return "number"
        case "boolean":
            return "yes_no"
    if pick:
        return "pick"
    if "enum" in schema:
        return "choice"
    return "date" if schema.get("format") == "date" else "text"


@dataclass(frozen=True)
class FilingForms:
    """All that the pages under 填报 are made from."""

    forms: tuple[Form, ...]
    campaigns: tuple[FilingView, ...]

    @cached_property
    def groups(self) -> Sequence[Group]:
        """The groups of the start page, each with its cards in the order that their schemas wish for."""
        ranked = sorted(self.forms, key=lambda form: (form.kind.card.get("rank", LAST), form.card.action))
        return [
            Group(g["title"], g["who"], tuple(f.card for f in ranked if layout().group_of(f.kind) == name))
            for name, g in layout().data["groups"].items()
        ]

    def form(self, kind: str) -> Form:
        return next(form for form in self.forms if form.kind.name == kind)

    @property
    def layout(self) -> Layout:
        return layout()

    @cached_property
    def knowledge(self) -> str:
        """What the start page must know: how the periodic reports are written, and the words."""
        nil = {f.kind.name: json.loads(f.knowledge) for f in self.forms if f.kind.alone}
        kinds = {card.kind: card.action for group in self.groups for card in group.cards}
        return json.dumps({"nil": nil, "kinds": kinds, "words": layout().words}, separators=(",", ":"))

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The JSON of every campaign, by its address below the site's root."""
        for campaign in self.campaigns:
            text = json.dumps(_listed(campaign), ensure_ascii=False, default=str, allow_nan=False, indent=1)
            yield f"filing/{campaign.id}.json", text.encode() + b"\n"


def read_filing(
    kinds: Mapping[str, Kind], payloads: Mapping[str, Kind], campaigns: Sequence[FilingView]
) -> FilingForms:
    """A form for every kind of record that somebody fills in."""
    forms = [
        Form(kind, payloads["contacts"] if kind.is_sealed else None)
        for kind in kinds.values()
        if kind.place == "record" and not kind.counted
    ]
    return FilingForms(tuple(forms), tuple(campaigns))


def _listed(campaign: FilingView) -> Mapping[str, Any]:
    return {
        "id": campaign.id,
        "title": campaign.title,
        "starts_on": campaign.starts_on,
        "is_archived": campaign.is_archived,
        "sealing_key": campaign.sealing_key,
        "telephones": campaign.telephones,
        "clauses": [clause._asdict() for clause in campaign.clauses],
        "filers": [filer._asdict() for filer in campaign.filers],
        "duties": [{**d._asdict(), "occasions": [o._asdict() for o in d.occasions]} for d in campaign.duties],
        "records": {kind: [choice._asdict() for choice in choices] for kind, choices in campaign.records.items()},
    }
