"""The forms as they are built: one for every kind, every field in it, nothing private offered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from checkout import checkout, taizhang
from support import CAMPAIGN, KINDS, LATER, RECORDS, ROOT, Tree, yaml_text

from taizhang.disclosure.filing import filing_view
from taizhang.disclosure.public import campaign_view
from taizhang.findings import RULES
from taizhang.forge.address import read_forge
from taizhang.forms import sentences as forms_sentences
from taizhang.forms.layout import Field, FilingForms, Form, layout, read_filing
from taizhang.intake.kinds import read_payloads
from taizhang.intake.schemas import Schema

PAYLOADS = read_payloads(ROOT / "schemas")
RECORD_KINDS = [kind.name for kind in KINDS.values() if kind.place == "record" and not kind.counted]
LAYOUT_FILE = ROOT / "generator" / "taizhang" / "forms" / "forms.yml"
BODILESS = {"input", "br", "img", "meta", "link"}


def filing_of(tree: Tree) -> FilingForms:
    ledger = tree.ledger()
    return read_filing(KINDS, PAYLOADS, [filing_view(ledger, campaign_view(ledger, KINDS))])


FILING = filing_of(Tree())
FORMS: Mapping[str, Form] = {form.kind.name: form for form in FILING.forms}


def paths(schema: Schema, path: str = "") -> Iterator[str]:
    """Every field of a schema, as a form's field would be called."""
    for name, inner in schema.get("properties", {}).items():
        yield path + name
        yield from paths(inner, f"{path}{name}.")
    items = schema.get("items", {})
    if items and "enum" not in items:
        yield f"{path}*"
        yield from paths(items, f"{path}*.")


def shown(fields: tuple[Field, ...]) -> Iterator[str]:
    for field in fields:
        yield field.path
        yield from shown(field.fields)


def test_every_kind_of_record_has_a_form_and_a_card_on_the_start_page() -> None:
    assert list(FORMS) == RECORD_KINDS
    cards = [card.kind for group in FILING.groups for card in group.cards]
    assert sorted(cards) == sorted(RECORD_KINDS)


def test_a_card_stands_among_those_of_who_may_file_it() -> None:
    for group in FILING.groups:
        for card in group.cards:
            assert ("unit" in KINDS[card.kind].filed_by) == (group.who == "unit"), card


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_every_field_of_the_schema_is_asked_for_once(kind: str) -> None:
    form = FORMS[kind]
    found = [path for part in form.parts for path in shown(part.fields)]
    assert len(found) == len(set(found))
    expected = set(paths(form.kind.schema))
    if form.payload:
        expected |= set(paths(form.payload.schema, "people."))
    assert set(found) == expected


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_what_is_always_needed_is_never_hidden(kind: str) -> None:
    for part in FORMS[kind].parts:
        if part.condition or part.folds:
            assert [field.name for field in part.fields if field.required] == []


def test_only_what_is_sealed_is_typed_in_the_clear_and_sealed_later() -> None:
    sealed = {f"{k}.{f.name}" for k, form in FORMS.items() for f in form.fields.values() if f.control == "sealed"}
    marked = {
        f"{kind}.{name}"
        for kind in RECORD_KINDS
        for name, schema in KINDS[kind].schema["properties"].items()
        if schema["x-visibility"] == "sealed"
    }
    assert sealed == marked == {"contacts.people", "contact-changes.people"}


def test_the_layout_says_nothing_that_a_schema_says() -> None:
    assert set(layout().data) == {"groups", "who", "words"}
    assert not [
        word for word in KINDS if re.search(rf"^ *{word}:.*\[", LAYOUT_FILE.read_text(encoding="utf-8"), re.MULTILINE)
    ]


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_what_an_answer_needs_is_asked_for_with_that_answer(kind: str) -> None:
    """The part that holds the field is open exactly where the form would find it missing."""
    form = FORMS[kind]
    where = {field.name: part for part in form.parts for field in part.fields}
    for need in json.loads(form.knowledge)["needs"]:
        part = where[need["need"]]
        shown = json.loads(part.condition) if part.condition else {}
        assert all(need["if"].get(question) in answers for question, answers in shown.items())
        assert not part.folds


def test_every_word_of_the_layout_is_used() -> None:
    assets = ROOT / "site" / "pages" / "assets"
    texts = [file.read_text(encoding="utf-8") for file in assets.glob("forms*.js")]
    package = ROOT / "generator" / "taizhang"
    places = [package / "pages" / "templates" / name for name in ("filing.html", "form.html", "_form_fields.html")]
    texts += [file.read_text(encoding="utf-8") for file in (*places, package / "forms" / "layout.py")]
    used = "\n".join(texts)
    unused = [w for w in layout().words if not re.search(rf"words(\.|\[\"){w}\b", used) and not w.startswith("nil_")]
    assert unused == []
    assert {"nil_weekly", "nil_monthly"} <= set(layout().words)


def sentences(node: Any) -> Iterator[Mapping[str, str]]:
    if isinstance(node, dict):
        if "message" in node:
            yield node
        for inner in node.values():
            yield from sentences(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from sentences(inner)


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_sentences_are_whole_and_their_slots_are_known(kind: str) -> None:
    known = {"n", "value", "count", "excess", "number", "meant", "early", "late", "earliest", "spent", "planned"}
    known |= {"name", "wanted", "year", "weeks", "what", "masked", "point", "advice", "org"}
    told = list(sentences(json.loads(FORMS[kind].knowledge)))
    assert len(told) > 10
    for one in told:
        assert RULES[one["code"]].severity.value == "error"
        text = one["message"] + one["fix"]
        assert set(re.findall(r"\{(\w+)\}", text)) <= known, one
        assert not re.search(r"字字字", text), one


def test_every_limit_of_a_schema_has_its_sentence() -> None:
    """A limit without a sentence would stop the page's script where somebody crosses it."""
    for form in FORMS.values():
        told = json.loads(form.knowledge)["fields"]
        for path, schema in _leaves(form.kind.schema, ()):
            names = set(told.get(".".join(path), {}))
            if schema["type"] == "string" and "enum" not in schema and schema.get("x-visibility") != "sealed":
                is_date = schema.get("format") == "date"
                needed = {"date", "date_meant", "date_unreal", "date_year"} if is_date else set()
                needed |= {"pattern"} if "pattern" in schema and not is_date else set()
                needed |= {"too_short", "too_long"} if "minLength" in schema else set()
                needed |= {"personal"} if schema["x-visibility"] == "public" and not is_date else set()
                assert needed <= names, (form.kind.name, path)
                assert needed or "enum" in schema, (form.kind.name, path)
            elif schema["type"] == "integer":
                assert {"number", "range"} <= names, (form.kind.name, path)


CODES = {
    "personal": "E-PERSONAL",
    "missing": "E-REQUIRED",
    "pattern": "E-PATTERN",
    "number": "E-TYPE",
    "number_meant": "E-TYPE",
    "range": "E-RANGE",
    **dict.fromkeys(("too_short", "too_long"), "E-LENGTH"),
    **dict.fromkeys(("too_few", "too_many"), "E-LIMIT"),
    **dict.fromkeys(("date", "date_meant", "date_unreal", "date_year"), "E-DATE"),
}


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_every_sentence_is_about_what_it_is_called(kind: str) -> None:
    for path, told in json.loads(FORMS[kind].knowledge)["fields"].items():
        assert {name: one["code"] for name, one in told.items()} == {name: CODES[name] for name in told}, path


def _leaves(node: Schema, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Schema]]:
    for name, inner in node.get("properties", {}).items():
        yield from _leaves(inner, (*path, name))
    if "items" in node:
        yield from _leaves(node["items"], (*path, "0"))
    if node["type"] not in ("object", "array"):
        yield path, node


def test_a_private_value_is_in_no_sentence() -> None:
    told = json.loads(FORMS["hazards"].knowledge)["fields"]["description"]
    assert "{value}" not in json.dumps(told)
    people = json.loads(FORMS["contacts"].knowledge)["fields"]["people.liaison.mobile"]
    assert "{value}" not in json.dumps(people)


def test_characters_are_told_as_the_reader_tells_them() -> None:
    groups = {group["what"]: group for group in forms_sentences.characters()}
    assert "{plain}" in groups["与常用字长得一样的部首或兼容字"]["advice"]
    assert "普通空格" in groups["看上去是空白的字符"]["advice"]


# --- What a campaign offers -----------------------------------------------------------------------

CANARY = "不得公开的字句"


def told_tree() -> Tree:
    """A campaign with something in every private field, a general hazard, an exposure under way and a tip."""
    tree = Tree()
    tree.add("east-hospital", "hazards", description=CANARY, location_text=CANARY, responsible_person=CANARY)
    tree.add("east-hospital", "hazards", "2023-002", title=CANARY, claimed_level="general")
    tree.add("east-hospital", "hazards", "2023-003", title=CANARY)
    tree.add("bureau", "determinations")
    proposed = [{"step": "proposed", "dated": "2023-07-01", "by": "bureau"}]
    tree.add("bureau", "exposures", title=CANARY, summary=CANARY, steps=proposed)
    tree.add("bureau", "tips")
    path = tree.add("east-hospital", "resources")
    tree.files[path] = yaml_text({**RECORDS["resources"], "name": CANARY, "location_text": CANARY})
    tree.add("east-hospital", "contacts")
    tree.add("east-hospital", "contact-changes", reason=CANARY)
    return tree


@pytest.mark.requirement("A66")
def test_what_a_campaign_offers_holds_nothing_private() -> None:
    ((address, raw),) = filing_of(told_tree()).files()
    assert address == f"filing/{CAMPAIGN}.json"
    text = raw.decode()
    offered = json.loads(text)
    assert CANARY not in text
    assert [choice["ref"] for choice in offered["records"]["hazards"]] == ["east-hospital/2023-001"]
    assert offered["records"]["exposures"] == []
    assert RECORDS["contacts"]["people"] not in text
    (east,) = [filer for filer in offered["filers"] if filer["id"] == "east-hospital"]
    assert east["serials"] == {"hazards": {"2023": 3}, "resources": {"2023": 1}}
    assert set(offered["sealing_key"]) == {"kty", "crv", "x", "y", "kid"}


def test_no_number_tells_of_what_is_under_way() -> None:
    told = {name for name, kind in KINDS.items() if kind.numbers_are_public}
    assert told == {"hazards", "rectifications", "extensions", "acceptances", "practices", "resources", "accidents"}


def test_a_campaign_offers_what_each_organisation_owes_and_may_file() -> None:
    tree = Tree()
    tree.add("east-hospital", "weekly", "2023-W21")
    tree.add("east-hospital", "reports", "plan")
    ledger = tree.ledger(LATER)
    view = filing_view(ledger.on(LATER.replace(year=2023, month=6, day=5)), campaign_view(ledger, KINDS))
    filers = {filer.id: filer for filer in view.filers}
    assert filers["east-hospital"].owed == (("weekly", "2023-W22"), ("weekly", "2023-W23"))
    assert ("plan", "") in filers["west-hospital"].owed
    assert filers["bureau"].roles == ("superior", "office", "contact_body")
    assert filers["east-hospital"].roles == ("unit",)
    weekly = next(duty for duty in view.duties if duty.id == "weekly")
    assert weekly.occasions[0].label == "2023年第21周（5月22日至28日）"


# --- The pages ------------------------------------------------------------------------------------


class Balance(HTMLParser):
    """Whether every element that is opened is closed, and every label and description leads somewhere."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.named: list[str] = []
        self.attributes: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.attributes.append(values)
        self.ids += [values["id"] or ""] if "id" in values else []
        self.named += (values.get("for") or "").split() + (values.get("aria-describedby") or "").split()
        if tag not in BODILESS:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def bodies(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The article of every page under 填报, from a built site."""
    folder = tmp_path_factory.mktemp("forms")
    tree = told_tree().bulletins_from("2023-07-31")
    tree.roll["organisations"][2]["name"] = "<b>城东</b>医院</script>"
    root = checkout(folder / "checkout", tree)
    built = taizhang(root, "build", "--today", "2023-08-15", "--output", str(folder / "site"))
    assert built.exit_code == 0, built.output
    site = folder / "site"
    for file in site.glob("filing/*.json"):
        assert json.loads(file.read_bytes())["id"] == CAMPAIGN
    return {
        file.parent.relative_to(site).as_posix(): file.read_text(encoding="utf-8").split('id="tz-content"', 1)[1]
        for file in site.glob("filing/**/index.html")
    }


def article(html: str) -> str:
    start = html.index('<div class="tz-page')
    depth = 0
    for match in re.finditer(r"<div\b|</div>", html[start:]):
        depth += 1 if match[0] != "</div>" else -1
        if depth == 0:
            return html[start : start + match.end()]
    raise AssertionError("the article is never closed")


def test_every_page_is_well_formed_and_its_labels_lead_to_fields(bodies: Mapping[str, str]) -> None:
    assert set(bodies) == {"filing", *(f"filing/{kind}" for kind in RECORD_KINDS)}
    for name, html in bodies.items():
        page = Balance(article(html))
        assert page.open == [], name
        assert len(page.ids) == len(set(page.ids)), name
        assert set(page.named) <= set(page.ids), name


def test_a_page_says_what_its_script_must_know_and_has_nothing_inline(bodies: Mapping[str, str]) -> None:
    for name, html in bodies.items():
        page = Balance(article(html))
        (knowledge,) = [values["data-knowledge"] for values in page.attributes if "data-knowledge" in values]
        assert knowledge
        assert json.loads(knowledge)["words"]["choose"]
        for values in page.attributes:
            assert not [key for key in values if key == "style" or key.startswith("on") or key == "action"], name
            assert "maxlength" not in values, "a browser would cut what is pasted, and say nothing"


def test_the_script_is_loaded_by_forms_alone_and_calls_nobody(sample_site: Path) -> None:
    for file in sample_site.rglob("index.html"):
        is_form = file.relative_to(sample_site).parts[0] == "filing"
        assert ("assets/forms.js" in file.read_text(encoding="utf-8")) == is_form, file
    for file in (ROOT / "site" / "pages" / "assets").glob("forms*.js"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"https?://|innerHTML|insertAdjacentHTML|eval\(|XMLHttpRequest|sendBeacon", text), file


# --- Where files are sent -------------------------------------------------------------------------


def test_without_a_forge_nothing_is_opened() -> None:
    assert read_forge(None) is None


def test_a_forge_is_taken_as_it_is_written() -> None:
    block = {"forge": "gitea", "repository": "https://git.example.org/office/ledger/"}
    assert read_forge(block) == {**block, "repository": "https://git.example.org/office/ledger", "branch": "main"}


@pytest.mark.parametrize(
    ("block", "about"),
    [
        ({"forge": "svn", "repository": "https://git.example.org/a/b"}, "forge"),
        ({"forge": "github", "repository": "javascript:alert(1)"}, "repository"),
        ({"forge": "github", "repository": "https://git.example.org/a/b?x=1"}, "repository"),
        ({"forge": "github", "repository": "https://git.example.org/a/b", "branch": "a b"}, "branch"),
        ({"forge": "github", "token": "x"}, "三项"),
        ("github", "三项"),
    ],
)
def test_a_broken_forge_is_refused_with_a_sentence(block: object, about: str) -> None:
    with pytest.raises(ValueError, match=about):
        read_forge(block)


def test_a_broken_forge_stops_the_build(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    root = checkout(tmp_path, Tree().bulletins_from("2023-12-18"))
    file = root / "mkdocs.yml"
    data = re.sub(r"(?m)^  # filing: .*$", "  filing: {forge: svn}", file.read_text(encoding="utf-8"))
    assert yaml.compose(data)
    file.write_text(data, encoding="utf-8")
    built = taizhang(root, "build")
    assert built.exit_code != 0
    assert "extra.filing.forge" in caplog.text
