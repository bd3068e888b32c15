"""What a round of reminders says: letters to units, to the safety committee's office and to the office, and issues.

Units' names and hazards' titles are submitted text. Every value is escaped where it is written: to one line in a
letter, to inert characters in Markdown. What a template says itself is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from taizhang.campaign.roll import Organisation, Tier
from taizhang.documents.values import FILTERS
from taizhang.findings.formats import LOOKED_FOR, markdown
from taizhang.findings.wording import one_line
from taizhang.intake.kinds import Kind
from taizhang.reminders import Reminder, Round, Task
from taizhang.reminders.wording import age_words, refused_words, words_of

LONGEST_SUBJECT = 200
MOST_REFUSED = 10
"""Files that do not count of which a letter says why."""
ESCALATION, OFFICE = "_escalation", "_office"
"""Stems of the two lists. Organisations' names have no underscore, so they can be taken for no unit's."""


class Letter(NamedTuple):
    """One letter: the stem of its file, whom it addresses, what it says, whether today is a day to send it."""

    stem: str
    org: Organisation | None
    """The unit it goes to; None for the office and the safety committee's office."""
    names: str
    subject: str
    text: str
    is_occasion: bool


class IssueText(NamedTuple):
    """What a unit's issue says: its title and, in Markdown, its body."""

    title: str
    body: str


def letters(round_: Round, kinds: Mapping[str, Kind]) -> Iterator[Letter]:
    """The letters of a round: one to each organisation that is told something, then the two lists.

    The office's own tasks stand in its list.
    """
    for reminder in round_.reminders:
        if not reminder.has_left and reminder.org.tier is not Tier.OFFICE:
            text = _write("unit.txt", round_, kinds, reminder=reminder, **_refused(round_, kinds, reminder))
            name = one_line(reminder.org.name)
            yield Letter(reminder.org.id, reminder.org, name, _subject(round_, reminder), text, reminder.is_occasion)
    yield from _lists(round_, kinds)


def _lists(round_: Round, kinds: Mapping[str, Kind]) -> Iterator[Letter]:
    committees, office = round_.of_tier(Tier.COMMITTEE), one_line(round_.campaign.data["office"])
    topic = one_line(round_.campaign.short_title)
    if round_.escalation and committees:
        names = "、".join(one_line(org.name) for org in committees)
        text = _write("escalation.txt", round_, kinds, names=names)
        subject = f"逾期事项清单（{len(round_.escalation)} 家）：{topic}"
        occasion = any(reminder.is_occasion for reminder in round_.escalation)
        yield Letter(ESCALATION, None, names, subject, text, occasion)
    if round_.reminders:
        overdue = sum(len(reminder.overdue) for reminder in round_.reminders)
        text = _write("office.txt", round_, kinds, overdue=overdue)
        subject = f"今日提醒总表（{len(round_.reminders)} 家）：{topic}"
        occasion = any(reminder.is_occasion for reminder in round_.reminders)
        yield Letter(OFFICE, None, office, subject, text, occasion)


def _subject(round_: Round, reminder: Reminder) -> str:
    counts = (("逾期", reminder.overdue), ("即将到期", reminder.ahead))
    summary = "，".join(f"{word} {len(some)} 项" for word, some in counts if some)
    return f"{summary}：{one_line(round_.campaign.short_title)}"[:LONGEST_SUBJECT]


def issue(round_: Round, reminder: Reminder, kinds: Mapping[str, Kind], mentioned: Sequence[str]) -> IssueText:
    """How the issue of one unit reads; with no tasks, how it reads when it is closed.

    Of hazards that the public sees only as counts it gives the reference alone. `mentioned` are logins, which their
    schema keeps to letters, digits, hyphen and underscore.
    """
    counts = (("逾期", reminder.overdue), ("7 天内到期", reminder.ahead))
    summary = "，".join(f"{word} {len(some)} 项" for word, some in counts if some) or "没有待办事项"
    title = one_line(f"{reminder.org.name}：{summary}（{round_.campaign.short_title}）").translate(LOOKED_FOR)
    # Markup escapes what is joined to it, and these may not be inert.
    called = Markup(" ").join(Markup("@") + login for login in mentioned)
    values = {"reminder": reminder, "called": called, **_refused(round_, kinds, reminder)}
    return IssueText(title[:LONGEST_SUBJECT], _write("issue.md", round_, kinds, **values).strip())


def _refused(round_: Round, kinds: Mapping[str, Kind], reminder: Reminder) -> Mapping[str, Any]:
    """What is said of files that do not count, where they are filled in anew, and the command that explains them."""
    found = round_.left_out.get(reminder.org.id, ())
    start = f"{round_.site}/filing/?{urlencode({'campaign': round_.campaign.id, 'org': reminder.org.id})}"
    listed = [refused_words(item, kinds) for item in found[:MOST_REFUSED]]
    return {"left_out": len(found), "refused": listed, "start": Markup(start if round_.site else "")}  # noqa: S704


def phrases(round_: Round, kinds: Mapping[str, Kind], task: Task) -> Mapping[str, str]:
    """The wording of one task, for programs: its title, where it comes from, what to do about it, and where."""
    words = words_of(round_, kinds, task)
    return {name: getattr(words, name) for name in ("title", "source", "answer", "form", "command")}


def _write(name: str, round_: Round, kinds: Mapping[str, Kind], **values: Any) -> str:
    is_markdown = name.endswith(".md")
    templates = environment(inert if is_markdown else one_line)

    def say(task: Task) -> Mapping[str, Any]:
        # Nothing submitted is in the address of a form but what was percent-encoded: it may be a link.
        words = words_of(round_, kinds, task, openly=is_markdown)
        return {**words._asdict(), "form": Markup(words.form)}  # noqa: S704

    shared = {"round": round_, "campaign": round_.campaign, "say": say, "age_words": age_words}
    text = templates.get_template(f"{name}.jinja").render(**shared, **values)
    return re.sub(r"\n{3,}", "\n\n", str(text)).strip() + "\n"


@cache
def environment(escape: Callable[[str], str]) -> Environment:
    """Templates in which every value is escaped by `escape`."""

    def escaped(value: Any) -> Markup:
        return value if isinstance(value, Markup) else Markup(escape(str(value)))  # noqa: S704 - that is the escaping

    made = Environment(
        loader=PackageLoader("taizhang.reminders"),
        autoescape=True,
        finalize=escaped,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(FILTERS)
    return made


def inert(text: str) -> str:
    """A text on one line of Markdown that shows as it is."""
    return markdown(one_line(text))
