"""Numbers that identify or reach a person: they may stand in nothing that will be public, nor in a log.

The patterns are data (`personal.yml`), because the forms in the browser look for the very same. Whether a number is
one is decided as strictly as it can be: an identity number by its check digit (GB 11643), a bank card by Luhn's, so
that credit codes, document numbers, amounts and the like go through. Personal Information Protection Law, art. 25.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from importlib import resources
from typing import Any, NamedTuple

import yaml


class PersonalNumber(NamedTuple):
    """One number found in a text: what it is, where it stands there, and how it may be shown."""

    what: str
    start: int
    end: int
    masked: str
    """Its first two characters, and a star for each further one."""


def find_personal(text: str, published: Collection[str] = ()) -> Iterator[PersonalNumber]:
    """Every personal number in a text, from left to right; one that is part of another is left out.

    `published` are the telephone numbers that the office itself makes known.
    """
    if not HINT.search(text):
        return
    narrow, places = _half_width(text)
    known = {_digits(number) for number in published}
    found = sorted(
        (match.start(1), -match.end(1), pattern.what)
        for pattern in _PATTERNS
        for match in pattern.form.finditer(narrow)
        if pattern.holds(match) and not _is_published(match[1], known)
    )
    reached = -1
    for start, end, what in found:
        if start >= reached:
            reached = -end
            yield PersonalNumber(what, places[start], places[reached - 1] + 1, _masked(narrow[start:reached]))


def has_personal(text: str, published: Collection[str] = ()) -> bool:
    """Whether a text holds a phone number, an identity number, an e-mail address or the like."""
    return next(find_personal(text, published), None) is not None


def without_personal(text: str) -> str:
    """A text with such numbers taken out, and what then dangles at its ends."""
    return _replaced(text, lambda _: " ").strip(" ,，、;；:：()（）/")


def masked(text: str) -> str:
    """A text that may be repeated: each such number masked."""
    return _replaced(text, lambda number: number.masked)


def _replaced(text: str, replacement: Callable[[PersonalNumber], str]) -> str:
    kept, reached = "", 0
    for number in find_personal(text):
        kept += text[reached : number.start] + replacement(number)
        reached = number.end
    return kept + text[reached:]


class _Pattern(NamedTuple):
    what: str
    form: re.Pattern[str]
    check: Callable[[str], bool]
    unless: re.Pattern[str] | None

    def holds(self, match: re.Match[str]) -> bool:
        """Whether a match is a number of a person, by its check digit and by what stands before it."""
        before = match.string[max(0, match.start(1) - _BEFORE) : match.start(1)]
        return self.check(match[1]) and not (self.unless and self.unless.search(before))


_BEFORE = 16
"""Characters before a number in which a word may tell that it is the number of a thing."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"


def check_digit(seventeen: str) -> str:
    """The last character of an identity number by its first seventeen digits. GB 11643, ISO 7064 MOD 11-2."""
    return _CHECK_DIGITS[sum(int(d) * w for d, w in zip(seventeen, _WEIGHTS, strict=True)) % 11]


def _is_identity(number: str) -> bool:
    plain = re.sub("[ -]", "", number).upper()
    if check_digit(plain[:17]) != plain[17]:
        return False
    try:
        date(int(plain[6:10]), int(plain[10:12]), int(plain[12:14]))
    except ValueError:
        return False
    return True


def _is_luhn(number: str) -> bool:
    digits = [int(d) for d in reversed(_digits(number))]
    doubled = [d * 2 - 9 if d > 4 else d * 2 for d in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _is_no_date(number: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])[0-3]\d", number) is None


_CHECKS: Mapping[str | None, Callable[[str], bool]] = {
    None: bool,
    "identity": _is_identity,
    "luhn": _is_luhn,
    "not_date": _is_no_date,
}


def _read() -> Mapping[str, Any]:
    text = resources.files("taizhang.intake").joinpath("personal.yml").read_text(encoding="utf-8")
    data: Mapping[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return data


PATTERNS: Mapping[str, Any] = _read()
"""The patterns as data, for the forms."""

HINT = re.compile(PATTERNS["hint"].replace("[0-9①", r"[\d①").replace("[^0-9]", r"[^\d]"))
"""What any such number has: most texts have none of it, and need not be looked at closely."""
_PATTERNS = tuple(
    _Pattern(
        entry["what"],
        re.compile(entry["pattern"]),
        _CHECKS[entry.get("check")],
        re.compile(f"{entry['unless']}$") if "unless" in entry else None,
    )
    for entry in PATTERNS["numbers"]
)


_WIDE = {0xFEE0 + code: code for code in range(0x21, 0x7F)}
_OTHER_DIGIT = re.compile(r"[^\D0-9]")


def _half_width(text: str) -> tuple[str, Sequence[int]]:
    """The text in half width, digits of any script as 0 to 9, and for each of its characters the place in `text`."""
    plainer = text.translate(_WIDE)
    # Most texts need no more, which can be told at once.
    if plainer.isascii() or (unicodedata.is_normalized("NFKC", plainer) and not _OTHER_DIGIT.search(plainer)):
        return plainer, range(len(text))
    narrow, places = [], []
    for place, char in enumerate(text):
        plain = char if char.isascii() else unicodedata.normalize("NFKC", char)
        for part in plain:
            narrow.append(str(unicodedata.decimal(part, part)))
            places.append(place)
    return "".join(narrow), places


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))


def _is_published(number: str, known: Collection[str]) -> bool:
    digits = _digits(re.split("转|ext", number)[0])
    return len(digits) > 6 and any(published.endswith(digits) for published in known)


def _masked(number: str) -> str:
    return number[:2] + "*" * (len(number) - 2)
