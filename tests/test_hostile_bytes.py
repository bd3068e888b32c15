"""Files made to break the reader: each gets one plain answer, in bounded work, and gives no private word away."""

from __future__ import annotations

import difflib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from support import CAMPAIGN, KINDS, MemorySource, Tree, home, smallest, yaml_text

from taizhang.findings import Finding, word, worded
from taizhang.findings.formats import as_github, as_json, as_text
from taizhang.intake.kinds import Kind
from taizhang.intake.records import Intake, read_tree
from taizhang.intake.schemas import FieldPath
from taizhang.intake.source import FileEntry, FolderSource
from taizhang.intake.strict_yaml import RECORD, REGISTER, Document, Place, Refused, in_quotes, load

BYTES = Path(__file__).parent / "cases" / "bytes"
ACCEPTED = ("", 0, 0)
EXPECTED = {
    "01-lol-9x9": ("E-ALIAS", 1, 5),
    "02-lol-in-a-text-field": ("E-ALIAS", 3, 5),
    "03-merge-bomb-22": ("E-ALIAS", 1, 5),
    "04-merge-plain": ("E-MERGE", 1, 1),
    "05-anchor-unused": ("E-ALIAS", 1, 11),
    "06-self-reference": ("E-ALIAS", 1, 7),
    "08-deep-block-40": ("E-DEPTH", 13, 25),
    "12-dup-plain": ("E-DUP", 3, 1),
    "13-dup-flow": ("E-DUP", 1, 18),
    "14-dup-escaped": ("E-DUP", 2, 1),
    "15-dup-after-merge": ("E-DUP", 6, 1),
    "16-key-full-width": ("E-KEY", 1, 1),
    "17-key-integer": ("E-FIELD", 2, 1),
    "18-key-null": ("E-FIELD", 2, 1),
    "19-key-complex": ("E-KEY", 1, 3),
    "20-tag-python": ("E-TAG", 2, 7),
    "21-tag-binary": ("E-TAG", 2, 7),
    "22-tag-set": ("E-TAG", 2, 7),
    "23-tag-local": ("E-TAG", 2, 7),
    "24-directive-yaml11": ("E-DIRECTIVE", 1, 1),
    "25-two-documents": ("E-DOCS", 2, 1),
    "26-top-list": ("E-TOP", 1, 1),
    "27-top-scalar": ("E-TOP", 1, 1),
    "28-empty": ("E-EMPTY", 1, 1),
    "29-comment-only": ("E-EMPTY", 1, 1),
    "30-utf16le": ("E-ENC", 1, 1),
    "31-gbk": ("E-ENC", 2, 1),
    "32-bad-utf8": ("E-ENC", 2, 1),
    "33-overlong-utf8": ("E-ENC", 2, 1),
    "34-bom-ok": ACCEPTED,
    "35-bom-middle": ("E-CHAR", 2, 9),
    "36-nul-raw": ("E-CHAR", 2, 8),
    "37-nul-escape": ("E-CHAR", 2, 7),
    "38-bidi-raw": ("E-CHAR", 2, 9),
    "39-bidi-escape": ("E-CHAR", 2, 7),
    "40-zero-width-space": ("E-CHAR", 2, 9),
    "41-tag-character": ("E-CHAR", 2, 9),
    "42-hangul-filler": ("E-CHAR", 2, 9),
    "43-variation-selector": ("E-CHAR", 2, 8),
    "44-surrogate-escape": ("E-SYNTAX", 2, 11),
    "45-private-use": ("E-CHAR", 2, 9),
    "46-noncharacter": ("E-CHAR", 2, 9),
    "47-kangxi-radical": ("E-CHAR", 2, 7),
    "48-rare-surname": ACCEPTED,
    "49-line-separator": ("E-CHAR", 2, 8),
    "50-next-line": ("E-CHAR", 2, 8),
    "51-lone-cr": ("E-CHAR", 1, 21),
    "52-crlf-ok": ACCEPTED,
    "53-tab-indent": ("E-TAB", 3, 1),
    "54-unterminated-quote": ("E-SYNTAX", 3, 1),
}


def read(raw: bytes, kind: str = "weekly") -> Intake:
    return read_tree(MemorySource({home(kind): raw}), KINDS)


def answers(raw: bytes, kind: str = "weekly") -> list[tuple[str, int, int]]:
    findings = read(raw, kind).findings
    for item in findings:
        assert_readable(item)
    return [(item.code, item.line, item.column) for item in findings]


def assert_readable(item: Finding) -> None:
    """Short enough to read, on one line, so that it cannot start a command in a build server's log."""
    assert len(word(item).message) <= 500
    assert len(word(item).fix) <= 600
    assert len(word(item).place) <= 400
    assert all(text.isprintable() for text in (word(item).message, word(item).fix, word(item).place))


def with_line(kind: str, **fields: object) -> bytes:
    data = {**smallest(KINDS[kind].schema), **fields}
    return yaml_text(data).encode()


# --- Rows 1 to 54: bytes and YAML -----------------------------------------------------------------


def test_every_file_is_expected() -> None:
    assert {file.stem for file in BYTES.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_bytes(name: str) -> None:
    raw = (BYTES / f"{name}.yml").read_bytes()
    wanted = EXPECTED[name]
    assert answers(raw) == ([] if wanted == ACCEPTED else [wanted])


LARGE: Mapping[str, tuple[bytes, tuple[str, int, int]]] = {
    "07-deep-flow-120k": (b"[" * 120_000, ("E-DEPTH", 1, 13)),
    "07-deep-flow-closed": (b"note: " + b"[" * 100_000 + b"]" * 100_000, ("E-DEPTH", 1, 18)),
    "09-big-file-300k": (b"note: " + b"x" * 300_000, ("E-SIZE", 1, 1)),
    "10-big-scalar-20001": (b"filed_on: 2023-05-28\nnote: " + b"x" * 20_001, ("E-SCALAR", 2, 7)),
    "11-many-nodes-20001": (b"note: [" + b"1," * 20_001 + b"]", ("E-NODES", 1, 40_002)),
    "lines-without-end": (b"\n" * 250_000 + b"note: &x 1", ("E-ALIAS", 250_001, 7)),
    "quotes-without-end": (b'note: "' + b"a\n" * 100_000, ("E-SYNTAX", 100_001, 1)),
    "key-of-20000": (b"k" * 20_000 + b": 1\n" + b"k" * 20_000 + b": 2", ("E-SYNTAX", 1, 20_001)),
    "quoted-key-of-900": (b'"' + b"k" * 900 + b'": 1\n"' + b"k" * 900 + b'": 2', ("E-DUP", 2, 1)),
    "name-of-9000-and-no-space": (b"k" * 9_000 + b":x\n- a", ("E-SPACE", 1, 9_001)),
}


@pytest.mark.parametrize("name", LARGE)
def test_large_files_are_answered_in_bounded_work(name: str) -> None:
    raw, wanted = LARGE[name]
    assert answers(raw) == [wanted]


@pytest.mark.parametrize(("kind", "limits"), [("weekly", RECORD), ("roll", REGISTER)])
def test_a_file_that_is_too_large_is_never_read(kind: str, limits: Any) -> None:
    source = MemorySource({}, listed=(FileEntry(home(kind), 50_000_000),))
    (item,) = read_tree(source, KINDS).findings
    assert (item.code, item.line, item.column) == ("E-SIZE", 1, 1)
    assert f"{limits.size // 1024} KB" in word(item).message
    assert "48829 KB" in word(item).message
    assert source.reads == []


def test_a_file_that_grew_after_it_was_listed_is_refused() -> None:
    source = MemorySource({home("weekly"): b"note: " + b"x" * 300_000})
    source.entries = lambda: iter([FileEntry(home("weekly"), 20)])  # type: ignore[method-assign]
    assert [item.code for item in read_tree(source, KINDS).findings] == ["E-SIZE"]


def test_kangxi_radical_is_answered_with_the_usual_character() -> None:
    (item,) = read((BYTES / "47-kangxi-radical.yml").read_bytes()).findings
    assert word(item).fix == "改成常用字“大”"
    assert "U+2F24" in word(item).message


def test_encoding_is_named() -> None:
    found = {
        name: word(read((BYTES / f"{name}.yml").read_bytes()).findings[0]).found
        for name in EXPECTED
        if "E-ENC" in EXPECTED[name]
    }
    assert "GBK" in found["31-gbk"]
    assert "UTF-16" in found["30-utf16le"]
    assert "不明编码" in found["32-bad-utf8"]


# --- Rows 55 to 69: schema ------------------------------------------------------------------------

FUNDS = {"planned": 0}
SCHEMA_ROWS: Mapping[str, tuple[str, dict[str, object], list[str]]] = {
    "55-date-0230": ("hazards", {"discovered_on": "2023-02-30"}, ["E-DATE"]),
    "56-date-slash": ("hazards", {"discovered_on": "2023/5/20"}, ["E-DATE"]),
    "57-date-full-width": ("hazards", {"discovered_on": "２０２３-05-20"}, ["E-DATE"]),
    "58-date-year-9999": ("hazards", {"discovered_on": "9999-01-01"}, ["E-DATE"]),
    "58-date-year-0000": ("hazards", {"discovered_on": "0000-01-01"}, ["E-DATE"]),
    "61-int-5000-digits": ("hazards", {"funds": {"planned": "9" * 5000}}, ["E-TYPE"]),
    "62-float-nan": ("hazards", {"funds": {"planned": ".nan"}}, ["E-TYPE"]),
    "62-float-inf": ("hazards", {"funds": {"planned": "1e400"}}, ["E-TYPE"]),
    "63-negative-funds": ("hazards", {"funds": {"planned": -1}}, ["E-RANGE"]),
    "64-id-trailing-newline": ("determinations", {"hazard": "east/2023-001\n"}, ["E-PATTERN"]),
    "65-digits-arabic": ("bulletins", {"period": "٢٠٢٣-W٢١"}, ["E-PATTERN"]),
    "65-date-digits-arabic": ("hazards", {"discovered_on": "٢٠٢٣-٠٥-٢٠"}, ["E-DATE"]),
    "66-unknown-field": ("hazards", {"evil": "2"}, ["E-FIELD"]),
    "69-list-5001": ("hazards", {"interim_controls": ["专人值守"] * 5001}, ["E-LIMIT"]),
    "75-homoglyph-unit": ("hazards", {"unit": "wushеnqi"}, ["E-PATTERN"]),
}


@pytest.mark.parametrize("name", SCHEMA_ROWS)
def test_schema_rows(name: str) -> None:
    kind, fields, wanted = SCHEMA_ROWS[name]
    raw = yaml_text({**smallest(KINDS[kind].schema), **fields}).encode()
    for quote in ("'9999", "'.nan'", "'1e400'"):
        raw = raw.replace(quote.encode(), quote.strip("'").encode())
    raw = raw.replace(b"9'\n", b"9\n")
    assert [code for code, *_ in answers(raw, kind)] == wanted


@pytest.mark.parametrize(("written", "kept"), [("010", "010"), ("no", "no"), ("1:30", "1:30"), ("1_000", "1_000")])
def test_59_and_60_what_yaml_would_change_is_kept_as_written(written: str, kept: str) -> None:
    (record,) = read(f"filed_on: 2023-05-28\nnote: {written}\n".encode()).records
    assert record.data["note"] == kept


def test_67_missing_field() -> None:
    assert answers(b"hazard: east/2023-001\n", "determinations") == [("E-REQUIRED", 1, 1)]


def test_68_no_pattern_runs_away() -> None:
    """Text made for each pattern to try and try again is refused, by both validators."""
    for kind in KINDS.values():
        for path, node in fields(kind.schema, ()):
            if "pattern" in node:
                for text in ("a" * 20_000 + "!", "20" * 9_000, "a-" * 9_000 + "/", "字" * 20_000):
                    data = planted(kind, path, text)
                    assert not kind.is_valid(data)
                    assert list(kind.errors(data))


def test_ten_thousand_unknown_items_are_answered_in_bounded_work(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0
    real = difflib.get_close_matches

    def counted(*args: Any, **options: Any) -> list[str]:
        nonlocal calls
        calls += 1
        return real(*args, **options)

    monkeypatch.setattr(difflib, "get_close_matches", counted)
    raw = b"".join(b"item%d: 1\n" % number for number in range(9_000))
    assert len(answers(raw, "hazards")) == 50
    assert calls <= 200


def test_two_thousand_wrong_entries_are_answered_with_the_first_fifty() -> None:
    raw = yaml_text({"organisations": [{"id": "A"}] * 2_000}).encode()
    found = answers(raw, "roll")
    assert len(found) == 50
    assert found[0] == ("E-REQUIRED", 2, 3)


# --- Rows 74 to 77 and 78 to 91: names and places -------------------------------------------------


def test_74_unknown_unit() -> None:
    tree = Tree()
    path = tree.add("nobody-knows", "weekly")
    assert [(f.code, f.file) for f in tree.verdict().validity] == [("E-UNIT", path)]


def test_76_same_id_twice() -> None:
    tree = Tree()
    tree.roll["organisations"].append(tree.organisation("east-hospital"))
    assert [f.code for f in tree.verdict().validity] == ["E-SAME-ID"]


ORG = f"submissions/{CAMPAIGN}/east-hospital"
PATHS = {
    f"{ORG}/weekly/2023-w21.yml": "E-NAME",
    f"{ORG}/weekly/第21周.yml": "E-PATH",
    f"{ORG}/weekly/2023-W53.yml": "E-WEEK",
    f"{ORG}/weekly/2023-W21.yaml": "E-PATH",
    f"{ORG}/weekly/2023-W21.YML": "E-PATH",
    f"{ORG}/weekly/2023-W21 .yml": "E-PATH",
    f"{ORG}/weekly/2023-W21.yml\n": "E-PATH",
    f"{ORG}/weekly/sub/2023-W21.yml": "E-PATH",
    f"{ORG}/weeklies/2023-W21.yml": "E-KIND",
    f"{ORG}/campaign/2023.yml": "E-KIND",
    f"{ORG}/hazards/2023-4.yml": "E-NAME",
    f"{ORG}/hazards/CON.yml": "E-NAME",
    f"{ORG}/hazards/--help.yml": "E-NAME",
    f"{ORG}/hazards/$(touch x).yml": "E-PATH",
    f"{ORG}/hazards/a\\b.yml": "E-PATH",
    f"{ORG}/hazards/\u202e2023-001.yml": "E-PATH",
    f"{ORG}/hazards/{'9' * 300}.yml": "E-PATH",
    f"{ORG}/files/evil.svg": "E-PATH",
    f"{ORG}/files/.htaccess": "E-PATH",
    f"{ORG}/files/deep/photo.jpg": "E-PATH",
    f"submissions/{CAMPAIGN}/wushеnqi/weekly/2023-W21.yml": "E-PATH",
    f"submissions/{CAMPAIGN}/notes.txt": "E-PATH",
    "submissions/.gitattributes": "E-PATH",
    "submissions/Demo-2023/campaign.yml": "E-PATH",
    "submissions/criteria/east-hospital/weekly/2023-W21.yml": "E-PATH",
    f"submissions/{CAMPAIGN}/\udcff\udcfe/weekly/2023-W21.yml": "E-PATH",
    f"{ORG}/weekly/\x1b[2J\n::set-output name=x::y.yml": "E-PATH",
}


@pytest.mark.parametrize("path", PATHS, ids=range(len(PATHS)))
def test_77_a_name_that_is_not_one(path: str) -> None:
    source = MemorySource({path: b"filed_on: 2023-05-28\n"})
    (item,) = read_tree(source, KINDS).findings
    assert item.code == PATHS[path]
    assert_readable(item)
    assert source.reads == [], "what is in the wrong place is not even opened"


def test_a_library_folder_holds_no_campaign() -> None:
    """`criteria/campaign.yml` is a criteria file with an odd name, never the rules of a campaign called criteria."""
    tree = Tree()
    tree.files["submissions/criteria/campaign.yml"] = tree.text(f"submissions/{CAMPAIGN}/campaign.yml")
    intake = tree.intake()
    assert intake.campaigns == (CAMPAIGN,)
    assert {(f.file, f.code) for f in intake.findings} == {
        ("submissions/criteria/campaign.yml", "E-FIELD"),
        ("submissions/criteria/campaign.yml", "E-REQUIRED"),
    }


def test_links_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "contacts.yml"
    secret.write_text("filed_on: 2023-05-28\n")
    folder = tmp_path / ORG
    (folder / "weekly").mkdir(parents=True)
    (folder / "files").mkdir()
    (folder / "weekly" / "2023-W21.yml").symlink_to(secret)
    (folder / "files" / "photo.jpg").symlink_to(secret)
    (folder / "monthly").symlink_to(tmp_path)
    intake = read_tree(FolderSource(tmp_path), KINDS)
    assert [f.code for f in intake.findings] == ["E-MODE"] * 3
    assert intake.files == frozenset()
    assert intake.records == ()


class DeepListing:
    """What os.scandir gives for a folder that holds one folder, 5,000 times over, and a file in the last."""

    def __init__(self, folder: Path) -> None:
        self.depth = len(folder.parts)
        self.name = "a"

    def __enter__(self) -> DeepListing:
        return self

    def __exit__(self, *_: object) -> None: ...

    def __iter__(self) -> Iterator[DeepListing]:
        return iter([self])

    def is_dir(self, *, follow_symlinks: bool) -> bool:
        return self.depth < 5_000

    def stat(self, *, follow_symlinks: bool) -> os.stat_result:
        return os.stat_result((stat.S_IFREG, *[0] * 9))


def test_folders_deeper_than_the_stack_are_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.scandir", DeepListing)
    (item,) = read_tree(FolderSource(Path("anywhere")), KINDS).findings
    assert item.code == "E-PATH"
    assert_readable(item)


def test_no_folder_is_no_file(tmp_path: Path) -> None:
    intake = read_tree(FolderSource(tmp_path), KINDS)
    assert (intake.records, intake.findings) == ((), ())


def test_equal_trees_have_equal_digests(tmp_path: Path) -> None:
    tree = Tree()
    tree.add("east-hospital", "weekly")
    for path, raw in tree.source().files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(raw)
    assert read_tree(FolderSource(tmp_path), KINDS).digest == tree.intake().digest
    before = tree.intake().digest
    tree.add("east-hospital", "reports")
    assert tree.intake().digest != before


# --- What a log may show --------------------------------------------------------------------------


def test_a_line_break_in_a_name_cannot_start_a_command() -> None:
    """Build servers run a log line that starts with two colons."""
    raw = b'filed_on: 2023-05-28\n"k\\n::set-output name=x::y": 1\n"k\\n::set-output name=x::y": 2\n'
    for text in (raw, raw.rsplit(b'"k', 1)[0]):
        findings = read(text).findings
        assert findings
        assert not [line for line in as_text(worded(findings)).splitlines() if line.lstrip().startswith("::")]
        assert as_github(worded(findings)).count("\n") == len(findings)


def test_github_annotations_are_escaped() -> None:
    (item,) = read_tree(MemorySource({f"{ORG}/weekly/a,b%:c.yml": b""}), KINDS).findings
    (line,) = as_github(worded([item])).splitlines()
    assert f"file={ORG}/weekly/a%2Cb%25%3Ac.yml,title=E-PATH::" in line


def test_json_has_stable_names() -> None:
    (row,) = json.loads(as_json(worded(read(b"").findings)))["findings"]
    assert list(row) == ["file", "line", "column", "code", "severity", "scope", "must", "found", "fix"]


def test_a_record_is_never_left_out_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should the fast validator refuse what the explaining one takes, the file is still named."""
    monkeypatch.setattr(Kind, "errors", lambda *_: iter(()))
    assert answers(b"note: 1\n") == [("E-TYPE", 1, 1)]


# --- Private fields -------------------------------------------------------------------------------

CANARY = "CANARY13812345678"


def fields(node: Mapping[str, Any], path: FieldPath) -> Iterator[tuple[FieldPath, Mapping[str, Any]]]:
    """Every field below a schema, list entries included, with its path."""
    for name, inner in node.get("properties", {}).items():
        yield (*path, name), inner
        yield from fields(inner, (*path, name))
    if "items" in node:
        yield (*path, 0), node["items"]
        yield from fields(node["items"], (*path, 0))


PRIVATE = [
    (kind.name, path)
    for kind in KINDS.values()
    for path, _ in fields(kind.schema, ())
    if kind.visibility(path) != "public"
]


def planted(kind: Kind, path: FieldPath, value: object) -> dict[str, Any]:
    """The smallest record of a kind with `value` at `path`."""
    data = smallest(kind.schema)
    node: Any = data
    for depth, step in enumerate(path[:-1], start=1):
        if isinstance(node, dict) and step not in node:
            node[step] = smallest(kind.field(path[:depth]))
        node = node[step]
    node[path[-1]] = value
    return dict(data)


WRONG: tuple[object, ...] = (
    [CANARY],
    [[CANARY]],
    [CANARY * 200],
    [CANARY] * 250,
    {"name": CANARY},
    {CANARY: "x"},
    CANARY * 200,
    f"{CANARY}\n{CANARY}",
    f"{CANARY}：{CANARY}、{CANARY}",
    f"{CANARY}/{CANARY}.exe",
)


def test_there_are_private_fields() -> None:
    assert ("hazards", ("responsible_person",)) in PRIVATE
    assert ("acceptances", ("acceptors", 0)) in PRIVATE
    assert ("roll", ("organisations", 0, "submitters", 0)) in PRIVATE
    assert len(PRIVATE) > 15


@pytest.mark.parametrize(("name", "path"), PRIVATE, ids=[f"{kind}-{path[-1]}" for kind, path in PRIVATE])
def test_private_values_are_in_no_finding(name: str, path: FieldPath) -> None:
    kind, refused = KINDS[name], 0
    for value in WRONG:
        intake = read(yaml_text(planted(kind, path, value)).encode(), name)
        refused += bool(intake.findings)
        sentences = worded(intake.findings)
        for text in (as_text(sentences), as_github(sentences), as_json(sentences)):
            assert CANARY not in text
            assert CANARY.lower() not in text
    assert refused >= 5


BROKEN_LINES = (
    f"responsible_person：{CANARY}",
    f"responsible_person:{CANARY}",
    f'responsible_person: "{CANARY}',
    f"responsible_person: {CANARY}: x",
    f"responsible_person: {CANARY}\u200b",
    f'responsible_person: "{CANARY}\\u200b"',
    f"responsible_person: &{CANARY} x",
    f"responsible_person: *{CANARY}",
    f"responsible_person: !{CANARY} x",
    f"responsible_person: {CANARY}\nresponsible_person: {CANARY}",
    f"responsible_person:\t{CANARY}",
    f"- {CANARY}",
    CANARY,
    f"%{CANARY}\n---\na: 1",
)


@pytest.mark.parametrize("line", BROKEN_LINES, ids=range(len(BROKEN_LINES)))
def test_a_file_that_cannot_be_read_gives_nothing_away(line: str) -> None:
    for raw in (line, f"filed_on: 2023-05-28\n{line}\n"):
        findings = read(raw.encode(), "hazards").findings
        assert findings
        assert CANARY not in as_text(worded(findings))


def test_the_name_of_a_missing_private_file_is_not_repeated() -> None:
    tree = Tree()
    tree.add("east-hospital", "reports", attachments=[f"{CANARY}.pdf"])
    tree.add("east-hospital", "monthly", document=f"{CANARY}.jpg")
    findings = tree.verdict().validity
    assert [f.code for f in findings] == ["E-FILE", "E-FILE"]
    assert CANARY not in as_text(worded(findings))


# --- The reader itself ----------------------------------------------------------------------------


def test_only_plain_words_and_integers_are_typed() -> None:
    document = load(
        b"a: true\nb: 7\nc: -3\nd:\ne: ~\nf: 'true'\ng: 0x10\nh: 1e3\ni: 999999999999999\nj: 9999999999999999\n"
    )
    assert document.data == {
        "a": True,
        "b": 7,
        "c": -3,
        "d": None,
        "e": None,
        "f": "true",
        "g": "0x10",
        "h": "1e3",
        "i": 999_999_999_999_999,
        "j": "9999999999999999",
    }


def test_places_of_keys_and_values() -> None:
    document: Document = load("甲: 1\n乙:\n  - x\n  -  丙: 2\n".encode())
    assert document.key_place(("甲",)) == Place(1, 1)
    assert document.place(("甲",)) == Place(1, 4)
    assert document.place(("乙", 1)) == Place(4, 6)
    assert document.place(("乙", 1, "丙")) == Place(4, 9)
    assert document.place(("乙", 7, "丁")) == Place(3, 3), "the nearest around a value that is not there"


def test_refusal_carries_its_code() -> None:
    with pytest.raises(Refused, match="E-SIZE"):
        load(b"x" * (RECORD.size + 1))


@pytest.mark.parametrize("mark", "@%*[{&!|>`")
@pytest.mark.parametrize("text", ["后勤科 更换灯具", "重大】应急灯，损坏", "50更换，其余“维修”"])
def test_text_after_a_mark_is_answered_with_the_line_in_quotes(mark: str, text: str) -> None:
    """And the line that is proposed reads back as what was meant."""
    with pytest.raises(Refused, match=r"^E-MARK$") as caught:
        load(f"filed_on: 2023-05-28\nmeasures: {mark}{text}\nplace: 一楼\n".encode())
    proposed = in_quotes(str(caught.value.values["text"]))
    assert caught.value.place == (2, 11)
    assert load(f"measures: {proposed}".encode()).data == {"measures": f"{mark}{text}"}


def test_comments_are_known_with_the_text_that_they_cut() -> None:
    text = '# head\na: 住院部 #3 电梯\nb: "三 #4" # note\nc:\n  - 甲 #1\n  - 5 #2\nd: | # top\n  五 #6\ne: x#y\n'
    found = [(comment.text, comment.place.line, comment.after) for comment in load(text.encode()).comments]
    assert found == [
        ("# head", 1, None),
        ("#3 电梯", 2, ("a",)),
        ("# note", 3, None),
        ("#1", 5, ("c", 0)),
        ("#2", 6, ("c", 1)),
        ("# top", 7, None),
    ]
