"""Random files: the reader refuses or reads, the two validators agree, and one fault gives one finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support import FUZZ, KINDS, MemorySource, home, yaml_text

from taizhang.findings import RULES, word, worded
from taizhang.findings.formats import as_text
from taizhang.intake.characters import first_forbidden
from taizhang.intake.kinds import Kind
from taizhang.intake.records import read_tree
from taizhang.intake.schemas import FieldPath
from taizhang.intake.strict_yaml import REGISTER, Document, Place, Refused, load

pytestmark = pytest.mark.apart

CASES = Path(__file__).parent / "cases"
BASES = [file.read_bytes() for file in sorted(CASES.glob("*/valid/*.yml"))]
TOKENS = [
    *(c.encode() for c in ":,-?&*!|>%@`#{}[]\"'\n\r\t ~=<\\/.\0："),
    *(
        t.encode()
        for t in ("<<: ", "- ", ": ", "---\n", "...\n", "&a ", "*a", "!!str ", "? ", "|-\n", ">+\n", "%YAML 1.1\n")
    ),
    *(
        t.encode()
        for t in ("\u200b", "\u202e", "\ufeff", "\u2028", "\x85", "⼤", "\U00031350", "1e999", "0x1F", "2023-02-30")
    ),
    *(b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b'"\\ud800"', b'"\\0"', b"{", b"[[[[[[[[[[[[[[", b"'"),
]


# --- Bytes ----------------------------------------------------------------------------------------

Change = tuple[int, int, bytes]


def changed(raw: bytes, changes: list[Change]) -> bytes:
    """Each change cuts some bytes at a place and puts others there."""
    for at, cut, put in changes:
        start = at % (len(raw) + 1)
        raw = raw[:start] + put + raw[start + cut :]
    return raw


CHANGES = st.lists(
    st.tuples(st.integers(0, 5_000), st.integers(0, 12), st.sampled_from(TOKENS) | st.binary(max_size=3)),
    min_size=1,
    max_size=6,
)


def read_or_refuse(raw: bytes) -> Document:
    """What the reader makes of a file; of one it refuses, an empty document at the place it names."""
    try:
        return load(raw)
    except Refused as refused:
        assert refused.code in RULES  # noqa: PT017
        return Document({}, {(): Place(*refused.place)}, {})


@settings(max_examples=2_500 * FUZZ)
@given(base=st.sampled_from(BASES), changes=CHANGES)
def test_mutated_bytes_are_read_or_refused(base: bytes, changes: list[Change]) -> None:
    document = read_or_refuse(changed(base, changes))
    assert min(document.place(())) >= 1
    assert all(first_forbidden(text) is None for text in texts(document.data))


@settings(max_examples=600 * FUZZ)
@given(raw=st.binary(max_size=200) | st.text(max_size=120).map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(raw=b"\xef\xbb\xbf")
@example(raw=b"? ")
@example(raw=b"a: !<tag:yaml.org,2002:str> b")
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    read_or_refuse(raw)


@settings(max_examples=600 * FUZZ)
@given(kind=st.sampled_from(sorted(KINDS)), base=st.sampled_from(BASES), changes=CHANGES)
def test_mutated_files_become_a_record_or_findings(kind: str, base: bytes, changes: list[Change]) -> None:
    intake = read_tree(MemorySource({home(kind): changed(base, changes)}), KINDS)
    assert bool(intake.findings) != bool(intake.records)
    for item in intake.findings:
        assert item.file == home(kind)
        assert item.line >= 1
        assert item.column >= 1
        assert len(word(item).message) <= 500
        assert "\n" not in word(item).message + word(item).fix
    assert all(len(line) <= 1_000 for line in as_text(worded(intake.findings)).splitlines())


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (key, *texts(item))


# --- Records made from the schemas ----------------------------------------------------------------

ALPHABET = "安全出口被锁闭的疏散通道，。：；（）“”、《》〔〕abcXYZ0189 .,:;#-!&*%@'\"|>{}[]?/\\~=\n　𠮷"
TEXT = st.text(ALPHABET, max_size=40)


def value_of(node: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a schema takes."""
    match node["type"]:
        case "object":
            needed = {name: value_of(node["properties"][name]) for name in node["required"]}
            others = {name: value_of(inner) for name, inner in node["properties"].items() if name not in needed}
            return st.fixed_dictionaries(needed, optional=others)
        case "array":
            least = node.get("minItems", 0)
            return st.lists(value_of(node["items"]), min_size=least, max_size=min(node["maxItems"], least + 2))
        case "integer":
            return st.integers(node["minimum"], node["maximum"])
        case "boolean":
            return st.booleans()
    return text_of(node)


def text_of(node: Mapping[str, Any]) -> st.SearchStrategy[str]:
    if "enum" in node:
        return st.sampled_from(node["enum"])
    if node.get("format") == "date":
        from datetime import date

        return st.dates(date(1950, 1, 1), date(2099, 12, 31)).map(str)
    if "pattern" in node:
        longest = node["maxLength"]
        return st.from_regex(node["pattern"], fullmatch=True).filter(lambda text: len(text) <= longest)
    low, high = node["minLength"], node["maxLength"]
    filler = "字" * low
    return TEXT.map(lambda text: (text + filler)[:high] if len(text) < low else text[:high]).filter(
        lambda text: not text.isspace()
    )


RECORDS = {name: value_of(kind.schema) for name, kind in KINDS.items()}


def reread(kind: Kind, data: object) -> Document:
    document = load(yaml_text(data).encode(), REGISTER)
    kind.settle(document.data)
    return document


@pytest.mark.parametrize("name", sorted(KINDS))
@settings(max_examples=25 * FUZZ)
@given(data=st.data())
def test_records_made_from_a_schema_are_accepted(name: str, data: st.DataObject) -> None:
    kind, made = KINDS[name], data.draw(RECORDS[name])
    assert kind.is_valid(made)
    assert list(kind.errors(made)) == []
    assert reread(kind, made).data == made, "what was written is what is read"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**14), 10**14) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("name", sorted(KINDS))
@settings(max_examples=25 * FUZZ)
@given(data=st.data())
def test_validators_agree_on_anything_anywhere(name: str, data: st.DataObject) -> None:
    kind, made = KINDS[name], data.draw(RECORDS[name])
    path = data.draw(st.sampled_from([path for path, _ in places(kind.schema, made, ())]))
    planted = put(made, path, data.draw(ANYTHING)) if path else data.draw(st.dictionaries(TEXT, ANYTHING, max_size=4))
    assert kind.is_valid(planted) == (not list(kind.errors(planted)))


# --- One fault ------------------------------------------------------------------------------------

DROP = object()


def places(node: Mapping[str, Any], value: Any, path: FieldPath) -> Iterator[tuple[FieldPath, Mapping[str, Any]]]:
    """Every value in a record, the record itself first, with its schema."""
    yield path, node
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(node["properties"][name], inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(node["items"], inner, (*path, index))


def put(data: Any, path: FieldPath, value: object) -> Any:
    """A copy of a record with another value at `path`, or without what stood there."""
    copy = deepcopy(data)
    node = copy
    for step in path[:-1]:
        node = node[step]
    if value is DROP:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return copy


def faults(node: Mapping[str, Any], value: Any, path: FieldPath) -> Iterator[tuple[FieldPath, object]]:
    """What may be wrong with one value: the place and what to put there."""
    if path:
        yield path, None
    match node["type"]:
        case "object":
            yield from (((*path, name), DROP) for name in node["required"])
            if node["additionalProperties"] is False:
                yield (*path, "zz_nobody_knows"), "x"
            if path:
                yield from ((path, "一段文字"), (path, []))
        case "array":
            yield from ((path, "一段文字"), (path, {}))
            if node["maxItems"] <= 200:
                yield path, value[:1] * (node["maxItems"] + 1)
            if node.get("minItems"):
                yield path, []
        case "integer":
            yield from ((path, node["maximum"] + 1), (path, node["minimum"] - 1), (path, "12.5"), (path, [1]))
        case "boolean":
            yield from ((path, "也许"), (path, 2))
        case _:
            yield from ((path, bad) for bad in wrong_texts(node, value))


def wrong_texts(node: Mapping[str, Any], value: str) -> list[object]:
    bad: list[object] = [["a"], {"a": "b"}]
    if "enum" in node:
        return [*bad, "zzz", "其他的"]
    if "format" in node:
        return [*bad, "2023-02-30", "2023/5/25", "２０２３-05-25", f"{value}\n"]
    if "pattern" in node:
        return [*bad, f"{value}\n", f" {value}", "！", "x" * 500]
    return [*bad, "", "　 ", "字" * (node["maxLength"] + 1)]


@pytest.mark.parametrize("name", sorted(KINDS))
@settings(max_examples=60 * FUZZ)
@given(data=st.data())
def test_one_fault_gives_one_finding(name: str, data: st.DataObject) -> None:
    kind, made = KINDS[name], data.draw(RECORDS[name])
    known = [fault for path, node in places(kind.schema, made, ()) for fault in faults(node, look(made, path), path)]
    path, value = data.draw(st.sampled_from([f for f in known if f[1] is not DROP or has(made, f[0])]))
    broken = put(made, path, value)
    document = reread(kind, broken)
    assert not kind.is_valid(document.data)
    assert list(kind.errors(document.data))
    intake = read_tree(MemorySource({home(name): yaml_text(broken)}), KINDS)
    assert intake.records == ()
    (item,) = intake.findings
    assert item.file == home(name)
    assert item.line >= 1
    assert item.column >= 1


def look(data: Any, path: FieldPath) -> Any:
    for step in path:
        data = data[step]
    return data


def has(data: Any, path: FieldPath) -> bool:
    return path[-1] in look(data, path[:-1])
