"""A finished site held against what may go out: one pass over its files, findings in the order of their paths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from taizhang.checks.personal import is_guarded, is_written, texts_of
from taizhang.findings import Finding, finding, phrase
from taizhang.intake.personal import HINT, PersonalNumber, find_personal, masked
from taizhang.intake.records import Record
from taizhang.release_gate.canaries import Canaries, Canary, canaries
from taizhang.release_gate.decoding import BETWEEN, READERS, Piece, pieces, unfolded
from taizhang.release_gate.markup import check_script, check_tag, frame_scripts, open_page
from taizhang.release_gate.refusal import RefusedFile

FRAME = "404.html"
"""The page into which nothing submitted goes: its scripts are the theme's."""
KEPT_AS_THEY_ARE = (".css", ".js", ".map", ".svg", ".ico", ".woff2")
"""What only theme and checkout may bring: a file of the kind that is none of theirs is not ours."""

AROUND = 100
"""Characters around what may be a number that are looked at to tell whether it is one."""


@dataclass(frozen=True)
class Allowed:
    """What one release may say: told by the records that it is made from."""

    records: Sequence[Record]
    canaries: Canaries
    published: frozenset[str]
    """The office's telephones."""
    spared: frozenset[str]
    """What else looks like a number and may stand: keys; in the internal edition, what only insiders may see."""


def allowed(records: Sequence[Record], own: Iterable[str], *, is_internal: bool = False) -> Allowed:
    """What an edition of these records may say. The internal one shows internal fields, and what is sealed to nobody.

    `own` are texts of the program: an example in a rule or a field's help is nobody's number.
    """
    published = {number for r in records if r.kind.name == "campaign" for number in r.data.get("telephones", ())}
    spared = {text[number.start : number.end] for text in own for number in find_personal(text)}
    for record in records:
        kind = record.kind
        for path, text in texts_of(record.data):
            if not is_written(kind, path):
                spared.add(text)
            elif is_internal and not is_guarded(kind, path):
                spared.update(text[number.start : number.end] for number in find_personal(text))
    private = ("sealed",) if is_internal else ("sealed", "internal")
    return Allowed(records, canaries(records, private), frozenset(published), frozenset(spared))


def inspect(site: Path, sources: Sequence[Path], site_url: str, may: Allowed) -> Sequence[Finding]:
    """Everything for which a finished site may not go out.

    `sources` are the folders of theme and checkout: a file that is byte for byte one of theirs brings nothing
    submitted, and is not searched.
    """
    frame = site / FRAME
    scripts = frame_scripts(frame.read_text(encoding="utf-8")) if frame.is_file() else frozenset()
    search = _Inspection(may, scripts, site_url)
    found: list[Finding] = []
    for file in sorted(site.rglob("*")):
        if file.is_symlink() or not (file.is_dir() or file.is_file()):
            found.append(search.refused(file.relative_to(site).as_posix(), RefusedFile("E-OUT-FILE", "link")))
        elif file.is_file():
            name, raw = file.relative_to(site).as_posix(), file.read_bytes()
            if not (is_expected(name) and any(_is_same(folder / name, raw) for folder in sources)):
                found += search.file(name, raw)
    return found


def is_expected(name: str) -> bool:
    """Whether files of such a name go out at all."""
    return name.endswith((".html", *KEPT_AS_THEY_ARE, *READERS))


def _is_same(file: Path, raw: bytes) -> bool:
    return file.is_file() and file.stat().st_size == len(raw) and file.read_bytes() == raw


@dataclass
class _Inspection:
    """Remembers what was clean, since pages share most of what they say."""

    may: Allowed
    scripts: frozenset[str]
    site_url: str
    clean: set[tuple[str, str]] = field(default_factory=set)
    told: dict[str, str] = field(default_factory=dict)

    def file(self, name: str, raw: bytes) -> Iterator[Finding]:
        """What is wrong with one file."""
        try:
            for piece in [Piece("", _searched(name)), *self._pieces(name, raw)]:
                yield from self._said(name, piece)
        except RefusedFile as refusal:
            yield self.refused(name, refusal)

    def refused(self, name: str, refusal: RefusedFile) -> Finding:
        facts = {key: masked(value) for key, value in refusal.facts.items()}
        return finding(refusal.code, masked(name), found=phrase(refusal.found, **facts))

    def _pieces(self, name: str, raw: bytes) -> Sequence[Piece]:
        if name.endswith(KEPT_AS_THEY_ARE):
            raise RefusedFile("E-OUT-ACTIVE", "asset")
        if name.endswith(".html"):
            return [Piece("", self._page(raw))]
        return list(pieces(name, raw))

    def _page(self, raw: bytes) -> str:
        """What a page says. Raises RefusedFile for what it does."""
        try:
            page = open_page(raw.decode())
        except UnicodeDecodeError:
            raise RefusedFile("E-OUT-FILE", "broken") from None
        for tag, script in page.scripts:
            check_script(tag, script, self.scripts, self.site_url)
        attributes = [check_tag(tag, self.site_url) for tag in dict.fromkeys(page.tags)]
        return BETWEEN.join([page.text, *filter(None, attributes)])

    def _said(self, name: str, piece: Piece) -> Iterator[Finding]:
        seen = set()
        for new in self._news(piece.text):
            for text in unfolded(new):
                for part in _telling(text):
                    for number in self._numbers(part):
                        if (key := (number.what, number.masked)) not in seen:
                            seen.add(key)
                            yield self._personal(name, piece.where, part, number)
                for canary in self.may.canaries.found(text):
                    if (key := (canary.record.path, str(canary.path))) not in seen:
                        seen.add(key)
                        yield self._private(name, piece.where, canary)

    def _news(self, text: str) -> Iterator[str]:
        """The parts of a text that were not searched before, each with the one before it, which may say what it is."""
        before, run = "", ""
        for part in filter(None, map(str.strip, text.split(BETWEEN))):
            if (before, part) in self.clean:
                if run:
                    yield run
                run = ""
            else:
                self.clean.add((before, part))
                run = f"{run or before}{BETWEEN}{part}"
            before = part
        if run:
            yield run

    def _numbers(self, text: str) -> Iterator[PersonalNumber]:
        for number in find_personal(text, self.may.published):
            around = _token(text, number.start, number.end)
            if around not in self.may.spared and text[number.start : number.end] not in self.may.spared:
                yield number

    def _personal(self, name: str, where: str, text: str, number: PersonalNumber) -> Finding:
        number_itself = text[number.start : number.end]
        facts: Mapping[str, object] = {"where": where, "what": number.what, "masked": number.masked}
        source = self._source(number_itself)
        return finding("E-OUT-PERSONAL", masked(name), **facts, source=source)

    def _source(self, number: str) -> object:
        """The record in which a number stands, if it does."""
        for record in self.may.records:
            for path, text in texts_of(record.data):
                if number in text:
                    return phrase("field", record=masked(record.path), label=record.kind.label(path))
            if any(number in comment.text for comment in record.document.comments):
                return phrase("comment", record=masked(record.path))
        return phrase("unknown")

    def _private(self, name: str, where: str, canary: Canary) -> Finding:
        kind, path = canary.record.kind, canary.path
        label = kind.label(path)
        return finding("E-OUT-PRIVATE", masked(name), where=where, record=masked(canary.record.path), label=label)


def _searched(name: str) -> str:
    """A path as text that is searched."""
    return name.replace("/", BETWEEN)


_OUTSIDE = re.compile(r"[^A-Za-z0-9_-]")


def _token(text: str, start: int, end: int) -> str:
    """The word in which a match stands."""
    left = max((m.end() for m in _OUTSIDE.finditer(text, max(0, start - 100), start)), default=max(0, start - 100))
    right = _OUTSIDE.search(text, end)
    return text[left : right.start() if right else len(text)]


def _telling(text: str) -> Iterator[str]:
    """The parts of a text in which there may be a number, each with the one before it, which may say what it is."""
    before = ""
    for part in text.split(BETWEEN):
        if len(part) < 2 * AROUND:
            if HINT.search(part):
                yield f"{before}{BETWEEN}{part}"
        else:
            yield from _windows(part)
        before = part


def _windows(text: str) -> Iterator[str]:
    """What stands around everything in a long text that may be a number."""
    start = end = 0
    for hint in HINT.finditer(text):
        if hint.start() - AROUND > end:
            if end:
                yield text[start:end]
            start = max(0, hint.start() - AROUND)
        end = hint.end() + AROUND
    if end:
        yield text[start:end]
