"""Words kept in tables: one text for every channel, and another only where a channel must say it otherwise.

A text is what every channel may say. What stands in it between `[[` and `]]` is only for those who see the file; where
that is not enough, the entry of a table is a mapping with `default` and the channels that differ.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml


class Channel(StrEnum):
    """Where words are read, and so which words help there. decision 14."""

    FILE = "file"
    """At a terminal or in an editor, with the YAML file at hand: line, column, names of fields, commands."""
    GATE = "gate"
    """In the report on a pull request: the file is at hand, a terminal is not."""
    FORM = "form"
    """Beside the field of a form that was just filled in."""
    WORKBOOK = "workbook"
    """Beside the row of a workbook: its cells, its columns, the labels of choices."""
    MAIL = "mail"
    """In a letter, an issue or a chat, far from file and form: a link to the form first, a command last."""


DEFAULT = "default"
_TELLS_OF_THE_FILE = frozenset({Channel.FILE, Channel.GATE})
_FALLBACKS: Mapping[Channel, tuple[str, ...]] = {Channel.GATE: (Channel.GATE, Channel.FILE)}
_ONLY_WITH_THE_FILE = re.compile(r"\[\[(.*?)\]\]")


@dataclass(frozen=True)
class Wording:
    """One entry of a table: what each channel says, and the facts that any of them asks for."""

    texts: Mapping[Channel, str]
    slots: frozenset[str]

    def of(self, channel: Channel | str) -> str:
        """The text of a channel, its slots unfilled."""
        return self.texts[Channel(channel)]


def read_wording(entry: str | Mapping[str, str]) -> Wording:
    """An entry of a table. Raises KeyError where it has neither a text for a channel nor one for all."""
    given = {DEFAULT: str(entry)} if not isinstance(entry, Mapping) else entry
    texts = {}
    for channel in Channel:
        wanted = next((name for name in _FALLBACKS.get(channel, (channel,)) if name in given), DEFAULT)
        kept = r"\1" if channel in _TELLS_OF_THE_FILE else ""
        texts[channel] = _ONLY_WITH_THE_FILE.sub(kept, str(given[wanted]).strip("\n"))
    slots = {name for text in texts.values() for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    return Wording(MappingProxyType(texts), frozenset(slots))


def is_wording(entry: object) -> bool:
    """Whether an entry of a table is a text, and not a group of texts."""
    return not isinstance(entry, Mapping) or DEFAULT in entry


Phrases = Mapping[str, Wording]


def read_phrases(entries: Mapping[str, Any], prefix: str = "") -> Phrases:
    """The texts of a table by name; those of a group are named `group.text`."""
    found: dict[str, Wording] = {}
    for name, entry in entries.items():
        if is_wording(entry):
            found[f"{prefix}{name}"] = read_wording(entry)
        else:
            found |= read_phrases(entry, f"{prefix}{name}.")
    return MappingProxyType(found)


def load_table(package: str, file: str) -> Mapping[str, Any]:
    """A table of words that comes with the program."""
    text = resources.files(package).joinpath(file).read_text(encoding="utf-8")
    table: Mapping[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return table


Facts = tuple[tuple[str, object], ...]
"""What a sentence is made from, by slot: plain values, phrases, or several of them."""


@dataclass(frozen=True)
class Phrase:
    """A fact that is itself words: an entry of a table with facts of its own."""

    key: str
    facts: Facts


def phrase(key: str, /, **facts: object) -> Phrase:
    """The phrase of a table, to be worded when it is told."""
    return Phrase(key, tuple(facts.items()))


@dataclass(frozen=True)
class Several:
    """Facts told one after another."""

    items: tuple[object, ...]
    joint: str = "、"


def several(items: Iterable[object], joint: str = "、") -> Several:
    return Several(tuple(items), joint)


@dataclass(frozen=True)
class Speaker:
    """Fills in the facts of a wording as one channel says them."""

    channel: Channel
    phrases: Phrases = field(default_factory=dict)

    def say(self, wording: Wording, facts: Iterable[tuple[str, object]]) -> str:
        """The text with its facts. KeyError for a fact that is asked for and not given: a mistake of ours."""
        return wording.of(self.channel).format_map({name: self.fact(value) for name, value in facts})

    def tell(self, key: str, /, **facts: object) -> str:
        """The phrase `key` of the table. KeyError for one that is not there."""
        return self.say(self.phrases[key], facts.items())

    def fact(self, value: object) -> str:
        """A fact in words: a plain value on one line, a phrase, or several of them."""
        match value:
            case Phrase(key, facts):
                return self.say(self.phrases[key], facts)
            case Several(items, joint):
                return joint.join(map(self.fact, items))
            case _:
                return one_line(str(value))


def speaker(package: str, file: str, channel: Channel) -> Speaker:
    """Who tells the phrases of a table that comes with the program, in one channel."""
    return Speaker(channel, read_phrases(load_table(package, file)))


def one_line(text: str) -> str:
    """A text on one line that moves no cursor: a line break could start a command in the log of a build server."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
