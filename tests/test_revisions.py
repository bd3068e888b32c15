"""The table that a bulletin's record holds, what it cites, and its revisions: what differs, what is to be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from support import Data, empty_ledger, ledger_of, made

from taizhang.bulletins.revisions import bulletins_of, changes, last_number, predecessor, revision_of, untold
from taizhang.campaign.periods import named
from taizhang.figures.frozen import Frozen, digest_of, first_filing
from taizhang.intake.records import Record

CUT_OFF = date(2023, 5, 29)
ROWS: Sequence[Data] = (
    {"unit": "east-hospital", "filings": ["on_time"], "on_time_n": 1, "self_checks": 3},
    {"row": "total", "on_time_n": 1, "self_checks": 3},
    {"row": "previous", "self_checks": 1},
)
GONE = {"dated": "2023-06-20", "reason": "印错了单位"}


def issue(key: str, revision: int = 1, rows: Sequence[Data] = ROWS, **fields: object) -> Record:
    """A bulletin of a week, or of whatever else `fields` say."""
    name = f"{fields.get('bulletin', 'weekly')}-{key}" + (f"-r{revision}" if revision > 1 else "")
    why = {"reason": "补登了纸质周报"} if revision > 1 else {}
    return made("bureau", "bulletins", name, **{"period": key, "revision": revision, "figures": rows, **why, **fields})


# --- The frozen table -----------------------------------------------------------------------------


def test_every_cell_that_differs_is_named_and_a_row_that_is_missing_once() -> None:
    was = Frozen({"east-hospital": {"filings": ["on_time"], "on_time_n": 1}, "west-hospital": {"self_checks": 2}})
    now = Frozen({"east-hospital": {"filings": ["late"], "late_n": 1}, "north-county": {}})
    assert list(was.differences(now)) == [
        ("east-hospital", "filings", ["on_time"], ["late"]),
        ("east-hospital", "on_time_n", 1, 0),
        ("east-hospital", "late_n", 0, 1),
        ("west-hospital", "", {"self_checks": 2}, None),
        ("north-county", "", None, {}),
    ]


# --- What an issue cites --------------------------------------------------------------------------


def filing(org: str, day: str, blob: str) -> Record:
    return replace(made(org, "weekly", "2023-W21", filed_on=day), blob=blob)


def test_the_digest_is_that_of_what_was_counted() -> None:
    counted = filing("east-hospital", "2023-05-29", "a")
    digest = digest_of([counted], CUT_OFF)
    assert digest_of([replace(counted, blob="b")], CUT_OFF) != digest, "another content"
    assert digest_of([replace(counted, path=counted.path.replace("east", "west"))], CUT_OFF) != digest, "another place"
    assert digest_of([filing("west-hospital", "2023-05-29", "c"), counted], CUT_OFF) != digest, "one more"
    later = filing("west-hospital", "2023-05-30", "c")
    assert digest_of([later, issue("2023-W20", filed_on="2023-05-29"), counted], CUT_OFF) == digest


def test_a_receipt_is_in_the_digest_from_the_day_it_tells_of() -> None:
    plan = made("east-hospital", "reports", "plan", filed_on="2023-06-01")
    receipt = made("bureau", "receipts", filed_on="2023-06-01", arrived_on="2023-05-24")
    digests = {digest_of([plan, replace(receipt, blob=blob)], CUT_OFF) for blob in "ab"}
    assert len(digests) == 2
    assert digest_of([plan], CUT_OFF) not in digests


def test_a_bulletin_is_no_filing() -> None:
    records = [issue("2023-W20", filed_on="2023-05-22"), filing("east-hospital", "2023-05-29", "a")]
    assert first_filing(records) == date(2023, 5, 29)
    assert first_filing(records[:1]) is None


# --- Revisions ------------------------------------------------------------------------------------


def test_what_changed_leaves_out_the_period_before_and_what_only_repeats_how_filings_stand() -> None:
    rows = (
        {"unit": "east-hospital", "filings": ["late"], "late_n": 1, "self_checks": 4},
        {"row": "total", "late_n": 1, "self_checks": 4},
        {"row": "previous", "self_checks": 2},
    )
    first, second = issue("2023-W21"), issue("2023-W21", 2, rows)
    roll = empty_ledger().roll
    told = [(c.org and c.org.id, c.column, c.was, c.now) for c in changes(first, second, roll, "周报")]
    assert told == [
        ("east-hospital", "filings", "按时", "迟报"),
        ("east-hospital", "self_checks", "3", "4"),
        (None, "self_checks", "3", "4"),
        (None, "on_time_n", "1", "0"),
        (None, "late_n", "0", "1"),
    ]
    withdrawn = issue("2023-W21", withdrawn=GONE)
    assert list(changes(withdrawn, second, roll, "周报")) == [], "what was withdrawn is not repeated"


def test_only_what_was_issued_and_not_taken_back_is_in_force() -> None:
    found = [issue("2023-W21"), issue("2023-W21", issued_on=None), issue("2023-W21", withdrawn=GONE)]
    assert [revision_of(record).is_issued for record in found] == [True, False, False]


def test_a_bulletin_is_known_from_the_day_of_its_filing() -> None:
    found = [bulletins_of(ledger_of([issue("2023-W21")], date(2023, 5, day))) for day in (29, 30)]
    assert [len(records) for records in found] == [0, 1]


def test_a_revision_corrects_the_one_before_it() -> None:
    series = [issue("2023-W22", 2), *(issue("2023-W21", number) for number in (1, 2, 3))]
    assert predecessor(series[3], series) is series[2]
    assert predecessor(series[1], series) is None


def test_each_kind_is_numbered_by_itself() -> None:
    records = [issue("2023-W21", number=5), issue("2023-06", bulletin="monthly", number=9)]
    assert [last_number(records, kind) for kind in ("weekly", "monthly")] == [5, 9]
    assert last_number([], "weekly") == 0


def test_the_next_issue_tells_each_correction_that_was_issued_once() -> None:
    first, again = issue("2023-W21"), issue("2023-W21", 2)
    week = named("2023-W23")
    assert untold([first, again], "weekly", week) == (again.ref,)
    assert untold([first], "weekly", week) == (), "a first revision corrects nothing"
    assert untold([first, issue("2023-W21", 2, issued_on=None)], "weekly", week) == (), "a draft is no correction"
    assert untold([first, again], "monthly", week) == (), "each kind tells its own"
    assert untold([first, again], "weekly", named("2023-W21")) == (), "nor does an issue tell of itself"
    telling = issue("2023-W22", corrections=[again.ref])
    assert untold([first, again, telling], "weekly", week) == (), "once is enough"
