"""Plain formatters over findings in words: terminal text, GitHub annotations, JSON; and text for Markdown."""

from __future__ import annotations

import json
import string
from collections.abc import Callable, Iterable, Mapping

from taizhang.findings.model import Sentence, Severity

GITHUB_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTICE: "notice"}


def as_text(sentences: Iterable[Sentence]) -> str:
    """Three lines a finding: the place, the sentence, the remedy."""
    blocks = [
        f"{f.place}\n  {f.severity.label} {f.code}：{f.message}\n  {f.remedy}（详见 taizhang explain {f.code}）\n"
        for f in sentences
    ]
    return "\n".join(blocks)


def as_github(sentences: Iterable[Sentence]) -> str:
    """Workflow commands that GitHub and Gitea turn into annotations on the line."""
    lines = []
    for f in sentences:
        where = [f"file={_property(f.file)}"]
        if f.line:
            where += [f"line={f.line}", f"col={f.column}"]
        where.append(f"title={_property(f.code)}")
        lines.append(f"::{GITHUB_LEVEL[f.severity]} {','.join(where)}::{_data(f'{f.message}{f.remedy}')}\n")
    return "".join(lines)


def as_json(sentences: Iterable[Sentence]) -> str:
    """One object with a list; field names are stable."""
    rows = [
        {
            "file": f.file,
            "line": f.line,
            "column": f.column,
            "code": f.code,
            "severity": f.severity.value,
            "scope": f.scope.value,
            "must": f.must,
            "found": f.found,
            "fix": f.fix,
        }
        for f in sentences
    ]
    return json.dumps({"version": 1, "findings": rows}, ensure_ascii=False, indent=2) + "\n"


LOOKED_FOR = str.maketrans("@#!", "＠＃！")
"""What forges look for in the finished page (@name, #12, !12), and the full-width twins that they do not."""


def markdown(text: str) -> str:
    """Text as Markdown that shows it and does nothing: no link, no heading, no cell, no mention of anybody."""
    plain = " ".join(text.split()).replace("://", "：//").translate(LOOKED_FOR)
    return "".join(f"&#{ord(c)};" if c in string.punctuation else c for c in plain)


def _data(text: str) -> str:
    # A newline would end the command and let submitted text start one of its own.
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS: Mapping[str, Callable[[Iterable[Sentence]], str]] = {"text": as_text, "github": as_github, "json": as_json}
