"""The client of the code platforms, against platforms that behave as GitHub and as Gitea."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from forges import REPOSITORY, TOKEN, Platform, serving

from taizhang.forge import ForgeClient, ForgeError, Upsert, WantedIssue, connect, keep_issues, upsert_comment
from taizhang.forge.client import TRIES
from taizhang.forge.marked import LONGEST_BODY, marked

FLAVOURS = ["github", "gitea"]


@pytest.fixture(params=FLAVOURS)
def platform(request: pytest.FixtureRequest) -> Iterator[Platform]:
    with serving(Platform(request.param, "clerk")) as found:
        yield found


def connected(platform: Platform, **more: Any) -> ForgeClient:
    return connect(platform.url, REPOSITORY, TOKEN, **{"backoff": 0, **more})


def comment(platform: Platform, body: str, number: int = 1, mark: str = "check", **more: Any) -> Upsert:
    with connected(platform, **more) as forge:
        return upsert_comment(forge, number, mark, body)


def keep(platform: Platform, wanted: dict[str, WantedIssue], *labels: str, **more: Any) -> dict[str, Upsert]:
    with connected(platform, **more) as forge:
        return {kept.mark: kept.outcome for kept in keep_issues(forge, ("r/",), wanted, labels)}


# --- One comment, edited in place -------------------------------------------------------------------


def test_one_comment_is_written_then_edited_then_left_alone(platform: Platform) -> None:
    platform.note(1, "谢谢", "someone")
    assert comment(platform, "第一次\n\n- 好\n") is Upsert.CREATED
    assert comment(platform, "第二次\n\n- 好\n") is Upsert.EDITED
    before = len(platform.writes)
    assert comment(platform, "第二次\n\n- 好") is Upsert.UNCHANGED
    assert len(platform.writes) == before
    ours = [note["body"] for note in platform.notes.values() if note["user"]["login"] == "clerk"]
    assert ours == ["<!-- taizhang:check -->\r\n第二次\r\n\r\n- 好"]


def test_the_mark_of_another_account_is_not_believed(platform: Platform) -> None:
    forged = platform.note(1, marked("check", "一切正常"), "mallory")
    assert comment(platform, "有错误") is Upsert.CREATED
    assert platform.notes[forged]["body"].endswith("一切正常")


def test_a_mark_counts_only_in_the_first_line(platform: Platform) -> None:
    quoted = platform.note(1, "引用：\n<!-- taizhang:check -->\n原文", "clerk")
    assert comment(platform, "有错误") is Upsert.CREATED
    assert "原文" in platform.notes[quoted]["body"]


def test_other_marks_and_other_pull_requests_are_left_alone(platform: Platform) -> None:
    comment(platform, "甲", mark="check")
    comment(platform, "乙", mark="check/more")
    comment(platform, "丙", number=2)
    assert comment(platform, "丁") is Upsert.EDITED
    assert sorted(note["body"].split("\r\n")[1] for note in platform.notes.values()) == ["丁", "丙", "乙"]


def test_a_comment_beyond_the_first_page_is_found(platform: Platform) -> None:
    for _ in range(130):
        platform.note(1, "说两句", "someone")
    comment(platform, "有错误")
    assert comment(platform, "没有错误") is Upsert.EDITED


def test_a_body_too_long_is_cut_at_a_line_end_and_stays_the_same(platform: Platform) -> None:
    body = "\n".join(f"第 {number} 行" for number in range(20_000))
    assert comment(platform, body) is Upsert.CREATED
    assert comment(platform, body) is Upsert.UNCHANGED
    (note,) = platform.notes.values()
    text = note["body"].replace("\r\n", "\n")
    assert len(text) <= LONGEST_BODY
    assert re.search(r"第 \d+ 行\n\n（内容太长，后面的没有列出。）\Z", text)


@pytest.mark.parametrize("mark", ["", "A", "a b", "a-->", "a\nb", "x" * 121])
def test_a_mark_that_might_close_the_comment_is_refused(mark: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the mark itself, which may be empty
        marked(mark, "正文")


# --- Whose it is --------------------------------------------------------------------------------------


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_the_token_of_a_workflow_works_without_asking_who_it_is(flavour: str) -> None:
    with serving(Platform(flavour)) as platform:
        assert comment(platform, "一") is Upsert.CREATED
        assert comment(platform, "二") is Upsert.EDITED
        assert keep(platform, {"r/a": WantedIssue("甲", "正文")}) == {"r/a": Upsert.CREATED}
        assert keep(platform, {"r/a": WantedIssue("甲", "正文")}) == {"r/a": Upsert.UNCHANGED}
        assert {note["user"]["login"] for note in platform.notes.values()} == {platform.robot}


def test_a_named_author_is_not_asked_for(platform: Platform) -> None:
    comment(platform, "一", author="clerk")
    assert ("GET", "/user") not in platform.log
    assert comment(platform, "二", author="somebody-else") is Upsert.CREATED


# --- Issues -------------------------------------------------------------------------------------------


def test_issues_are_opened_edited_closed_and_reopened(platform: Platform) -> None:
    owing, settled = WantedIssue("甲：1 项", "周报"), WantedIssue("甲：没有待办", "没有", is_open=False)
    assert keep(platform, {"r/a": settled}) == {}
    assert platform.writes == [], "who never owed anything needs no issue"
    assert keep(platform, {"r/a": owing}) == {"r/a": Upsert.CREATED}
    assert keep(platform, {"r/a": owing}) == {"r/a": Upsert.UNCHANGED}
    assert keep(platform, {"r/a": owing._replace(body="周报、月报")}) == {"r/a": Upsert.EDITED}
    assert keep(platform, {"r/a": settled}) == {"r/a": Upsert.CLOSED}
    assert keep(platform, {"r/a": settled}) == {"r/a": Upsert.UNCHANGED}
    assert keep(platform, {"r/a": owing}) == {"r/a": Upsert.REOPENED}
    assert list(platform.open) == ["甲：1 项"]
    assert len(platform.issues) == 1
    assert len(platform.writes) == 4, "each change is one request"


def test_what_is_not_wanted_is_closed_and_what_is_not_ours_is_left(platform: Platform) -> None:
    platform.file("别人的", marked("r/a", "伪造"), "mallory")
    platform.file("合并请求", marked("r/a", "不是事项单"), "clerk", pull=True)
    platform.file("别处的", marked("other/a", "另一个程序"), "clerk")
    platform.file("没有标记", "一个问题", "clerk")
    ours = platform.file("甲", marked("r/gone", "退出名册"), "clerk")
    assert keep(platform, {"r/a": WantedIssue("甲", "正文")}) == {
        "r/a": Upsert.CREATED,
        "r/gone": Upsert.CLOSED,
    }
    assert [number for number, issue in platform.issues.items() if issue["state"] == "closed"] == [ours]


def test_of_two_with_one_mark_the_older_is_kept(platform: Platform) -> None:
    first = platform.file("甲", marked("r/a", "正文"), "clerk")
    second = platform.file("甲", marked("r/a", "正文"), "clerk")
    keep(platform, {"r/a": WantedIssue("甲", "正文")})
    assert (platform.issues[first]["state"], platform.issues[second]["state"]) == ("open", "closed")
    before = len(platform.writes)
    keep(platform, {"r/a": WantedIssue("甲", "正文")})
    assert len(platform.writes) == before


def test_many_issues_are_read_page_by_page(platform: Platform) -> None:
    wanted = {f"r/{number:03}": WantedIssue(f"单位{number}", "正文") for number in range(230)}
    assert set(keep(platform, wanted).values()) == {Upsert.CREATED}
    before = len(platform.writes)
    assert set(keep(platform, wanted).values()) == {Upsert.UNCHANGED}
    assert len(platform.writes) == before
    assert len(platform.issues) == 230


def test_labels_go_by_name_or_by_number_and_are_made_once(platform: Platform) -> None:
    keep(platform, {"r/a": WantedIssue("甲", "正文"), "r/b": WantedIssue("乙", "正文")}, "催办")
    assert [issue["labels"] for issue in platform.issues.values()] == [["催办"], ["催办"]]
    made = [path for method, path in platform.writes if path.endswith("/labels")]
    assert len(made) == (1 if platform.gitea else 0)


# --- What goes wrong ------------------------------------------------------------------------------------


def test_trouble_that_passes_is_waited_out(platform: Platform) -> None:
    platform.file("甲", marked("r/a", "正文"), "clerk")
    platform.failures = [(502, {}), (429, {"Retry-After": "0"}), (503, {})]
    assert keep(platform, {"r/a": WantedIssue("甲", "正文")}) == {"r/a": Upsert.UNCHANGED}
    platform.failures = [(500, {})]
    assert keep(platform, {"r/a": WantedIssue("甲", "新")}, author="clerk") == {"r/a": Upsert.EDITED}


def test_trouble_that_stays_ends_in_a_sentence(platform: Platform) -> None:
    platform.failures = [(503, {})] * TRIES
    with pytest.raises(ForgeError, match="平台暂时出错") as caught:
        comment(platform, "一", author="clerk")
    assert TOKEN not in str(caught.value)
    assert len(platform.log) == TRIES


def test_what_creates_is_not_repeated_where_it_may_have_been_done(platform: Platform) -> None:
    with connected(platform, author="clerk") as forge:
        platform.failures = [(502, {})]
        with pytest.raises(ForgeError, match="502"):
            forge.comment(1, "一")
        platform.failures = [(429, {})]
        assert forge.comment(1, "二").body == "二"
    assert len(platform.notes) == 1


def test_a_redirect_is_not_followed(platform: Platform) -> None:
    platform.failures = [(301, {"Location": "http://elsewhere.invalid/"})]
    with pytest.raises(ForgeError, match="搬了家"), connected(platform, author="clerk") as forge:
        forge.edit_issue(1, state="closed")
    assert len(platform.log) == 1


def test_a_wrong_token_is_told_and_not_repeated(platform: Platform) -> None:
    with connect(platform.url, REPOSITORY, "wrong-token", author="x") as forge, pytest.raises(ForgeError) as caught:
        list(forge.issues())
    assert "访问令牌不对或已失效" in str(caught.value)
    assert "wrong-token" not in str(caught.value)


def test_no_netrc_takes_the_tokens_place(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    netrc = tmp_path_factory.mktemp("home") / ".netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    assert comment(platform, "一") is Upsert.CREATED


def test_a_platform_that_is_not_there_is_told() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with connect(url, REPOSITORY, TOKEN, backoff=0) as forge, pytest.raises(ForgeError, match="连不上代码平台"):
            list(forge.comments(1))


def test_an_answer_of_another_shape_is_told(platform: Platform) -> None:
    platform.failures = [(200, {}), (200, {})]
    with connected(platform, author="clerk") as forge:
        with pytest.raises(ForgeError, match="回答不是清单"):
            list(forge.issues())
        with pytest.raises(ForgeError, match="没有 id"):
            forge.edit_comment(1, "一")


@pytest.mark.parametrize(
    ("url", "repository", "token"),
    [
        ("ftp://host", REPOSITORY, TOKEN),
        ("https://user:pw@host", REPOSITORY, TOKEN),
        ("https://host?x", REPOSITORY, TOKEN),
        ("https://host", "office", TOKEN),
        ("https://host", "../x/y", TOKEN),
        ("https://host", "a/b?c", TOKEN),
        ("https://host", REPOSITORY, ""),
        ("https://host", REPOSITORY, "a\r\nX: y"),
        ("https://host", REPOSITORY, "口令"),
    ],
)
def test_a_wrong_setting_is_refused_before_anything_is_sent(url: str, repository: str, token: str) -> None:
    with pytest.raises(ForgeError):
        connect(url, repository, token)
