"""The register of figures: sound in itself, and the one place where a figure is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from copies import changed, program_copy, run_with
from support import CAMPAIGN, KINDS, Tree, duty, made

from taizhang.campaign.periods import Rhythm, containing
from taizhang.disclosure.behind import Published, item_of, rows_behind
from taizhang.disclosure.public import campaign_view
from taizhang.figures.counting import COUNTING, counts
from taizhang.figures.figures import Figures
from taizhang.figures.register import EDITION, FIGURES, RECORDS, Figure, Span, is_told, recorded, stretch
from taizhang.figures.tables import counted_figures, present_figures
from taizhang.workspace import Examination

ALL = list(FIGURES.values())


# --- The register ---------------------------------------------------------------------------------


def test_every_figure_is_counted_or_follows_from_others_and_never_both() -> None:
    for figure in ALL:
        assert [bool(figure.counts), bool(figure.parts), bool(figure.rate)].count(True) == 1, figure.id
        assert (figure.id in COUNTING) == bool(figure.counts), figure.id
        assert all(part in FIGURES for part in (*figure.parts, *(figure.rate or ()))), figure.id
    assert set(COUNTING) <= set(FIGURES)
    assert {figure.counts for figure in ALL} - {""} == set(RECORDS)


def test_a_figure_has_one_counting_function_and_a_function_one_figure() -> None:
    with pytest.raises(ValueError, match="maj_closed"):
        counts("maj_closed")
    with pytest.raises(ValueError, match="maj_new"):
        counts("maj_new")
    with pytest.raises(ValueError, match="no_such"):
        counts("no_such")


@pytest.mark.parametrize("returns", ["周报", "月报", "周报、月报"])
def test_no_two_figures_share_a_title_nor_a_heading_of_the_table(returns: str) -> None:
    titles = [figure.title(returns) for figure in ALL]
    assert len(set(titles)) == len(titles)
    headings = [(figure.column.group, figure.short) for figure in ALL if figure.column]
    assert len(set(headings)) == len(headings)


@pytest.mark.parametrize("figure", ALL, ids=lambda figure: figure.id)
def test_every_figure_says_what_it_means(figure: Figure) -> None:
    assert figure.definition.endswith("。")
    assert figure.measure == "%" if figure.rate else figure.measure
    assert "{" not in figure.title()
    assert figure.since is None or 1 <= figure.since <= EDITION
    assert not figure.column or is_told(figure), "the table shows what a bulletin's record holds"


def test_what_a_record_holds_needs_no_addition() -> None:
    """Zeros are left out of a record and sums follow from their parts, so a figure is told if its parts are."""
    assert {figure.id for figure in recorded()} <= {figure.id for figure in ALL if is_told(figure)}
    assert is_told(FIGURES["closure_rate"])
    assert not is_told(FIGURES["duty_due_n"])
    assert not is_told(FIGURES["closure_rate"], 0), "before the first edition there was none"
    assert list(recorded(0)) == []


def test_a_figure_tells_of_a_stretch_of_its_period() -> None:
    start, end = date(2023, 5, 29), date(2023, 6, 4)
    found = {span: stretch(span, start, end) for span in Span}
    assert found == {
        Span.FLOW: (start, end),
        Span.START: (start, start),
        Span.END: (end, end),
        Span.CUMULATIVE: (start, end),
        Span.QUARTER: (date(2023, 4, 1), end),
    }


def test_figures_are_added_up_and_rates_follow() -> None:
    both = Figures(maj_cum_found=1) + Figures(maj_cum_found=2, maj_cum_closed=1)
    assert (both.maj_cum_found, both.maj_cum_closed, both.closure_rate) == (3, 1, Fraction(1, 3))
    assert Figures().closure_rate is None
    assert repr(both) == "Figures(maj_cum_found=3, maj_cum_closed=1)"
    assert {both, Figures(maj_cum_closed=1, maj_cum_found=3)} == {both}


def test_a_stock_that_does_not_balance_is_seen() -> None:
    assert Figures(maj_open_start=2, maj_new_self=1, maj_closed=1, maj_removed=1, maj_open_end=1).balances
    assert not Figures(maj_open_start=2, maj_removed=1, maj_open_end=2).balances


def test_there_is_nothing_behind_a_rate_of_nothing_and_something_behind_a_rate_of_zero() -> None:
    rate = FIGURES["closure_rate"]
    assert Figures().is_empty(rate)
    assert not Figures(maj_cum_found=2).is_empty(rate)


def test_a_name_that_is_no_figure_is_refused() -> None:
    with pytest.raises(AttributeError, match="maj_clsed"):
        _ = Figures().maj_clsed
    with pytest.raises(TypeError, match="maj_clsed"):
        Figures(maj_clsed=1)
    with pytest.raises(TypeError, match="maj_new"):
        Figures(maj_new=1)
    with pytest.raises(TypeError, match="maj_new is no rate"):
        Figures().rate("maj_new")


def test_one_visit_to_two_units_is_one_visit_and_cannot_be_added_up() -> None:
    tree = Tree()
    tree.add("bureau", "visits", units=["east-hospital", "west-hospital"])
    table, _ = present_figures(tree.ledger(date(2023, 7, 1)))
    rows = {row.org.id: row.figures for row in table.rows}
    assert (rows["east-hospital"].visits_n, rows["west-hospital"].visits_n, table.total.visits_n) == (1, 1, 1)
    assert table.total.visited_n == 2
    with pytest.raises(TypeError, match="visits_n cannot be added up"):
        _ = (rows["east-hospital"] + rows["west-hospital"]).visits_n


# --- The present ----------------------------------------------------------------------------------


def test_what_is_due_today_is_not_missing_yet_and_what_was_due_yesterday_is() -> None:
    """The pages of a running campaign show a day that is not over; a bulletin's cut-off is."""
    seen = {day: present_figures(Tree().ledger(date(2023, 5, day)))[0].total for day in (29, 30)}
    assert (seen[29].missing_n, seen[30].missing_n) == (0, 5)
    assert seen[29].duty_not_due_n - seen[30].duty_not_due_n >= 5


def test_a_filing_of_a_month_that_is_due_before_its_end_counts_from_its_due_day_on() -> None:
    monthly = {"every": "month", "day": 24, "from": "2023-06-01"}
    tree = Tree().duties(duty("monthly", "monthly", monthly))
    seen = {day: present_figures(tree.ledger(date(2023, 6, day)))[0].total for day in (24, 25)}
    assert [(total.missing_n, total.duty_missing_n) for total in seen.values()] == [(0, 0), (5, 5)]


def test_before_a_campaign_begins_everything_is_ahead() -> None:
    total = present_figures(Tree().ledger(date(2023, 5, 1)))[0].total
    assert total.duty_due_n == 0
    assert total.duty_not_due_n > 0


def test_who_takes_part_is_who_files_and_has_joined() -> None:
    tree = Tree()
    tree.organisation("west-hospital")["joined_on"] = "2023-07-02"
    seen = {day: present_figures(tree.ledger(date(2023, 7, day)))[0] for day in (1, 2)}
    assert [(len(table.rows), table.total.units_n) for table in seen.values()] == [(6, 4), (7, 5)]


# --- The rows behind -------------------------------------------------------------------------------

COUNTED_KINDS = {"visits", "inspections", "activities", "weekly", "monthly", "tips"}
"""The kinds whose records are counted one by one; all others go into hazards, returns, orders and exposures."""


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.place == "record"])
def test_a_kind_has_its_row_or_is_refused_loudly(name: str) -> None:
    known = Published(CAMPAIGN, date(2023, 7, 1), True, {}, {}, {}, {})
    record = made("east-hospital", name, {"weekly": "2023-W22", "monthly": "2023-06"}.get(name))
    if name in COUNTED_KINDS:
        assert item_of(record, known).label
    else:
        with pytest.raises(TypeError, match=f"no row tells of {name}"):
            item_of(record, known)


def test_what_is_no_record_and_has_no_row_is_refused_too() -> None:
    with pytest.raises(TypeError, match="no row tells of 3"):
        item_of(3, Published(CAMPAIGN, date(2023, 7, 1), True, {}, {}, {}, {}))  # type: ignore[arg-type]


def test_every_sort_of_record_that_the_register_counts_has_its_rows(sample: Examination) -> None:
    found: set[str] = set()
    for ledger in sample.verdict.ledgers:
        month = containing(Rhythm.MONTH, ledger.campaign.starts_on + timedelta(days=40))
        tables = (present_figures(ledger), counted_figures(ledger, month, month.end))
        for is_over, (table, counted) in enumerate(tables):
            behind = rows_behind(counted, campaign_view(ledger, KINDS), table.cut_off, bool(is_over))
            for row in table.rows:
                rows = behind[row.org.id]
                found |= {FIGURES[name].counts for name in rows}
                own = {figure.id: row.figures.count(figure.id) for figure in ALL if figure.counts}
                assert {name: sum(b.amount for b in told) for name, told in rows.items()} == {
                    name: count for name, count in own.items() if count
                }
                assert all(b.item.label for told in rows.values() for b in told)
    assert found == set(RECORDS)


def test_a_tip_is_a_row_without_its_day_and_in_no_order_of_days() -> None:
    tree = Tree()
    for day, category in (("2023-06-20", "gas"), ("2023-06-21", "electrical"), ("2023-06-22", "gas")):
        tree.add("bureau", "tips", f"2023-00{day[-1]}", closed_on=day, filed_on=day, category=category)
    view = campaign_view(tree.ledger(date(2023, 7, 1)), KINDS)
    items = [behind.item for behind in view.behind["bureau"]["tips_n"]]
    assert [item.day for item in items] == [None] * 3
    assert items == sorted(items, key=lambda item: (item.label, item.title))


# --- One figure more ------------------------------------------------------------------------------

ENTRY = """
      - id: special_n
        title: 专项排查次数
        definition: 活动记录里的专项排查。
        measure: 次
        span: flow
        counts: activities
        since: 2
        column: {width: 6.4}
"""
FUNCTION = """

@counts("special_n")
def special_checks(activity: Record) -> int:
    return bool(activity.data["activity"] == "special_check")
"""


@pytest.fixture
def one_more(tmp_path: Path) -> Path:
    """The program with one entry and one counting function more."""
    program = program_copy(tmp_path)
    entries, section = program / "figures" / "register.yml", "\n  - id: oversight\n"
    changed(entries, "\nedition: 1\n", "\nedition: 2\n")
    changed(entries, section, f"{ENTRY}{section}")
    with (program / "figures" / "counted_records.py").open("a", encoding="utf-8") as functions:
        functions.write(FUNCTION)
    return program


def test_a_new_figure_is_one_entry_and_one_counting_function(one_more: Path) -> None:
    """It is in schema, table, workbook, CSV, help page and rows; what was issued before stays as it was."""
    assert run_with(one_more, "new_figure.py", NEW_FIGURE="专项排查次数") == ("", "", 0)


def test_a_record_says_by_which_edition_it_was_counted() -> None:
    record = made("bureau", "bulletins")
    assert "register_edition" not in record.data, "the first edition is not written down"
    assert replace(record).kind.field(("register_edition",))["x-visibility"] == "public"
