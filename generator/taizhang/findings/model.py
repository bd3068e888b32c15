"""The finding: what is wrong or due, where, and the facts that its sentence is made from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from taizhang.findings.wording import Facts


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


@dataclass(frozen=True)
class Finding:
    """One finding as a value: the rule, the facts that its wording asks for, and the place. `wording` says it.

    `line` and `column` count from 1; 0 means the finding is about the file as a whole. In a workbook they are the row
    and the column of the sheet, and a column of 0 is the row as a whole. `path` leads to the field in the record.
    """

    file: str
    line: int
    column: int
    code: str
    severity: Severity
    scope: Scope
    path: tuple[str | int, ...]
    facts: Facts

    def __lt__(self, other: Finding) -> bool:
        return self._order < other._order

    @property
    def _order(self) -> tuple[str, int, int, str, str]:
        """By place and code, so that a list of findings has one stable order; facts of any kind break a tie."""
        return self.file, self.line, self.column, self.code, str(self.facts)


@dataclass(frozen=True, order=True)
class Sentence:
    """A finding in the words of one channel. A part is empty where the channel needs no such part."""

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
        return f"{'；'.join(part for part in (self.must, self.found) if part)}。"

    @property
    def remedy(self) -> str:
        """How to mend it, said as such; empty where the message says it already."""
        return f"改法：{self.fix}" if self.fix else ""

    @property
    def place(self) -> str:
        """`file:line:column`, as editors and terminals understand it."""
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"
