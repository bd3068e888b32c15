"""The internal edition: 我的单位, the full ledger, and that nothing of it ever lies in the public one."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import re
import shlex
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, unquote, urldefrag, urljoin

import pytest
from checkout import checkout, pages, taizhang
from decoding import holders, holds
from support import CAMPAIGN, HAZARD, RECORDS, Tree, duty, sealed, yaml_text

EAST = f"my/{CAMPAIGN}/east-hospital/"
SECRET = "雾凇沆砀湖心亭"
"""Planted in every internal field. No other text has it."""
SITE = "build/internal/site"


def build(root: Path, today: str = "2023-06-20", *arguments: str) -> Path:
    """Build the internal edition; gives its folder."""
    result = taizhang(root, "build", "--edition", "internal", "--today", today, *arguments)
    assert result.exit_code == 0, result.output
    return root / SITE


def text(site: Path, href: str = EAST) -> str:
    """A page's content as read, on one line."""
    page = (site / href / "index.html").read_text(encoding="utf-8")
    return words(page.partition('id="tz-content"')[2].partition("</article>\n</div>")[0])


def words(page: str) -> str:
    """What is read of HTML, tags and line breaks as single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def links(site: Path, href: str = EAST) -> list[str]:
    page = (site / href / "index.html").read_text(encoding="utf-8")
    return [html.unescape(link) for link in re.findall(r'href="([^"]*)"', page)]


def form(site: Path, kind: str, href: str = EAST) -> list[dict[str, str]]:
    """What every link to the form of a kind tells it, in the order of the page."""
    asked = [link.partition("?")[2] for link in links(site, href) if f"filing/{kind}/?" in link]
    return [{name: values[0] for name, values in parse_qs(query).items()} for query in asked]


@pytest.fixture
def tree() -> Tree:
    """A unit in the middle of things: filed last week, two hazards, contacts, something secret in every record."""
    return in_the_middle()


def in_the_middle() -> Tree:
    tree = Tree().bulletins_from("2023-06-12")
    last = {"self_checks": 3, "places_checked": 30, "note": "都查过了"}
    tree.add("east-hospital", "weekly", "2023-W24", filed_on="2023-06-19", **last)
    tree.add(
        "east-hospital",
        "hazards",
        location_text=SECRET,
        description=SECRET,
        cause=SECRET,
        responsible_person=SECRET,
        contingency_plan=SECRET,
    )
    tree.add("bureau", "determinations")
    tree.add("east-hospital", "hazards", "2023-002", title="库房堆放纸箱", claimed_level="general", description=SECRET)
    team = {**RECORDS["resources"], "name": SECRET, "location_text": SECRET}
    tree.files[f"submissions/{CAMPAIGN}/east-hospital/resources/2023-001.yml"] = yaml_text(team)
    tree.add("east-hospital", "contacts")
    return tree


@pytest.fixture(scope="module")
def usual_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The internal edition of that unit's campaign, only to be read."""
    return build(checkout(tmp_path_factory.mktemp("usual"), in_the_middle()))


def test_what_is_owed_stands_with_its_day_and_the_form_one_click_away(usual_site: Path) -> None:
    told = text(usual_site)
    assert "逾期26天 2023年5月25日24时前" in told
    assert "还剩6天 2023年6月26日24时前" in told
    plan, *_ = form(usual_site, "reports")
    assert plan == {"campaign": CAMPAIGN, "org": "east-hospital", "duty": "plan"}
    weekly = form(usual_site, "weekly")
    assert {"campaign": CAMPAIGN, "org": "east-hospital", "$name": "2023-W25"} in weekly
    # What was filed is not owed any more.
    assert not any(asked["$name"] == "2023-W24" for asked in weekly)


def test_the_last_answers_are_carried_over(usual_site: Path) -> None:
    assert "上次（2023-W24）：自查次数 3；自查部位数 30；情况说明 都查过了" in text(usual_site)
    again = {"$name": "2023-W25", "self_checks": "3", "places_checked": "30", "note": "都查过了"}
    assert {"campaign": CAMPAIGN, "org": "east-hospital", **again} in form(usual_site, "weekly")


def test_a_nil_return_is_carried_over_as_one(tmp_path: Path) -> None:
    tree = Tree()
    tree.add("east-hospital", "weekly", "2023-W24", filed_on="2023-06-19", self_checks=None, nil_return=True)
    site = build(checkout(tmp_path, tree))
    assert "上次（2023-W24）：零报告 是" in text(site)
    assert "true" in [asked.get("nil_return") for asked in form(site, "weekly")]


def test_the_commands_on_the_page_write_the_records_that_are_owed(tmp_path: Path) -> None:
    tree = Tree().duties(
        duty("plan", "reports", {"every": "once", "by": "2023-05-25"}, where={"duty": "plan"}),
        duty("weekly", "weekly", {"every": "week", "from": "2023-06-12", "days_after": 1}),
        duty("drill", "activities", {"every": "year"}, where={"activity": "drill"}),
        duty("check", "inspections", {"every": "quarter"}),
    )
    root = checkout(tmp_path, tree)
    page = (build(root) / EAST / "index.html").read_text(encoding="utf-8")
    commands = [html.unescape(found) for found in re.findall(r"<code>(taizhang new [^<]*)</code>", page)]
    assert len(commands) >= 3
    for command in commands:
        result = taizhang(root, *shlex.split(command)[1:], "--today", "2023-06-20")
        assert result.exit_code == 0, (command, result.output)
    written = {path.name for path in (root / f"submissions/{CAMPAIGN}/east-hospital").rglob("*.yml")}
    assert {"plan.yml", "2023-W24.yml", "2023-W25.yml"} <= written


def test_every_hazard_is_there_with_what_is_internal_and_what_can_be_filed_about_it(usual_site: Path) -> None:
    told = text(usual_site)
    for label in ("具体位置", "详细情况", "原因", "应急预案"):
        assert re.search(rf"{label}\S* {SECRET}", told), label
    assert "库房堆放纸箱" in told
    asked = [(one["hazard"], one["org"]) for one in form(usual_site, "rectifications")]
    assert sorted(asked) == [(HAZARD, "east-hospital"), ("east-hospital/2023-002", "east-hospital")]
    assert form(usual_site, "extensions")[0]["current_deadline"] == "2023-08-31"
    ledger = text(usual_site, f"my/{CAMPAIGN}/")
    assert "库房堆放纸箱" in ledger
    choices = json.loads((usual_site / "filing" / f"{CAMPAIGN}.json").read_text(encoding="utf-8"))["records"]["hazards"]
    assert {choice["ref"] for choice in choices} == {HAZARD, "east-hospital/2023-002"}


def test_the_workbooks_beside_the_pages_hold_the_internal_columns(usual_site: Path) -> None:
    for file in (usual_site / EAST / "ledger.xlsx", usual_site / "my" / CAMPAIGN / "ledger.xlsx"):
        assert holds(file.read_bytes(), SECRET), file
        assert holds(file.read_bytes(), "库房堆放纸箱"), file


def test_contacts_are_told_by_role_and_never_by_name(tree: Tree, tmp_path: Path) -> None:
    tree.add(
        "east-hospital", "contact-changes", filed_on="2023-06-18", applied_on="2023-06-18", effective_on="2023-06-28"
    )
    site = build(checkout(tmp_path, tree))
    told = text(site)
    for role in ("分管领导", "科室负责人", "联络员"):
        assert f"{role} east-hospital/2023-001 2023年5月24日" in told
    assert "申请更换联络员" in told
    assert holders(site, "示例甲", "示例乙", "示例丙", "示例丁") == []
    (bureau,) = form(site, "contact-decisions", f"my/{CAMPAIGN}/bureau/")
    assert bureau["change"] == "east-hospital/2023-001"


def test_what_is_sealed_stays_out_even_as_it_is_written_in_the_file(tree: Tree, tmp_path: Path) -> None:
    envelope = sealed()
    path = f"submissions/{CAMPAIGN}/east-hospital/contacts/2023-001.yml"
    tree.files[path] = yaml_text({**RECORDS["contacts"], "people": envelope})
    site = build(checkout(tmp_path, tree))
    assert holders(site, envelope[-60:]) == []


def test_who_stands_above_sees_what_waits_for_a_decision(tree: Tree, tmp_path: Path) -> None:
    tree.add("west-hospital", "hazards", title="配电室积水")
    tree.add("east-hospital", "extensions", filed_on="2023-06-12", applied_on="2023-06-12")
    for number, day, stage in (
        ("001", "2023-06-14", "plan"),
        ("002", "2023-06-15", "progress"),
        ("003", "2023-06-16", "completed"),
    ):
        tree.add("east-hospital", "rectifications", f"2023-{number}", filed_on=day, progress_on=day, stage=stage)
    root = checkout(tmp_path, tree)
    bureau = f"my/{CAMPAIGN}/bureau/"
    site = build(root)
    assert [one["hazard"] for one in form(site, "determinations", bureau)] == ["west-hospital/2023-001"]
    assert [one["hazard"] for one in form(site, "acceptances", bureau)] == [HAZARD]
    assert [one["extension"] for one in form(site, "extension-decisions", bureau)] == ["east-hospital/2023-001"]
    # A unit cannot accept its own major hazard, and is not asked to.
    assert form(site, "acceptances") == []
    assert "城西医院：配电室积水" in text(site, bureau)
    # Another day, decided: nothing waits any more.
    decided = yaml_text({**RECORDS["determinations"], "hazard": "west-hospital/2023-001", "filed_on": "2023-06-19"})
    (root / f"submissions/{CAMPAIGN}/bureau/determinations/2023-009.yml").write_text(decided, encoding="utf-8")
    assert form(build(root), "determinations", bureau) == []


def test_a_unit_that_was_notified_of_an_exposure_is_asked_for_its_say(tree: Tree, tmp_path: Path) -> None:
    tree.add("bureau", "exposures", steps=RECORDS["exposures"]["steps"][:2])
    root = checkout(tmp_path, tree)
    (asked,) = form(build(root, "2023-07-05"), "replies")
    assert asked["exposure"] == "bureau/2023-001"
    assert form(build(root, "2023-07-10"), "replies") == []


def test_the_start_page_lists_units_with_what_is_outstanding(usual_site: Path) -> None:
    page = (usual_site / "index.html").read_text(encoding="utf-8")
    rows = [words(row) for row in re.findall(r"<tr>(<th scope=\"row\">.*?)</tr>", page, re.DOTALL)]
    (east,) = [row for row in rows if row.startswith("城东医院")]
    assert re.fullmatch(r"城东医院 4件 要求plan、要求weekly 要求weekly 2023年6月26日前 还剩6天 2", east), east
    assert f"{EAST}" in page


def test_findings_on_a_unit_s_files_are_explained_on_its_page_and_do_not_stop_the_build(
    tree: Tree, tmp_path: Path
) -> None:
    tree.add("east-hospital", "weekly", "2023-W23", filed_on="2023-06-12", self_checks="3次")
    root = checkout(tmp_path, tree)
    assert taizhang(root, "build", "--today", "2023-06-20").exit_code == 1
    site = build(root)
    told = text(site)
    assert "现在写的是“3次”" in told
    assert "怎么改： 改成 3" in told
    assert any(link.endswith("help/rules/E-TYPE/") for link in links(site))
    assert "E-TYPE" not in text(site, f"my/{CAMPAIGN}/west-hospital/")


def test_corrections_are_dated_by_the_history_where_arrival_counts(tree: Tree, tmp_path: Path) -> None:
    tree.campaign["time"] = "arrival"
    root = checkout(tmp_path, tree)
    path = root / f"submissions/{CAMPAIGN}/east-hospital/weekly/2023-W24.yml"

    def commit(day: str) -> None:
        names = [part for key in ("name", "email") for part in ("-c", f"user.{key}=x@example.invalid")]
        when = {"GIT_COMMITTER_DATE": f"{day}T09:00:00+0800", "GIT_AUTHOR_DATE": f"{day}T09:00:00+0800"}
        for command in (["add", "--all"], ["commit", "--quiet", "-m", "x"]):
            subprocess.run(["git", *names, *command], cwd=root, check=True, env={"PATH": "/usr/bin:/bin", **when})

    subprocess.run(["git", "init", "--quiet", "-b", "main"], cwd=root, check=True)
    (root / ".gitignore").write_text("build\n")
    commit("2023-06-19")
    path.write_text(
        path.read_text(encoding="utf-8").replace("places_checked: 30", "places_checked: 31"), encoding="utf-8"
    )
    commit("2023-06-20")
    assert "周报 2023-W24 2023年6月20日更正" in text(build(root, "2023-06-21"))


def test_a_withdrawn_record_is_told_with_its_reason(tree: Tree, tmp_path: Path) -> None:
    withdrawn = {"dated": "2023-06-18", "reason": "重复登记"}
    tree.add("east-hospital", "inspections", withdrawn=withdrawn)
    site = build(checkout(tmp_path, tree))
    assert "撤回（2023-06-18：重复登记）" in text(site)


@pytest.fixture
def both(tree: Tree, tmp_path: Path) -> Path:
    """A checkout with both editions built, the internal one first and again last."""
    root = checkout(tmp_path, tree)
    build(root)
    result = taizhang(root, "build", "--today", "2023-06-20")
    assert result.exit_code == 0, result.output
    build(root, "2023-06-21")
    return root


@pytest.mark.requirement("A66")
def test_nothing_internal_is_in_the_public_site_in_any_writing(both: Path) -> None:
    public = (both / "build/site").resolve()
    assert holders(public, SECRET, "库房堆放纸箱") == []
    assert holders(both / "build/releases", SECRET) == []
    assert not (public / "my").exists()
    assert not [file for file in pages(public) if "<strong>内部资料" in file.read_text(encoding="utf-8")]
    assert holders(both / SITE, SECRET)


def test_the_search_for_a_text_finds_it_in_every_writing() -> None:
    raw = SECRET.encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet.xml", "".join(f"&#{ord(c)};" for c in SECRET))
    writings = [
        raw,
        base64.b64encode(b"x" + raw),
        base64.urlsafe_b64encode(b"xy" + raw).rstrip(b"="),
        raw.hex().encode(),
        json.dumps(SECRET).encode(),
        "\u200b".join(SECRET).encode(),
        "".join(f"&#x{ord(c):x};" for c in SECRET).encode(),
        "".join(f"%{byte:02X}" for byte in raw).encode(),
        gzip.compress(raw),
        packed.getvalue(),
        SECRET.encode("gb18030"),
        SECRET[::-1].encode(),
    ]
    assert [holds(b"before " * (w[:2] not in (b"\x1f\x8b", b"PK")) + w, SECRET) for w in writings] == [True] * len(
        writings
    )
    assert not holds("雾凇沆砀。湖心亭".encode(), SECRET)


def test_every_page_is_marked_and_no_crawler_is_let_in(both: Path) -> None:
    site = both / SITE
    found = pages(site)
    assert len(found) > 100
    for file in found:
        page = file.read_text(encoding="utf-8")
        assert "<strong>内部资料</strong>" in page, file
        assert '<meta name="robots" content="noindex' in page, file
    assert (site / "robots.txt").read_text() == "User-agent: *\nDisallow: /\n"


def test_the_internal_edition_has_no_sitemap(tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://ledger.example.org/")
    site = build(checkout(tmp_path, tree))
    assert not (site / "sitemap.xml").exists()


def test_the_two_editions_keep_their_releases_apart(both: Path) -> None:
    assert (both / "build/site").resolve().parent == both / "build/releases/public-site"
    assert (both / SITE).resolve().parent == both / "build/internal/releases/internal-site"
    assert len([f for f in (both / SITE).resolve().parent.iterdir() if f.is_dir()]) == 2
    assert [f.name for f in (both / "build/internal/releases").iterdir()] == ["internal-site"]
    assert [f.name for f in (both / "build/releases").iterdir()] == ["public-site"]


@pytest.mark.parametrize(
    "place", ["build/site", "build/site/my", "build/releases/x", "build/other", "www/site", "www/site/my", "www/x"]
)
def test_the_internal_edition_is_not_put_where_a_public_one_lies(both: Path, place: str) -> None:
    outside = both / "www" / "site"
    assert taizhang(both, "build", "--today", "2023-06-20", "--output", str(outside)).exit_code == 0
    before = {file: file.read_bytes() for file in (both / "build/site").rglob("*.html")}
    result = taizhang(both, "build", "--edition", "internal", "--today", "2023-06-20", "--output", str(both / place))
    assert result.exit_code == 2, result.output
    assert "内部版不能" in result.output
    assert {file: file.read_bytes() for file in (both / "build/site").rglob("*.html")} == before


def broken(site: Path) -> Iterator[str]:
    for file in pages(site):
        name = file.relative_to(site).as_posix()
        page = file.read_text(encoding="utf-8")
        for link in re.findall(r'(?:href|src)="([^"]*)"', page.partition("<body")[2]):
            address, anchor = urldefrag(urljoin(f"/{name}", html.unescape(link)))
            target = unquote(address.partition("?")[0]).lstrip("/")
            target = f"{target}index.html" if not target or target.endswith("/") else target
            if name == "404.html" or link.startswith("data:"):
                continue
            if not (site / target).is_file():
                yield f"{name}: {link} leads nowhere"
            elif anchor and f'id="{unquote(anchor)}"' not in (site / target).read_text(encoding="utf-8"):
                yield f"{name}: {link} has no such place"


def test_every_link_of_the_internal_pages_leads_somewhere(both: Path) -> None:
    assert [trouble for trouble in broken(both / SITE) if trouble.startswith(("my/", "index.html"))] == []


def test_an_archived_campaign_is_shown_and_asks_for_nothing(tree: Tree, tmp_path: Path) -> None:
    tree.campaign["archived_on"] = "2024-01-31"
    site = build(checkout(tmp_path, tree), "2024-03-01")
    assert "已经归档" in text(site)
    assert form(site, "weekly") == form(site, "rectifications") == []
