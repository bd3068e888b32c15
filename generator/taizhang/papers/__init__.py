"""Formal papers as drafts: 督办通知书, 责令整改通知书, 延期申请表, 验收申请书, 验收意见书, 督促函, 联系人回执.

They are for the office. Each puts on paper what a record or the ledger already says; none carries a seal, and none a
number that the office has not entered itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from taizhang.documents.official import OfficialDocument
from taizhang.ledger.ledger import Ledger
from taizhang.papers.facts import Subject, gather, subjects
from taizhang.papers.templates import TEMPLATES, WORDS, Template, compose

__all__ = ["KINDS", "Paper", "Subject", "choices", "find", "kind_named", "write"]

KINDS: Mapping[str, Template] = {word: template for word, template in TEMPLATES.items() if not template.within}
"""Every kind of paper, by the word for it on the command line."""


@dataclass(frozen=True)
class Paper:
    """One draft: what it is called, what it is about, its text."""

    title: str
    subject: Subject
    document: OfficialDocument

    @property
    def file_name(self) -> str:
        """A name that says what it is: 验收意见书-qi-wjw-2023-004.docx."""
        return f"{self.title}-{self.subject.path.replace('/', '-')}.docx"


def kind_named(word: str) -> str | None:
    """The kind meant by a word: its own, or the paper's title."""
    return next((kind for kind, template in KINDS.items() if word in (kind, template.title)), None)


def choices(ledger: Ledger, kind: str) -> Iterator[Subject]:
    """What papers of a kind can be made about at the ledger's date."""
    return subjects(ledger, kind)


def find(ledger: Ledger, kind: str, ref: str) -> list[Subject]:
    """The subjects that a reference names: `org/name` as records name each other, or the path of the file."""
    path = ref.removeprefix(f"submissions/{ledger.campaign.id}/").removesuffix(".yml")
    return [subject for subject in subjects(ledger, kind) if path in (subject.ref, subject.path)]


def write(ledger: Ledger, subject: Subject) -> Paper:
    """The draft about a subject, as things stand at the ledger's date."""
    template = TEMPLATES[subject.template]
    header = WORDS["demo"] + "　" + WORDS["header"] if ledger.campaign.demo else WORDS["header"]
    return Paper(template.title, subject, compose(template, gather(ledger, subject), header))
