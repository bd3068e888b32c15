"""Characters that records may not contain, because a reader cannot see them or cannot tell them apart."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from taizhang.findings import Phrase, phrase

# Mongolian variation selectors (U+180B–180F) and U+202F stay allowed: unit names in Mongolian need them.
# Planes 2 and 3 stay allowed whole: rare surnames live there, and older Unicode tables call them unassigned.
GROUPS: tuple[tuple[str, str], ...] = (
    ("看不见的控制字符", "\x00-\x09\x0b-\x1f\x7f-\x9f"),
    ("看不见的格式字符", "\xad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"),
    ("特殊的换行符", "\u2028\u2029"),
    ("看上去是空白的字符", "\xa0\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"),
    ("变体选择符", "\ufe00-\ufe0f\U000e0100-\U000e01ef"),
    ("标签字符", "\U000e0000-\U000e0fff"),
    ("自造字", "\ue000-\uf8ff\U000f0000-\U0010fffd"),
    ("不是文字的编码", "\ufdd0-\ufdef\ufffe\uffff\ufffd\ud800-\udfff"),
    ("与常用字长得一样的部首或兼容字", "\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f"),
)
"""What each group is called, and its characters as they stand between the brackets of a regular expression."""

_ALL = re.compile("[" + "".join(chars for _, chars in GROUPS) + "]")
_LINE_FEED = re.compile("\r(?!\n)")
_EACH = tuple((what, re.compile(f"[{chars}]")) for what, chars in GROUPS)


class Forbidden(NamedTuple):
    """One forbidden character: where, which, what it is called and what to type instead."""

    at: int
    character: str
    what: str
    advice: Phrase


def first_forbidden(text: str) -> Forbidden | None:
    """The first character that may not stand in a record, or None. CR LF line ends are fine."""
    for match in _ALL.finditer(text):
        char = match[0]
        if char == "\r" and not _LINE_FEED.match(text, match.start()):
            continue
        plain = unicodedata.normalize("NFKC", char)
        what = next(name for name, pattern in _EACH if pattern.match(char))
        if what.startswith("与常用字"):
            if plain == char:
                continue
            return Forbidden(match.start(), char, what, phrase("character.same", plain=plain))
        advice = phrase("character.space" if what.startswith("看上去") else "character.retype")
        return Forbidden(match.start(), char, what, advice)
    return None
