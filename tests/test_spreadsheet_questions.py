"""`taizhang new` at a terminal: questions, answers checked one by one, nothing written on Ctrl+C. On a real pty."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from spreadsheets import Desk
from support import CAMPAIGN, ROOT, Tree, sealed

PATIENCE = 60
"""Seconds that a prompt may take on a busy machine."""


class Terminal:
    """A program on a pseudo-terminal: what it prints, and lines typed at it."""

    def __init__(self, master: int, child: subprocess.Popen[bytes]) -> None:
        self.master, self.child = master, child
        self.seen = ""
        self.at = 0

    def expect(self, text: str) -> str:
        """Wait until `text` appears after what was seen before; gives what came up to it."""
        end = time.monotonic() + PATIENCE
        while text not in self.seen[self.at :]:
            assert time.monotonic() < end, f"{text!r} not in {self.seen[self.at :]!r}"
            ready, _, _ = select.select([self.master], [], [], 0.2)
            if ready:
                try:
                    self.seen += os.read(self.master, 65536).decode("utf-8", errors="ignore")
                except OSError:
                    assert text in self.seen[self.at :], f"{text!r} not in {self.seen[self.at :]!r}"
        start, self.at = self.at, self.seen.index(text, self.at) + len(text)
        return self.seen[start : self.at]

    def type(self, line: str, after: str = "> ") -> None:
        """Wait for a prompt and answer it."""
        self.expect(after)
        os.write(self.master, f"{line}\n".encode())

    def interrupt(self) -> None:
        """Press Ctrl+C until the program ends: one that comes just before a read begins is only seen with the next."""
        for _ in range(3):
            os.write(self.master, b"\x03")
            with suppress(subprocess.TimeoutExpired):
                self.child.wait(PATIENCE / 4)
                return


PROGRAM = """
import fcntl, signal, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl+C typed at the terminal reaches the program
signal.signal(signal.SIGINT, signal.default_int_handler)  # tests that run in the background would have it ignored
from taizhang.cli import main
main()
"""


@contextmanager
def terminal(desk: Desk, *arguments: str) -> Iterator[Terminal]:
    """`taizhang new …` on a pseudo-terminal; its exit code is in the file `code` afterwards."""
    master, slave = pty.openpty()
    command = [sys.executable, "-c", PROGRAM, "--root", str(desk.root), "new", *arguments]
    command += ["--org", "east-hospital", "--today", "2023-06-05"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb", "PYTHONUTF8": "1"}
    streams = {"stdin": slave, "stdout": slave, "stderr": slave}
    with subprocess.Popen(command, **streams, env=environment, start_new_session=True) as child:
        os.close(slave)
        try:
            yield Terminal(master, child)
            child.wait(PATIENCE)
        finally:
            child.kill()
            os.close(master)
    (desk.folder / "code").write_text(str(child.returncode))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_hazard_is_asked_for_and_written(desk: Desk) -> None:
    """Defaults by Enter, choices by number, days and amounts as people write them, an optional group part by part."""
    with terminal(desk, "hazards") as screen:
        screen.expect("填报日期（必填）")
        screen.type("")
        screen.expect("隐患名称（必填）")
        screen.type("安全出口上锁")
        screen.expect("公开摘要（必填）")
        screen.type("", after="[安全出口上锁] >")
        screen.type("5月22日")
        screen.type("", after="[2023-06-05] >")
        screen.expect("1. 单位自查")
        screen.type("1")
        screen.type("住院部二楼")
        screen.type("消防")
        screen.type("3")
        screen.type("2")
        screen.expect("还可以填")
        number = next(line.split(".")[0].strip() for line in screen.expect("> ").splitlines() if "整改资金" in line)
        os.write(screen.master, f"{number}\n".encode())
        screen.type("1.2万")
        screen.type("3000")
        screen.type("")
        screen.type("")
        screen.type("", after="不填了） >")
        screen.type("", after="写 n 放弃 >")
        screen.expect("已写好")
    assert desk.records() == {
        "2023-001": {
            "filed_on": "2023-06-05",
            "title": "安全出口上锁",
            "public_summary": "安全出口上锁",
            "discovered_on": "2023-05-22",
            "registered_on": "2023-06-05",
            "source": "self_check",
            "place": "住院部二楼",
            "category": "fire",
            "nature": "management_defect",
            "claimed_level": "general",
            "funds": {"planned": 12000, "secured": 3000},
        }
    }
    assert desk.check().exit_code == 0


def test_a_wrong_answer_gets_the_sentence_of_the_check_and_is_asked_again(desk: Desk) -> None:
    with terminal(desk, "hazards") as screen:
        screen.type("五月底")
        assert "必须是真实的日期" in screen.expect("改法")
        screen.type("2023-06-01")
        screen.type("")
        screen.expect("请填写「隐患名称」")
        screen.type("联系保安13800000000")
        screen.expect("不能有电话")
        screen.type("门")
        assert "2 到 60" in screen.expect("改法")
        screen.expect("> ")
        screen.interrupt()
    assert desk.records() == {}
    assert (desk.folder / "code").read_text() == "130"
    assert not (desk.root / "submissions" / CAMPAIGN / "east-hospital" / "hazards").exists()


def test_a_nil_return_in_two_answers(desk: Desk) -> None:
    with terminal(desk, "weekly") as screen:
        screen.type("")
        screen.expect("还可以填")
        screen.type("1")
        screen.type("是")
        screen.type("")
        screen.type("")
        screen.expect("已写好")
    assert desk.records("weekly") == {"2023-W23": {"filed_on": "2023-06-05", "nil_return": True}}


def test_no_is_no(desk: Desk) -> None:
    with terminal(desk, "weekly") as screen:
        screen.type("")
        screen.type("")
        screen.type("n")
        screen.expect("没有写")
    assert desk.records("weekly") == {}


def test_lists_of_groups_and_sealed_text(tmp_path: Path) -> None:
    """A look-back has entries of three parts; a sealed field takes what `taizhang seal` printed."""
    tree = Tree()
    tree.add("east-hospital", "hazards")
    desk = Desk(tmp_path, tree)
    with terminal(desk, "inspections") as screen:
        for answer in ("", "6月2日", "1", "1", "配电室；锅炉房", "未发现新的隐患"):
            screen.type(answer)
        number = next(line.split(".")[0].strip() for line in screen.expect("> ").splitlines() if "回头看" in line)
        os.write(screen.master, f"{number}\n".encode())
        for answer in ("2023-001", "1", "", "", "", ""):
            screen.type(answer)
        screen.expect("已写好")
    (found,) = desk.records("inspections").values()
    assert found["places"] == ["配电室", "锅炉房"]
    assert found["look_back"][0]["hazard"] == "east-hospital/2023-001"
    token = sealed()
    with terminal(desk, "contacts") as screen:
        for answer in ("", "城东医院", "1、2、3", token, "", ""):
            screen.type(answer)
        screen.expect("已写好")
    (found,) = desk.records("contacts").values()
    assert found["people"] == token
    assert len(found["roles"]) == 3


def test_without_a_terminal_or_with_blank_it_is_a_template(desk: Desk) -> None:
    with terminal(desk, "weekly", "--blank") as screen:
        screen.expect("已写好空白记录")
    (file,) = (desk.root / "submissions" / CAMPAIGN / "east-hospital" / "weekly").glob("*.yml")
    assert "# nil_return" in file.read_text("utf-8")
