"""Cells as values, names of columns, numbers of persons: the small readings that an import is made of."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spreadsheets import HEAD, ROW
from support import KINDS

from taizhang.intake.characters import first_forbidden
from taizhang.intake.strict_yaml import load
from taizhang.intake.writing import document
from taizhang.spreadsheets.reading import Book, Cell, StoredSheet
from taizhang.workbooks.columns import ColumnRole, _aliases, _plain, _special, fields_of, layout_of, normal
from taizhang.workbooks.drafts import RowDraft, read_rows
from taizhang.workbooks.headers import find_table
from taizhang.workbooks.identity import mark_of
from taizhang.workbooks.values import ReadingContext, clean, read_amount, read_day, read_value
from taizhang.workbooks.verdicts import letter

LAYOUT = layout_of(KINDS["hazards"])


def around(starts_on: date = date(2023, 5, 20), ends_on: date = date(2023, 12, 31)) -> ReadingContext:
    return ReadingContext("east-hospital", starts_on, ends_on, date(2023, 6, 5), {normal("城东医院"): "east-hospital"})


UNREADABLE = [
    "5月",
    "2023年5月",
    "2023.5",
    "6月底前",
    "立即整改",
    "2023-02-30",
    "13.45",
    "5月20日-25日",
    "99.5.20",
    2023,
    5.2,
]


@pytest.mark.parametrize("cell", UNREADABLE)
def test_a_day_that_cannot_be_known_stays_as_it_was_written(cell: Cell) -> None:
    found = read_day(cell, around())
    assert found.value == clean(cell)
    assert found.note == ""


def test_a_day_without_a_year_in_a_campaign_of_several() -> None:
    """Only where one year fits: the campaign runs from August 2023 to May 2024."""
    long = around(date(2023, 8, 1), date(2024, 5, 31))
    assert read_day("10月1日", long).value == "2023-10-01"
    assert read_day("3月1日", long).value == "2024-03-01"
    assert read_day("6月15日", long).value == "6月15日"
    assert read_day("10月1日", around(date(2022, 1, 1), date(2023, 12, 31))).value == "10月1日"


@pytest.mark.parametrize(
    ("text", "unit", "yuan"),
    [
        ("5", "万元", 50_000),
        ("5元", "万元", 5),
        ("1.13", "万元", 11_300),
        ("1.1299999999999999", "万元", 11_300),
        ("0.00001", "万元", "0.00001"),
        ("2千元", "", 2000),
        ("1亿元", "", 100_000_000),
        ("约3万", "", 30_000),
        ("无需", "", 0),
        ("五千", "元", "五千"),
        ("12.5", "元", "12.5"),
        ("5", "", "5"),
    ],
)
def test_amounts(text: str, unit: str, yuan: object) -> None:
    assert read_amount(text, unit).value == yuan


@pytest.mark.parametrize("text", ["/", "—", "-", "", "  ", "\u3000", "N/A", None])
def test_marks_for_nothing_are_nothing(text: str | None) -> None:
    assert read_value(KINDS["hazards"].field(("title",)), text, around()).value is None


@pytest.mark.parametrize(
    ("title", "goes_to"),
    [
        ("隐患描述", ColumnRole.CONTENT),
        (" 隐 患\n描 述（简要） ", ColumnRole.CONTENT),
        ("３．整改期限", ("deadline",)),
        ("整改资金（万元）", ("funds", "planned")),
        ("*发现日期：", ("discovered_on",)),
        ("部位（公开）", ("place",)),
        ("详细情况（不公开）", ("description",)),
        ("整改资金（五落实·资金） › 计划投入（元）", ("funds", "planned")),
        ("claimed_level", ("claimed_level",)),
        ("五落实·资金", ("funds", "planned")),
        ("联系电话", ColumnRole.LEFT_OUT),
        ("整改措施落实情况", None),
    ],
)
def test_names_of_columns(title: str, goes_to: object) -> None:
    target = LAYOUT.names.get(normal(title, brackets=True)) or LAYOUT.names.get(normal(title))
    assert (target and (target.path or target.role)) == goes_to


@pytest.mark.parametrize("kind", sorted(kind.name for kind in KINDS.values() if kind.place == "record"))
def test_every_title_of_a_schema_is_the_name_of_its_column(kind: str) -> None:
    layout = layout_of(KINDS[kind])
    for item in fields_of(KINDS[kind]):
        for name in (item.title, f"{item.title}*"):
            assert layout.names[normal(name, brackets=True)].path == item.path


def test_aliases_name_fields_that_are_there() -> None:
    """A misspelt field in aliases.yml would drop its columns without a word."""
    for kind, section in _aliases().items():
        if kind == "every":
            continue
        fields = {".".join(map(str, item.path)) for item in fields_of(KINDS[kind])}
        assert set(section.get("fields", {})) <= fields, kind
        for name, meanings in section.get("values", {}).items():
            schema = KINDS[kind].field((name,))
            assert set(meanings) <= set(schema.get("enum", (True, False))), name


def test_no_name_is_given_to_two_columns() -> None:
    for kind, section in _aliases().items():
        fields = LAYOUT.fields if kind in ("every", "hazards") else layout_of(KINDS[kind]).fields
        names = [normal(str(t)) for _, titles in (*_special(section), *_plain(section, fields)) for t in titles]
        assert sorted(names) == sorted(set(names)), kind


def test_letters_of_columns() -> None:
    assert [letter(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def drafts(*rows: list[Cell]) -> list[RowDraft]:
    sheet = StoredSheet("x", [HEAD, *rows], height=len(rows) + 1, width=len(HEAD))
    table = find_table(Book((sheet,), ()), LAYOUT)
    return [draft for draft in read_rows(table, LAYOUT, around()) if isinstance(draft, RowDraft)]


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=80),
    st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    st.datetimes(),
    st.sampled_from([*ROW, "重大", "五月", "合计", "=1+1", "a: b", "- x", "无", "１２万"]),
)


@given(st.lists(CELLS, min_size=len(HEAD), max_size=len(HEAD)))
def test_any_row_can_be_read_and_written_as_the_same_data(cells: list[Cell]) -> None:
    """Whatever a cell holds, reading never fails, and what would be written reads back as it was."""
    for draft in drafts(cells):
        text = document(draft.data)
        if not first_forbidden(text):
            assert load(text.encode()).data == draft.data
        assert mark_of(LAYOUT, draft.data) == mark_of(LAYOUT, dict(draft.data))
