"""Which records of a large base bear on a proposal: the rest need not be read to judge it.

An organisation speaks only from its own folder, and a decision about it counts only from above. So what can bear on a
record lies in the folders of the organisations it touches, and in what those above them and the bodies of the campaign
say about these.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from taizhang.campaign.roll import Tier
from taizhang.intake.records import IDENTIFIER, LIBRARIES, Intake, is_attachment
from taizhang.intake.strict_yaml import REGISTER, Refused, load

_WORD = re.compile(IDENTIFIER)
_RAW_WORD = re.compile(IDENTIFIER.encode())
_REGISTERS = ("campaign.yml", "roll.yml")


@dataclass(frozen=True)
class Selection:
    """The organisations of one campaign that a proposal touches, and those that may have spoken about them."""

    touched: frozenset[str]
    above: frozenset[str]


def is_register(path: str) -> bool:
    """Whether everything in a campaign may hang on this file: campaign.yml, roll.yml, criteria, calendars."""
    parts = path.split("/")
    return (len(parts) == 3 and parts[2] in _REGISTERS) or (len(parts) > 1 and parts[1] in LIBRARIES)


def selections(registers: Intake, changed: Mapping[str, Collection[bytes]]) -> Mapping[str, Selection] | None:
    """For each campaign, what a change touches; None where the change bears on everything.

    `changed` has the bytes that each changed path held and would hold. Every identifier of the roll that stands in
    their values counts as touched, wherever it stands: that errs on the side of reading more. It is the parsed values
    that are searched, for YAML can spell an identifier in letters that do not stand in the file; what cannot be read
    may say anything.
    """
    found: dict[str, Selection] = {}
    rolls = {r.campaign: r.data["organisations"] for r in registers.of("roll")}
    bodies = {r.campaign: frozenset(r.data.get("contact_bodies", ())) for r in registers.of("campaign")}
    for path, texts in changed.items():
        parts = path.split("/")
        # A new roll may change who stands above whom, and with that whose every word counts.
        if is_register(path) or len(parts) < 4 or parts[1] not in rolls or parts[1] not in bodies:
            return None
        words = [_words(text) for text in texts] if not is_attachment(path) else []
        if None in words:
            return None
        campaign, roll = parts[1], rolls[parts[1]]
        known = {entry["id"] for entry in roll}
        named = known & {word for said in words for word in said or ()}
        touched = {parts[2], *named, *found.get(campaign, Selection(frozenset(), frozenset())).touched}
        found[campaign] = Selection(frozenset(touched), _above(touched, roll) | bodies[campaign])
    return found


def _above(touched: Iterable[str], roll: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Every organisation above one of those touched, and the safety committee's office, which stands beside them."""
    entries = {entry["id"]: entry for entry in roll}
    found = {org for org, entry in entries.items() if entry["tier"] == Tier.COMMITTEE}
    for org in touched:
        node = entries.get(org, {}).get("parent")
        while node in entries and node not in found:
            found.add(node)
            node = entries[node].get("parent")
    return frozenset(found)


def selects(path: str, part: Mapping[str, Selection]) -> bool | None:
    """Whether a path bears on the change: yes, no, or None where only its text can tell."""
    if is_register(path):
        return True
    parts = path.split("/")
    chosen = part.get(parts[1]) if len(parts) > 3 else None
    if chosen is None:
        return False
    # An attachment is listed and looked at, never read whole, and any record may cite it.
    if parts[2] in chosen.touched or parts[3] == "files":
        return True
    # Those above have folders full of others' affairs; only a record that names one who is touched can bear on it.
    return None if parts[2] in chosen.above else False


def folders(part: Mapping[str, Selection] | None, campaigns: Iterable[str]) -> tuple[str, ...]:
    """Where in a tree everything lies that can bear on a change: the registers, and the folders selected."""
    if part is None:
        return ("submissions",)
    registers = [f"submissions/{campaign}/{name}" for campaign in campaigns for name in _REGISTERS]
    orgs = [f"submissions/{campaign}/{org}" for campaign, some in part.items() for org in some.touched | some.above]
    return (*(f"submissions/{name}" for name in LIBRARIES), *sorted(registers), *sorted(orgs))


@dataclass(frozen=True)
class Unread:
    """Kind and reference of every record outside of the selection, and of those in it that were listed and not read.

    What lies outside is taken to exist: a change that refers to an organisation touches it, so nothing that it refers
    to lies outside.
    """

    part: Mapping[str, Selection]
    listed: frozenset[tuple[str, str]]

    def __contains__(self, key: object) -> bool:
        orgs = {org for chosen in self.part.values() for org in chosen.touched | chosen.above}
        return key in self.listed or (isinstance(key, tuple) and str(key[1]).partition("/")[0] not in orgs)


def mentions(text: bytes, path: str, part: Mapping[str, Selection]) -> bool:
    """Whether the record at `path` names an organisation that the change touches.

    Thousands are asked. Only an escape can spell a letter that does not stand in the file, so the others are searched
    as they are, comments included.
    """
    touched = part[path.split("/")[1]].touched
    if b"\\" not in text:
        return any(word.decode() in touched for word in _RAW_WORD.findall(text))
    words = _words(text)
    return words is None or not words.isdisjoint(touched)


def _words(text: bytes) -> set[str] | None:
    """Every word in the values and keys of a file that could be an identifier; None where it cannot be read."""
    try:
        data = load(text, REGISTER).data
    except Refused:
        return None
    found: set[str] = set()
    pending: list[object] = [data]
    while pending:
        value = pending.pop()
        match value:
            case dict():
                pending += [*value, *value.values()]
            case list():
                pending += value
            case str():
                found.update(_WORD.findall(value))
    return found
