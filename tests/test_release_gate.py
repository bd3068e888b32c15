"""The release gate: shown to fail, for each thing that it looks for and each place in which it may hide."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml
from checkout import checkout
from checkout import taizhang as command
from jinja2 import ChoiceLoader, DictLoader, PackageLoader
from support import KINDS, Tree
from test_personal import ID

import taizhang
from taizhang.findings import Finding, word, worded
from taizhang.findings.formats import as_text
from taizhang.intake.personal import has_personal
from taizhang.publishing.site import PLACES, PUBLIC, Build, BuildStopped
from taizhang.release_gate.inspection import Allowed, allowed, inspect
from taizhang.workspace import Workspace

NUMBER = "13812345678"
CAUSE = "演练安排一直没有落实到各个科室"
FRAME = '<!doctype html><html><head><script>a=new URL("/",location)</script></head><body></body></html>'
MAY = allowed([], [])


def page(body: str) -> bytes:
    return FRAME.replace('"/"', '"../.."').replace("<body>", f"<body>{body}").encode()


def held(folder: Path, name: str, raw: bytes, may: Allowed = MAY, site_url: str = "") -> list[Finding]:
    """What the gate finds in a site of one file."""
    (folder / "404.html").write_text(FRAME, encoding="utf-8")
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(raw)
    found = list(inspect(folder, (), site_url, may))
    assert all(item.file == name for item in found), found
    assert not has_personal(as_text(worded(found))), "the number itself is told"
    return found


def office(part: str, text: str, more: str = "") -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, text)
        if more:
            archive.writestr(more, "x")
    return raw.getvalue()


def png(kind: bytes, body: bytes) -> bytes:
    chunks = [(b"IHDR", b"\0" * 13), (kind, body), (b"IEND", b"")]
    made = (len(b).to_bytes(4) + k + b + zlib.crc32(k + b).to_bytes(4) for k, b in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


def pdf(text: str, more: str = "") -> bytes:
    """A PDF as typst writes them: glyphs that only a table explains, compressed."""
    glyphs = {char: index for index, char in enumerate(sorted(set(text)), 1)}
    table = "".join(f"<{index:04X}> <{ord(char):04X}>\n" for char, index in glyphs.items())
    shown = "".join(f"{glyphs[char]:04X}" for char in text)
    streams = (f"1 beginbfchar\n{table}endbfchar", f"BT /f0 12 Tf [<{shown[:8]}>12.9<{shown[8:]}>]TJ ET")
    objects = ["<</Type/Pages/Count 1>>", "<</Font<</f0 3 0 R>>>>", "<</Type/Font/ToUnicode 5 0 R>>"]
    objects.append(f"<</Type/Page/Resources 2 0 R/Contents 6 0 R{more}>>")
    raw = [f"{n} 0 obj\n{body}\nendobj\n".encode() for n, body in enumerate(objects, 1)]
    for number, stream in enumerate(streams, 5):
        packed = zlib.compress(stream.encode())
        raw.append(b"%d 0 obj\n<</Filter/FlateDecode>>\nstream\n%s\nendstream\nendobj\n" % (number, packed))
    return b"%PDF-1.7\n" + b"".join(raw)


def in_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


JPEG_END = b"\xff\xda..\xff\xd9"
HIDDEN: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "text": ("a/index.html", lambda n: page(f"<p>联系{n}</p>")),
    "comment": ("a/index.html", lambda n: page(f"<!-- {n} -->")),
    "attribute": ("a/index.html", lambda n: page(f'<p title="{n}">a</p>')),
    "entities": ("a/index.html", lambda n: page("".join(f"&#{ord(c)};" for c in n))),
    "across tags": ("a/index.html", lambda n: page(f"<b>{n[:4]}</b><i>{n[4:]}</i>")),
    "after its name": ("a/index.html", lambda n: page(f"<dt>身份证号</dt><dd>{ID[:15] if n == NUMBER else n}</dd>")),
    "data": ("a/index.html", lambda n: page(f'<script type="application/json">{json.dumps({"a": [n]})}</script>')),
    "data address": (
        "a/index.html",
        lambda n: page(f'<img src="data:image/png;base64,{in_base64(f"---- {n} ----")}">'),
    ),
    "percent": ("a/index.html", lambda n: page(f'<a href="?q={"".join(f"%{b:02X}" for b in n.encode())}">a</a>')),
    "packed base64": ("a/index.html", lambda n: page(base64.b64encode(gzip.compress(n.encode(), mtime=0)).decode())),
    "script's escapes": ("a.json", lambda n: json.dumps({"a": "".join(f"\\u{ord(c):04x}" for c in n)}).encode()),
    "JSON": ("a.json", lambda n: json.dumps([n]).encode()),
    "key of JSON": ("a.json", lambda n: json.dumps({n: 1}).encode()),
    "search index": ("search/search_index.json", lambda n: json.dumps({"docs": ["\u200b".join(n)]}).encode()),
    "CSV": ("a.csv", lambda n: f"\ufeff名称,{n}\r\n".encode()),
    "feed": ("feed.xml", lambda n: f"<feed><title>{n}</title></feed>".encode()),
    "gzip": ("sitemap.xml.gz", lambda n: gzip.compress(f"<urlset><loc>{n}</loc></urlset>".encode(), mtime=0)),
    "DOCX, two runs": ("a.docx", lambda n: office("word/document.xml", f"<w:t>{n[:3]}</w:t><w:t>{n[3:]}</w:t>")),
    "XLSX": ("a.xlsx", lambda n: office("xl/sharedStrings.xml", f"<si><t>{n}</t></si>")),
    "PDF": ("a.pdf", pdf),
    "PNG": ("a.png", lambda n: png(b"tEXt", b"Comment\0" + n.encode())),
    "packed PNG": ("a.png", lambda n: png(b"zTXt", b"Comment\0\0" + zlib.compress(n.encode()))),
    "JPEG": (
        "a.jpg",
        lambda n: b"\xff\xd8\xff\xfe\0" + bytes([len(n.encode()) + 2]) + n.encode() + b"\xff\xda..\xff\xd9",
    ),
    "name": (f"a/{NUMBER}.csv", lambda n: b"a"),
}


@pytest.mark.parametrize("place", HIDDEN)
def test_a_number_is_found_wherever_it_hides(tmp_path: Path, place: str) -> None:
    name, make = HIDDEN[place]
    (tmp_path / "404.html").write_text(FRAME, encoding="utf-8")
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_bytes(make(NUMBER))
    found = inspect(tmp_path, (), "", MAY)
    assert {item.code for item in found} == {"E-OUT-PERSONAL"}
    assert not has_personal(as_text(worded(found)))


@pytest.mark.parametrize("place", [place for place in HIDDEN if place not in ("after its name", "name")])
def test_a_harmless_text_in_the_same_place_goes_out(tmp_path: Path, place: str) -> None:
    name, make = HIDDEN[place]
    assert held(tmp_path, name, make("2023年6月10日")) == []


ACTIVE = {
    "foreign script": '<script src="https://cdn.example.com/x.js"></script>',
    "script without a scheme": '<script src="//cdn.example.com/x.js"></script>',
    "script within": "<script>alert(1)</script>",
    "handler": '<img src="x.png" onerror="alert(1)">',
    "handler without quotes": "<img src=x onerror=alert(1)>",
    "handler after a slash": "<svg/onload=alert(1)>",
    "address that runs": '<a href="java&#9;script:alert(1)">a</a>',
    "data address of a page": '<a href="data:text/html,x">a</a>',
    "foreign picture": '<img src="https://example.com/x.png">',
    "foreign form": '<form action="https://example.com/"></form>',
    "foreign style sheet": '<link rel="stylesheet" href="https://example.com/x.css">',
    "style that fetches": '<p style="background:url(//example.com/x)">a</p>',
    "style sheet that fetches": "<style>@import 'x'</style>",
    "frame": '<iframe src="a.html"></iframe>',
    "base": '<base href="/">',
    "refresh": '<meta http-equiv="refresh" content="0">',
    "text not escaped": "<p>a < b</p><p>",
    "mark within quotes": '<a title="x > y" href="a">a</a>',
}


@pytest.mark.parametrize("case", ACTIVE)
def test_what_runs_or_fetches_is_found(tmp_path: Path, case: str) -> None:
    assert {item.code for item in held(tmp_path, "a/index.html", page(ACTIVE[case]))} == {"E-OUT-ACTIVE"}


UNEXPECTED = {
    "other type": ("backup.sql", b"x", "E-OUT-FILE"),
    "no type": ("backup", b"x", "E-OUT-FILE"),
    "other content": ("a.png", b"<svg>", "E-OUT-FILE"),
    "archive cut off": ("a.docx", office("word/document.xml", "<a/>")[:40], "E-OUT-FILE"),
    "picture with more": ("a.png", png(b"tEXt", b"a\0b") + b"PK", "E-OUT-FILE"),
    "no UTF-8": ("a.csv", b"\xb0\xb2", "E-OUT-FILE"),
    "PDF of another make": ("a.pdf", b"%PDF-1.4\n1 0 obj\n<</Type/ObjStm>>\nendobj", "E-OUT-FILE"),
    "PDF that acts": ("a.pdf", pdf("a", "/AA<</O 9 0 R>>"), "E-OUT-ACTIVE"),
    "script of a stranger": ("assets/x.js", b"1", "E-OUT-ACTIVE"),
    "macro": ("a.docx", office("word/document.xml", "<a/>", "word/vbaProject.bin"), "E-OUT-ACTIVE"),
    "formula": ("a.xlsx", office("xl/worksheets/sheet1.xml", "<f>WEBSERVICE(1)</f>"), "E-OUT-ACTIVE"),
    "fetched template": (
        "a.docx",
        office("word/_rels/document.xml.rels", '<Relationship Type="x/attachedTemplate" TargetMode="External"/>'),
        "E-OUT-ACTIVE",
    ),
    "entities of XML": ("a.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "E-OUT-ACTIVE"),
}


@pytest.mark.parametrize("case", UNEXPECTED)
def test_what_is_not_expected_is_found(tmp_path: Path, case: str) -> None:
    name, raw, code = UNEXPECTED[case]
    assert {item.code for item in held(tmp_path, name, raw)} == {code}


def test_a_link_out_of_the_site_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to("/etc/hostname")
    assert [item.code for item in inspect(tmp_path, (), "", MAY)] == ["E-OUT-FILE"]


def test_files_of_theme_and_checkout_go_out_and_so_do_pages_own_addresses(tmp_path: Path) -> None:
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "x.js").write_bytes(b"1")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "x.js").write_bytes(b"1")
    assert list(inspect(tmp_path / "site", [tmp_path / "theme"], "", MAY)) == []


def test_a_page_may_name_itself_link_to_others_and_draw(tmp_path: Path) -> None:
    own = '<link rel="canonical" href="https://example.org/a/"><svg><path d="M13812345678"/></svg>'
    link = '<a href="https://example.com/">a</a>'
    assert held(tmp_path, "a/index.html", page(own + link), site_url="https://example.org/") == []


def test_canaries_are_named_with_record_and_field(tmp_path: Path) -> None:
    tree = Tree()
    path = tree.add("east-hospital", "hazards", cause=CAUSE)
    may = allowed(tree.intake().records, [])
    for name, raw in {
        "a/index.html": page(f"<p>原因：{CAUSE[:5]}\n {CAUSE[5:]}</p>"),
        "a.csv": f"x,{CAUSE}".encode(),
    }.items():
        (found,) = held(tmp_path, name, raw, may)
        assert (found.code, dict(found.facts)["record"]) == ("E-OUT-PRIVATE", path)
        assert "原因" in word(found).found
        (tmp_path / name).unlink()
    people = next(r for r in tree.intake().records if r.kind.name == "campaign").data["sealing_key"]["x"]
    assert held(tmp_path, "key.json", json.dumps([people]).encode(), may) == []


def test_what_stands_in_a_public_field_too_is_no_canary(tmp_path: Path) -> None:
    tree = Tree()
    tree.add("east-hospital", "hazards", cause=CAUSE, public_summary=f"三楼：{CAUSE}。")
    assert held(tmp_path, "a.csv", CAUSE.encode(), allowed(tree.intake().records, [])) == []


def test_the_internal_edition_may_tell_internal_fields_and_their_numbers_only(tmp_path: Path) -> None:
    tree = Tree()
    tree.add("east-hospital", "hazards", cause=CAUSE, responsible_person=f"示例甲 {NUMBER}")
    tree.add("east-hospital", "contacts")
    records = tree.intake().records
    sealed = next(r for r in records if r.kind.name == "contacts").data["people"]
    may = allowed(records, [], is_internal=True)
    assert held(tmp_path, "a.csv", f"{CAUSE},{NUMBER}".encode(), may) == []
    assert {f.code for f in held(tmp_path, "a.csv", f"{NUMBER[:-1]}0,{sealed}".encode(), may)} == {
        "E-OUT-PERSONAL",
        "E-OUT-PRIVATE",
    }


def test_the_gates_own_list_names_the_private_texts_of_every_schema() -> None:
    listed = yaml.safe_load(Path("generator/taizhang/release_gate/private.yml").read_text(encoding="utf-8"))
    for kind in KINDS.values():
        private = {
            path[0]
            for path in _paths(kind.schema, ())
            if kind.is_free_text(path) and kind.visibility(path) == "internal"
        }
        assert set(listed.get(kind.name, ())) == private, kind.name


def _paths(node: dict, path: tuple) -> list[tuple]:  # type: ignore[type-arg]
    found = [path] if path else []
    for name, inner in node.get("properties", {}).items():
        found += _paths(inner, (*path, name))
    return found + (_paths(node["items"], (*path, 0)) if "items" in node else [])


DAY = date(2024, 3, 1)


def stopped(root: Path) -> list[Finding]:
    with pytest.raises(BuildStopped) as raised:
        Build(PUBLIC, root / PLACES[PUBLIC], DAY, allow_findings=True).run(Workspace(root), lambda _: None)
    assert raised.value.at_gate
    return list(raised.value.errors)


def break_template(monkeypatch: pytest.MonkeyPatch, name: str, old: str, new: str) -> None:
    """Have a template changed for the length of a test."""
    package = PackageLoader("taizhang.pages")
    text = (Path(taizhang.__file__).parent / "pages" / "templates" / name).read_text(encoding="utf-8")
    assert old in text
    broken = ChoiceLoader([DictLoader({name: text.replace(old, new)}), package])
    monkeypatch.setattr("taizhang.pages.pages.PackageLoader", lambda _: broken)


def exposed() -> tuple[Tree, str]:
    """A hazard whose page everybody may read, and its path."""
    tree = Tree()
    hazard = {"cause": CAUSE, "measures": '拆<img src="x" onerror="alert(1)">锁，加装逃生装置并每日巡查'}
    path = tree.add("east-hospital", "hazards", **hazard)
    tree.add("bureau", "determinations")
    return tree, path


@pytest.mark.requirement("A66")
def test_a_field_made_public_by_a_slip_is_not_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree, path = exposed()
    root = checkout(tmp_path, tree)
    schema = root / "schemas" / "hazards.schema.json"
    told = json.loads(schema.read_text(encoding="utf-8"))
    told["properties"]["cause"]["x-visibility"] = "public"
    schema.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    break_template(
        monkeypatch, "_hazard.html", "{{ h.fields.measures }}", "{{ h.fields.measures }}{{ h.fields.cause }}"
    )
    leaks = stopped(root)
    assert {(item.code, dict(item.facts).get("record")) for item in leaks} == {("E-OUT-PRIVATE", path)}
    assert not (root / PLACES[PUBLIC]).exists()


def test_a_template_that_escapes_nothing_stops_the_release_and_the_old_site_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = checkout(tmp_path, exposed()[0])
    assert command(root, "build", "--today", DAY.isoformat()).exit_code == 0
    before = (root / PLACES[PUBLIC]).resolve()
    (root / "site" / "pages" / "backup.sql").write_text("x", encoding="utf-8")
    break_template(monkeypatch, "_hazard.html", "{{ h.fields.measures }}", "{{ h.fields.measures | safe }}")
    result = command(root, "build", "--today", DAY.isoformat(), "--allow-findings")
    assert result.exit_code == 1
    assert "没有发布，原来的网站保持不变" in result.output
    assert (root / PLACES[PUBLIC]).resolve() == before
    for found in ("会运行程序的属性 onerror", "backup.sql"):
        assert found in result.output
