"""The gate's report as values, so that text, Markdown and JSON say the same; JSON is read back as untrusted data."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from jsonschema import Draft202012Validator

from taizhang.findings import Channel, Scope, Sentence, Severity, worded
from taizhang.findings.formats import as_github, as_text, markdown
from taizhang.findings.wording import speaker
from taizhang.gate.effects import Effect, EffectKind
from taizhang.gate.judgement import Judgement

VERSION = 1
MOST_SHOWN = 50
"""Findings and effects that a comment shows; the log has all of them."""
LARGEST_REPORT = 4 * 1024 * 1024
"""Bytes of a report that is read back."""


class BadReport(Exception):
    """What was given as a report is none."""


@dataclass(frozen=True)
class Report:
    """What the gate tells people about one proposal. `base` and `head` are full commit ids."""

    base: str
    head: str
    passed: bool
    has_filings: bool
    findings: tuple[Sentence, ...]
    effects: tuple[Effect, ...]

    @property
    def errors(self) -> int:
        return sum(f.severity is Severity.ERROR for f in self.findings)


def report_of(outcome: Judgement) -> Report:
    """The report of an outcome."""
    proposal = outcome.proposal
    has_filings = outcome.has_filings or not outcome.passed
    findings = tuple(worded(outcome.findings, Channel.GATE))
    return Report(proposal.base, proposal.head, outcome.passed, has_filings, findings, outcome.effects)


_tell = speaker("taizhang.gate", "sentences.yml", Channel.GATE).tell


def sentence(effect: Effect) -> str:
    """An effect as one sentence, without the full stop."""
    is_whole = effect.what is EffectKind.REFUSED and not effect.before and not effect.after
    return _tell("effects.refused_whole" if is_whole else f"effects.{effect.what}", **asdict(effect))


def verdict(report: Report) -> str:
    """The verdict as one sentence, without the full stop."""
    if not report.has_filings:
        return _tell("verdicts.elsewhere")
    if not report.passed:
        return _tell("verdicts.failed", errors=report.errors)
    warnings = len(report.findings)
    return _tell("verdicts.warned", warnings=warnings) if warnings else _tell("verdicts.passed")


def report_as_text(report: Report) -> str:
    """For a terminal: the findings, the effects as sentences, the verdict last."""
    heading = _tell("headings.effects" if report.effects else "headings.nothing")
    effects = "".join(f"  - {sentence(effect)}。\n" for effect in report.effects)
    findings = f"{as_text(report.findings)}\n" if report.findings else ""
    body = f"{heading}{'：' if effects else '。'}\n{effects}\n" if report.has_filings else ""
    return f"{findings}{body}{verdict(report)}。\n"


def report_as_github(report: Report) -> str:
    """Annotations on lines, then the verdict."""
    return f"{as_github(report.findings)}{verdict(report)}。\n"


def report_as_markdown(report: Report) -> str:
    """For a comment and a step summary. Every value is escaped: nothing submitted becomes Markdown or a mention."""
    return "\n".join(_markdown(report)) + "\n"


def _markdown(report: Report) -> Iterator[str]:
    yield f"### {verdict(report)}"
    if report.findings:
        yield f"\n**{_tell('headings.findings')}**\n"
        for f in report.findings[:MOST_SHOWN]:
            lines = (f"{f.severity.label} {f.code}　{f.place}", f.message, f.remedy)
            yield f"- {'<br>'.join(markdown(line) for line in lines)}"
        yield from _more(report.findings)
    if report.effects:
        yield f"\n**{_tell('headings.effects')}**\n"
        columns = _tell("columns").split("|")
        yield f"| {' | '.join(columns)} |"
        yield f"|{' --- |' * len(columns)}"
        for effect in report.effects[:MOST_SHOWN]:
            cells = (effect.org, _tell(f"matters.{effect.what}", subject=effect.subject), effect.before, effect.after)
            yield f"| {' | '.join(markdown(cell) for cell in cells)} |"
        yield from _more(report.effects)
    elif report.has_filings:
        yield f"\n{_tell('headings.nothing')}。"
    yield f"\n<sub>{_tell('note', base=report.base[:10], head=report.head[:10])}</sub>"


def _more(items: Sequence[object]) -> Iterator[str]:
    if len(items) > MOST_SHOWN:
        yield f"\n{_tell('headings.more', count=len(items) - MOST_SHOWN)}。"


def report_as_json(report: Report) -> str:
    """For other programs; field names are stable."""
    return json.dumps({"version": VERSION, **asdict(report)}, ensure_ascii=False, indent=2) + "\n"


def read_report(raw: bytes) -> Report:
    """A report from JSON that may have been made by anybody. Raises BadReport where it is not one."""
    if len(raw) > LARGEST_REPORT:
        raise BadReport("检查报告太大")
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadReport("检查报告不是 JSON") from None
    if not Draft202012Validator(_SCHEMA).is_valid(data):
        raise BadReport("检查报告的格式不对")
    findings = (_sentence(item) for item in data["findings"])
    effects = (Effect(**{**item, "what": EffectKind(item["what"])}) for item in data["effects"])
    report = Report(data["base"], data["head"], data["passed"], data["has_filings"], tuple(findings), tuple(effects))
    if report.passed != (report.errors == 0):
        raise BadReport("检查报告前后矛盾")
    return report


def _sentence(item: Mapping[str, Any]) -> Sentence:
    return Sentence(**{**item, "severity": Severity(item["severity"]), "scope": Scope(item["scope"])})


def _object(**properties: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": list(properties), "properties": properties}


_TEXT: Mapping[str, Any] = {"type": "string", "maxLength": 2000}
_COUNT: Mapping[str, Any] = {"type": "integer", "minimum": 0, "maximum": 10**9}
_COMMIT: Mapping[str, Any] = {"type": "string", "pattern": "^[0-9a-f]{40}$", "maxLength": 40}
_SCHEMA: Mapping[str, Any] = _object(
    version={"const": VERSION},
    base=_COMMIT,
    head=_COMMIT,
    passed={"type": "boolean"},
    has_filings={"type": "boolean"},
    findings={
        "type": "array",
        "maxItems": 5000,
        "items": _object(
            file=_TEXT,
            line=_COUNT,
            column=_COUNT,
            code={"type": "string", "pattern": "^[EWN]-[A-Z-]{1,30}$", "maxLength": 32},
            severity={"enum": [severity.value for severity in Severity]},
            scope={"enum": [scope.value for scope in Scope]},
            must=_TEXT,
            found=_TEXT,
            fix=_TEXT,
        ),
    },
    effects={
        "type": "array",
        "maxItems": 5000,
        "items": _object(
            what={"enum": [what.value for what in EffectKind]},
            **dict.fromkeys(("org", "subject", "before", "after", "path"), _TEXT),
        ),
    },
)

FORMATS: Mapping[str, Callable[[Report], str]] = {
    "text": report_as_text,
    "github": report_as_github,
    "markdown": report_as_markdown,
    "json": report_as_json,
}
SUFFIXES: Mapping[str, str] = {".txt": "text", ".md": "markdown", ".json": "json"}
"""How a report is saved, by the name of the file."""
