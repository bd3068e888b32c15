"""The forms in a real browser: whatever is filled in, `taizhang check` takes the file that comes out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from checkout import checkout, taizhang
from filling import Filler
from playwright.sync_api import Page, expect
from support import CAMPAIGN, KEY, KINDS, RECORDS, ROOT, Tree
from test_browser_hostile import ATTACKS, filled
from visiting import OpenVisit, served

from taizhang.findings import Channel, Finding, worded
from taizhang.intake.strict_yaml import load
from taizhang.publishing.edition import public_edition
from taizhang.publishing.stamping import Stamper, build_site
from taizhang.workspace import Workspace

HERE = "east-hospital"
FILERS = {
    "monthly": "north-county",
    "acceptances": "bureau",
    "contact-decisions": "bureau",
    **dict.fromkeys(("determinations", "extension-decisions", "orders", "visits", "exposures", "tips"), "bureau"),
    **dict.fromkeys(("lessons", "receipts"), "bureau"),
}
BEFORE: Mapping[str, tuple[str, ...]] = {
    "determinations": ("hazards",),
    "rectifications": ("hazards", "determinations"),
    "acceptances": ("hazards", "determinations", "completed"),
    "extensions": ("hazards", "determinations"),
    "extension-decisions": ("hazards", "determinations", "extensions"),
    "exposures": ("hazards", "determinations"),
    "orders": ("hazards", "determinations"),
    "replies": ("hazards", "determinations", "exposures"),
    "receipts": ("reports",),
    "contact-changes": ("contacts",),
    "contact-decisions": ("contacts", "contact-changes"),
}
"""What must be on file before a record of the kind can be."""
RECORD_KINDS = [kind.name for kind in KINDS.values() if kind.place == "record" and not kind.counted]
PEOPLE = {
    role: {"name": name, "unit": "示例单位", "office_phone": "0000-0000000", "mobile": mobile}
    for role, name, mobile in (
        ("leader_in_charge", "示例甲", "000-00000001"),
        ("section_head", "示例　乙", "000-00000002"),
        ("liaison", "示例丙", "000-00000003"),
    )
}


def org_of(kind: str) -> str:
    return FILERS.get(kind, HERE)


def on_file(*kinds: str) -> Tree:
    tree = Tree()
    for kind in kinds:
        if kind == "completed":
            tree.add(HERE, "rectifications")
            days = {"filed_on": "2023-06-15", "progress_on": "2023-06-15"}
            tree.add(HERE, "rectifications", "2023-002", stage="completed", **days)
        else:
            tree.add(org_of(kind), kind)
    return tree


def built(folder: Path, tree: Tree, filing: str = "") -> Path:
    root = checkout(folder / "checkout", tree)
    if filing:
        config = (root / "mkdocs.yml").read_text(encoding="utf-8")
        marked = re.sub(r"(?m)^  # filing: .*$", f"  filing: {filing}", config)
        assert marked != config
        (root / "mkdocs.yml").write_text(marked, encoding="utf-8")
    workspace = Workspace(root)
    build_site(root, Stamper(public_edition(root, workspace.kinds, workspace.examine(AT))), folder / "site")
    return folder / "site"


AT = date(2023, 8, 15)


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site on which nothing is on file but a hazard determined as major."""
    tree = on_file("hazards", "determinations")
    tree.organisation("west-hospital")["name"] = ATTACKS[3]
    with served(built(tmp_path_factory.mktemp("forms"), tree)) as address:
        yield address


def open_form(visit: OpenVisit, base: str, kind: str, width: int = 1440, org: str | None = None) -> Filler:
    page = visit(base, width).go(f"filing/{kind}/?campaign={CAMPAIGN}&org={org or org_of(kind)}")
    return Filler(page)


def record_of(kind: str) -> dict[str, Any]:
    data = deepcopy(dict(RECORDS[kind]))
    if KINDS[kind].is_sealed:
        data["people"] = deepcopy(PEOPLE)
    return data


def own_findings(folder: Path, tree: Tree, path: str, text: str) -> list[Finding]:
    """What `taizhang check` finds in one file."""
    tree.files[path] = text
    verdict = Workspace(checkout(folder, tree)).examine(date(2024, 3, 1)).verdict
    return [item for item in verdict.validity if item.file == path]


def in_a_form(findings: Sequence[Finding]) -> list[str]:
    """The first of what is found, as a form says it at the field."""
    return [f"{one.message}{one.fix}" for one in worded(findings, Channel.FORM)][:1]


@pytest.mark.parametrize("width", [1440, 375])
@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_what_a_form_writes_passes_the_check(
    visit: OpenVisit, forms: str, tmp_path: Path, kind: str, width: int
) -> None:
    form = open_form(visit, forms, kind, width)
    data = record_of(kind)
    form.fill(data)
    assert form.skipped == []
    form.name(_name(kind))
    assert violations(form.page, width, "slate" if width < 500 else "default") == []
    path, text = form.finish()
    assert path == f"submissions/{CAMPAIGN}/{org_of(kind)}/{kind}/{_name(kind)}.yml"
    written = load(text.encode()).data
    if "people" in data:
        assert written.pop("people") != data.pop("people")
    assert written == data
    assert list(written) == [name for name in KINDS[kind].schema["properties"] if name in written]
    assert own_findings(tmp_path, on_file(*BEFORE.get(kind, ())), path, text) == []


def _name(kind: str) -> str:
    usual = {"inspections": "2023-06-15", "activities": "2023-06-16-drill"}
    example = KINDS[kind].names.example
    return usual.get(kind) or ("2023-001" if example == "2023-004" else example)


SHAPES = [
    file
    for kind in ("hazards", "inspections", "lessons", "orders", "resources", "tips", "visits")
    for file in sorted((ROOT / "tests" / "cases" / kind / "valid").glob("*.yml"))
]
NOT_ASKED = {"legacy"}
"""Whether a hazard is older than the campaign follows from its day, so it is asked only of those that are."""


@pytest.mark.parametrize("file", SHAPES, ids=lambda file: f"{file.parts[-3]}-{file.stem}")
def test_every_shape_of_a_record_can_be_filled_in(visit: OpenVisit, forms: str, file: Path) -> None:
    kind = KINDS[file.parts[-3]]
    # The organisations of the cases are not on this roll.
    text = re.sub(r"\b(?:lanqi-hospital|hongqi-wsy|shuangye-wsy)\b", HERE, file.read_text(encoding="utf-8"))
    data = load(text.encode()).data
    kind.settle(data)
    form = open_form(visit, forms, kind.name, org="bureau" if "unit" in data else None)
    form.fill(data)
    assert set(form.skipped) <= NOT_ASKED
    form.name(_name(kind.name))
    written = load(form.finish()[1].encode()).data
    kind.settle(written)
    assert written == {name: value for name, value in data.items() if name not in form.skipped}


class Hostile:
    """One attack after another that fits a field; those of several lines only where a field has several."""

    def __init__(self) -> None:
        self.told = 0

    def __call__(self, limit: int) -> str:
        texts = ATTACKS + MORE
        fitting = [t for t in texts if len(t) <= limit and (limit > 60 or "\n" not in t)]
        self.told += 1
        text = fitting[self.told % len(fitting)]
        return text if len(text) >= 20 or limit < 100 else f"{text} {'文字' * 10}"


MORE = (
    "true",
    "null",
    "007",
    "- 一条",
    "a: b # c",
    "'单引号'\"双引号\"\\反斜杠",
    "@名 `码` %百分 !叹 &引 *用 |竖 >大",
    "第一行\n\n  第三行前有空格\n第四行",
    "第一行\n第二行",
    "...\n---\n另一份",
    "{a: [b, c]}",
    "2023-05-25",
    "12:30:45",
    "𱍐𠮷",
    "=HYPERLINK(1)",
)
"""Texts that YAML would take for something else."""


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_hostile_text_stays_text(visit: OpenVisit, forms: str, tmp_path: Path, kind: str) -> None:
    form = open_form(visit, forms, kind)
    hostile = Hostile()
    data = {name: filled(s, record_of(kind).get(name), hostile) for name, s in _texts(kind)}
    data = {**record_of(kind), **data}
    form.fill(data)
    form.name(_name(kind))
    path, text = form.finish()
    written = load(text.encode()).data
    sealed = written.pop("people", None)
    expected = {name: value for name, value in data.items() if name not in (*form.skipped, "people")}
    assert written == expected
    assert bool(sealed) == ("people" in data)
    assert form.page.locator("[data-preview] pre").text_content() == text or sealed
    assert form.page.locator(".tz-filing").locator("script, img, iframe, svg").count() == 0
    text = f"{text}people: {sealed}\n" if sealed and "people:" not in text else text
    told = own_findings(tmp_path, on_file(*BEFORE.get(kind, ())), path, text)
    assert told == []


def _texts(kind: str) -> Iterator[tuple[str, Any]]:
    for name, schema in KINDS[kind].schema["properties"].items():
        is_list = schema["type"] == "array" and schema["items"]["type"] == "string"
        inner = schema["items"] if is_list else schema
        free = inner["type"] == "string" and not {"enum", "pattern", "format", "x-ref"} & inner.keys()
        if (free and inner["x-visibility"] != "sealed") or (name in RECORDS[kind] and schema["type"] == "object"):
            yield name, schema


WRONG: Mapping[str, tuple[str, str, Any]] = {
    "too short": ("hazards", "title", "灯"),
    "too long": ("hazards", "title", "灯" * 61),
    "too long to be told": ("hazards", "location_text", "间" * 120),
    "missing": ("hazards", "place", None),
    "number with unit": ("weekly", "self_checks", "3次"),
    "number in words": ("weekly", "self_checks", "三"),
    "no number": ("weekly", "self_checks", "很多"),
    "number too large": ("weekly", "self_checks", 1000),
    "money in 万元": ("rectifications", "funds_spent", "1.2万元"),
    "not a reference": ("rectifications", "hazard", "2023-001"),
    "invisible": ("hazards", "title", "住院部\u200b二楼"),
    "radical": ("hazards", "title", "\u2f24门上锁"),
    "no-break space": ("hazards", "title", "住院部\xa0二楼"),
    "private use": ("hazards", "title", "住院部\ue001二楼"),
    "tab": ("hazards", "title", "住院部\t二楼"),
    "mobile in public": ("hazards", "public_summary", "三楼通道堵塞，联系保安 138-1234-5678 开门。"),
    "mobile in full width in an item": ("inspections", "places", ["配电室", "门卫１３８１２３４５６７８"]),
    "number beside what is sealed": ("contact-changes", "reason", "原联络员调走，新人 QQ号12345678"),
    "item too short": ("inspections", "places", ["配电室", "屋"]),
    "dates in the wrong order": ("hazards", "discovered_on", "2023-06-05"),
    "order without deadline": ("orders", "deadline", None),
    "plan of no kind": ("resources", "resource", "plan"),
    "danger without guarantors": ("resources", "resource", "major_hazard_source"),
    "verified tip without hazard": ("tips", "outcome", "verified"),
    "change at short notice": ("contact-changes", "effective_on", "2023-06-07"),
    "merged into nothing": ("determinations", "decision", "merged"),
    "approved without deadline": ("extension-decisions", "new_deadline", None),
    "overspent": ("hazards", "funds", {"planned": 8000, "spent": 9000}),
    "list too long": ("hazards", "interim_controls", ["一段文字"] * 11),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_what_the_check_finds_in_the_words_of_a_form(
    visit: OpenVisit, forms: str, tmp_path: Path, case: str
) -> None:
    kind, name, value = WRONG[case]
    data = {**record_of(kind), name: value}
    data = {key: item for key, item in data.items() if item is not None}
    form = open_form(visit, forms, kind)
    form.fill(data)
    form.name(_name(kind))
    said = form.wrongs()
    path = f"submissions/{CAMPAIGN}/{org_of(kind)}/{kind}/{_name(kind)}.yml"
    written = {**data, **({"people": RECORDS[kind]["people"]} if "people" in data else {})}
    raw = yaml.dump(written, allow_unicode=True, sort_keys=False, width=10_000).replace("\\t", "\t")
    told = own_findings(tmp_path, on_file(*BEFORE.get(kind, ())), path, raw)
    assert said == in_a_form(told)


DATES = {"2023/6/1": "改成 2023-06-01", "2023-02-30": "日历上没有这一天", "1900-01-01": "年份要在", "昨天": "半角数字"}


@pytest.mark.parametrize("typed", DATES)
def test_a_date_typed_as_text_is_judged_as_the_check_does(
    visit: OpenVisit, forms: str, tmp_path: Path, typed: str
) -> None:
    """Where a browser has no calendar to pick from, the field is one for text."""
    form = open_form(visit, forms, "hazards")
    form.fill(RECORDS["hazards"])
    date_field = form.page.locator("#f-discovered_on")
    date_field.evaluate("input => { input.type = 'text'; }")
    date_field.fill(typed)
    (said,) = form.wrongs()
    assert DATES[typed] in said
    tree = on_file()
    path = tree.add(HERE, "hazards", discovered_on=typed)
    assert [said] == in_a_form(own_findings(tmp_path, tree, path, tree.files[path]))


def test_errors_are_summed_up_with_links_and_the_focus_goes_there(visit: OpenVisit, forms: str) -> None:
    form = open_form(visit, forms, "hazards")
    form.wrongs()
    page = form.page
    expect(page.locator("[data-summary]")).to_be_focused()
    links = page.locator("[data-summary] a")
    assert links.count() == 8
    links.first.click()
    title = page.locator("#f-title")
    expect(title).to_be_focused()
    assert title.get_attribute("aria-invalid") == "true"
    described = (title.get_attribute("aria-describedby") or "").split()
    assert "请填写「隐患名称」" in " ".join(page.locator(f"#{i}").inner_text() for i in described)
    title.fill("住院部二楼安全出口上锁")
    assert title.get_attribute("aria-invalid") is None
    assert violations(page) == []


def violations(page: Page, width: int = 1440, scheme: str = "default") -> list[tuple[str, str]]:
    """What axe finds; and nothing may be wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.emulate_media(color_scheme="dark" if scheme == "slate" else "light")
    page.wait_for_selector(f"body[data-md-color-scheme={scheme}]")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [(v["id"], node["html"][:200]) for v in found for node in v["nodes"]]


@pytest.mark.parametrize("width", [1440, 375])
@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_axe_finds_nothing_on_the_start_page(visit: OpenVisit, forms: str, width: int, scheme: str) -> None:
    page = visit(forms, width).go(f"filing/?campaign={CAMPAIGN}&org={HERE}")
    page.locator("[data-nil] button").click()
    expect(page.locator("[data-result]")).to_be_visible()
    assert violations(page, width, scheme) == []


def test_a_form_is_filled_by_keyboard_alone(visit: OpenVisit, forms: str, tmp_path: Path) -> None:
    page = open_form(visit, forms, "rectifications").page
    keys = page.keyboard
    page.locator("#tz-org").focus()

    def to(selector: str) -> None:
        for _ in range(40):
            keys.press("Tab")
            if page.locator(selector).evaluate("element => element === document.activeElement"):
                return
        pytest.fail(f"{selector} cannot be reached")

    to("#f-filed_on")
    keys.type("06102023")
    to("#f-hazard")
    keys.press("ArrowDown")
    to("#f-stage")
    keys.press("ArrowDown")
    to("#f-progress_on")
    keys.type("06102023")
    to("#f-progress")
    keys.type("已购置推杆锁")
    to("button[type=submit]")
    keys.press("Enter")
    expect(page.locator("[data-result]")).to_be_focused()
    to("[data-copy]")
    path = page.locator("[data-result] [data-path]").inner_text()
    text = page.locator("[data-yaml]").text_content() or ""
    assert load(text.encode()).data["hazard"] == "east-hospital/2023-001"
    assert own_findings(tmp_path, on_file(*BEFORE["rectifications"]), path, text) == []


def test_a_nil_return_takes_three_actions(visit: OpenVisit, forms: str, tmp_path: Path) -> None:
    page = visit(forms, 375).go("filing/")
    expect(page.locator("[data-whose=org] option").nth(1)).to_be_attached()
    actions = 0
    page.locator("[data-whose=org]").select_option(HERE)
    actions += 1
    page.locator("[data-nil] button").click()
    actions += 1
    with page.expect_download() as caught:
        page.locator("[data-download]").click()
        actions += 1
    assert actions <= 3
    path = page.locator("[data-result] [data-path]").inner_text()
    raw = Path(caught.value.path()).read_text(encoding="utf-8")
    assert load(raw.encode()).data["nil_return"] is True
    assert caught.value.suggested_filename == path.rsplit("/", 1)[1]
    assert own_findings(tmp_path, on_file(), path, raw) == []


def test_a_general_hazard_asks_for_twelve_fields_at_most(visit: OpenVisit, forms: str) -> None:
    page = open_form(visit, forms, "hazards").page
    page.locator("#f-claimed_level").select_option("general")
    shown = page.locator("form [data-field]").filter(visible=True)
    assert 10 <= shown.count() <= 12, shown.evaluate_all("fields => fields.map(f => f.dataset.field)")
    page.locator("#f-claimed_level").select_option("major")
    for name in ("responsible_role", "measures", "funds", "deadline", "contingency_plan"):
        expect(page.locator(f"#f-{name}")).to_be_visible()


def test_what_depends_on_an_answer_comes_and_goes_with_it(visit: OpenVisit, forms: str) -> None:
    form = open_form(visit, forms, "weekly")
    page = form.page
    page.locator("#f-self_checks").fill("3")
    page.locator("#f-nil_return").select_option("true")
    expect(page.locator("#f-self_checks")).to_be_hidden()
    _, text = form.finish()
    assert "self_checks" not in text


def test_choices_come_from_the_public_ledger(visit: OpenVisit, forms: str) -> None:
    page = open_form(visit, forms, "extensions").page
    hazard = page.locator("#f-hazard")
    expect(hazard.locator("option").nth(1)).to_have_text("east-hospital/2023-001 住院部二楼安全出口上锁")
    hazard.select_option("east-hospital/2023-001")
    expect(page.locator("#f-current_deadline")).to_have_value("2023-08-31")
    page = open_form(visit, forms, "hazards").page
    page.locator("#f-claimed_level").select_option("major")
    page.locator("#f-filed_on").fill("2023-06-02")
    expect(page.locator("#tz-name")).to_have_value("2023-002")
    clauses = page.locator("[data-field=criteria]")
    clauses.locator("[data-add]").click()
    offered = clauses.locator("select option")
    page.locator("#f-discovered_on").fill("2023-06-01")
    expect(offered.nth(1)).to_have_attribute("value", "standard-2017/7.1")
    page.locator("#f-discovered_on").fill("2025-11-02")
    expect(offered.nth(1)).to_have_attribute("value", "standard-2025/7.1")


def test_what_is_owed_leads_to_its_form_filled_as_far_as_it_is_known(visit: OpenVisit, forms: str) -> None:
    opened = visit(forms)
    page = opened.go(f"filing/?campaign={CAMPAIGN}&org=west-hospital")
    owed = page.locator("[data-owed-list] a")
    expect(owed.first).to_have_text("要求plan")
    assert page.locator("[data-whose=org] option").all_inner_texts().count(ATTACKS[3]) == 1
    owed.nth(1).click()
    expect(page.locator("[data-field='$name'] select")).to_have_value("2023-W21")
    page.go_back()
    owed.first.click()
    expect(page.locator("#f-duty")).to_have_value("plan")
    expect(page.locator("#tz-name")).to_have_value("plan")
    expect(page.locator("[data-whose=org]")).to_have_value("west-hospital")


def test_a_draft_is_kept_in_the_browser_until_it_is_cleared(visit: OpenVisit, forms: str) -> None:
    page = open_form(visit, forms, "hazards").page
    page.locator("#f-title").fill("住院部二楼安全出口上锁")
    page.locator("#f-claimed_level").select_option("major")
    controls = page.locator("[data-field=interim_controls]")
    controls.locator("[data-add]").click()
    controls.locator("textarea").fill("专人值守")
    page.reload()
    expect(page.locator("#f-title")).to_have_value("住院部二楼安全出口上锁")
    expect(controls.locator("textarea")).to_have_value("专人值守")
    page.locator("[data-clear]").click()
    expect(page.locator("[data-draft]")).to_be_hidden()
    expect(page.locator("#f-title")).to_have_value("")


FORGES = {
    "github": ("https://git.example.org/office/ledger/new/main", ("filename", "value")),
    "gitea": (
        f"https://git.example.org/office/ledger/_new/main/submissions/{CAMPAIGN}/{HERE}/monthly",
        ("filename", "value"),
    ),
    "gitlab": ("https://git.example.org/office/ledger/-/new/main/", ()),
    "gitee": ("https://git.example.org/office/ledger/new/main", ()),
}


@pytest.mark.parametrize("forge", FORGES)
def test_a_file_opens_at_the_forge_and_one_too_long_is_copied_whole(
    visit: OpenVisit, tmp_path: Path, forge: str
) -> None:
    block = f"{{forge: {forge}, repository: 'https://git.example.org/office/ledger', branch: main}}"
    address, items = FORGES[forge]
    with served(built(tmp_path, on_file(), block)) as base:
        opened = visit(base, permissions=["clipboard-read", "clipboard-write"])
        page = opened.go(f"filing/monthly/?campaign={CAMPAIGN}&org={HERE}")
        form = Filler(page)
        form.fill({"filed_on": "2023-06-24", "work_done": "开展自查 & 整改：100%"})
        form.name("2023-06")
        path, text = form.finish()
        link = page.locator("[data-open]")
        parts = urlsplit(link.get_attribute("href") or "")
        assert parts._replace(query="").geturl() == address
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert tuple(query) == items
        if items:
            assert query["value"] == text
            assert path.endswith(query["filename"])
        form.fill({"work_done": "长" * 2000})
        path, text = form.finish()
        href = link.get_attribute("href") or ""
        assert len(href) < 4500
        assert "value" not in parse_qs(urlsplit(href).query)
        page.evaluate("document.querySelector('[data-open]').addEventListener('click', e => e.preventDefault())")
        link.click()
        expect(page.locator("[data-said]")).to_have_text("已复制。")
        assert page.evaluate("navigator.clipboard.readText()") == text
        note = page.locator("[data-forge-note]").inner_text()
        assert path in note
        assert ("放不进网址" in note) == bool(items)


@pytest.mark.requirement("A66")
def test_contacts_are_sealed_before_anything_is_written(visit: OpenVisit, forms: str, tmp_path: Path) -> None:
    form = open_form(visit, forms, "contacts")
    page = form.page
    form.fill(record_of("contacts"))
    form.name("2023-001")
    mobiles = [person["mobile"] for person in PEOPLE.values()]
    path, text = form.finish()
    kept = page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + location.href")
    shown = page.locator("[data-preview]").inner_text() + text
    for secret in [*mobiles, *(person["name"] for person in PEOPLE.values())]:
        assert secret not in kept + shown
    tree = on_file()
    assert own_findings(tmp_path / "checkout", tree, path, text) == []
    key = tmp_path / "office.json"
    key.write_text(json.dumps(dict(KEY)), encoding="utf-8")
    opened = taizhang(tmp_path / "checkout", "contacts", "--key", str(key), "--org", HERE, "--today", "2023-06-01")
    assert opened.exit_code == 0
    for secret in mobiles:
        assert secret in opened.output
    page.reload()
    Filler(page)
    assert page.locator("#f-people-liaison-mobile").input_value() == ""
    assert page.locator("#f-region_or_department").input_value() == "城东医院"


def test_sealing_says_so_where_the_browser_does_not_allow_it(visit: OpenVisit, forms: str) -> None:
    opened = visit(forms)
    opened.page.add_init_script("Object.defineProperty(globalThis, 'isSecureContext', { value: false })")
    form = Filler(opened.go(f"filing/contacts/?campaign={CAMPAIGN}&org={HERE}"))
    form.fill(record_of("contacts"))
    form.name("2023-001")
    (said,) = form.wrongs()
    assert "https" in said


def test_the_sample_offers_every_form_from_the_start_page(visit: OpenVisit, site: str) -> None:
    page = visit(site).go("filing/")
    links = page.locator(".tz-choices a").evaluate_all("links => links.map(a => a.pathname)")
    assert sorted(links) == sorted(f"/filing/{kind}/" for kind in RECORD_KINDS)
