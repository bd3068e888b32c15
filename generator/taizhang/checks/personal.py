"""The rule about personal numbers: they may stand in nothing that is public, and in no comment."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from taizhang.checks.registry import Hit, Register, record_rule
from taizhang.findings import Finding, Phrase, phrase
from taizhang.intake.personal import PersonalNumber, find_personal
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
    published, kind = register.campaign.telephones, record.kind
    guarded = ("public", "internal") if kind.is_sealed or kind.names_nobody else ("public",)
    for path, text in _texts(record, record.data, ()):
        for number in find_personal(text, published):
            if kind.visibility(path) in guarded:
                yield Hit(path, _told(number, _field(record, path)))
                break


def personal_comments(record: Record) -> Iterator[Finding]:
    """E-PERSONAL in what stands behind a `#`: no page shows it, and everybody who has the repository reads it."""
    for comment in record.document.comments:
        for number in find_personal(comment.text):
            yield record.finding_at("E-PERSONAL", comment.place, **_told(number, phrase("comment")))
            break


def personal_register(record: Record, published: Collection[str]) -> Iterator[Finding]:
    """E-PERSONAL in one of the office's own files: the campaign, the roll, criteria, calendars."""
    for path, text in _texts(record, record.data, ()):
        for number in find_personal(text, published):
            if record.kind.visibility(path) == "public" and path[:1] != ("telephones",):
                yield record.finding("E-PERSONAL", path, **_told(number, _field(record, path)))
                break
    yield from personal_comments(record)


def _field(record: Record, path: FieldPath) -> Phrase:
    return phrase("value", label=record.kind.label(path))


def _told(number: PersonalNumber, where: Phrase) -> dict[str, object]:
    return {"where": where, "what": number.what, "masked": number.masked}


def _texts(record: Record, value: object, path: FieldPath) -> Iterator[tuple[FieldPath, str]]:
    """Every text in a record that somebody wrote, with its path: no days, and nothing that a machine made."""
    if isinstance(value, str):
        if not _DATE.match(value) and not _MADE.match(record.kind.field(path).get("pattern", "")):
            yield path, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(record, inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(record, inner, (*path, index))
