"""Submitted text is text: every field of a campaign full of attacks, and no page is different for it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from checkout import checkout, pages
from issues import corrected, issued
from support import CAMPAIGN, KINDS, RECORDS, Tree
from visiting import OpenVisit, served

from taizhang.bulletins.drafts import WORDS
from taizhang.intake.schemas import Schema
from taizhang.publishing.edition import public_edition
from taizhang.publishing.stamping import Stamper, build_site
from taizhang.workspace import Workspace

ATTACKS = (
    "<script>alert(1)</script>",
    "</title><script>alert(2)</script>",
    "</script><script>alert(3)</script><!--",
    "<img src=x onerror=alert(4)>",
    "<svg/onload=alert(5)>",
    'x" onmouseover="alert(6)" y="',
    "x' onfocus='alert(7)' autofocus='",
    "[点我](javascript:alert(8))",
    "[x](&#106;avascript:alert(9))",
    "[x][r]\n\n[r]: javascript:alert(10)",
    "![x](https://evil.example/p.gif)",
    "**x**{onclick=alert(11)}",
    "x {#__config onmouseover=alert(12)}",
    "__config",
    "__search",
    '{"base":"https://evil.example"}\n{: #__config }',
    '```{.py onmouseover="alert(13)"}\nx\n```',
    "/// html | div[onclick=alert(14)]",
    '--8<-- "contacts.yml"',
    '!!! danger "官方通报"',
    "正文\n\n# 官方撤销公告",
    "a | b | c \\| d",
    "<!-- 以下全部作废",
    "--> 以下全部有效",
    "<style>body{display:none}</style>",
    "<iframe src=//evil.example></iframe>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<form action=//evil.example><button>登录",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(15)&gt;'>",
    '<noscript><p title="</noscript><img src=x onerror=alert(16)>">',
    "&lt;img src=x onerror=alert(17)&gt;",
    "&amp;lt;script&amp;gt;alert(18)",
    '{{ config }}{% include "/etc/passwd" %}',
    "{{7*7}}${7*7}#{7*7}",
    "*[医院]: x",
    "TzBodyToken",
    "TzTitleToken TzDescriptionToken",
    "<div id=tz-content>",
    "</main></body></html>",
    "<a href=javascript:alert(19)>点我</a>",
    "<details open ontoggle=alert(20)>",
    "]]><x>",
    "<title>",
)
SEARCHES = (
    "<img",
    "onerror=alert",
    "<script>alert(1)</script>",
    "&lt;img",
    "__config",
    "TzBodyToken",
    '"><svg',
    "{{7*7}}",
)
AT = date(2024, 3, 1)

Texts = Callable[[int], str]


class Attacks:
    """One attack after another, each as long as its field allows; remembers what was planted."""

    def __init__(self) -> None:
        self.planted: list[str] = []

    def __call__(self, limit: int) -> str:
        fitting = [text for text in ATTACKS if len(text) <= limit]
        text = min(fitting, key=lambda t: (self.planted.count(t), ATTACKS.index(t)))
        self.planted.append(text)
        return text


def harmless(limit: int) -> str:
    return "文字"[:limit]


def filled(schema: Schema, data: Any, texts: Texts) -> Any:
    """The data with every free text, and every optional one, replaced by one of `texts`."""
    if schema["type"] == "object":
        found = dict(data)
        for name, inner in schema["properties"].items():
            if name in found or is_text(inner) or (inner["type"] == "array" and is_text(inner["items"])):
                found[name] = filled(inner, found.get(name), texts)
        return found
    if schema["type"] == "array":
        items = data if data is not None else [None]
        return [filled(schema["items"], item, texts) for item in items]
    return texts(schema["maxLength"]) if is_text(schema) else data


def is_text(schema: Schema) -> bool:
    return schema["type"] == "string" and not {"enum", "pattern", "format", "x-ref"} & schema.keys()


def season(texts: Texts) -> Tree:
    """A tiny campaign with a record of every kind and nothing in its fields but `texts`."""
    tree = Tree()
    tree.campaign["archived_on"] = AT.isoformat()
    tree.campaign["bulletins"].append({"bulletin": "monthly", "from": "2023-05-01", "cut_off_days": 3})
    tree.campaign["duties"].append(
        {"id": "drill", "title": "x", "answered_by": {"kind": "activities"}, "due": {"every": "quarter"}}
    )
    tree.campaign["basis"] = [{"title": "x"}]
    tree.campaign["plain_words"] = [{"heading": "x", "text": "x"}] * 3
    tree.campaign = filled(KINDS["campaign"].schema, tree.campaign, texts)
    tree.roll = filled(KINDS["roll"].schema, tree.roll, texts)
    tree.criteria = {name: filled(KINDS["criteria"].schema, data, texts) for name, data in tree.criteria.items()}
    records: Mapping[str, Mapping[str, Any]] = {
        **RECORDS,
        "hazards": {**RECORDS["hazards"], "criteria": ["standard-2017/7.1"]},
        "exposures": {**RECORDS["exposures"], "steps": [*RECORDS["exposures"]["steps"], *AFTERWARDS]},
    }
    for kind, org in FILERS.items():
        data = filled(KINDS[kind].schema, deepcopy(records[kind]), texts)
        tree.add(org, kind, **data)
    tree.add(
        "east-hospital",
        "rectifications",
        "2023-002",
        stage="completed",
        filed_on="2023-06-15",
        progress_on="2023-06-15",
        progress=texts(500),
    )
    fields = KINDS["bulletins"].schema["properties"]
    words = {name: filled(fields[name], None, texts) for name in WORDS}
    corrected(tree, issued(tree, "monthly", "2023-06", "2023-07-04", **words), "2023-07-06", texts(500))
    return tree


AFTERWARDS = (
    {"step": "corrected", "dated": "2023-07-20", "by": "bureau", "note": "x", "before": "x", "after": "x"},
    {"step": "disputed", "dated": "2023-07-25", "by": "east-hospital", "note": "x", "reply_by": "2023-08-15"},
)
FILERS = {
    "hazards": "east-hospital",
    "determinations": "bureau",
    "rectifications": "east-hospital",
    "acceptances": "bureau",
    "weekly": "east-hospital",
    "monthly": "north-county",
    "inspections": "east-hospital",
    "activities": "east-hospital",
    "reports": "east-hospital",
    "exposures": "bureau",
}


class Shape(HTMLParser):
    """What a page is made of, its words left out; and its scripts."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.values: list[tuple[str, str, str]] = []
        self.scripts: set[str] = set()
        self.within = False
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.values += [(tag, name, value or "") for name, value in attrs]
        self.within = tag == "script"

    def handle_data(self, data: str) -> None:
        if self.within:
            self.scripts.add(hashlib.sha256(data.encode()).hexdigest())

    def handle_endtag(self, tag: str) -> None:
        self.within = False


def dangers(shape: Shape) -> Iterator[str]:
    """What no page may hold, whatever was submitted."""
    ids = [value for _, name, value in shape.values if name == "id"]
    yield from (f"id twice: {one}" for one in set(ids) if ids.count(one) > 1)
    for tag, attributes in shape.tags:
        if tag in ("iframe", "object", "embed", "base", "frame", "applet"):
            yield tag
        yield from (f"{tag} {name}" for name in attributes if name.startswith("on"))
    for tag, name, value in shape.values:
        if name in ("href", "src", "action", "xlink:href") and re.match(r"\s*(?:[a-z]+:|//)", value, re.IGNORECASE):
            yield f"{tag} {name}={value}"
        if tag == "meta" and name == "http-equiv":
            yield f"meta {value}"


def built(folder: Path, tree: Tree) -> Path:
    root = checkout(folder / "checkout", tree)
    workspace = Workspace(root)
    examination = workspace.examine(AT)
    assert list(examination.verdict.errors) == []
    build_site(root, Stamper(public_edition(root, workspace.kinds, examination)), folder / "site")
    return folder / "site"


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("clean"), season(harmless))


@pytest.fixture(scope="module")
def attacks() -> Attacks:
    return Attacks()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, attacks: Attacks) -> Path:
    return built(tmp_path_factory.mktemp("hostile"), season(attacks))


@pytest.fixture(scope="module")
def hostile_site(hostile: Path) -> Iterator[str]:
    with served(hostile) as address:
        yield address


def test_every_attack_is_planted(hostile: Path, attacks: Attacks) -> None:
    assert set(attacks.planted) == set(ATTACKS)


def test_every_page_is_made_of_the_same_parts_as_without_attacks(clean: Path, hostile: Path) -> None:
    ours, theirs = pages(clean), pages(hostile)
    assert [f.relative_to(clean) for f in ours] == [f.relative_to(hostile) for f in theirs]
    for harmless_page, attacked in zip(ours, theirs, strict=True):
        assert Shape(attacked).tags == Shape(harmless_page).tags, attacked


def test_no_page_holds_anything_dangerous_nor_a_script_that_is_not_the_themes(clean: Path, hostile: Path) -> None:
    known = set[str]().union(*(Shape(file).scripts for file in pages(clean)))
    for file in pages(hostile):
        shape = Shape(file)
        assert list(dangers(shape)) == [], file
        assert shape.scripts <= known, file


def test_our_part_of_a_page_has_no_style_and_no_script(sample_site: Path) -> None:
    for file in pages(sample_site):
        text = file.read_text(encoding="utf-8")
        if 'id="tz-content"' in text:
            ours = text.split('id="tz-content"', 1)[1].split("</article>\n            </div>", 1)[0]
            assert not re.search(r"<[a-z]+[^>]*\sstyle=|<style|<script|\son[a-z]+=", ours), file
        assert list(dangers(Shape(file))) == [], file


def test_every_page_opens_without_a_stir(visit: OpenVisit, hostile: Path, hostile_site: str) -> None:
    opened = visit(hostile_site)
    for file in pages(hostile):
        if "rules" in file.parts:
            continue  # Nothing submitted stands there, and the other tests look at them.
        page = opened.go(file.relative_to(hostile).as_posix())
        assert page.evaluate("JSON.parse(document.getElementById('__config').textContent).base"), file
        assert page.locator("#tz-content, .md-content h1").first.is_visible(), file
        page.evaluate("""() => document.querySelectorAll("#tz-content *").forEach(e => {
            for (const kind of ["mouseover", "focus", "toggle", "load", "error"]) e.dispatchEvent(new Event(kind));
        })""")


def told(tree: Tree, kind: str, *fields: str) -> Iterator[str]:
    """The texts in these fields of the records of a kind."""
    for record in tree.intake().records:
        if record.kind.name == kind:
            for name in fields:
                value = record.data.get(name, [])
                yield from value if isinstance(value, list) else [value]


def expected(tree: Tree) -> Mapping[str, list[str]]:
    """The texts that each page must show."""
    campaign, standard = tree.campaign, tree.criteria["standard-2017"]
    (filed,) = [r for r in tree.intake().records if r.kind.name == "exposures"]
    return {
        "": [campaign["short_title"], campaign["issuer"], *told(tree, "exposures", "title")],
        f"campaigns/{CAMPAIGN}/": [
            campaign["title"],
            campaign["doc_no"],
            *(text for phase in campaign["phases"] for text in (phase["title"], *phase["tasks"])),
            *(text for duty in campaign["duties"] for text in (duty["title"], duty["source"])),
            *(text for part in campaign["plain_words"] for text in part.values()),
        ],
        "units/": [org["name"] for org in tree.roll["organisations"]],
        f"units/{CAMPAIGN}/east-hospital/": [
            tree.organisation("east-hospital")["name"],
            tree.organisation("east-hospital")["region"],
            *told(tree, "hazards", "title", "public_summary", "place", "responsible_role", "measures"),
            *told(tree, "hazards", "interim_controls"),
            *told(tree, "determinations", "basis"),
            *told(tree, "rectifications", "progress"),
            *told(tree, "acceptances", "opinion"),
            *told(tree, "inspections", "summary"),
            *told(tree, "activities", "title", "summary"),
            *told(tree, "reports", "title", "summary"),
            *told(tree, "weekly", "note"),
        ],
        f"exposures/{CAMPAIGN}/2023-001/": [
            *told(tree, "exposures", "title", "summary", "basis", "requirement"),
            *(step["note"] for step in filed.data["steps"]),
            *(s[name] for s in filed.data["steps"] if s["step"] == "corrected" for name in ("before", "after")),
        ],
        f"bulletins/{CAMPAIGN}/monthly-2023-06/": [
            campaign["office"],
            *told(tree, "bulletins", "remarks", "good_practices", "requirements", "reason"),
        ],
        "criteria/": [standard["title"], standard["issuer"]],
        "criteria/standard-2017/": [standard["title"], standard["note"], standard["clauses"][0]["text"]],
    }


def test_attacks_are_shown_letter_by_letter(visit: OpenVisit, hostile_site: str) -> None:
    opened = visit(hostile_site)
    for address, texts in expected(season(Attacks())).items():
        page = opened.go(address)
        shown = " ".join((page.locator("#tz-content").text_content() or "").split())
        assert [text for text in texts if " ".join(text.split()) not in shown] == [], address


@pytest.mark.parametrize("query", SEARCHES)
def test_searching_for_an_attack_only_finds_it(visit: OpenVisit, hostile_site: str, query: str) -> None:
    opened = visit(hostile_site)
    page = opened.go()
    opened.search(query)
    results = page.locator(".md-search-result__list")
    assert results.locator("img, script, iframe, style, form, [onerror], [onload], [onmouseover]").count() == 0
    link = results.locator("a").first
    if link.count():
        # Quotation marks part words in a query, so they need not stand in what is found.
        assert query.lower().strip('"') in (link.text_content() or "").lower()
        link.click()
        page.wait_for_load_state()
        assert page.locator(".md-content img, .md-content script").count() == 0


def test_an_attack_in_the_address_is_harmless(visit: OpenVisit, hostile_site: str) -> None:
    opened = visit(hostile_site)
    for address in (
        "?h=<img src=x onerror=alert(1)>",
        "?q=<img src=x onerror=alert(1)>",
        "#<img src=x onerror=alert(1)>",
    ):
        page = opened.go(address)
        page.wait_for_timeout(300)
        assert page.locator("img").count() == 0


def test_a_visit_notices_what_an_attack_would_do(visit: OpenVisit, hostile_site: str) -> None:
    """The tests above can fail: a page that does these things is noticed."""
    opened = visit(hostile_site)
    page = opened.go()
    page.evaluate("""() => {
        document.body.insertAdjacentHTML("beforeend", "<img src='/none.png' onerror='alert(1)'>");
        fetch("https://evil.example/").catch(() => {});
    }""")
    page.wait_for_timeout(500)
    noticed = " ".join(opened.troubles)
    assert all(trouble in noticed for trouble in ("404: ", "dialog: 1", "another host: https://evil.example/"))
    opened.troubles.clear()
