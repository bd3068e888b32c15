"""The catalogue of rules: every code a finding may carry, with its wording, in `rules.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

import yaml

from taizhang.findings.model import Finding, Scope, Severity


@dataclass(frozen=True)
class Rule:
    """One rule as its page explains it: what must be, why, a wrong and a right example."""

    code: str
    title: str
    scope: Scope
    severity: Severity
    must: str
    found: str
    fix: str
    why: str
    bad: str
    good: str


def _load() -> Mapping[str, Rule]:
    text = resources.files("taizhang.findings").joinpath("rules.yml").read_text(encoding="utf-8")
    rules = {}
    for code, entry in yaml.load(text, Loader=yaml.CSafeLoader).items():
        values = {key: str(value).strip("\n") for key, value in entry.items()}
        scope, severity = Scope(values.pop("scope")), Severity(values.pop("severity"))
        rules[code] = Rule(code=code, scope=scope, severity=severity, **values)
    return MappingProxyType(rules)


RULES: Mapping[str, Rule] = _load()


def finding(code: str, file: str, line: int = 0, column: int = 0, /, **values: object) -> Finding:
    """A finding of rule `code`, its sentences filled in with `values`.

    Values are put on one line: a line break in them could start a command in the log of a build server.
    Raises KeyError for an unknown code or a value the wording asks for and the caller left out:
    both are mistakes of ours, never of the person who filed.
    """
    rule = RULES[code]
    words = {name: " ".join(str(value).split()) for name, value in values.items()}
    return Finding(
        file=file,
        line=line,
        column=column,
        code=code,
        severity=rule.severity,
        scope=rule.scope,
        must=rule.must.format_map(words),
        found=rule.found.format_map(words),
        fix=rule.fix.format_map(words),
    )
