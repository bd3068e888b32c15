"""Platforms that keep state as GitHub and Gitea do, over real HTTP on this machine, and remember every request."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "secret-token"
REPOSITORY = "office/ledger"
Answer = tuple[int, Any, dict[str, str]]


class Platform:
    """One repository on one platform. `who` is the token's account, or None for the token of a workflow."""

    def __init__(self, flavour: str, who: str | None = None) -> None:
        self.flavour = flavour
        self.who = who
        self.robot = "github-actions[bot]" if flavour == "github" else "gitea-actions"
        self.issues: dict[int, dict[str, Any]] = {}
        self.notes: dict[int, dict[str, Any]] = {}
        self.labels: dict[int, str] = {}
        self.log: list[tuple[str, str]] = []
        self.failures: list[tuple[int, dict[str, str]]] = []
        """Answered first, one a request, instead of what was asked."""
        self.url = ""

    @property
    def gitea(self) -> bool:
        return self.flavour == "gitea"

    @property
    def writes(self) -> list[tuple[str, str]]:
        return [entry for entry in self.log if entry[0] != "GET"]

    @property
    def open(self) -> dict[str, dict[str, Any]]:
        return {issue["title"]: issue for issue in self.issues.values() if issue["state"] == "open"}

    def file(self, title: str, body: str, author: str, *, pull: bool = False) -> int:
        """Something that was there before; gives its number."""
        number = len(self.issues) + 1
        self.issues[number] = {
            "number": number,
            "title": title,
            # Both store what a browser sends, and that is CR LF.
            "body": body.replace("\n", "\r\n"),
            "state": "open",
            "user": {"login": author},
            "labels": [],
            **({"pull_request": {"merged": False}} if pull else {"pull_request": None} if self.gitea else {}),
        }
        return number

    def note(self, number: int, body: str, author: str) -> int:
        note = {
            "id": 1000 + len(self.notes),
            "body": body.replace("\n", "\r\n"),
            "user": {"login": author},
            "on": number,
        }
        self.notes[note["id"]] = note
        return int(note["id"])

    def answer(self, method: str, path: str, query: dict[str, str], data: Any) -> Answer:
        base = f"/repos/{REPOSITORY}"
        routes: list[tuple[str, str, Callable[..., Answer]]] = [
            ("GET", "/user", self._user),
            ("GET", f"{base}/issues", lambda: self._list(self._asked(query), query)),
            ("POST", f"{base}/issues", lambda: self._open(data)),
            ("PATCH", rf"{base}/issues/(\d+)", lambda n: self._edit(self.issues, int(n), data)),
            ("GET", rf"{base}/issues/(\d+)/comments", lambda n: self._comments(int(n), query)),
            ("POST", rf"{base}/issues/(\d+)/comments", lambda n: self._comment(int(n), data)),
            ("PATCH", rf"{base}/issues/comments/(\d+)", lambda n: self._edit(self.notes, int(n), data)),
            (
                "GET",
                f"{base}/labels",
                lambda: self._list([{"id": i, "name": n} for i, n in self.labels.items()], query),
            ),
            ("POST", f"{base}/labels", lambda: self._label(data)),
        ]
        for verb, pattern, handle in routes:
            match = re.fullmatch(pattern, path)
            if verb == method and match:
                return handle(*match.groups())
        return 404, {"message": "Not Found"}, {}

    def _user(self) -> Answer:
        if self.who is None:
            return 403, {"message": "Resource not accessible by integration"}, {}
        return 200, {"login": self.who}, {}

    def _asked(self, query: dict[str, str]) -> list[dict[str, Any]]:
        assert query["state"] == "all"
        found = list(self.issues.values())
        if self.gitea:
            assert "created_by" not in query, "Gitea knows no account of its robot, and answers 404"
            return [i for i in found if query.get("type") != "issues" or not i["pull_request"]]
        return [i for i in found if i["user"]["login"] == query.get("creator", i["user"]["login"])]

    def _list(self, entries: list[dict[str, Any]], query: dict[str, str]) -> Answer:
        asked = int(query.get("limit", 30)) if self.gitea else int(query.get("per_page", 30))
        size, page = min(asked, 50 if self.gitea else 100), int(query.get("page", 1))
        part = entries[(page - 1) * size : page * size]
        # The address that Gitea gives is that of its configured root, which need not be where it was asked.
        more = {"Link": '<http://elsewhere.invalid/next>; rel="next"'} if entries[page * size :] else {}
        return 200, part, more

    def _open(self, data: Any) -> Answer:
        labels = data.get("labels", [])
        assert all(isinstance(label, int if self.gitea else str) for label in labels)
        number = self.file(data["title"], data["body"], self.who or self.robot)
        self.issues[number]["labels"] = [self.labels[i] for i in labels] if self.gitea else labels
        return 201, self.issues[number], {}

    def _edit(self, among: dict[int, dict[str, Any]], number: int, data: Any) -> Answer:
        if among[number]["user"]["login"] != (self.who or self.robot):
            return 403, {"message": "not yours"}, {}
        among[number] |= {name: value.replace("\n", "\r\n") for name, value in data.items()}
        return 200, among[number], {}

    def _comments(self, number: int, query: dict[str, str]) -> Answer:
        found = [note for note in self.notes.values() if note["on"] == number]
        # Gitea gives all comments of an issue, whatever the page.
        return (200, found, {"Link": '<http://x.invalid>; rel="next"'}) if self.gitea else self._list(found, query)

    def _comment(self, number: int, data: Any) -> Answer:
        return 201, self.notes[self.note(number, data["body"], self.who or self.robot)], {}

    def _label(self, data: Any) -> Answer:
        assert re.fullmatch("#[0-9a-f]{6}" if self.gitea else "[0-9a-f]{6}", data["color"])
        number = 70 + len(self.labels)
        self.labels[number] = data["name"]
        return 201, {"id": number, "name": data["name"]}, {}


@contextmanager
def serving(platform: Platform) -> Iterator[Platform]:
    """The platform at `platform.url`, until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self) -> None:
            parts = urlsplit(self.path)
            path = parts.path.removeprefix("/api/v1")
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            platform.log.append((self.command, path))
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            if self.headers.get("Authorization") != f"token {TOKEN}":
                answer: Answer = (401, {"message": "Bad credentials"}, {})
            elif platform.failures:
                status, headers = platform.failures.pop(0)
                answer = (status, {"message": "later"}, headers)
            else:
                answer = platform.answer(self.command, path, query, json.loads(raw) if raw else None)
            self.reply(*answer)

        def reply(self, status: int, data: Any, headers: dict[str, str]) -> None:
            body = json.dumps(data).encode()
            self.send_response(status)
            for name, value in {
                **headers,
                "Content-Type": "application/json",
                "Content-Length": str(len(body)),
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = handle_one  # noqa: N815 - the base class looks for these names

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    platform.url = f"http://127.0.0.1:{server.server_port}" + ("/api/v1" if platform.gitea else "")
    try:
        yield platform
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
