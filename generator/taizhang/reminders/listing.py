"""Rounds as they are printed: the letters one after another for people, one object for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from taizhang.campaign.campaign import Campaign
from taizhang.intake.kinds import Kind
from taizhang.reminders.letters import Letter, phrases
from taizhang.reminders.rounds import Reminder, Round
from taizhang.reminders.tasks import Task


def as_text(letters: Sequence[Letter], archived: Iterable[Campaign], day: date) -> str:
    """The letters of a day, the campaigns that remind nobody any more, and a line where there is no letter at all."""
    lines = [f"{'─' * 30}\n【{letter.subject}】\n{letter.text}" for letter in letters]
    lines += [f"{campaign.short_title}已于 {campaign.archived_on} 归档，不再提醒。" for campaign in archived]
    lines += [] if letters else [f"{day} 没有需要提醒的事项。"]
    return "".join(f"{line}\n" for line in lines)


def as_json(rounds: Iterable[Round], kinds: Mapping[str, Kind], day: date, org: str | None = None) -> str:
    """The rounds of a day as one object whose field names are stable; `org` leaves only one organisation's part."""
    campaigns = [
        {
            "campaign": round_.campaign.id,
            "units": [_unit(round_, kinds, r) for r in round_.reminders if org in (None, r.org.id)],
            "escalation": [_unit(round_, kinds, r) for r in round_.escalation if org in (None, r.org.id)],
        }
        for round_ in rounds
    ]
    return json.dumps({"version": 1, "today": str(day), "campaigns": campaigns}, ensure_ascii=False, indent=2) + "\n"


def _unit(round_: Round, kinds: Mapping[str, Kind], reminder: Reminder) -> Mapping[str, Any]:
    rows = [_task(round_, kinds, task) for task in reminder.tasks]
    return {"org": reminder.org.id, "name": reminder.org.name, "has_left": reminder.has_left, "tasks": rows}


def _task(round_: Round, kinds: Mapping[str, Kind], task: Task) -> Mapping[str, Any]:
    return {
        "what": task.what.value,
        "ref": task.ref,
        "due": str(task.due),
        "days_left": task.days_left,
        "age": task.age.value if task.age else None,
        "major": task.is_major,
        **phrases(round_, kinds, task),
    }
