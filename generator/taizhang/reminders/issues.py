"""The issue of every organisation on the code platform, as it should stand on the day of a round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from taizhang.forge import WantedIssue
from taizhang.intake.kinds import Kind
from taizhang.reminders.letters import issue
from taizhang.reminders.rounds import Reminder, Round


def issues(rounds: Iterable[Round], kinds: Mapping[str, Kind]) -> Mapping[str, WantedIssue]:
    """By its mark, how the issue of every organisation on a roll should stand: open while something is to be done."""
    return {
        f"{prefix_of(round_.campaign.id)}{org.id}": _wanted(round_, reminder, kinds)
        for round_ in rounds
        for standing in [{reminder.org.id: reminder for reminder in round_.standing}]
        for org in round_.everybody
        for reminder in [standing.get(org.id, Reminder(org, (), has_left=False))]
    }


def prefix_of(campaign: str) -> str:
    """What the marks of a campaign's issues begin with."""
    return f"reminder/{campaign}/"


def _wanted(round_: Round, reminder: Reminder, kinds: Mapping[str, Kind]) -> WantedIssue:
    # A made-up unit's accounts are nobody's, or worse, somebody's.
    mentioned = () if round_.campaign.demo else reminder.org.submitters
    title, body = issue(round_, reminder, kinds, mentioned)
    return WantedIssue(title, body, is_open=bool(reminder.tasks))
