"""Texts of a ledger taken apart: what fits into a short field, and what is a post and what a name."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SENTENCE_END = re.compile(r"[。；;！!？?]")
_CLAUSE_END = re.compile(r"[，,、：: ]")


def shortened(text: str, limit: int) -> str:
    """As many whole sentences as fit, or clauses, or characters."""
    if len(text) <= limit:
        return text
    for mark in (_SENTENCE_END, _CLAUSE_END):
        ends = [match.start() for match in mark.finditer(text, 0, limit + 1)]
        if ends and ends[-1] >= 4:
            return text[: ends[-1]]
    return text[: limit - 1] + "…"


_PARTS = re.compile(r"[\s、，,;；:：/()（）]+")


def posts_and_names(text: str, posts: Sequence[str]) -> tuple[str, str]:
    """What a text says of posts, and everything else, which may be names."""
    vocabulary = re.compile("(?:" + "|".join(sorted(map(re.escape, posts), key=len, reverse=True)) + ")+")
    parts = [part for part in _PARTS.split(text) if part]
    said = [part for part in parts if vocabulary.fullmatch(part)]
    others = [part for part in parts if not vocabulary.fullmatch(part)]
    return "、".join(said), "、".join(others)
