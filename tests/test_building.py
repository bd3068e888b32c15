"""A build without the command line: what stops it, where an edition may lie, when nothing is to be done."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from datetime import date
from pathlib import Path

import pytest
from checkout import checkout
from support import Tree

from taizhang.publishing.server import LOCAL, local_server
from taizhang.publishing.site import PLACES, Build, BuildStopped, Misplaced
from taizhang.publishing.target import INTERNAL, PUBLIC
from taizhang.workspace import Workspace

DAY = date(2024, 3, 1)


def silent(_: str) -> None:
    """Nobody watches the progress."""


def test_a_site_is_built_once_and_again_only_for_another_address(tmp_path: Path) -> None:
    root = checkout(tmp_path, Tree())
    link, said = root / PLACES[PUBLIC], list[str]()
    first = Build(PUBLIC, link, DAY).run(Workspace(root), said.append)
    assert first.pages
    assert said[-1] == f"生成 {first.pages} 页"
    assert (link / "index.html").exists()
    assert Build(PUBLIC, link, DAY).run(Workspace(root), silent).pages is None
    assert Build(PUBLIC, link, DAY, "https://example.org/").run(Workspace(root), silent).pages == first.pages


def test_errors_stop_the_public_edition_before_anything_is_made(tmp_path: Path) -> None:
    tree = Tree()
    tree.add("east-hospital", "weekly", filed_on="x")
    root = checkout(tmp_path, tree)
    with pytest.raises(BuildStopped) as stopped:
        Build(PUBLIC, root / PLACES[PUBLIC], DAY).run(Workspace(root), silent)
    assert [item.code for item in stopped.value.errors] == ["E-DATE"]
    assert not (root / "build").exists()


@pytest.mark.parametrize("place", ["build/site", "build/other", "build/releases/r1", "www/site"])
def test_the_internal_edition_is_kept_from_where_a_public_one_lies(tmp_path: Path, place: str) -> None:
    (tmp_path / "build/releases/r1").mkdir(parents=True)
    (tmp_path / "www/releases/r1").mkdir(parents=True)
    with pytest.raises(Misplaced):
        Build(INTERNAL, tmp_path / place, DAY).run(Workspace(tmp_path), silent)


def test_a_site_is_shown_with_its_own_page_for_what_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("开始", encoding="utf-8")
    with local_server(tmp_path, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://{LOCAL}:{server.server_port}"
        with urllib.request.urlopen(address) as answer:
            assert answer.read().decode() == "开始"
        for page, shown in ((None, "<!DOCTYPE"), ("没有这一页", "没有这一页")):
            if page:
                (tmp_path / "404.html").write_text(page, encoding="utf-8")
            with pytest.raises(urllib.error.HTTPError) as missing:
                urllib.request.urlopen(f"{address}/nowhere/")  # noqa: S310
            with missing.value as answer:
                assert (answer.code, answer.read().decode()[: len(shown)]) == (404, shown)
        server.shutdown()
    with local_server(tmp_path, 0) as server, pytest.raises(OSError, match="in use"):
        local_server(tmp_path, server.server_port)
