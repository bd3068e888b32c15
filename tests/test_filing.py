"""What a checkout would send off: one organisation's folder, sound, with a line that says what it is."""

from __future__ import annotations

from datetime import date

import pytest
from support import CAMPAIGN, KINDS, Tree

from taizhang.forge.links import OfficeRepository, request_page
from taizhang.gate.filing import Filing, FilingRefused, check_filing, filing_of, some, summary_of
from taizhang.history.outgoing import LocalChange, is_branch_name

EAST = f"submissions/{CAMPAIGN}/east-hospital"
DAY = date(2023, 6, 30)


def new(*paths: str) -> list[LocalChange]:
    return [LocalChange(path, is_new=True, is_gone=False) for path in paths]


def test_one_folder_goes_and_new_files_elsewhere_stay() -> None:
    changes = [*new("notes.txt", f"{EAST}/files/a.jpg"), LocalChange(f"{EAST}/hazards/2023-001.yml", False, False)]
    assert filing_of(changes) == Filing(
        CAMPAIGN, "east-hospital", (f"{EAST}/files/a.jpg", f"{EAST}/hazards/2023-001.yml"), ("notes.txt",)
    )


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ([], "没有要报的改动"),
        (new("notes.txt"), "没有要报的改动"),
        (
            [LocalChange("mkdocs.yml", False, False), *new(f"{EAST}/weekly/2023-W21.yml")],
            "填报以外的文件也有改动（mkdocs.yml）",
        ),
        ([LocalChange(f"submissions/{CAMPAIGN}/roll.yml", False, False)], "不在某个单位的文件夹里"),
        (new("submissions/criteria/a/b/c.yml"), "不在某个单位的文件夹里"),
        (new(f"{EAST}/inner/"), "另有一个 Git 仓库"),
        ([LocalChange(f"{EAST}/weekly/2023-W21.yml", False, True)], "记录不能删除"),
        (
            new(f"{EAST}/weekly/2023-W21.yml", f"submissions/{CAMPAIGN}/west-hospital/weekly/2023-W21.yml"),
            f"不止一个单位的文件夹（{CAMPAIGN}/east-hospital、{CAMPAIGN}/west-hospital）",
        ),
    ],
)
def test_anything_else_is_refused(changes: list[LocalChange], why: str) -> None:
    with pytest.raises(FilingRefused, match=why.replace("（", "[（]")):
        filing_of(changes)


def filing(*paths: str, campaign: str = CAMPAIGN, org: str = "east-hospital") -> Filing:
    return Filing(campaign, org, tuple(f"{EAST}/{path}" for path in paths), ())


def test_an_error_in_the_folder_keeps_the_filing_back_and_one_elsewhere_does_not() -> None:
    tree = Tree()
    tree.add("east-hospital", "weekly", filed_on="x")
    with pytest.raises(FilingRefused, match="检查发现 1 处错误") as refused:
        check_filing(filing("hazards/2023-001.yml"), tree.verdict(DAY))
    assert [item.code for item in refused.value.findings] == ["E-DATE"]
    elsewhere = Tree()
    elsewhere.add("west-hospital", "weekly", filed_on="x")
    assert check_filing(filing("hazards/2023-001.yml"), elsewhere.verdict(DAY)) == []


def test_a_folder_of_nobody_is_refused() -> None:
    verdict = Tree().verdict(DAY)
    assert check_filing(filing("weekly/2023-W21.yml"), verdict) == []
    for lost in (filing(org="nobody"), filing(campaign="nothing")):
        with pytest.raises(FilingRefused, match="的名册上没有单位"):
            check_filing(lost, verdict)


def test_what_is_filed_is_told_in_a_line() -> None:
    weeks = [f"weekly/2023-W{n}.yml" for n in (21, 22, 23, 24)]
    assert summary_of(filing(weeks[0], "hazards/2023-001.yml"), KINDS) == (
        "报送：east-hospital 周报 2023-W21、隐患 2023-001"
    )
    assert summary_of(filing(*weeks), KINDS).endswith("周报 2023-W23 等4份")
    assert summary_of(filing("files/a.jpg"), KINDS) == "报送：east-hospital 附件"
    assert some(["a", "b"]) == "a、b"
    assert some(list("abcd")) == "a、b、c 等 4 个"


def test_a_branch_name_is_no_refspec() -> None:
    assert all(map(is_branch_name, ("main", "east-hospital-20230630-120000", "a/b_c")))
    assert not any(map(is_branch_name, ("", "-f", "+main", "a:b", "a..b", "refs/heads/", "a\n", "中文")))


@pytest.mark.parametrize(
    ("forge", "url", "page"),
    [
        (None, "git@github.com:lanqi/ledger.git", "https://github.com/lanqi/ledger/compare/main...b?expand=1"),
        (None, "/srv/ledger.git", None),
        (None, "https://git.example.org/a/b", None),
        (
            OfficeRepository("gitea", "https://git.example.org/office/ledger", "trunk"),
            "https://git.example.org/east/ledger.git",
            "https://git.example.org/office/ledger/compare/trunk...east/ledger:b",
        ),
    ],
)
def test_where_a_pushed_branch_is_proposed(forge: OfficeRepository | None, url: str, page: str | None) -> None:
    assert request_page(forge, url, "b", "main") == page
