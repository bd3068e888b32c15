"""Reminders (催办): what has to be done by whom and by when, and who is told of it on a day."""

from taizhang.reminders.rounds import Reminder, Round, round_of, rounds
from taizhang.reminders.tasks import Age, Task, TaskKind, tasks

__all__ = ["Age", "Reminder", "Round", "Task", "TaskKind", "round_of", "rounds", "tasks"]
