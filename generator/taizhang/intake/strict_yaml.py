"""A strict reader for the small part of YAML that records need.

It works on parser events, so no object is ever constructed from a tag, no alias is followed and no
nesting is recursed into. Only `true`, `false`, `null` and plain integers are typed; everything else,
dates and `no` included, stays the text that was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from taizhang.intake.characters import Forbidden, first_forbidden


class Limits(NamedTuple):
    """How much one file may hold: bytes, YAML nodes, characters in one value, levels of nesting."""

    size: int = 256 * 1024
    nodes: int = 20_000
    scalar: int = 20_000
    depth: int = 12


RECORD = Limits()
REGISTER = Limits(size=4 * 1024 * 1024, nodes=400_000)
"""For `roll.yml`, criteria, bulletins and the like, which the office keeps and which grow with the campaign."""

Path = tuple[str | int, ...]


class Place(NamedTuple):
    """A position in the file; both count from 1."""

    line: int
    column: int


class Comment(NamedTuple):
    """What YAML leaves out: from a `#` to the end of its line."""

    text: str
    place: Place
    after: Path | None
    """The value without quotes on whose line it stands: whoever wrote `住院部 #3 电梯` meant it as a part of that."""


@dataclass(frozen=True)
class Document:
    """A file's content: a mapping, with the place of every key and every value, and the comments between them."""

    data: dict[str, Any]
    values: dict[Path, Place] = field(repr=False)
    keys: dict[Path, Place] = field(repr=False)
    comments: tuple[Comment, ...] = field(default=(), repr=False)

    def place(self, path: Path) -> Place:
        """Where the value at `path` stands, or the nearest one around it."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Place(1, 1))

    def key_place(self, path: Path) -> Place:
        """Where the key of `path` stands."""
        return self.keys.get(path) or self.place(path)


class Refused(Exception):
    """The file cannot be read as a record: a finding's code, place and the values of its wording."""

    def __init__(self, code: str, place: Place, /, **values: object) -> None:
        super().__init__(code)
        self.code, self.place, self.values = code, place, values


def load(raw: bytes, limits: Limits = RECORD) -> Document:
    """Read one file. Raises Refused for anything that is not plain, bounded, unambiguous YAML."""
    if len(raw) > limits.size:
        raise Refused("E-SIZE", Place(1, 1), limit=limits.size // 1024, size=-(-len(raw) // 1024))
    text = _decode(raw)
    _check_text(text)
    has_comments = "#" in text
    builder = _Builder(limits, has_comments)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except Refused as refused:
        raise (_leading_mark(text) if refused.code in _MARKS_MISREAD else None) or refused from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        raise _likely_cause(text) or Refused("E-SYNTAX", place) from None
    except (yaml.YAMLError, ValueError, OverflowError):
        raise _likely_cause(text) or Refused("E-SYNTAX", Place(1, 1)) from None
    if not builder.roots:
        raise Refused("E-EMPTY", Place(1, 1))
    data = builder.roots[0]
    if not isinstance(data, dict):
        if data is None:
            raise Refused("E-EMPTY", Place(1, 1))
        raise _likely_cause(text) or Refused("E-TOP", Place(1, 1))
    comments = tuple(_comments(text, builder.scalars)) if has_comments else ()
    return Document(data, builder.values, builder.keys, comments)


def _comments(text: str, scalars: Sequence[_Scalar]) -> Iterator[Comment]:
    """Every comment. A `#` inside of a scalar is text, but for one on the line that opens a block."""
    pending = deque(scalars)
    at, before = 0, None
    while (at := text.find("#", at)) >= 0:
        while pending and pending[0].end <= at:
            before = pending.popleft()
        inside = pending[0] if pending and pending[0].start <= at else None
        line_end = text.find("\n", at)
        stop = line_end if line_end >= 0 else len(text)
        if inside and not (inside.opens_block and "\n" not in text[inside.start : at]):
            at = inside.end
            continue
        cuts = before is not None and before.plain is not None and not text[before.end : at].strip(" ")
        yield Comment(text[at:stop].rstrip("\r"), _place_at(text, at), before.plain if before and cuts else None)
        at = stop


def _decode(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("E-ENC", Place(1, 1), encoding="UTF-16")
    try:
        return raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
    try:
        raw.decode("gb18030")
        encoding = "GBK（ANSI）"
    except UnicodeDecodeError:
        encoding = "不明编码"
    raise Refused("E-ENC", Place(line, 1), encoding=encoding)


def _check_text(text: str) -> None:
    tab = text.find("\t")
    if tab >= 0:
        raise Refused("E-TAB", _place_at(text, tab))
    bad = first_forbidden(text)
    if bad:
        raise _forbidden(bad, _place_at(text, bad.at))


def _place_at(text: str, index: int) -> Place:
    start = text.rfind("\n", 0, index) + 1
    return Place(text.count("\n", 0, index) + 1, index - start + 1)


def _forbidden(bad: Forbidden, place: Place) -> Refused:
    return Refused("E-CHAR", place, what=bad.what, point=f"U+{ord(bad.character):04X}", advice=bad.advice)


LONGEST_NAME = 40
"""Characters of a submitted name that a message repeats."""

WIDE_COLON = re.compile(r"^(?P<before>[ ]*(?:- )?[\"']?[A-Za-z_][A-Za-z0-9_]*[\"']?[ ]*)：", re.MULTILINE)
NO_SPACE = re.compile(r"^(?P<before>[ ]*(?:- )?[a-z_][a-z0-9_]*):(?=[^\s:])(?P<value>.{0,20})", re.MULTILINE)

PERCENT = re.compile(r"^%", re.MULTILINE)


def _likely_cause(text: str) -> Refused | None:
    """The slips that YAML's own errors describe worst: a full-width colon, no space after it, a line of %."""
    for code, pattern in (("E-COLON", WIDE_COLON), ("E-SPACE", NO_SPACE)):
        match = pattern.search(text)
        if match:
            name = match["before"].strip(" -\"'")
            return Refused(code, _place_at(text, match.end("before")), name=name[:LONGEST_NAME])
    percent = PERCENT.search(text)
    if percent:
        return Refused("E-DIRECTIVE", _place_at(text, percent.start()))
    return _leading_mark(text)


_MARKS_MISREAD = ("E-ALIAS", "E-KEY", "E-TAG")
"""What `*重大*…`, `{消防}…` and `!…` look like to YAML."""
_MARKED = re.compile(r"^ *(?:- )*(?:(?P<name>[A-Za-z_][A-Za-z0-9_]*): +)?(?P<value>[@%*\[{&!|>`][^\n]*)$", re.MULTILINE)
_PROPER = re.compile(r"[*&!][ -~]*$|[|>][-+1-9]*( +#.*)?$|[\[{].*[\]}]( +#.*)?,?$")
"""What YAML means by such a mark; anything else was meant as text."""


def _leading_mark(text: str) -> Refused | None:
    """The first value that begins with a mark that means something to YAML, and was meant as text."""
    for match in _MARKED.finditer(text):
        value = match["value"].rstrip()
        if not _PROPER.match(value) and not _has_other_half(value, text, match.end()):
            name = match["name"] or ""
            return Refused("E-MARK", _place_at(text, match.start("value")), mark=value[0], name=name, text=value)
    return None


def _has_other_half(value: str, text: str, after: int) -> bool:
    """Whether a list goes on below, or an anchor has its alias: then both are meant as such."""
    match value[0]:
        case "[" | "{":
            return {"[": "]", "{": "}"}[value[0]] in text[after:]
        case "*" | "&":
            return ("&" if value[0] == "*" else "*") + value[1:].partition(" ")[0] in text
    return False


LONGEST_LINE = 120


def in_quotes(text: str) -> str:
    """A text between double quotes, as YAML reads it back letter by letter, cut to what a message repeats."""
    text = text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]}…"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_BLOCKS = ("|", ">")

INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,14})\Z")
WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}


def _plain(text: str) -> bool | int | str | None:
    if text in WORDS:
        return WORDS[text]
    return int(text) if INTEGER.match(text) else text


def _start(event: yaml.Event) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


class _Scalar(NamedTuple):
    """Where a scalar stands in the text; `plain` is the path of a value without quotes."""

    start: int
    end: int
    plain: Path | None
    opens_block: bool


class _Frame:
    """An open mapping or list while its events arrive."""

    __slots__ = ("key", "node", "path")

    def __init__(self, node: dict[str, Any] | list[Any], path: Path) -> None:
        self.node, self.path = node, path
        self.key: str | None = None

    @property
    def wants_key(self) -> bool:
        return isinstance(self.node, dict) and self.key is None

    def next_path(self) -> Path:
        return (*self.path, self.key if isinstance(self.node, dict) else len(self.node))  # type: ignore[arg-type]

    def put(self, value: Any) -> None:
        if isinstance(self.node, list):
            self.node.append(value)
        elif self.key is not None:
            self.node[self.key] = value
            self.key = None


class _Builder:
    """Builds plain data and the side table of places from parser events, within the limits."""

    def __init__(self, limits: Limits, has_comments: bool) -> None:
        self.limits, self.has_comments = limits, has_comments
        self.roots: list[Any] = []
        self.values: dict[Path, Place] = {}
        self.keys: dict[Path, Place] = {}
        self.scalars: list[_Scalar] = []
        self._stack: list[_Frame] = []
        self._nodes = 0
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """Take one event. Raises Refused at the first thing records may not contain."""
        if isinstance(event, yaml.NodeEvent):
            self._node(event, _start(event))
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            self._stack.pop()
        elif isinstance(event, yaml.DocumentStartEvent):
            self._document(event)

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        place = _start(event)
        self._documents += 1
        if self._documents > 1:
            raise Refused("E-DOCS", place)
        if event.version or event.tags:
            raise Refused("E-DIRECTIVE", place)

    def _node(self, event: yaml.NodeEvent, place: Place) -> None:
        self._nodes += 1
        if self._nodes > self.limits.nodes:
            raise Refused("E-NODES", place, limit=self.limits.nodes)
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise Refused("E-ALIAS", place)
        if getattr(event, "tag", None):
            raise Refused("E-TAG", place)
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, place)
        else:
            self._open({} if isinstance(event, yaml.MappingStartEvent) else [], place)

    def _open(self, node: dict[str, Any] | list[Any], place: Place) -> None:
        if self._stack and self._stack[-1].wants_key:
            raise Refused("E-KEY", place)
        if len(self._stack) >= self.limits.depth:
            raise Refused("E-DEPTH", place, limit=self.limits.depth)
        path = self._put(node, place)
        self._stack.append(_Frame(node, path))

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> None:
        text: str = event.value
        if len(text) > self.limits.scalar:
            raise Refused("E-SCALAR", place, limit=self.limits.scalar)
        # Escapes such as "\0" are decoded only now, so the check of the raw text has not seen them.
        bad = first_forbidden(text) if event.style == '"' else None
        if bad:
            raise _forbidden(bad, place)
        path = None
        if self._stack and self._stack[-1].wants_key:
            self._key(text, place)
        else:
            path = self._put(text if event.style else _plain(text), place)
        start, end = event.start_mark, event.end_mark
        if self.has_comments and start and end:
            self.scalars.append(_Scalar(start.index, end.index, None if event.style else path, event.style in _BLOCKS))

    def _key(self, key: str, place: Place) -> None:
        frame = self._stack[-1]
        if key == "<<":
            raise Refused("E-MERGE", place)
        if not key or unicodedata.normalize("NFKC", key) != key:
            raise Refused("E-KEY", place)
        path = (*frame.path, key)
        if path in self.keys:
            raise Refused("E-DUP", place, key=key[:LONGEST_NAME], first=self.keys[path].line)
        self.keys[path] = place
        frame.key = key

    def _put(self, value: Any, place: Place) -> Path:
        if not self._stack:
            self.roots.append(value)
            self.values[()] = place
            return ()
        frame = self._stack[-1]
        path = frame.next_path()
        self.values[path] = place
        frame.put(value)
        return path
