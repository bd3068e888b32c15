"""The duty calendars of the three campaigns against tables written by hand from the notices, in tests/calendars."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from checkout import fill_in
from support import KINDS, ROOT, MemorySource, sample

from taizhang.checks.verdict import judge
from taizhang.findings import worded
from taizhang.findings.formats import as_text
from taizhang.intake.records import read_tree
from taizhang.ledger.ledger import Ledger

TABLES = Path(__file__).parent / "calendars"
TEMPLATE = ROOT / "docs" / "templates" / "three-year-2024-2026"
WEEKDAYS = "一二三四五六日"


class Line(NamedTuple):
    """One due day: the period or “-”, the day, its weekday, what is due."""

    period: str
    due: str
    weekday: str
    title: str


def table(name: str) -> list[Line]:
    text = (TABLES / f"{name}.txt").read_text(encoding="utf-8")
    return [Line(*re.split(r" {2,}", line)) for line in text.splitlines() if not line.startswith("#")]


def lines(ledger: Ledger) -> list[Line]:
    return [
        Line(o.period.key if o.period else "-", str(o.due), WEEKDAYS[o.due.weekday()], o.duty.title)
        for o in ledger.obligations()
    ]


def template(*, options: bool = False) -> Ledger:
    """The ledger of the template without filings, its optional duties uncommented or not."""
    files = {
        f.relative_to(TEMPLATE).as_posix(): f.read_bytes().replace("请填写".encode(), "示例".encode())
        for f in (TEMPLATE / "submissions").rglob("*.yml")
    }
    if options:
        name = "submissions/zhiben-2024-2026/campaign.yml"
        text = files[name].decode()
        files[name] = re.sub(r"^  #(?=- |  )", "  ", text, flags=re.MULTILINE).encode()
        assert files[name].decode() != text
    verdict = judge(read_tree(MemorySource(files), KINDS), KINDS, date(2026, 11, 23))
    assert as_text(worded(verdict.validity)) == ""
    (ledger,) = verdict.ledgers
    return ledger


def banner() -> Ledger:
    return sample("shili-banner-2023", date(2024, 1, 31))


def city() -> Ledger:
    return sample("shili-city-2019", date(2020, 1, 20))


def side_by_side(wanted: Sequence[Line], found: Sequence[Line]) -> Iterator[str]:
    """Both calendars, one day a line, to be read when they differ or with pytest -s."""
    for line in sorted({*wanted, *found}, key=lambda line: (line.due, line.title)):
        here, there = (" ".join(line) if line in side else "" for side in (wanted, found))
        yield f"{'  ' if here == there else '! '}{here:<50}| {there}"


def compare(name: str, ledger: Ledger) -> None:
    wanted, found = table(name), lines(ledger)
    print(f"\n{name}\n" + "\n".join(side_by_side(wanted, found)))  # noqa: T201 - shown with -s
    assert sorted(found) == sorted(wanted)
    assert [line.due for line in found] == sorted(line.due for line in found)


@pytest.mark.requirement("A21", "A29", "A33", "A42", "A57", "A59", "A60", "A61", "A62", "A63")
def test_banner_2023() -> None:
    compare("banner-2023", banner())


@pytest.mark.requirement("B27", "B32", "B48")
def test_city_2019() -> None:
    compare("city-2019", city())


def test_three_years() -> None:
    """The statutory tables among them: 安监总局令第16号, each quarter and each year."""
    compare("three-year-2024-2026", template())


SUNDAYS = [
    pytest.param("city-2019", "2019-11-24", "月报", marks=pytest.mark.requirement("B48")),
    pytest.param("banner-2023", "2023-12-10", "贯彻落实情况（第二次）", marks=pytest.mark.requirement("A63")),
    pytest.param("three-year-2024-2026", "2027-01-31", "事故隐患排查治理年度统计表"),
]


@pytest.mark.parametrize(("name", "due", "title"), SUNDAYS)
def test_sundays_are_not_shifted(name: str, due: str, title: str) -> None:
    ledger = {"city-2019": city, "banner-2023": banner, "three-year-2024-2026": template}[name]()
    assert ledger.campaign.weekend_policy == "none"
    assert [(line.weekday, line.title) for line in lines(ledger) if line.due == due] == [("日", title)]


STATUTORY = ["2026-01-15", "2026-04-15", "2026-07-15", "2026-10-15", "2027-01-15"]


def test_statutory_tables_of_2026() -> None:
    found = lines(template())
    quarterly = [line.due for line in found if line.title.endswith("季度统计表") and line.due >= "2026"]
    yearly = [line.due for line in found if line.title.endswith("年度统计表") and line.due >= "2026"]
    assert quarterly == STATUTORY
    assert yearly == ["2026-01-31", "2027-01-31"]


def test_options_of_the_template() -> None:
    """154 weeks, the 53rd of 2026 among them, and six half-years of each."""
    found = [line for line in lines(template(options=True)) if line not in lines(template())]
    assert set(table("three-year-options")) <= set(found)
    weeks = [line for line in found if line.title == "周报"]
    assert len(weeks) == 49 + 52 + 53
    assert (weeks[0].period, weeks[-1].period) == ("2024-W04", "2026-W53")
    assert len(found) == len(weeks) + 12


def test_the_three_campaigns_are_printed_side_by_side(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    shutil.copytree(TEMPLATE / "submissions", tmp_path / "submissions")
    fill_in(tmp_path / "submissions")
    for campaign in ("shili-banner-2023", "shili-city-2019"):
        (tmp_path / "submissions" / campaign).mkdir()
        for name in ("campaign.yml", "roll.yml"):
            shutil.copy(ROOT / "submissions" / campaign / name, tmp_path / "submissions" / campaign / name)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    code = "from taizhang.cli import main; main()"
    printed = subprocess.run(
        [sys.executable, "-c", code, "--root", tmp_path, "calendar", "--today", "2026-11-23"],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "260", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    print(printed)  # noqa: T201 - shown with -s
    rows = [re.findall(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", row) for row in printed.splitlines()]
    assert next(row for row in rows if row) == ["2024-02-25", "2023-05-25", "2019-09-24"]
    calendars = [table(name) for name in ("three-year-2024-2026", "banner-2023", "city-2019")]
    assert sorted(day for row in rows for day in row) == sorted(line.due for lines in calendars for line in lines)


# --- Working days ---------------------------------------------------------------------------------


def test_the_template_has_the_same_calendars() -> None:
    for file in sorted((TEMPLATE / "submissions" / "calendar").iterdir()):
        assert file.read_bytes() == (ROOT / "submissions" / "calendar" / file.name).read_bytes()


@pytest.mark.parametrize("year", [2019, 2020, 2023, 2024, 2025, 2026])
def test_calendars_are_plausible(year: int) -> None:
    """Seven holidays, or six where two fall together; make-up days are Saturdays and Sundays outside of them."""
    source = MemorySource(
        {f"submissions/calendar/{year}.yml": (ROOT / "submissions" / "calendar" / f"{year}.yml").read_bytes()}
    )
    (record,) = read_tree(source, KINDS).records
    spans = [(date.fromisoformat(h["from"]), date.fromisoformat(h["to"])) for h in record.data["holidays"]]
    assert len(spans) in (6, 7)
    assert spans == sorted(spans)
    assert all(first <= last and last.year == year for first, last in spans)
    for text in record.data["workdays"]:
        day = date.fromisoformat(text)
        assert day.weekday() >= 5
        assert not any(first <= day <= last for first, last in spans)
    assert f"{year}年" in record.data["source"]


WORKDAYS = [
    ("2020-01-23", True),
    ("2020-02-01", False),
    ("2020-02-03", True),
    ("2025-01-26", True),
    ("2025-10-08", False),
    ("2025-10-11", True),
    ("2026-01-02", False),
    ("2026-01-04", True),
    ("2026-02-23", False),
    ("2026-02-28", True),
    ("2026-10-08", True),
]


@pytest.mark.parametrize(("day", "works"), WORKDAYS)
def test_days_that_were_moved(day: str, works: bool) -> None:
    assert city().calendar.is_workday(date.fromisoformat(day)) is works
