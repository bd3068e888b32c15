"""A built site shown on this machine alone, with its own page for what is not there."""

from __future__ import annotations

import functools
import http.server
from pathlib import Path
from typing import Any

LOCAL = "127.0.0.1"


def local_server(folder: Path, port: int) -> http.server.ThreadingHTTPServer:
    """A server of the files below `folder`, port 0 being any that is free. Raises OSError for a port in use."""
    return http.server.ThreadingHTTPServer((LOCAL, port), functools.partial(SiteHandler, directory=str(folder)))


class SiteHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files without a line for each, and the site's own page where there is none."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
        del format, args

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        if code != http.HTTPStatus.NOT_FOUND or not page.exists():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
