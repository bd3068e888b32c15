"""Findings: what is wrong or due, as values. Nobody prints them but the command line."""

from taizhang.findings.catalogue import RULES, Rule, finding
from taizhang.findings.model import Finding, Scope, Severity

__all__ = ["RULES", "Finding", "Rule", "Scope", "Severity", "finding"]
