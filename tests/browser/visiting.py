"""Finding a browser, serving a built site, and visits that notice whatever goes wrong."""

from __future__ import annotations

import functools
import http.server
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Request, Response, expect

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
MISSING = """\
The browser tests need Chromium. On Debian: sudo apt-get install chromium fonts-noto-cjk
Or set TAIZHANG_CHROMIUM to the browser's path; `make test` tries to install what is missing.
浏览器测试需要 Chromium。Debian 请运行：sudo apt-get install chromium fonts-noto-cjk
也可用 TAIZHANG_CHROMIUM 指定浏览器路径。"""


def find_chromium() -> str | None:
    """The browser named in the environment, or the first that is installed; a snap cannot be driven."""
    named = os.environ.get("TAIZHANG_CHROMIUM")
    if named:
        return shutil.which(named)
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in found if path and "/snap" not in os.path.realpath(path)), None)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
        del format, args


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server for `folder`, on whatever port is free."""
    handler = functools.partial(Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


expect.set_options(timeout=15_000)


@dataclass
class Visit:
    """A page in a window of its own, and everything that went wrong in it."""

    page: Page
    base: str
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        page = self.page
        page.on("console", lambda m: self.troubles.append(f"console: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        page.on("requestfailed", self._failed)
        page.on("request", lambda request: self._watch(request.url))
        page.on("response", self._answered)
        page.on("dialog", self._dialog)

    def _watch(self, url: str) -> None:
        if not url.startswith((self.base, "data:", "blob:")):
            self.troubles.append(f"another host: {url}")

    def _failed(self, request: Request) -> None:
        # What a reader leaves behind by moving on was not wrong.
        if request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"failed: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.troubles.append(f"{response.status}: {response.url}")

    def _dialog(self, dialog: Any) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def go(self, path: str = "") -> Page:
        self.page.goto(self.base + path)
        return self.page

    def search(self, text: str) -> list[str]:
        """Type into the search box as an input method does; gives what the results lead to, the best first."""
        box, told = self.page.locator("[data-md-component=search-query]"), self.page.locator(".md-search-result__meta")
        if not box.is_visible():
            self.page.locator("label.md-header__button[for=__search]").click()
        for value, shown in (("", r"输入单位"), (text, r"找到")):
            box.fill(value)
            # The theme listens for a key to be let go.
            box.press("Shift")
            expect(told).to_have_text(re.compile(shown))
        links = self.page.locator(".md-search-result__link").all()
        return [(link.get_attribute("href") or "").removeprefix(self.base) for link in links]

    def found(self) -> int:
        """How many pages the last search found."""
        told = self.page.locator(".md-search-result__meta").inner_text()
        return int("".join(c for c in told if c.isdigit()) or 0)


OpenVisit = Callable[..., Visit]
