"""What our schemas say beyond JSON Schema: which date comes first, and what else an answer needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from taizhang.intake.schemas import FieldPath, Schema

ORDER_RULE = "E-ORDER"
"""The rule that tells of dates in the wrong order where a schema names no other."""


class DateOrder(NamedTuple):
    """`x-order`: one date of a record is not later than another, nor less than `days` before it.

    0 in both paths stands for the same entry of a list.
    """

    first: FieldPath
    then: FieldPath
    days: int = 0
    rule: str = ORDER_RULE


class After(NamedTuple):
    """`x-after` of a reference: the record's own day is not before this day of the record that it names."""

    field: str
    to: str
    day: str
    rule: str = ORDER_RULE


def read_order(schema: Schema) -> tuple[DateOrder, ...]:
    """Every order that a kind's schema gives, and the one that goes without saying: a day comes before its filing.

    That is left unsaid only where the given ones come to the same, or where `x-kind.date_follows_filing` says that
    it is not so.
    """
    given = tuple(_given(schema, ()))
    kind = schema["x-kind"]
    day, filed = (kind.get("date_field"),), ("filed_on",)
    if day in ((None,), filed) or kind.get("date_follows_filing") or filed in _later(day, given, schema["required"]):
        return given
    return (DateOrder(day, filed), *given)


def _given(node: Schema, path: FieldPath) -> Iterator[DateOrder]:
    for entry in node.get("x-order", ()):
        first, then = ((*path, *entry[name].split(".")) for name in ("first", "then"))
        yield DateOrder(first, then, entry.get("days", 0), entry.get("rule", ORDER_RULE))
    for name, inner in node.get("properties", {}).items():
        yield from _given(inner, (*path, name))
    if "items" in node:
        yield from _given(node["items"], (*path, 0))


def _later(day: FieldPath, given: tuple[DateOrder, ...], required: list[str]) -> frozenset[FieldPath]:
    """The dates that come after `day`, as far as a chain of orders leads over fields that are always there."""
    found = {order.then for order in given if order.first == day}
    return frozenset(found).union(*(_later(then, given, required) for then in found if then[0] in required))


def read_after(schema: Schema) -> tuple[After, ...]:
    """What a kind's references say of the records they name."""
    fields = schema["properties"].items()
    return tuple(After(name, field["x-ref"], **field["x-after"]) for name, field in fields if "x-after" in field)


YES_NO: Mapping[str, bool] = {"true": True, "false": False}
"""The answers to a question of yes or no, as `x-needs` names them."""


class Need(NamedTuple):
    """`x-needs`: a field that must be filled in where a question has this answer, and the rule that says so.

    `question` is a field of the record; where it is empty, `answer` is a circumstance of the filing: `from_above`, by
    an organisation that files for others only; `before_campaign`, about what is older than the campaign.
    """

    question: str
    answer: str
    field: str
    rule: str


def read_needs(schema: Schema) -> tuple[Need, ...]:
    """Everything that some answer or circumstance needs, in the order of the questions."""
    return tuple(
        Need(question, answer, field, rule)
        for question, node in _questions(schema)
        for answer, fields in node.get("x-needs", {}).items()
        for field, rule in fields.items()
    )


Condition = Mapping[str, Sequence[str]]
"""For each question the answers that will do, the empty question being the circumstances."""


def read_conditions(schema: Schema) -> Mapping[str, Condition]:
    """By field, on which answers it is asked for at all: those that need it (`x-needs`) or make it fit (`x-asks`).

    A field is asked for always where it is required or prominent, or where no answer speaks of it.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for question, node in _questions(schema):
        for annotation in ("x-needs", "x-asks"):
            for answer, fields in node.get(annotation, {}).items():
                for field in fields:
                    found.setdefault(field, {}).setdefault(question, []).append(answer)
    always = {name for name, field in schema["properties"].items() if field.get("x-prominent")} | {*schema["required"]}
    return {field: condition for field, condition in found.items() if field not in always}


def _questions(schema: Schema) -> Iterator[tuple[str, Schema]]:
    yield "", schema
    yield from schema["properties"].items()
