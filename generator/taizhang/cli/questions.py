"""Asking at a terminal, for `taizhang new`: one field after another, a wrong answer again."""

from __future__ import annotations

from collections.abc import Sequence

import click

from taizhang.forms.questions import Answers, Interview, Question, entries_of
from taizhang.intake.kinds import Kind
from taizhang.workbooks.columns import RecordField
from taizhang.workbooks.values import ReadingContext, clean


def ask(kind: Kind, context: ReadingContext) -> Answers:
    """The data of a record from the answers given. Raises click.Abort on Ctrl+C: then nothing was written."""
    click.echo(f"{kind.title}：{kind.schema['description']}")
    click.echo("逐项回答，按回车确认；方括号里是默认值，直接回车就用它。随时按 Ctrl+C 退出，什么也不会写。")
    interview = Interview(kind, context)
    for fields in interview.required.values():
        _ask_about(interview, fields)
    left = dict(interview.optional)
    while left:
        chosen = interview.needed() or _choose(kind, list(left))
        if chosen is None:
            break
        left.pop(chosen, None)
        _ask_about(interview, interview.optional[chosen])
    assumed = interview.assume()
    if assumed:
        click.echo(f"\n{assumed}")
    return interview.record()


def _choose(kind: Kind, names: Sequence[str]) -> str | None:
    """Which of the optional items is filled in next; None for no more."""
    click.echo("\n还可以填：")
    for number, name in enumerate(names, 1):
        click.echo(f"  {number:>2}. {kind.label((name,))}")
    while True:
        text = _line("要填的编号（直接回车：不填了）")
        if not text:
            return None
        if text.isdecimal() and 1 <= int(text) <= len(names):
            return names[int(text) - 1]
        click.echo(f"  请写 1 到 {len(names)} 的编号，或者直接回车。")


def _ask_about(interview: Interview, fields: Sequence[RecordField]) -> None:
    """Ask for an item of the record, part by part if it has parts; entries of a list as long as one is begun."""
    for entry, parts in entries_of(fields):
        if entry and _line("再填一条？写 y 再填，直接回车就不填").lower() not in ("y", "yes", "是"):
            return
        for field in parts:
            _ask(interview, interview.question(field))


def _ask(interview: Interview, question: Question) -> None:
    """Ask until the answer is one that a file may hold; what is not needed may be left out."""
    click.echo(f"\n{question.text}")
    for number, label in enumerate(question.choices.values(), 1):
        click.echo(f"  {number:>2}. {label}")
    several = "编号，可以填几个，用顿号隔开" if question.takes_several else ""
    hint = several or ("编号" if question.choices else "")
    while True:
        text = _line(hint, question.default)
        if not text and not question.needed:
            return
        problems = interview.answer(question, text)
        if not problems:
            return
        for problem in problems:
            click.echo(f"  {problem}")


def _line(hint: str, default: str = "") -> str:
    prompt = f"{hint}[{default}]" if default else hint
    answer: str = click.prompt(f"{prompt} >".strip(), default=default, show_default=False, prompt_suffix=" ")
    return clean(answer)


def confirmed(text: str, path: str) -> bool:
    """Show the record as it will be written and ask whether it shall be."""
    click.echo(f"\n{path}\n\n{text}")
    return _line("写进这个文件？直接回车就写，写 n 放弃").lower() not in ("n", "no", "否", "不")
