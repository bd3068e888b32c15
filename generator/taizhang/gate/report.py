"""The gate's report as values, so that text, Markdown and JSON say the same; JSON is read back as untrusted data."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from taizhang.findings import Finding, Scope, Severity
from taizhang.findings.formats import as_github, as_text, markdown
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
    findings: tuple[Finding, ...]
    effects: tuple[Effect, ...]

    @property
    def errors(self) -> int:
        return sum(f.severity is Severity.ERROR for f in self.findings)


def report_of(outcome: Judgement) -> Report:
    """The report of an outcome."""
    proposal = outcome.proposal
    has_filings = outcome.has_filings or not outcome.passed
    return Report(proposal.base, proposal.head, outcome.passed, has_filings, outcome.findings, outcome.effects)


def _words() -> Mapping[str, Any]:
    text = resources.files("taizhang.gate").joinpath("sentences.yml").read_text(encoding="utf-8")
    words: Mapping[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return words


WORDS = _words()


def sentence(effect: Effect) -> str:
    """An effect as one sentence, without the full stop."""
    is_whole = effect.what is EffectKind.REFUSED and not effect.before and not effect.after
    template: str = WORDS["effects"]["refused_whole" if is_whole else effect.what.value]
    return template.format_map(asdict(effect))


def verdict(report: Report) -> str:
    """The verdict as one sentence, without the full stop."""
    words = WORDS["verdicts"]
    if not report.has_filings:
        return str(words["elsewhere"])
    if not report.passed:
        return str(words["failed"].format(errors=report.errors))
    warnings = len(report.findings)
    return str(words["warned"].format(warnings=warnings) if warnings else words["passed"])


def report_as_text(report: Report) -> str:
    """For a terminal: the findings, the effects as sentences, the verdict last."""
    heading = WORDS["headings"]["effects" if report.effects else "nothing"]
    told = "".join(f"  - {sentence(effect)}。\n" for effect in report.effects)
    findings = f"{as_text(report.findings)}\n" if report.findings else ""
    body = f"{heading}{'：' if told else '。'}\n{told}\n" if report.has_filings else ""
    return f"{findings}{body}{verdict(report)}。\n"


def report_as_github(report: Report) -> str:
    """Annotations on lines, then the verdict."""
    return f"{as_github(report.findings)}{verdict(report)}。\n"


def report_as_markdown(report: Report) -> str:
    """For a comment and a step summary. Every value is escaped: nothing submitted becomes Markdown or a mention."""
    return "\n".join(_markdown(report)) + "\n"


def _markdown(report: Report) -> Iterator[str]:
    words = WORDS["headings"]
    yield f"### {verdict(report)}"
    if report.findings:
        yield f"\n**{words['findings']}**\n"
        for f in report.findings[:MOST_SHOWN]:
            lines = (f"{f.severity.label} {f.code}　{f.place}", f.message, f"改法：{f.fix}")
            yield f"- {'<br>'.join(markdown(line) for line in lines)}"
        yield from _more(report.findings)
    if report.effects:
        yield f"\n**{words['effects']}**\n"
        yield f"| {' | '.join(WORDS['columns'])} |"
        yield f"|{' --- |' * len(WORDS['columns'])}"
        for effect in report.effects[:MOST_SHOWN]:
            cells = (effect.org, _matter(effect), effect.before, effect.after)
            yield f"| {' | '.join(markdown(cell) for cell in cells)} |"
        yield from _more(report.effects)
    elif report.has_filings:
        yield f"\n{words['nothing']}。"
    yield f"\n<sub>{WORDS['note'].format(base=report.base[:10], head=report.head[:10])}</sub>"


def _matter(effect: Effect) -> str:
    """What the line of a table is about: the sentence without what the other columns say."""
    labels = {
        EffectKind.REFUSED: "（不予接受）",
        EffectKind.DEADLINE: "（整改期限，已批准）",
        EffectKind.LEVEL: "（等级）",
    }
    marks = {
        EffectKind.FILED: "新报",
        EffectKind.ATTACHED: "新增附件",
        EffectKind.WITHDRAWN: "撤回",
        EffectKind.REGISTERED: "登记隐患",
    }
    return f"{marks.get(effect.what, '')}{effect.subject}{labels.get(effect.what, '')}"


def _more(items: Sequence[object]) -> Iterator[str]:
    if len(items) > MOST_SHOWN:
        yield f"\n{WORDS['headings']['more'].format(count=len(items) - MOST_SHOWN)}。"


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
    findings = (_finding(item) for item in data["findings"])
    effects = (Effect(**{**item, "what": EffectKind(item["what"])}) for item in data["effects"])
    report = Report(data["base"], data["head"], data["passed"], data["has_filings"], tuple(findings), tuple(effects))
    if report.passed != (report.errors == 0):
        raise BadReport("检查报告前后矛盾")
    return report


def _finding(item: Mapping[str, Any]) -> Finding:
    return Finding(**{**item, "severity": Severity(item["severity"]), "scope": Scope(item["scope"])})


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
