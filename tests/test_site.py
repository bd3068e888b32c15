"""The built site: every page there, every link whole, the same bytes each time, whoever builds it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from checkout import checkout, pages, taizhang, visible
from markupsafe import Markup
from support import CAMPAIGN, ROOT, Tree

from taizhang.pages.pages import Edition, Page
from taizhang.publishing import indexes, release
from taizhang.publishing.shells import BODY, DESCRIPTION, TITLE, Shell, slots
from taizhang.publishing.stamping import Stamper, build_site
from taizhang.publishing.target import MARK, ReleaseTarget
from taizhang.workspace import Examination


class Markings(HTMLParser):
    """The links, identifiers and heading identifiers of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.bare_headings: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.links += [values[name] or "" for name in ("href", "src") if name in values]
        self.ids += [values["id"] or ""] if "id" in values else []
        if tag in ("h2", "h3") and "id" not in values:
            self.bare_headings.append(self.get_starttag_text() or tag)


def markings(site: Path) -> Mapping[str, Markings]:
    return {file.relative_to(site).as_posix(): Markings(file.read_text(encoding="utf-8")) for file in pages(site)}


def tree_of(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def broken_links(site: Path) -> Iterator[str]:
    marked = markings(site)
    for name, page in marked.items():
        if name == "404.html":
            continue
        for link in page.links:
            address, anchor = urldefrag(urljoin(f"/{name}", link))
            if re.match(r"[a-z]+:", address):
                yield f"{name}: {link} leads away"
                continue
            target = unquote(address).lstrip("/")
            target = f"{target}index.html" if target.endswith("/") or not target else target
            if not (site / target).is_file():
                yield f"{name}: {link} leads nowhere"
            elif anchor and target in marked and unquote(anchor) not in marked[target].ids and anchor != "__skip":
                yield f"{name}: {link} has no such place"


def test_every_link_of_every_page_leads_to_a_page_and_place_of_this_site(sample_site: Path) -> None:
    assert list(broken_links(sample_site)) == []


def test_identifiers_are_unique_and_headings_have_one(sample_site: Path) -> None:
    for name, page in markings(sample_site).items():
        doubles = {i for i in page.ids if page.ids.count(i) > 1}
        assert not doubles, (name, doubles)
        assert not page.bare_headings, name


def test_every_organisation_exposure_and_bulletin_has_a_page(sample: Examination, sample_site: Path) -> None:
    for ledger in sample.verdict.ledgers:
        campaign = ledger.campaign.id
        for org in ledger.roll.organisations:
            assert org.name in (sample_site / "units" / campaign / org.id / "index.html").read_text(encoding="utf-8")
        published = [e for e in ledger.exposures if e.is_public(ledger.at)]
        assert published
        for exposure in published:
            assert (sample_site / "exposures" / campaign / exposure.record.name / "index.html").is_file()
    weekly = list((sample_site / "bulletins" / "shili-banner-2023").glob("weekly-*/index.html"))
    assert len(weekly) == 32
    assert len(list((sample_site / "bulletins" / "shili-banner-2023").glob("monthly-*/index.html"))) == 8
    assert len(list((sample_site / "bulletins" / "shili-city-2019").glob("monthly-*/index.html"))) == 4


def test_an_exposure_that_was_never_published_has_no_page(sample: Examination, sample_site: Path) -> None:
    hidden = [(x.campaign.id, e) for x in sample.verdict.ledgers for e in x.exposures if not e.is_public(x.at)]
    assert hidden
    for campaign, exposure in hidden:
        assert not (sample_site / "exposures" / campaign / exposure.record.name).exists()


def test_demonstration_data_is_marked_on_every_page(sample_site: Path) -> None:
    for file in pages(sample_site):
        assert "演示数据" in file.read_text(encoding="utf-8"), file


def test_no_shell_and_no_token_is_left(sample_site: Path) -> None:
    assert not list(sample_site.rglob("_"))
    for file in pages(sample_site):
        text = file.read_text(encoding="utf-8")
        assert not any(token in text for token in (TITLE, DESCRIPTION, BODY)), file


def test_search_covers_stamped_pages_and_not_the_shells(sample_site: Path) -> None:
    docs = json.loads((sample_site / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    found = {doc["location"]: doc["title"].replace("\u200b", "") for doc in docs}
    assert "示例旗人民医院" in found["units/shili-banner-2023/qi-renmin-yiyuan/"]
    assert not any("/_/" in location for location in found)
    assert not any("<" in doc["text"] for doc in docs if doc["location"].startswith("units/"))


def test_two_builds_give_the_same_bytes(sample_edition: Edition, sample_site: Path, tmp_path: Path) -> None:
    """Where `make site` has built this very state of the checkout, in another process, that is the other build."""
    other, facts = ROOT / "build" / "site", (sample_site / "release.json").read_bytes()
    made = other / "release.json"
    if json.loads(facts)["uncommitted_changes"] is not False or not made.is_file() or made.read_bytes() != facts:
        other = tmp_path / "again"
        build_site(ROOT, Stamper(sample_edition), other)
    assert tree_of(other) == tree_of(sample_site)


def small() -> Tree:
    """The tiny campaign with the bulletins of its last two weeks."""
    return Tree().bulletins_from("2023-12-18")


def test_an_archived_campaign_looks_the_same_on_any_day(tmp_path: Path) -> None:
    tree = small()
    tree.campaign["archived_on"] = "2024-01-31"
    tree.add("east-hospital", "hazards")
    root = checkout(tmp_path, tree)
    for day in ("2024-01-31", "2031-12-31"):
        assert taizhang(root, "build", "--today", day, "--output", str(tmp_path / day)).exit_code == 0
    assert tree_of(tmp_path / "2024-01-31") == tree_of(tmp_path / "2031-12-31")


MKDOCS = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
"""So that MkDocs, which runs in another folder, finds this checkout's plugin and not an installed one."""


def test_mkdocs_build_gives_the_same_pages(tmp_path: Path) -> None:
    tree = small()
    tree.campaign["archived_on"] = "2024-01-31"
    tree.add("east-hospital", "hazards")
    root = checkout(tmp_path / "checkout", tree)
    assert taizhang(root, "build", "--output", str(tmp_path / "ours")).exit_code == 0
    subprocess.run([*MKDOCS, "--site-dir", str(tmp_path / "theirs")], cwd=root, check=True, env=ENVIRONMENT)
    assert tree_of(tmp_path / "theirs") == tree_of(tmp_path / "ours")


def test_the_sitemap_lists_stamped_pages_where_the_site_has_an_address(tmp_path: Path) -> None:
    root = checkout(tmp_path / "checkout", small())
    environment = {**ENVIRONMENT, "SITE_URL": "https://ledger.example/t/"}
    subprocess.run([*MKDOCS, "--site-dir", str(tmp_path / "site")], cwd=root, check=True, env=environment)
    sitemap = (tmp_path / "site" / "sitemap.xml").read_text(encoding="utf-8")
    assert f"<loc>https://ledger.example/t/units/{CAMPAIGN}/east-hospital/</loc>" in sitemap
    assert "/_/" not in sitemap


def test_mkdocs_refuses_to_build_from_broken_records(tmp_path: Path) -> None:
    tree = small()
    tree.add("east-hospital", "weekly", "2023-W21", self_checks="many")
    root = checkout(tmp_path, tree)
    result = subprocess.run(MKDOCS, cwd=root, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    assert result.returncode != 0
    assert "E-TYPE" in result.stderr
    assert not (root / "build").exists()


def page(href: str, section: str = "units") -> Page:
    return Page(href, section, "标题 <b>", '说明 "引号"', Markup("<p>正文</p>"))


def test_a_shell_lies_as_deep_as_its_pages() -> None:
    found = slots([page("units/"), page("units/a/b/"), page("", "home")])
    assert found == {("home", 0): "", ("units", 1): "units/", ("units", 3): "units/_/_/"}


def test_stamping_escapes_title_and_description_and_never_stamps_twice() -> None:
    shell = Shell(f"<title>{TITLE}</title><meta content='{DESCRIPTION}'><main>{BODY}</main>")
    told = Page("x/", "units", f"{BODY} </title>", "'quoted'", Markup("<p>%s</p>") % TITLE)
    assert shell.stamp(told) == (
        f"<title>{BODY} &lt;/title&gt;</title><meta content='&#x27;quoted&#x27;'><main><p>{TITLE}</p></main>"
    )


def test_a_theme_without_a_body_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="shell's body"):
        Shell("<html></html>")


def test_search_entries_are_escaped_once_more() -> None:
    entry = indexes._entry(Page("x/", "units", "<i>甲乙</i>", "", Markup("<p>&lt;script&gt;丙</p>")))
    assert entry["title"] == "&lt;i&gt;甲\u200b乙&lt;/i&gt;"
    assert entry["text"] == "&lt;script&gt;丙"


class TestBuildCommand:
    """`taizhang build`: all or nothing."""

    def test_builds_then_finds_nothing_to_do(self, tmp_path: Path) -> None:
        root = checkout(tmp_path, small())
        first = taizhang(root, "build", "--today", "2024-03-01")
        assert first.exit_code == 0
        assert (root / "build/site/index.html").as_uri() in first.stdout
        assert "make serve" in first.stdout
        before = (root / "build/site").resolve()
        assert "没有变化" in taizhang(root, "build", "--today", "2024-03-01").stdout
        assert (root / "build/site").resolve() == before

    def test_a_broken_record_leaves_the_good_site_in_place(self, tmp_path: Path) -> None:
        root = checkout(tmp_path, small())
        taizhang(root, "build", "--today", "2024-03-01")
        before = tree_of(root / "build/site")
        bad = root / "submissions" / CAMPAIGN / "east-hospital" / "weekly" / "2023-W21.yml"
        bad.parent.mkdir(parents=True)
        bad.write_text("filed_on: 2023-05-28\nself_checks: 3次\n", encoding="utf-8")
        refused = taizhang(root, "build", "--today", "2024-03-01")
        assert refused.exit_code == 1
        assert "没有生成网站，原来的网站保持不变" in refused.stdout
        assert tree_of(root / "build/site") == before
        allowed = taizhang(root, "build", "--today", "2024-03-01", "--allow-findings")
        assert allowed.exit_code == 0
        assert "有 1 处填报错误尚未改正" in visible((root / "build/site/index.html").read_text(encoding="utf-8"))

    def test_a_build_that_dies_leaves_the_good_site_in_place(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        root = checkout(tmp_path, small())
        taizhang(root, "build", "--today", "2024-03-01")
        before = tree_of(root / "build/site")

        def fail(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Stamper, "finish", fail)
        result = taizhang(root, "build", "--today", "2024-02-01")
        assert result.exit_code == 3
        assert tree_of(root / "build/site") == before
        releases = (root / "build/site").resolve().parent
        assert not [f for f in releases.iterdir() if f.is_dir() and f.name.startswith(".")]

    def test_old_releases_and_leftovers_are_swept(self, tmp_path: Path) -> None:
        target = ReleaseTarget(tmp_path / "build" / "site")

        def build(folder: Path) -> None:
            folder.mkdir()
            (folder / "index.html").write_text("x", encoding="utf-8")

        for number in range(5):
            release.publish(target, f"r{number}", build)
            (target.releases / ".killed.part").mkdir()
        release.publish(target, "r5", build)
        assert {f.name for f in target.releases.iterdir()} == {MARK, "r4", "r5"}
        assert target.link.resolve().name == "r5"

    def test_an_empty_folder_in_the_way_is_replaced(self, tmp_path: Path) -> None:
        link = tmp_path / "build" / "site"
        link.mkdir(parents=True)
        release.publish(ReleaseTarget(link), "r1", lambda folder: folder.mkdir())
        assert link.is_symlink()
