"""A round of reminders: one day's, for every organisation of a campaign, with whom else it concerns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from taizhang.campaign.campaign import Campaign
from taizhang.campaign.roll import Organisation, Tier
from taizhang.checks.verdict import Verdict
from taizhang.findings import Finding
from taizhang.ledger.ledger import Ledger
from taizhang.reminders.tasks import Age, Task, tasks


@dataclass(frozen=True)
class Reminder:
    """What one organisation still has to do, by last day."""

    org: Organisation
    tasks: tuple[Task, ...]
    has_left: bool
    """Whether it is no longer on the roll: nobody there can be reminded, and what it left undone stays listed."""

    @property
    def ahead(self) -> tuple[Task, ...]:
        """Due today or within a week."""
        return tuple(task for task in self.tasks if task.age is None)

    @property
    def overdue(self) -> tuple[Task, ...]:
        return tuple(task for task in self.tasks if task.age)

    @property
    def by_age(self) -> Mapping[Age, tuple[Task, ...]]:
        """The overdue tasks of each age that occurs, the longest first."""
        found = {age: tuple(task for task in self.tasks if task.age is age) for age in reversed(Age)}
        return {age: aged for age, aged in found.items() if aged}

    @property
    def count(self) -> int:
        return len(self.tasks)

    @property
    def longest(self) -> int:
        """The most days that anything is overdue."""
        return max((task.days_overdue for task in self.tasks), default=0)

    @property
    def is_occasion(self) -> bool:
        """Whether there is a reason to write today."""
        return any(task.is_occasion for task in self.tasks)


@dataclass(frozen=True)
class Round:
    """Everybody who owes something on a day, in the order of the roll."""

    campaign: Campaign
    day: date
    everybody: tuple[Organisation, ...]
    standing: tuple[Reminder, ...]
    """All that is overdue or due within a week, whether or not it is told today."""
    left_out: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    """By organisation, why files of it were refused: the first finding about each."""
    site: str = ""
    """The address of the published site, without a slash at its end; empty where it is not known."""

    @cached_property
    def reminders(self) -> tuple[Reminder, ...]:
        """What is told today: due in 7, 3 or 1 days or today, and everything overdue."""
        due = (_only(r, tuple(task for task in r.tasks if task.is_told)) for r in self.standing)
        return tuple(r for r in due if r.tasks)

    @cached_property
    def escalation(self) -> tuple[Reminder, ...]:
        """What the safety committee's office hears of: units with something overdue too long, and only that."""
        grave = (_only(r, tuple(t for t in r.tasks if t.is_escalated)) for r in self.standing if r.org.files)
        return tuple(r for r in grave if r.tasks)

    def of_tier(self, tier: Tier) -> tuple[Organisation, ...]:
        """The organisations of a tier that are on the roll on the day."""
        return tuple(org for org in self.everybody if org.tier is tier)


def _only(reminder: Reminder, kept: tuple[Task, ...]) -> Reminder:
    return Reminder(reminder.org, kept, reminder.has_left)


def rounds(verdict: Verdict, today: date, site: str = "") -> tuple[Round, ...]:
    """The rounds of `today` of every campaign that was not archived before it."""
    refused: dict[str, dict[str, list[Finding]]] = {}
    for item in {item.file: item for item in reversed(verdict.errors)}.values():
        parts = item.file.split("/")
        if len(parts) > 3:
            refused.setdefault(parts[1], {}).setdefault(parts[2], []).insert(0, item)
    found = (round_of(ledger, today, refused.get(ledger.campaign.id)) for ledger in verdict.ledgers)
    return tuple(replace(round_, site=site) for round_ in found if round_)


def round_of(ledger: Ledger, today: date, left_out: Mapping[str, Sequence[Finding]] | None = None) -> Round | None:
    """The round of `today`, or None where the campaign was archived before it: nobody is reminded any more."""
    archived_on = ledger.campaign.archived_on
    if archived_on and archived_on < today:
        return None
    ledger = ledger.on(today)
    owed: dict[str, list[Task]] = {}
    for task in tasks(ledger):
        owed.setdefault(task.org.id, []).append(task)
    standing = tuple(
        Reminder(org, tuple(owed[org.id]), not org.existed_on(today))
        for org in ledger.roll.organisations
        if org.id in owed
    )
    everybody = tuple(org for org in ledger.roll.organisations if org.existed_on(today))
    return Round(ledger.campaign, today, everybody, standing, left_out or {})
