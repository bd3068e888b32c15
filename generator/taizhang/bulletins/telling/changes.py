"""What changed from one revision of a bulletin to the next, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

from taizhang.documents.official import Body, OfficialDocument

_STOP = re.compile(r"(?<=[。；])")


class SentenceChange(NamedTuple):
    """A sentence as it was and as it is; empty where there was none, or is none any more."""

    was: str
    now: str


def changed_sentences(before: OfficialDocument, after: OfficialDocument) -> tuple[SentenceChange, ...]:
    """The sentences in which two documents differ, in their order."""
    old, new = list(_sentences(before)), list(_sentences(after))
    found = []
    for tag, *(start, end, from_, to) in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            pairs = zip_longest(old[start:end], new[from_:to], fillvalue="")
            found += [SentenceChange(was, now) for was, now in pairs]
    return tuple(found)


def _sentences(document: OfficialDocument) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, Body):
            yield from (part for part in _STOP.split(f"{block.lead}{block.text}") if part.strip())
