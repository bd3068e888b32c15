"""A tree of files becomes records, or findings. A broken file is left out and stops nobody else."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from taizhang.findings import Finding, finding
from taizhang.intake import messages
from taizhang.intake.attachments import HEAD, LARGEST, fault_of
from taizhang.intake.kinds import Kind, parse_date
from taizhang.intake.personal import find_personal, masked
from taizhang.intake.schemas import FieldPath
from taizhang.intake.source import FileEntry, Source
from taizhang.intake.strict_yaml import RECORD, REGISTER, Document, Limits, Place, Refused, in_quotes, load

IDENTIFIER = r"[a-z][a-z0-9-]{1,39}"
_ORG = rf"submissions/({IDENTIFIER})/({IDENTIFIER})"
_RECORD_PATH = re.compile(rf"{_ORG}/([a-z-]{{2,40}})/([A-Za-z0-9-]{{1,60}})\.yml\Z")
_REGISTER_PATH = re.compile(rf"submissions/({IDENTIFIER})/(campaign|roll)\.yml\Z")
_LIBRARY_PATH = re.compile(r"submissions/(criteria|calendar)/([a-z0-9-]{1,40})\.yml\Z")
_FILE_PATH = re.compile(rf"{_ORG}/files/[A-Za-z0-9][A-Za-z0-9._-]{{0,59}}\.(pdf|jpg|png)\Z")
_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})\Z")
LONGEST_PATH = 300
LIBRARIES = ("criteria", "calendar")


@dataclass(frozen=True)
class Record:
    """One file that follows its schema.

    `filed_on` is the day it counts as filed, inclusive to 24:00; `landed_on` the day it came in by itself. They
    differ where a receipt shows that it truly arrived earlier.
    """

    path: str
    kind: Kind = field(repr=False)
    campaign: str
    org: str
    name: str
    document: Document = field(repr=False)
    filed_on: date
    landed_on: date
    blob: str = ""
    """The id that Git gives these bytes, wherever they were read from."""

    @property
    def data(self) -> Mapping[str, Any]:
        return self.document.data

    @property
    def ref(self) -> str:
        """How other records name this one: `<organisation>/<name>`."""
        return f"{self.org}/{self.name}"

    @property
    def period_named(self) -> str:
        """The period that it is about, by its own name or by a field; empty where it names none."""
        if self.kind.period:
            return self.name
        return str(self.data.get(self.kind.period_field, "")) if self.kind.period_field else ""

    @property
    def withdrawn(self) -> bool:
        return "withdrawn" in self.data

    def day(self, name: str) -> date:
        """A date field that the schema requires."""
        return date.fromisoformat(self.data[name])

    def optional_day(self, name: str) -> date | None:
        """A date field that may be missing."""
        value = self.data.get(name)
        return date.fromisoformat(value) if value else None

    def finding(self, code: str, path: FieldPath = (), /, **values: object) -> Finding:
        """A finding about the field at `path` of this record."""
        return finding(code, self.path, *self.document.place(path), path, **values)

    def finding_at(self, code: str, place: Place, /, **values: object) -> Finding:
        """A finding about a place in this record's file that is no field."""
        return finding(code, self.path, *place, (), **values)


@dataclass(frozen=True)
class Intake:
    """Everything that could be read, and what could not.

    `digest` is the SHA-256 over every path, every size and every byte of a record, so equal digests mean equal
    records. Of attachments it knows path and size.
    """

    records: tuple[Record, ...]
    findings: tuple[Finding, ...]
    files: frozenset[str]
    digest: str
    unread: Container[tuple[str, str]] = frozenset()

    def of(self, kind: str, campaign: str | None = None) -> tuple[Record, ...]:
        """The records of a kind, of one campaign or of all."""
        return tuple(r for r in self.records if r.kind.name == kind and campaign in (None, r.campaign))

    @property
    def campaigns(self) -> tuple[str, ...]:
        """The folders that hold a readable `campaign.yml`, in alphabetical order."""
        return tuple(sorted(r.campaign for r in self.of("campaign")))


Arrivals = Mapping[str, date]
Progress = Callable[[], None]


def read_tree(
    source: Source,
    kinds: Mapping[str, Kind],
    *,
    arrivals: Callable[[], Arrivals] = dict,
    today: date = date.max,
    progress: Progress = lambda: None,
) -> Intake:
    """Read every file of `source`, each at the time it counts as filed; see `timed`."""
    return timed(read_files(source, kinds, progress), arrivals, today)


def read_files(source: Source, kinds: Mapping[str, Kind], progress: Progress = lambda: None) -> Intake:
    """Read every file of `source`; each record counts as filed on the day it gives itself."""
    records: list[Record] = []
    findings: list[Finding] = []
    files: set[str] = set()
    digest = hashlib.sha256()
    for entry in source.entries():
        progress()
        findings.extend(_personal_name(entry.path))
        if entry.regular and is_attachment(entry.path):
            files.add(entry.path)
            digest.update(f"{entry.path}\0{entry.size}\0".encode())
            findings.extend(_unsound(entry, source))
            continue
        outcome = _read(entry, source, kinds, digest.update)
        if isinstance(outcome, Record):
            records.append(outcome)
        else:
            findings.extend(outcome)
    return Intake(tuple(records), tuple(sorted(findings)), frozenset(files), digest.hexdigest())


def timed(intake: Intake, arrivals: Callable[[], Arrivals], today: date) -> Intake:
    """The same records, each at the time it counts as filed.

    `arrivals` gives the day each path landed on main; it is asked only when a campaign judges by arrival.
    A path it does not know has not landed yet and counts as filed on `today`.
    """
    judged = by_arrival(intake)
    if not judged:
        return intake
    landed = arrivals()
    records = (_landed(r, landed.get(r.path, today)) if r.campaign in judged else r for r in intake.records)
    return replace(intake, records=tuple(records))


def by_arrival(intake: Intake) -> frozenset[str]:
    """The campaigns in which a record counts as filed when it lands on main."""
    return frozenset(r.campaign for r in intake.of("campaign") if r.data["time"] == "arrival")


def is_well_placed(path: str) -> bool:
    """Whether a path is where a record, a register or an attachment may lie."""
    return any(pattern.match(path) for pattern in (_RECORD_PATH, _REGISTER_PATH, _LIBRARY_PATH, _FILE_PATH))


def is_attachment(path: str) -> bool:
    """Whether a path is a photo or scan that records may cite."""
    return bool(_FILE_PATH.match(path))


def _personal_name(path: str) -> Iterator[Finding]:
    """E-PERSONAL-NAME: names of files stand in addresses and logs, whoever may read the file itself."""
    for number in find_personal(path.rsplit("/", 1)[-1]):
        yield finding("E-PERSONAL-NAME", printable(path), what=number.what, masked=number.masked)
        return


def _unsound(entry: FileEntry, source: Source) -> Iterator[Finding]:
    """What is wrong with an attachment, as far as its first bytes tell: none is read whole or decoded here."""
    head = source.head(entry.path, HEAD) if entry.size <= LARGEST else b""
    fault = fault_of(entry.path, entry.size, head)
    if fault:
        yield fault.finding(entry.path)


def _read(
    entry: FileEntry, source: Source, kinds: Mapping[str, Kind], seen: Callable[[bytes], None]
) -> Record | list[Finding]:
    shown = printable(entry.path)
    seen(f"{shown}\0{entry.size}\0".encode())
    spot = _locate(entry, kinds)
    if isinstance(spot, Finding):
        return [spot]
    kind, campaign, org, name = spot
    limits = REGISTER if kind.grows else RECORD
    if entry.size > limits.size:
        too_large = Refused("E-SIZE", Place(1, 1), limit=limits.size // 1024, size=-(-entry.size // 1024))
        return [refusal(shown, too_large, kind)]
    raw = source.read(entry.path)
    seen(raw)
    return _parse(entry.path, raw, limits, kind, (campaign, org, name))


def _parse(path: str, raw: bytes, limits: Limits, kind: Kind, spot: tuple[str, str, str]) -> Record | list[Finding]:
    try:
        document = load(raw, limits)
    except Refused as refused:
        return [refusal(path, refused, kind)]
    kind.settle(document.data)
    if not kind.is_valid(document.data):
        return messages.explain(path, kind, document)
    cut = list(_cut_off(path, kind, document))
    if cut:
        return cut
    campaign, org, name = spot
    filed_on = parse_date(document.data.get("filed_on", "")) or date.min
    return Record(path, kind, campaign, org, name, document, filed_on, filed_on, _blob_id(raw))


def _cut_off(path: str, kind: Kind, document: Document) -> Iterator[Finding]:
    """E-HASH: a text of which YAML takes everything from ` #` on for a comment. What is not public is not repeated."""
    for comment in document.comments:
        if comment.after is None or not kind.is_free_text(comment.after):
            continue
        text = f"{_at(document.data, comment.after)} {comment.text}"
        name = str(comment.after[-1]) if isinstance(comment.after[-1], str) else ""
        line = _quoted(kind, comment.after, name, text)
        yield finding("E-HASH", path, *comment.place, line=line, field=kind.label(comment.after))


def _quoted(kind: Kind, path: FieldPath, name: str, text: str) -> str:
    """A line of the file as it should read, in quotes. What is not public is not repeated."""
    shown = in_quotes(text if path and kind.visibility(path) == "public" else "…")
    return f"{name}: {shown}" if name else f"- {shown}"


def _at(data: Any, path: FieldPath) -> Any:
    return functools.reduce(lambda node, step: node[step], path, data)


def _blob_id(raw: bytes) -> str:
    # Git's own name for a file's content; it protects nothing here.
    return hashlib.sha1(b"blob %d\0" % len(raw) + raw, usedforsecurity=False).hexdigest()


def refusal(path: str, refused: Refused, kind: Kind) -> Finding:
    """The finding for a file that cannot be read as a record of its kind."""
    values = refused.values
    if refused.code == "E-MARK":
        name, text = str(values["name"]), str(values["text"])
        values = {**values, "line": _quoted(kind, (name,) if name else (), name, text)}
    return finding(refused.code, path, *refused.place, **values)


def _locate(entry: FileEntry, kinds: Mapping[str, Kind]) -> tuple[Kind, str, str, str] | Finding:
    """Which kind of file the path says this is, or the finding that says why it is none."""
    path, shown = entry.path, printable(entry.path)
    if not entry.regular:
        return finding("E-MODE", shown)
    if match := _LIBRARY_PATH.match(path):
        return kinds[match[1]], "", "", match[2]
    match = _REGISTER_PATH.match(path)
    if match and match[1] not in LIBRARIES:
        return kinds[match[2]], match[1], "", match[2]
    match = _RECORD_PATH.match(path)
    if not match or match[1] in LIBRARIES:
        return finding("E-PATH", shown, found=shown.rsplit("/", 1)[-1][:60])
    kind = kinds.get(match[3])
    if kind is None or kind.place != "record":
        names = "、".join(f"{k.name}（{k.title}）" for k in kinds.values() if k.place == "record")
        return finding("E-KIND", shown, folder=match[3], kinds=names)
    if not kind.names.pattern.match(match[4]):
        return finding("E-NAME", shown, kind=kind.title, help=kind.names.help, name=match[4])
    week = _WEEK.search(match[4])
    if week and not 1 <= int(week[2]) <= _weeks_in(int(week[1])):
        return finding("E-WEEK", shown, year=week[1], weeks=_weeks_in(int(week[1])), name=match[4])
    return kind, match[1], match[2], match[4]


def _weeks_in(year: int) -> int:
    """How many ISO weeks a year has: 52 or 53. 28 December always lies in the last of them."""
    return date(year, 12, 28).isocalendar().week


def printable(path: str) -> str:
    """A path that may be printed: personal numbers masked, what moves a cursor or starts a command escaped."""
    path = masked(path)
    if path.isprintable() and len(path) <= LONGEST_PATH:
        return path
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in path)[
        :LONGEST_PATH
    ]


def _landed(record: Record, day: date) -> Record:
    return replace(record, filed_on=day, landed_on=day)
