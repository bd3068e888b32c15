"""What a reminder says of a task, in the words of letters, issues and chats, from `wording.yml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from taizhang.documents.values import day, file_name
from taizhang.findings import Channel, Finding, word
from taizhang.findings.wording import speaker
from taizhang.forms.links import command, form_link, name_of
from taizhang.intake.kinds import Kind
from taizhang.reminders.rounds import Round
from taizhang.reminders.tasks import Age, Task, TaskKind

_say = speaker("taizhang.reminders", "wording.yml", Channel.MAIL).tell


class TaskWords(NamedTuple):
    """Everything that is said of a task, each part on one line."""

    title: str
    source: str
    last_day: str
    standing: str
    answer: str
    """What to do about it."""
    form: str
    """The address of the form with which it is done; empty where there is none, or no site is known."""
    command: str
    """The command that does the same; empty where no record is filed."""


def words_of(round_: Round, kinds: Mapping[str, Kind], task: Task, openly: bool = False) -> TaskWords:
    """What is said of a task; `openly` where others than the organisation read it."""
    facts = {**task.facts, "ref": task.ref, **_optional(task, openly and task.is_discreet)}
    errand, campaign = task.errand, round_.campaign.id
    link = f"{round_.site}/{form_link(errand, campaign, task.org.id)}" if errand and round_.site else ""
    typed = ""
    if errand and errand.kind == "contacts":
        typed = f"taizhang seal --org {task.org.id} --campaign {campaign}"
    elif errand:
        typed = command(errand, campaign, task.org.id, name_of(errand, kinds[errand.kind], round_.day))
    return TaskWords(
        title=_say(f"title.{task.what}", **facts),
        source=_say(f"source.{task.what}", **facts),
        last_day=_say("last_day", due=day(task.due), unsure=_say("provisional") if task.is_provisional else ""),
        standing=_standing(task),
        answer=_answer(round_, kinds, task, bool(link)),
        form=link,
        command=typed,
    )


def _optional(task: Task, is_hidden: bool) -> Mapping[str, str]:
    """The parts of title and source that are not always said."""
    facts = task.facts
    title = facts.get("title", "")
    about = _say("about_hazard", hazard=facts["hazard"]) if facts.get("hazard") else ""
    if task.what is TaskKind.EXTENSION:
        about = "" if is_hidden else _say("about_title", title=title)
    return {
        "named": "" if is_hidden else _say("named", title=title),
        "about": about,
        "content": "" if is_hidden or not facts.get("content") else _say("content", content=facts["content"]),
        **{name: day(facts[name]) for name in ("dated", "requested") if name in facts},
    }


def _standing(task: Task) -> str:
    if task.days_left > 0:
        return _say("standing.ahead", days=task.days_left)
    return _say("standing.overdue", days=task.days_overdue) if task.age else _say("standing.today")


def age_words(age: Age) -> str:
    """How long the tasks of an age are overdue."""
    return _say(f"age.{age}")


def _answer(round_: Round, kinds: Mapping[str, Kind], task: Task, is_linked: bool) -> str:
    title = kinds[task.errand.kind].title if task.errand else ""
    fill = _say("fill.linked" if is_linked else "fill.unlinked", kind=title)
    asked, beyond = "".join(_asked(task, kinds)), _beyond(round_, task)
    return _say(f"answer.{_way(task)}", **task.facts, fill=fill, asked=asked, beyond=beyond)


def _way(task: Task) -> str:
    """Which of the answers a task gets."""
    if task.what is TaskKind.HAZARD and task.facts["waiting"]:
        return f"waiting_{task.facts['waiting']}"
    if task.what is TaskKind.ORDER and task.errand:
        return "order_hazard"
    is_receipt = task.errand is not None and task.errand.kind == "contacts"
    return "contacts" if is_receipt else task.what.value


def _asked(task: Task, kinds: Mapping[str, Kind]) -> Iterator[str]:
    """What the duty asks of the record besides its kind, under the names that the form has for it."""
    duty, errand = task.duty, task.errand
    if duty is None or errand is None:
        return
    kind = kinds[duty.kind]
    for name, value in duty.where.items():
        if name == "duty":
            continue  # The title of the task says it.
        is_yes_or_no = kind.field((name,))["type"] == "boolean"
        shown = _say(f"asked.{value}") if is_yes_or_no else kind.labels(name).get(value, value)
        yield _say("asked.where", label=kind.label((name,)), value=shown)
    if kind.period_field and kind.period_field in errand.answers:
        label, period = kind.label((kind.period_field,)), errand.answers[kind.period_field]
        yield _say("asked.period", label=label, period=period)
    if duty.must_include:
        labels = kind.field(("contents", 0))["x-labels"]
        yield _say("asked.contents", contents="、".join(labels[word] for word in sorted(duty.must_include)))
    if duty.count > 1:
        yield _say("asked.count", count=duty.count)


def _beyond(round_: Round, task: Task) -> str:
    """What somebody does who cannot finish in time."""
    if task.age:
        return _say("beyond.overdue")
    days = round_.campaign.extension_notice_workdays
    return _say("beyond.notice", days=days) if days else _say("beyond.extend")


def refused_words(item: Finding, kinds: Mapping[str, Kind]) -> str:
    """Why a file does not count, for the unit that filed it."""
    parts = item.file.removesuffix(".yml").split("/")
    is_named = len(parts) == 5 and parts[3] in kinds
    record = f"{kinds[parts[3]].title} {file_name(parts[4])}" if is_named else file_name(item.file)
    sentence = word(item, Channel.MAIL)
    return _say("refused", record=record, message=sentence.message, fix=sentence.fix)
