"""Releases on a real disk: whose a folder is, who may read it, two builds at once, and what a disk may lack."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from checkout import MakeOnce, checkout, taizhang
from repositories import Work
from support import Tree

from taizhang.cli.files import rewrite
from taizhang.publishing import release
from taizhang.publishing.target import INTERNAL, MARK, PUBLIC, NotOurs, ReleaseTarget, locked

DAY, LATER = "2024-03-01", "2024-02-01"


def small(folder: Path) -> None:
    """What stands for a build where only the disk matters."""
    (folder / "units").mkdir(parents=True)
    for file in (folder / "index.html", folder / "units" / "index.html"):
        file.write_text(str(folder), encoding="utf-8")


def tree_of(top: Path) -> dict[str, bytes | str]:
    """Everything below a folder: what links say, what files hold."""
    return {
        file.relative_to(top).as_posix(): str(file.readlink()) if file.is_symlink() else file.read_bytes()
        for file in sorted(top.rglob("*"))
        if file.is_symlink() or file.is_file()
    }


@pytest.fixture(scope="session")
def published(made_once: MakeOnce) -> Path:
    """A checkout in a repository with its site in place. Only copy it."""

    def make(folder: Path) -> None:
        work = Work(checkout(folder, Tree()))
        work.write(".gitignore", "build/\n")
        work.commit()
        assert taizhang(folder, "build", "--today", DAY).exit_code == 0

    return made_once("published", make)


@pytest.fixture
def root(published: Path, tmp_path: Path) -> Path:
    """A checkout with its site in place, to be built in again."""
    return Path(shutil.copytree(published, tmp_path / "checkout", symlinks=True))


# --- Nothing is destroyed that is not ours ------------------------------------------------------------


def a_folder(place: Path) -> None:
    (place / "thesis").mkdir(parents=True)
    (place / "thesis" / "only-copy.txt").write_text("mine")


def another_site(place: Path) -> None:
    place.mkdir()
    (place / "index.html").write_text("<h1>another</h1>")
    (place / "release.json").write_text("{}")


def a_file(place: Path) -> None:
    place.write_text("mine")


def a_link(place: Path) -> None:
    a_folder(place.parent / "elsewhere")
    place.symlink_to("elsewhere", target_is_directory=True)


def releases_of_their_own(place: Path) -> None:
    a_folder(place.parent / "releases" / f"public-{place.name}")


def a_spoilt_mark(place: Path) -> None:
    releases_of_their_own(place)
    (place.parent / "releases" / f"public-{place.name}" / MARK).write_text("[]")


@pytest.mark.parametrize("lay", [a_folder, another_site, a_file, a_link, releases_of_their_own, a_spoilt_mark])
def test_what_no_build_of_this_site_put_there_is_left_alone(
    root: Path, tmp_path: Path, lay: Callable[[Path], None]
) -> None:
    place = tmp_path / "www" / "site"
    place.parent.mkdir()
    lay(place)
    before = tree_of(place.parent)
    result = taizhang(root, "build", "--today", DAY, "--output", str(place))
    assert result.exit_code == 2
    assert "已经有别的内容，不是这个网站生成的，没有动它；请用 --output 另选一个文件夹" in result.stderr
    assert tree_of(place.parent) == before
    with pytest.raises(NotOurs):
        release.publish(ReleaseTarget(place), "r1", small)
    assert tree_of(place.parent) == before


def test_the_site_of_another_repository_is_left_alone(root: Path, tmp_path: Path) -> None:
    other = Work(tmp_path / "other")
    other.write("README.md", "another\n")
    other.commit()
    shutil.copytree(root, other.root, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".git", "build"))
    before = tree_of(root / "build")
    result = taizhang(other.root, "build", "--today", LATER, "--output", str(root / "build/site"))
    assert (result.exit_code, "是另一个仓库的网站，没有动它" in result.stderr) == (2, True)
    assert tree_of(root / "build") == before


def test_a_folder_that_became_a_repository_keeps_its_site(tmp_path: Path) -> None:
    link = tmp_path / "site"
    release.publish(ReleaseTarget(link), "r1", small)
    release.publish(ReleaseTarget(link, PUBLIC, "a" * 40), "r2", small)
    with pytest.raises(NotOurs):
        release.publish(ReleaseTarget(link, PUBLIC, "b" * 40), "r3", small)
    with pytest.raises(NotOurs):
        release.publish(ReleaseTarget(link), "r3", small)
    assert link.resolve().name == "r2"


def test_sites_in_one_folder_keep_their_own_releases(tmp_path: Path) -> None:
    one, two = (ReleaseTarget(tmp_path / name) for name in ("one", "two"))
    for number in range(4):
        release.publish(one, f"r{number}", small)
        release.publish(two, "same", small)
    held = [{f.name for f in each.releases.iterdir() if f.is_dir()} for each in (one, two)]
    assert held == [{"r2", "r3"}, {"same"}]
    assert [each.link.resolve().name for each in (one, two)] == ["r3", "same"]


def test_a_site_that_an_earlier_version_put_there_is_ours(tmp_path: Path) -> None:
    """It kept the releases of all links in one folder; what it left there is nobody's to sweep."""
    small(tmp_path / "releases" / "0123")
    (tmp_path / "site").symlink_to("releases/0123", target_is_directory=True)
    target = ReleaseTarget(tmp_path / "site")
    release.publish(target, "r1", small)
    assert target.link.resolve() == target.releases / "r1"
    assert (tmp_path / "releases" / "0123" / "index.html").exists()


def test_a_mark_says_whose_the_releases_are(root: Path) -> None:
    mark = json.loads(((root / "build/site").resolve().parent / MARK).read_text())
    first = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=True).stdout
    assert mark == {"version": 1, "edition": PUBLIC, "first_commit": first.strip()}


# --- Who may read it ----------------------------------------------------------------------------------


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_a_public_site_can_be_read_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    target = ReleaseTarget(tmp_path / "www" / "site")
    internal = ReleaseTarget(tmp_path / "my" / "site", INTERNAL)
    before = os.umask(mask)
    try:
        release.publish(target, "r1", small)
        release.publish(internal, "r1", small)
    finally:
        os.umask(before)
    site = target.link.resolve()
    folders = [target.link.parent, *(f for f in (site, *site.parents) if f.is_relative_to(target.link.parent))]
    assert {f.stat().st_mode & 0o777 for f in (*folders, site / "units")} == {0o755}
    assert {f.stat().st_mode & 0o777 for f in site.rglob("*.html")} == {0o644}
    assert {f.stat().st_mode & 0o777 for f in internal.link.resolve().rglob("*.html")} == {0o666 & ~mask}


# --- Two at once --------------------------------------------------------------------------------------


def test_two_builds_at_once_end_well(root: Path) -> None:
    command = [sys.executable, "-m", "taizhang", "--root", str(root), "build", "--today", LATER]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=300) for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    assert sum("已生成" in out for out, _ in said) == 1
    assert sum("网站已是最新" in out for out, _ in said) == 1
    assert (root / "build/site/index.html").exists()


HOLDER = """
import sys, time
from pathlib import Path
from taizhang.publishing.target import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_build_waits_for_one_that_runs_and_for_none_that_was_killed(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    waits, entered = threading.Event(), threading.Event()

    def wait() -> None:
        with locked(tmp_path, waits.set):
            entered.set()

    waiter = threading.Thread(target=wait)
    waiter.start()
    assert waits.wait(60)
    assert not entered.is_set()
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    waiter.join(60)
    assert entered.is_set()


def test_where_a_file_system_knows_no_locks_a_site_is_built_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, "no locks here")

    monkeypatch.setattr(fcntl, "flock", refuse)
    number = errno.EBADF
    release.publish(ReleaseTarget(tmp_path / "site"), "r1", small)
    assert (tmp_path / "site" / "index.html").exists()
    number = errno.EIO
    with pytest.raises(OSError, match="no locks"):
        release.publish(ReleaseTarget(tmp_path / "site"), "r2", small)


# --- What a disk may lack -----------------------------------------------------------------------------


def failed(root: Path, *arguments: str, through: tuple[str, ...] = ()) -> str:
    """What a build says that the disk stops; the site in place is as it was, and nothing half made is left."""
    before = tree_of((root / "build/site").resolve())
    command = [*through, sys.executable, "-m", "taizhang", "--root", str(root), "build", "--today", LATER, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 3, (done.stdout, done.stderr)
    assert "Traceback" not in done.stdout + done.stderr
    assert "没有生成网站，原来的网站保持不变。\n没有做完：" in done.stderr
    assert tree_of((root / "build/site").resolve()) == before
    assert not list(root.rglob("build/**/*.part"))
    return done.stderr


@pytest.fixture
def mounted(root: Path) -> Iterator[Callable[[str], Path]]:
    """Puts the checkout's build folder on a small disk of its own, mounted with some options, the site on it."""
    build, aside = root / "build", root / "aside"

    def mount(options: str) -> Path:
        build.rename(aside)
        build.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(build)]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("only root may mount a disk")
        shutil.copytree(aside, build, symlinks=True, dirs_exist_ok=True)
        return build

    yield mount
    subprocess.run(["umount", "--lazy", str(build)], capture_output=True, check=False)


def test_a_full_disk(root: Path, mounted: Callable[[str], Path]) -> None:
    used = sum(file.stat().st_size for file in (root / "build").rglob("*") if file.is_file())
    build = mounted(f"size={used * 5 // 4}")
    assert "磁盘满了" in failed(root)
    subprocess.run(["mount", "-o", "remount,size=1g", str(build)], check=True)
    assert taizhang(root, "build", "--today", LATER).exit_code == 0


def test_a_disk_that_can_only_be_read(root: Path, mounted: Callable[[str], Path]) -> None:
    build = mounted("size=1g")
    subprocess.run(["mount", "-o", "remount,ro", str(build)], check=True)
    assert "这里只能读，不能写" in failed(root)


def test_a_limit_to_the_size_of_files(root: Path) -> None:
    """Holds for root too: no file may become larger than 64 KiB, which those of the theme are."""
    through = ("sh", "-c", 'ulimit -f "$0"; exec "$@"', "128" if os.path.realpath("/bin/sh").endswith("dash") else "64")
    assert "文件超过了系统允许的大小" in failed(root, through=through)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may do everything")
def test_a_folder_without_permission(root: Path) -> None:
    releases = (root / "build/site").resolve().parent
    releases.chmod(0o555)
    assert "没有权限" in failed(root)
    releases.chmod(0o755)


def test_a_file_where_kept_files_belong(root: Path) -> None:
    kept = root / "build/cache/bulletins"
    shutil.rmtree(kept)
    kept.write_text("a file")
    assert f"应该是文件夹的地方是一个文件（{kept}" in failed(root)


def test_a_file_where_the_folder_of_a_new_site_belongs(root: Path, tmp_path: Path) -> None:
    (tmp_path / "www").write_text("a file")
    said = failed(root, "--output", str(tmp_path / "www" / "site"))
    assert "应该是文件夹的地方是一个文件" in said


def test_a_text_is_rewritten_whole_or_not_at_all(tmp_path: Path) -> None:
    """What an office wrote into its draft outlives a disk on which the next text has no room."""
    file = tmp_path / "weekly-2023-W22.yml"
    rewrite(file, "remarks: 一周的心血\n")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with pytest.raises(OSError, match="large"):
            rewrite(file, "x" * 1000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert tree_of(tmp_path) == {file.name: "remarks: 一周的心血\n".encode()}
