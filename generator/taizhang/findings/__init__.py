"""Findings: what is wrong or due, as values, and their wording per channel. Nobody prints them but the command line."""

from taizhang.findings.catalogue import RULES, Rule, finding, say, word, worded
from taizhang.findings.model import Finding, Scope, Sentence, Severity
from taizhang.findings.wording import Channel, Phrase, phrase, several

__all__ = [
    "RULES",
    "Channel",
    "Finding",
    "Phrase",
    "Rule",
    "Scope",
    "Sentence",
    "Severity",
    "finding",
    "phrase",
    "say",
    "several",
    "word",
    "worded",
]
