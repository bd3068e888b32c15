"""Numbers that identify or reach a person: they may not stand in what will be public, nor in a log."""

from __future__ import annotations

import re
import unicodedata

_GAP = r"[\s\-–—·.,，、_()/]{0,2}"
_PATTERNS = (
    rf"(?<!\d)(?:\+?86{_GAP})?1{_GAP}[3-9]{_GAP}(?:\d{_GAP}){{8}}\d(?!\d)",
    r"(?<![0-9A-Za-z])\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])[0-3]\d{4}[\dXx](?![0-9A-Za-z])",
    r"(?<!\d)0\d{2,3}[-–— ()]{0,2}\d{7,8}(?!\d)",
    r"(?:电话|座机|热线|联系方式|手机|tel)\D{0,4}\d{7,8}(?!\d)",
    r"[A-Za-z0-9._%+-]+(?:@|\(at\))[A-Za-z0-9-]+\.[A-Za-z]{2,}",
    r"(?:QQ|微信)\D{0,4}[A-Za-z0-9_-]{5,}",
)
_PERSONAL = re.compile("|".join(_PATTERNS), re.IGNORECASE)


def has_personal(text: str) -> bool:
    """Whether a text holds a phone number, an identity number, an e-mail address or the like."""
    return bool(_PERSONAL.search(unicodedata.normalize("NFKC", text)))


def without_personal(text: str) -> str:
    """A text in half-width with such numbers taken out."""
    return _PERSONAL.sub(" ", unicodedata.normalize("NFKC", text)).strip(" ,，、;；:：()（）/")
