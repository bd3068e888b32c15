"""A kind of record is one schema file: with it alone, and no other edit, it is filed, checked, imported and shown."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from checkout import checkout, taizhang
from spreadsheets import xlsx
from support import CAMPAIGN, HAZARD, KINDS, ROOT, Tree, duty, empty_ledger, yaml_text

from taizhang.disclosure.plain_kinds import TOLD_OTHERWISE, PlainKinds
from taizhang.intake.kinds import read_kind
from taizhang.intake.schemas import read_common
from taizhang.intake.strict_yaml import load
from taizhang.ledger.duties import Status
from taizhang.pages.pages import Edition, render
from taizhang.publishing.edition import public_edition
from taizhang.publishing.internal import internal_edition
from taizhang.workspace import Workspace

KIND = "near-misses"
DAY = "2023-06-20"
UNIT = f"units/{CAMPAIGN}/east-hospital/"


def text(title: str, visibility: str = "public", **more: object) -> Mapping[str, object]:
    said = {"title": title, "description": f"写{title}", "x-visibility": visibility}
    return {"type": "string", **said, "minLength": 2, "maxLength": 60, **more}


SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "未遂事件",
    "description": "险些酿成事故、没有造成伤亡的事件。",
    "x-kind": {
        "name": KIND,
        "place": "record",
        "filed_by": ["unit"],
        "names": {"$ref": "common.json#/$defs/numbered"},
        "numbers_are_public": True,
        "frozen": ["filed_on"],
        "date_field": "happened_on",
    },
    "type": "object",
    "additionalProperties": False,
    "required": ["filed_on", "happened_on", "grade", "place"],
    "properties": {
        "filed_on": {"$ref": "common.json#/$defs/filed_on"},
        "happened_on": {"$ref": "common.json#/$defs/day", "title": "发生日期", "x-visibility": "public"},
        "grade": text(
            "轻重",
            enum=["slight", "grave"],
            **{"x-labels": {"slight": "轻微", "grave": "严重"}, "x-needs": {"grave": {"remedy": "E-NEEDED"}}},
        ),
        "place": text("地点"),
        "remedy": text("防范措施"),
        "witness": text("目击者", "internal"),
        "inside": {
            "type": "object",
            "title": "内部情况",
            "description": "不公开",
            "x-visibility": "internal",
            "additionalProperties": False,
            "required": [],
            "properties": {"cause": text("起因")},
        },
        "hazard": {"$ref": "common.json#/$defs/hazard", "title": "有关隐患", "x-visibility": "public"},
        "withdrawn": {"$ref": "common.json#/$defs/withdrawn"},
    },
}
FILED = {"filed_on": "2023-06-02", "happened_on": "2023-06-01", "grade": "slight", "place": "锅炉房东侧"}
SECRET = {"witness": "目击者某某", "inside": {"cause": "无人当班"}}


def path_of(name: str) -> str:
    return f"submissions/{CAMPAIGN}/east-hospital/{KIND}/{name}.yml"


def laid_out(folder: Path, *records: Mapping[str, Any]) -> Path:
    """A checkout with one schema file more, and records of the kind."""
    tree = Tree()
    tree.campaign["bulletins"] = []
    tree.add("east-hospital", "hazards")
    for number, fields in enumerate(records, 1):
        tree.files[path_of(f"2023-{number:03}")] = yaml_text({**FILED, **fields})
    root = checkout(folder, tree)
    (root / "schemas" / f"{KIND}.schema.json").write_text(json.dumps(SCHEMA, ensure_ascii=False), encoding="utf-8")
    return root


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    return laid_out(tmp_path)


def test_a_new_file_of_the_kind_is_written_from_its_schema(empty: Path) -> None:
    result = taizhang(empty, "new", KIND, "--org", "east-hospital", "--today", DAY)
    assert result.exit_code == 0, result.output
    written = (empty / path_of("2023-001")).read_text(encoding="utf-8")
    assert written.startswith("# 未遂事件：险些酿成事故")
    assert "# 防范措施（“严重”时必填，公开）：写防范措施" in written
    assert list(load(written.encode()).data) == SCHEMA["required"]


def test_its_records_are_checked_by_what_the_schema_says_and_by_what_goes_without_saying(tmp_path: Path) -> None:
    right = {"grade": "grave", "remedy": "加装护栏"}
    late, bare, wrong = {"happened_on": "2023-06-03"}, {"grade": "grave"}, {"grade": "严重"}
    root = laid_out(tmp_path, right, late, bare, wrong, {"hazard": "east-hospital/2023-009"})
    examined = Workspace(root).examine(date.fromisoformat(DAY))
    found = {item.file.rpartition("/")[2]: item.code for item in examined.verdict.errors}
    assert found == {
        "2023-002.yml": "E-ORDER",
        "2023-003.yml": "E-NEEDED",
        "2023-004.yml": "E-ENUM",
        "2023-005.yml": "E-REF",
    }
    output = taizhang(root, "check", "--today", DAY).output
    assert "「轻重」是“严重”时必须填写「防范措施」" in output


def test_a_workbook_for_it_is_made_and_read_back(empty: Path) -> None:
    book = empty / "template.xlsx"
    made = taizhang(empty, "template", KIND, "-o", str(book), "--today", DAY)
    assert made.exit_code == 0, made.output
    sheet = openpyxl.load_workbook(io.BytesIO(book.read_bytes())).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert heads[:4] == ["填报日期*", "发生日期*", "轻重*", "地点*"]
    assert "内部情况 › 起因" in heads

    row = dict.fromkeys(heads) | {
        "填报日期*": "2023-06-02",
        "发生日期*": "2023-06-01",
        "轻重*": "严重",
        "地点*": "锅炉房",
    }
    rows = [[*row.values()], [*(row | {"防范措施": "加装护栏", "内部情况 › 起因": "无人当班"}).values()]]
    filled = empty / "filled.xlsx"
    filled.write_bytes(xlsx([heads, *rows]))
    result = taizhang(empty, "import", str(filled), "--kind", KIND, "--org", "east-hospital", "--today", DAY)
    assert result.exit_code == 1, "the first row lacks what its answer needs"
    assert "「防范措施」" in result.output
    (file,) = (empty / path_of("any")).parent.iterdir()
    data = {"remedy": "加装护栏", "inside": {"cause": "无人当班"}, "grade": "grave", "place": "锅炉房"}
    assert load(file.read_bytes()).data == {**FILED, **data}


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """Both editions of a unit with three such records, one of them withdrawn."""
    grave = {"grade": "grave", "remedy": "加装<护栏>", "filed_on": "2023-06-05", "hazard": HAZARD, **SECRET}
    withdrawn = {"place": "撤回之处", "withdrawn": {"dated": "2023-06-06", "reason": "报错了"}}
    root = laid_out(tmp_path_factory.mktemp("edition"), {}, grave, withdrawn)
    workspace = Workspace(root)
    examined = workspace.examine(date.fromisoformat(DAY))
    assert examined.verdict.errors == ()
    return internal_edition(root, public_edition(root, workspace.kinds, examined), examined)


@pytest.fixture(scope="module")
def bodies(edition: Edition) -> Mapping[str, str]:
    return {page.href: str(page.body) for page in render(edition)}


def test_it_has_a_card_and_a_form(edition: Edition, bodies: Mapping[str, str]) -> None:
    assert f'<a href="../filing/{KIND}/">未遂事件</a>' in bodies["filing/"]
    assert [title for title in ("发生日期", "轻重", "目击者", "起因") if title not in bodies[f"filing/{KIND}/"]] == []
    assert edition.filing
    known = json.loads(edition.filing.form(KIND).knowledge)
    assert [need["need"] for need in known["needs"]] == ["remedy"]
    assert len(known["order"]) == 1


def sections(body: str) -> Iterator[str]:
    yield from body.split(f'<section aria-labelledby="kind-{KIND}">')[1:]


def test_its_public_fields_are_listed_on_the_page_of_its_unit_newest_first(bodies: Mapping[str, str]) -> None:
    (shown,) = sections(bodies[UNIT])
    shown = shown.partition("</section>")[0]
    assert shown.startswith(f'<h2 id="kind-{KIND}">未遂事件</h2>')
    assert f'<a href="#kind-{KIND}">未遂事件</a>' in bodies[UNIT]
    newer, older = shown.split("<article")[1:]
    assert "2023年6月5日报送 · 2023-002" in newer
    assert "<dt>轻重</dt><dd>严重</dd>" in newer
    assert "<dt>防范措施</dt><dd>加装&lt;护栏&gt;</dd>" in newer
    assert "<dt>发生日期</dt><dd>2023年6月1日</dd>" in older
    assert "<dt>地点</dt><dd>锅炉房东侧</dd>" in older


def test_nothing_else_of_it_is_public(bodies: Mapping[str, str]) -> None:
    """Neither what is internal, nor what stands inside of it, nor what is withdrawn, nor a hazard that is not shown."""
    public = "".join(body for href, body in bodies.items() if not href.startswith("my/"))
    for secret in ("目击者某某", "无人当班", "撤回之处"):
        assert secret not in public
    (shown,) = sections(bodies[UNIT])
    assert "有关隐患" not in shown
    assert "目击者某某" in bodies[f"my/{CAMPAIGN}/east-hospital/"]
    assert "内部情况 › 起因：无人当班" in bodies[f"my/{CAMPAIGN}/east-hospital/"]


def test_where_there_is_nothing_no_heading_stands(bodies: Mapping[str, str]) -> None:
    assert "未遂事件" not in bodies[f"units/{CAMPAIGN}/west-hospital/"]


KEPT_CLOSED = (
    *("hazards", "determinations", "rectifications", "extensions", "extension-decisions", "acceptances"),
    *("exposures", "replies", "tips", "contacts", "contact-changes", "contact-decisions", "resources", "receipts"),
)
"""What the public sees in part, later, or as counts: an accident hazard only once it was determined as major."""


def test_what_is_not_shown_one_by_one_is_not_listed_either() -> None:
    listed = {kind.name for kind in PlainKinds(empty_ledger(), KINDS, {}).shown}
    assert listed.isdisjoint(KEPT_CLOSED)
    assert set(KINDS) >= TOLD_OTHERWISE


def test_a_kind_that_lets_nobody_be_recognised_is_not_listed() -> None:
    closed = {**SCHEMA, "x-kind": {**SCHEMA["x-kind"], "names_nobody": True}}
    common = read_common(ROOT / "schemas")
    kinds = [read_kind(json.dumps(schema).encode(), common) for schema in (SCHEMA, closed)]
    listed = [bool(PlainKinds(empty_ledger(), {KIND: kind}, {}).shown) for kind in kinds]
    assert listed == [True, False]


def test_a_duty_can_be_answered_by_it(tmp_path: Path) -> None:
    """Without an edit of the program: the campaign says so."""
    root = laid_out(tmp_path, {})
    file = root / "submissions" / CAMPAIGN / "campaign.yml"
    campaign = yaml.safe_load(file.read_text(encoding="utf-8"))
    near = duty("near", KIND, {"every": "month", "from": "2023-05-01", "day": 5}, where={"grade": "slight"})
    file.write_text(yaml_text({**campaign, "duties": [*campaign["duties"], near]}), encoding="utf-8")
    examined = Workspace(root).examine(date.fromisoformat(DAY))
    (ledger,) = examined.verdict.ledgers
    met = [item for item in ledger.returns if item.obligation.duty.id == "near" and item.record]
    assert [(item.org.id, item.obligation.label) for item in met] == [("east-hospital", "要求near（2023年6月）")]
    assert met[0].status(ledger.at) is Status.ON_TIME
