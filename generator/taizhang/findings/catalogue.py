"""The catalogue of rules: every code a finding may carry, with its wording, in `rules.yml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from taizhang.findings.model import Finding, Scope, Sentence, Severity
from taizhang.findings.wording import (
    DEFAULT,
    Channel,
    Phrases,
    Speaker,
    Wording,
    load_table,
    read_phrases,
    read_wording,
)


@dataclass(frozen=True)
class Rule:
    """One rule as its page explains it: what must be, why, a wrong and a right example."""

    code: str
    title: str
    scope: Scope
    severity: Severity
    must: Wording
    found: Wording
    fix: Wording
    why: str
    bad: str
    good: str
    phrases: Phrases
    """What facts of this rule may be besides values, with what is shared by all rules."""

    @property
    def parts(self) -> tuple[Wording, Wording, Wording]:
        return self.must, self.found, self.fix


_SHARED = read_phrases(load_table("taizhang.findings", "phrases.yml"))


def _rule(code: str, entry: Mapping[str, Any]) -> Rule:
    scope, severity, title = Scope(entry["scope"]), Severity(entry["severity"]), str(entry["title"])
    must, found, fix = (_part(entry, name) for name in ("must", "found", "fix"))
    why, bad, good = (str(entry[name]).strip("\n") for name in ("why", "bad", "good"))
    phrases = MappingProxyType({**_SHARED, **read_phrases(entry.get("phrases", {}))})
    return Rule(code, title, scope, severity, must, found, fix, why, bad, good, phrases)


def _part(entry: Mapping[str, Any], name: str) -> Wording:
    """One part of a rule's sentence. What `elsewhere` names is said where the file is not at hand."""
    if "elsewhere" not in entry:
        return read_wording(entry[name])
    shared = _SHARED[f"elsewhere.{entry['elsewhere']}.{name}"].of(Channel.FILE)
    given = entry[name] if isinstance(entry[name], Mapping) else {Channel.FILE: entry[name]}
    return read_wording({DEFAULT: shared.replace("{title}", entry["title"]), **given})


RULES: Mapping[str, Rule] = MappingProxyType(
    {code: _rule(code, entry) for code, entry in load_table("taizhang.findings", "rules.yml").items()}
)
_SLOTS = {code: frozenset().union(*(part.slots for part in rule.parts)) for code, rule in RULES.items()}


def finding(
    code: str, file: str, line: int = 0, column: int = 0, path: tuple[str | int, ...] = (), /, **facts: object
) -> Finding:
    """A finding of rule `code`. Nothing is worded yet: most findings are counted or compared, and never told.

    Raises KeyError for an unknown code or a fact that the wording asks for in some channel and the caller left out:
    both are mistakes of ours, never of the person who filed.
    """
    rule = RULES[code]
    if not facts.keys() >= _SLOTS[code]:
        raise KeyError(code, *sorted(_SLOTS[code] - facts.keys()))
    return Finding(file, line, column, code, rule.severity, rule.scope, path, tuple(facts.items()))


def word(item: Finding, channel: Channel = Channel.FILE) -> Sentence:
    """A finding in the words of a channel."""
    rule = RULES[item.code]
    speaker = Speaker(channel, rule.phrases)
    must, found, fix = (speaker.say(part, item.facts) for part in rule.parts)
    return Sentence(item.file, item.line, item.column, item.code, item.severity, item.scope, must, found, fix)


def say(fact: object, channel: Channel = Channel.FILE) -> str:
    """A phrase that rules share, or any other fact, in the words of a channel."""
    return Speaker(channel, _SHARED).fact(fact)


def worded(findings: Iterable[Finding], channel: Channel = Channel.FILE) -> list[Sentence]:
    """Findings in the words of a channel."""
    return [word(item, channel) for item in findings]
