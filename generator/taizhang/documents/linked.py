"""Text parts of which lead somewhere, put together piece by piece: what a sentence of a document is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from taizhang.documents.official import Link


@dataclass(frozen=True)
class LinkedText:
    """A text and the links in it. Joined with `+` to plain text or to another; false where it says nothing."""

    text: str = ""
    links: tuple[Link, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text)

    def __add__(self, after: str | LinkedText) -> LinkedText:
        if isinstance(after, str):
            return LinkedText(self.text + after, self.links)
        moved = (Link(start + len(self.text), end + len(self.text), href) for start, end, href in after.links)
        return LinkedText(self.text + after.text, (*self.links, *moved))

    def __radd__(self, before: str) -> LinkedText:
        return LinkedText(before) + self


NOTHING = LinkedText()


def link(shown: object, href: str) -> LinkedText:
    """What is shown, leading to an address as `Link` has it; plain text without one."""
    said = one_line(str(shown))
    return LinkedText(said, (Link(0, len(said), href),) if href and said else ())


def joined(pieces: Iterable[str | LinkedText], separator: str = "，") -> LinkedText:
    """The pieces that say something, with a separator between them: what is empty takes its comma with it."""
    whole = NOTHING
    for piece in pieces:
        if piece:
            whole = whole + separator + piece if whole else whole + piece
    return whole


def stopped(clause: LinkedText) -> LinkedText:
    """A clause as a sentence, with its stop; nothing for nothing."""
    return clause + "。" if clause else NOTHING


def one_line(text: str) -> str:
    """What somebody wrote over several lines, as it goes on inside a sentence."""
    lines = text.splitlines()
    return text if lines == [text] else "".join(line.strip() for line in lines)
