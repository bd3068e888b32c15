"""Issues and comments that are found again by an invisible first line, and only among our own.

Anybody who may comment can write such a line; what somebody else wrote is neither edited nor believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from taizhang.forge.client import ForgeClient, ForgeIssue

LONGEST_BODY = 60_000
"""Characters; the platforms take 65,536, in UTF-16 on one of them."""

_MARK = re.compile(r"<!-- taizhang:([a-z0-9/-]{1,120}) -->")
_CUT = "\n\n（内容太长，后面的没有列出。）"


class Upsert(StrEnum):
    """What it took for the platform to say what it should."""

    CREATED = "created"
    EDITED = "edited"
    REOPENED = "reopened"
    CLOSED = "closed"
    UNCHANGED = "unchanged"

    @property
    def label(self) -> str:
        return {
            "created": "新开",
            "edited": "更新",
            "reopened": "重新打开",
            "closed": "关闭",
            "unchanged": "没有变化",
        }[self.value]


class WantedIssue(NamedTuple):
    """How an issue should stand."""

    title: str
    body: str
    is_open: bool = True


class UpsertedIssue(NamedTuple):
    """What was done about one marked issue."""

    mark: str
    number: int
    outcome: Upsert


def marked(mark: str, body: str) -> str:
    """`body` below its invisible line, cut at the end of a line where it is too long for the platforms."""
    line = f"<!-- taizhang:{mark} -->"
    if not _MARK.fullmatch(line):
        raise ValueError(mark)
    text = f"{line}\n{body.strip()}"
    if len(text) > LONGEST_BODY:
        text = text[: LONGEST_BODY - len(_CUT)].rpartition("\n")[0] + _CUT
    return text


def upsert_comment(forge: ForgeClient, number: int, mark: str, body: str) -> Upsert:
    """Make the issue or pull request `number` bear one comment marked `mark` that says `body`. Raises ForgeError."""
    text = marked(mark, body)
    for comment in forge.comments(number):
        if comment.author in forge.authors and _mark_of(comment.body) == mark:
            if comment.body == text:
                return Upsert.UNCHANGED
            forge.edit_comment(comment.id, text)
            return Upsert.EDITED
    forge.comment(number, text)
    return Upsert.CREATED


def keep_issues(
    forge: ForgeClient, prefixes: tuple[str, ...], wanted: Mapping[str, WantedIssue], labels: Sequence[str] = ()
) -> Iterator[UpsertedIssue]:
    """Make the issues whose marks begin with one of `prefixes` stand as `wanted`, by mark.

    One that is not wanted at all is closed as it is; one wanted closed that was never opened is left alone. Where two
    bear one mark, the oldest is kept and the others are closed. Writes only what differs. Raises ForgeError.
    """
    ours: dict[str, list[ForgeIssue]] = {}
    for issue in forge.issues():
        mark = _mark_of(issue.body)
        if issue.author in forge.authors and mark.startswith(prefixes):
            ours.setdefault(mark, []).append(issue)
    for mark in sorted({*wanted, *ours}):
        found = sorted(ours.get(mark, ()), key=lambda issue: issue.number)
        kept = _keep(forge, mark, found[0] if found else None, wanted.get(mark), labels)
        if kept:
            yield kept
        for double in found[1:]:
            if double.is_open:
                forge.edit_issue(double.number, state="closed")
                yield UpsertedIssue(mark, double.number, Upsert.CLOSED)


def _keep(
    forge: ForgeClient, mark: str, issue: ForgeIssue | None, wanted: WantedIssue | None, labels: Sequence[str]
) -> UpsertedIssue | None:
    if issue is None:
        if wanted is None or not wanted.is_open:
            return None
        opened = forge.open_issue(wanted.title, marked(mark, wanted.body), labels)
        return UpsertedIssue(mark, opened.number, Upsert.CREATED)
    is_open = wanted is not None and wanted.is_open
    changes: dict[str, str] = {}
    if wanted and wanted.title != issue.title:
        changes["title"] = wanted.title
    if wanted and marked(mark, wanted.body) != issue.body:
        changes["body"] = marked(mark, wanted.body)
    if is_open != issue.is_open:
        changes["state"] = "open" if is_open else "closed"
    if changes:
        forge.edit_issue(issue.number, **changes)
    return UpsertedIssue(mark, issue.number, _outcome(changes))


def _outcome(changes: Mapping[str, str]) -> Upsert:
    if not changes:
        return Upsert.UNCHANGED
    return {"open": Upsert.REOPENED, "closed": Upsert.CLOSED}.get(changes.get("state", ""), Upsert.EDITED)


def _mark_of(body: str) -> str:
    """The mark in the first line, or nothing."""
    match = _MARK.fullmatch(body.split("\n", 1)[0].strip())
    return match[1] if match else ""
