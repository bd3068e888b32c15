"""The finding: one sentence for a tired clerk, with the place it speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs. Only errors make a record invalid."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"

    @property
    def label(self) -> str:
        return {"error": "错误", "warning": "提醒", "notice": "到期"}[self.value]


class Scope(StrEnum):
    """What a rule looks at. Rules of scope TIME speak of lateness and never of validity."""

    FILE = "file"
    RECORD = "record"
    LEDGER = "ledger"
    CHANGE = "change"
    TIME = "time"


@dataclass(frozen=True, order=True)
class Finding:
    """One finding, already in words.

    Ordered by file, line, column and code, so a list of findings has one stable order.
    `line` and `column` count from 1; 0 means the finding is about the file as a whole.
    """

    file: str
    line: int
    column: int
    code: str
    severity: Severity
    scope: Scope
    must: str
    found: str
    fix: str

    @property
    def message(self) -> str:
        """What must be and what was found, as one sentence."""
        return f"{self.must}；{self.found}。"

    @property
    def place(self) -> str:
        """`file:line:column`, as editors and terminals understand it."""
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"
