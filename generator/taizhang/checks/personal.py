"""The rule about personal numbers: they may stand in nothing that is public, and in no comment."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from taizhang.checks.registry import Hit, Register, record_rule
from taizhang.findings import Finding, phrase
from taizhang.intake.kinds import Kind
from taizhang.intake.personal import find_personal
from taizhang.intake.records import Record
from taizhang.intake.schemas import FieldPath

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_MADE = re.compile(r"\^\[[^]]*\]\{[0-9]+\}\$\Z")
"""The pattern of what a machine made: so many characters of one set, as of a key, a commit, a digest. Chance writes an
account's name into one public key of ten."""


@record_rule("E-PERSONAL")
def nobody_can_be_reached_or_identified(record: Record, register: Register) -> Iterator[Hit]:
    """No public field holds a person's number or address; what `campaign.yml` makes known may be told. PIPL 25.

    Nor does any other field of a kind that seals what it says of persons, or names nobody.
    """
    for path, text in _written(record):
        for number in find_personal(text, register.campaign.telephones):
            if is_guarded(record.kind, path):
                yield Hit(path, told(record.kind, path, number.what, number.masked))
                break


def is_guarded(kind: Kind, path: FieldPath) -> bool:
    """Whether what somebody writes into a field may hold no personal number."""
    visibility = kind.visibility(path)
    return visibility == "public" or (visibility == "internal" and (kind.is_sealed or kind.names_nobody))


def told(kind: Kind, path: FieldPath, what: str, shown: str) -> dict[str, object]:
    """The facts of E-PERSONAL at a field; `shown` is the number masked."""
    return {"where": phrase("value", label=kind.label(path)), "what": what, "masked": shown}


def personal_comments(record: Record) -> Iterator[Finding]:
    """E-PERSONAL in what stands behind a `#`: no page shows it, and everybody who has the repository reads it."""
    for comment in record.document.comments:
        for number in find_personal(comment.text):
            facts = {"where": phrase("comment"), "what": number.what, "masked": number.masked}
            yield record.finding_at("E-PERSONAL", comment.place, **facts)
            break


def personal_register(record: Record, published: Collection[str]) -> Iterator[Finding]:
    """E-PERSONAL in one of the office's own files: the campaign, the roll, criteria, calendars."""
    for path, text in _written(record):
        for number in find_personal(text, published):
            if record.kind.visibility(path) == "public" and path[:1] != ("telephones",):
                yield record.finding("E-PERSONAL", path, **told(record.kind, path, number.what, number.masked))
                break
    yield from personal_comments(record)


def is_written(kind: Kind, path: FieldPath) -> bool:
    """Whether somebody writes the text of a field, which is neither a day nor made by a machine."""
    field = kind.field(path)
    return field.get("format") != "date" and not _MADE.match(field.get("pattern", ""))


def texts_of(value: object, path: FieldPath = ()) -> Iterator[tuple[FieldPath, str]]:
    """Every text in a record's data, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from texts_of(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts_of(inner, (*path, index))


def _written(record: Record) -> Iterator[tuple[FieldPath, str]]:
    """Every text in a record that somebody wrote, with its path: no days, and nothing that a machine made."""
    for path, text in texts_of(record.data):
        if not _DATE.match(text) and is_written(record.kind, path):
            yield path, text
