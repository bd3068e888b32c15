"""What GitHub's and Gitea's REST interfaces share: issues and comments of one repository.

Where the two differ, `Flavour` says how. Forgejo is Gitea here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from types import TracebackType
from typing import Any, Self

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.util.retry import Retry

TIMEOUT = (10, 30)
"""Seconds to connect, and between two pieces of an answer."""
TRIES = 4
BACKOFF = 1.0
"""Seconds before the second repetition; each further one waits twice as long."""
LONGEST_WAIT = 60
"""Seconds to wait at most where the platform asks to be left alone for a while."""
LAST_PAGE = 1000

_REPOSITORY = re.compile(r"[A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100}")
_LABEL_COLOUR = "d4a72c"


class ForgeError(Exception):
    """The platform refused, or cannot be reached. Its text is one Chinese sentence and never holds the token."""


class Flavour(StrEnum):
    """Whose interface it is."""

    GITHUB = "github"
    GITEA = "gitea"

    @property
    def page_size(self) -> Mapping[str, int]:
        """The query that asks for the longest page there is."""
        return {"per_page": 100} if self is Flavour.GITHUB else {"limit": 50}

    @property
    def robots(self) -> frozenset[str]:
        """The accounts behind the token of a workflow, which may not ask who it is."""
        if self is Flavour.GITHUB:
            return frozenset({"github-actions[bot]"})
        return frozenset({"gitea-actions", "forgejo-actions"})


@dataclass(frozen=True)
class ForgeIssue:
    """One issue; never a pull request."""

    number: int
    title: str
    body: str
    author: str
    is_open: bool


@dataclass(frozen=True)
class IssueComment:
    """One comment on an issue or a pull request."""

    id: int
    body: str
    author: str


class _Token(AuthBase):
    """The token in its header. As an `auth`, so that no .netrc of the machine takes its place."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"token {self.token}"
        return request


class _BoundedRetry(Retry):
    """Waits as long as it is asked to, within reason."""

    def get_retry_after(self, response: Any) -> float | None:
        asked = super().get_retry_after(response)
        return None if asked is None else min(asked, LONGEST_WAIT)


def _session(token: str, methods: Sequence[str], statuses: Sequence[int], backoff: float) -> requests.Session:
    patience = _BoundedRetry(
        total=TRIES - 1,
        allowed_methods=methods,
        status_forcelist=statuses,
        backoff_factor=backoff,
        raise_on_status=False,
        redirect=False,
    )
    session = requests.Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(max_retries=patience))
    session.auth = _Token(token)
    session.headers.update({"Accept": "application/json", "User-Agent": "taizhang"})
    return session


class ForgeClient:
    """One repository on one platform, to be used in a `with`. Every method raises ForgeError."""

    def __init__(self, api_url: str, repository: str, token: str, author: str | None, backoff: float) -> None:
        self.flavour = Flavour.GITEA if api_url.endswith("/api/v1") else Flavour.GITHUB
        self._api = api_url
        self._repository = f"/repos/{repository}"
        self._author = author
        self._steady = _session(token, ("GET", "PATCH"), (429, 500, 502, 503, 504), backoff)
        # What creates is repeated only where it was surely not done: else there might be two of it.
        self._creating = _session(token, ("POST",), (429, 503), backoff)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._steady.close()
        self._creating.close()

    @cached_property
    def authors(self) -> frozenset[str]:
        """The accounts whose issues and comments are our own."""
        if self._author:
            return frozenset({self._author})
        answer = self._send("GET", "/user")
        if answer.status_code in (401, 403, 404):
            return self.flavour.robots
        return frozenset({str(_field(self._told(answer), "login"))})

    def issues(self) -> Iterator[ForgeIssue]:
        """Every issue that may be our own, open or closed; others may be among them."""
        query: dict[str, str] = {"state": "all"}
        if self.flavour is Flavour.GITEA:
            query["type"] = "issues"
        elif len(self.authors) == 1:
            query["creator"] = next(iter(self.authors))
        for entry in self._pages(f"{self._repository}/issues", "number", query):
            # GitHub lists pull requests as issues, each with this key; Gitea has the key on all, null on issues.
            if not entry.get("pull_request"):
                yield _issue(entry)

    def open_issue(self, title: str, body: str, labels: Sequence[str] = ()) -> ForgeIssue:
        """Open a new issue. A label that the repository does not have is made."""
        data: dict[str, Any] = {"title": title, "body": body}
        if labels:
            data["labels"] = list(labels) if self.flavour is Flavour.GITHUB else [self._label(name) for name in labels]
        return _issue(self._call("POST", f"{self._repository}/issues", data))

    def edit_issue(self, number: int, **changes: str) -> ForgeIssue:
        """Change title, body or state (`open`, `closed`) in one request."""
        return _issue(self._call("PATCH", f"{self._repository}/issues/{number}", changes))

    def comments(self, number: int) -> Iterator[IssueComment]:
        """Every comment on an issue or a pull request, oldest first."""
        for entry in self._pages(f"{self._repository}/issues/{number}/comments", "id", {}):
            yield _comment(entry)

    def comment(self, number: int, body: str) -> IssueComment:
        """Write a new comment on an issue or a pull request."""
        return _comment(self._call("POST", f"{self._repository}/issues/{number}/comments", {"body": body}))

    def edit_comment(self, comment: int, body: str) -> IssueComment:
        """Replace what a comment says."""
        return _comment(self._call("PATCH", f"{self._repository}/issues/comments/{comment}", {"body": body}))

    def pull_at(self, commit: str, source: str) -> int | None:
        """The open pull request that would bring in `commit` from the repository `source`; the oldest of several."""
        found = (
            int(entry["number"])
            for entry in self._pages(f"{self._repository}/pulls", "number", {"state": "open"})
            if _head(entry) == (commit, source.casefold())
        )
        return min(found, default=None)

    def _label(self, name: str) -> int:
        """The number of a label, which Gitea wants where GitHub takes the name."""
        for entry in self._pages(f"{self._repository}/labels", "id", {}):
            if entry.get("name") == name:
                return int(entry["id"])
        made = self._call("POST", f"{self._repository}/labels", {"name": name, "color": f"#{_LABEL_COLOUR}"})
        return int(_field(made, "id"))

    def _pages(self, path: str, key: str, query: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        """Every entry of a list, page by page. The address of the next page is never taken from the answer."""
        seen: set[object] = set()
        for page in range(1, LAST_PAGE + 1):
            answer = self._send("GET", path, params={**query, **self.flavour.page_size, "page": page})
            entries = self._told(answer)
            if not isinstance(entries, list):
                raise ForgeError(f"代码平台对 {path} 的回答不是清单；请检查接口地址")
            fresh = [entry for entry in entries if _field(entry, key) not in seen]
            seen.update(entry[key] for entry in fresh)
            yield from fresh
            # Gitea gives some lists whole whatever the page; then nothing is new.
            if not fresh or "next" not in answer.links:
                return
        raise ForgeError(f"代码平台的 {path} 多得读不完")

    def _call(self, method: str, path: str, data: Mapping[str, Any]) -> Any:
        return self._told(self._send(method, path, json=data))

    def _send(self, method: str, path: str, **more: Any) -> requests.Response:
        session = self._creating if method == "POST" else self._steady
        try:
            # A redirect would turn what writes into a read, and might lead the token elsewhere.
            return session.request(method, self._api + path, timeout=TIMEOUT, allow_redirects=False, **more)
        except requests.RequestException as error:
            raise ForgeError(f"连不上代码平台（{method} {path}）：{type(error).__name__}；请检查网络后重试") from None

    def _told(self, answer: requests.Response) -> Any:
        """The data in an answer. Raises ForgeError where the platform did not do as it was asked."""
        what = f"{answer.request.method} {answer.request.path_url.split('?')[0]}"
        if not 200 <= answer.status_code < 300:
            raise ForgeError(f"代码平台没有照办（{what}，{answer.status_code}）：{_advice(answer.status_code)}")
        try:
            return answer.json()
        except ValueError:
            raise ForgeError(f"代码平台对 {what} 的回答不是 JSON；请检查接口地址") from None


def connect(
    api_url: str, repository: str, token: str, *, author: str | None = None, backoff: float = BACKOFF
) -> ForgeClient:
    """The repository `owner/name` on the platform whose interface is at `api_url`.

    `author` is the account that the token belongs to, where that is known. Raises ForgeError.
    """
    if not re.fullmatch(r"https?://[^/\s?#@]+[^\s?#@]*", api_url):
        raise ForgeError("接口地址不对：应写成 https://api.github.com 或 https://主机名/api/v1 的样子")
    if not _REPOSITORY.fullmatch(repository):
        raise ForgeError("仓库名不对：应写成 所有者/仓库名 的样子")
    if not token.isascii() or not token.isprintable() or not token.strip():
        raise ForgeError("访问令牌不对：它是空的，或者含有不该有的字符")
    return ForgeClient(api_url.rstrip("/"), repository, token.strip(), author, backoff)


_ADVICE: Mapping[int, str] = {
    401: "访问令牌不对或已失效",
    403: "访问令牌没有这项权限，或者请求太多；需要 issues: write（合并请求的评论需要 pull-requests: write）",
    404: "没有这个仓库或这一条，或者访问令牌看不到它",
    410: "仓库关闭了 issue 功能，请在仓库设置里打开",
    422: "内容不合要求",
    429: "请求太多，请过一会儿再运行",
}


def _advice(status: int) -> str:
    if status >= 500:
        return "平台暂时出错，请过一会儿再运行"
    if 300 <= status < 400:
        return "仓库搬了家，或者接口地址不对；请改成新的地址"
    return _ADVICE.get(status, "请检查接口地址、仓库名和访问令牌")


def _issue(entry: Any) -> ForgeIssue:
    return ForgeIssue(
        number=int(_field(entry, "number")),
        title=str(_field(entry, "title")),
        body=_body(entry),
        author=_author(entry),
        is_open=_field(entry, "state") == "open",
    )


def _comment(entry: Any) -> IssueComment:
    return IssueComment(int(_field(entry, "id")), _body(entry), _author(entry))


def _head(entry: Any) -> tuple[str, str]:
    """Commit and repository of a pull request's head; the latter is empty where the fork is gone."""
    head = _field(entry, "head")
    source = _field(head, "repo")
    return str(_field(head, "sha")), str(_field(source, "full_name")).casefold() if source else ""


def _body(entry: Any) -> str:
    """What is written, with line ends as they were sent: the platforms may store them as CR LF."""
    return str(_field(entry, "body") or "").replace("\r\n", "\n").strip()


def _author(entry: Any) -> str:
    """The login of who wrote it; empty where the account is gone."""
    user = _field(entry, "user")
    return str(_field(user, "login")) if user else ""


def _field(entry: Any, name: str) -> Any:
    if not isinstance(entry, dict) or name not in entry:
        raise ForgeError(f"代码平台的回答里没有 {name}；请检查接口地址")
    return entry[name]
