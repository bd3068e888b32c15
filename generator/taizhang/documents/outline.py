"""The sections and points of official documents, numbered as they come: 一、, then （一）, as GB/T 9704-2012 has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import NamedTuple

from taizhang.documents.linked import LinkedText
from taizhang.documents.official import Block, Body, Heading, numbered


class Point(NamedTuple):
    """A numbered point whose title, without its stop, runs on into its text."""

    title: str
    text: LinkedText


class Section(NamedTuple):
    """A heading and what stands below it. On a screen the anchor leads there."""

    title: str
    content: Sequence[Content]
    anchor: str = ""


Content = LinkedText | Point | Section | Block
"""What a document consists of. A text is a paragraph; blocks stay as they are."""


def outlined(content: Iterable[Content], level: int = 1) -> Iterator[Block]:
    """The blocks of all that says something: what says nothing is left out, its number with it.

    `level` is that of the sections in `content`. Points are counted with the sections of level 2.
    """
    numbers = count(1)
    for entry in content:
        match entry:
            case Section(title, below, anchor):
                if blocks := tuple(outlined(below, level + 1)):
                    yield Heading(_NUMBERED[level].format(numbered(next(numbers)), title), level, anchor)
                    yield from blocks
            case Point(title, said):
                if said:
                    lead = _NUMBERED[2].format(numbered(next(numbers)), title)
                    yield Body(said.text, lead=f"{lead}。", links=said.links)
            case LinkedText(text, links):
                if text:
                    yield Body(text, links=links)
            case _:
                yield entry


_NUMBERED = {1: "{}、{}", 2: "（{}）{}"}
