"""The closed loop, duties, exposures and figures: what the ledger of a campaign says at a date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import DAY, FIXED, SAYS, START, WAY_ROUND, case_of, said, story
from support import FUZZ, HAZARD, LATER, Data, Tree, duty, ledger_of, made, organisation

from taizhang.campaign.periods import Rhythm, between, named
from taizhang.figures.figures import Figures
from taizhang.figures.tables import period_figures
from taizhang.intake.records import Record
from taizhang.intake.strict_yaml import Document
from taizhang.ledger.closed_loop import TRANSITIONS, Event, Level, State
from taizhang.ledger.duties import Return, Status
from taizhang.ledger.exposures import Stage, read_exposure
from taizhang.ledger.hazards import Hazard, fold
from taizhang.ledger.ledger import Ledger
from taizhang.ledger.receipts import receive


def test_every_event_and_state_has_its_word() -> None:
    words = [item.label for item in (*State, *Event, *Level, *Stage, *Status)]
    assert all(words)
    assert len({state.label for state in State}) == len(State)
    assert len({event.label for event in Event}) == len(Event)


# --- Stories --------------------------------------------------------------------------------------


def at(records: list[Record], day: str) -> Hazard:
    hazard = case_of(records).at(date.fromisoformat(day))
    assert hazard
    return hazard


def test_a_hazard_as_the_days_pass() -> None:
    records = story(*WAY_ROUND)
    assert case_of(records).at(date(2023, 5, 31)) is None
    states = [at(records, f"2023-06-0{day}").state for day in range(1, 7)]
    assert states == [
        State.REGISTERED,
        State.MAJOR_CONFIRMED,
        State.RECTIFYING,
        State.AWAITING_ACCEPTANCE,
        State.CLOSED,
        State.CLOSED,
    ]
    assert at(records, "2023-06-01").is_pending
    assert not at(records, "2023-06-02").is_pending
    assert not at(records, "2023-06-01").is_major, "a claim is not enough"
    assert at(records, "2023-06-02").is_major
    assert at(records, "2023-06-04").closed_on is None
    assert at(records, "2023-06-05").closed_on == date(2023, 6, 5)


def test_records_of_one_day_are_taken_in_the_order_of_the_loop() -> None:
    """Whatever the files are called, a determination comes before progress, and completion before acceptance."""
    day = START + DAY
    records = [
        made("east-hospital", "hazards"),
        *(said(event, day, 9 - number) for number, event in enumerate(reversed(WAY_ROUND))),
    ]
    for order in (records, records[::-1]):
        case = case_of(order)
        assert case.refusals == ()
        assert [step.event for step in case.steps] == [Event.REGISTERED, *WAY_ROUND]


@pytest.mark.requirement("A16")
@pytest.mark.requirement("A44")
def test_general_hazard_fixed_on_the_spot_is_closed_on_filing() -> None:
    hazard = at(story(claimed_level="general", fixed_on_the_spot=FIXED), "2023-06-01")
    assert hazard.state is State.CLOSED
    assert hazard.closed_on == date(2023, 6, 1)


def test_major_hazard_fixed_on_the_spot_is_not_closed_by_that() -> None:
    assert at(story(fixed_on_the_spot=FIXED), "2023-06-01").state is State.REGISTERED
    records = story(Event.FOUND_MAJOR, Event.COMPLETED, Event.PASSED, fixed_on_the_spot=FIXED)
    assert at(records, "2023-06-04").state is State.CLOSED


@pytest.mark.requirement("B21")
def test_relapse_reopens_and_goes_round_again() -> None:
    again = (Event.RELAPSED, Event.PROGRESS, Event.COMPLETED, Event.FAILED, Event.COMPLETED, Event.PASSED)
    records = story(*WAY_ROUND, Event.STABLE, *again)
    reopened, last = at(records, "2023-06-07"), at(records, "2023-06-12")
    assert (reopened.state, reopened.times_relapsed, reopened.closed_on) == (State.REOPENED, 1, None)
    assert (last.state, last.times_relapsed, last.times_failed) == (State.CLOSED, 1, 1)
    assert last.closed_on == date(2023, 6, 12), "the last acceptance counts"
    assert at(records, "2023-06-06").closed_on == date(2023, 6, 5), "a stable look-back changes no date"


def test_level_in_force_is_the_last_determined() -> None:
    records = story(Event.FOUND_GENERAL, Event.PROGRESS, Event.FOUND_MAJOR, Event.PROGRESS, Event.FOUND_GENERAL)
    seen = [(at(records, f"2023-06-0{d}").level.value, at(records, f"2023-06-0{d}").state.value) for d in range(1, 7)]
    assert seen == [
        ("major", "registered"),
        ("general", "general"),
        ("general", "rectifying"),
        ("major", "major_confirmed"),
        ("major", "rectifying"),
        ("general", "rectifying"),
    ]


def test_withdrawn_hazard_keeps_its_record_and_leaves_the_open_ones() -> None:
    records = story(Event.WITHDRAWN, claimed_level="general")
    assert at(records, "2023-06-01").state.is_open
    assert at(records, "2023-06-02").state is State.WITHDRAWN
    assert at(records, "2023-12-31").days_overdue == 0


def test_withdrawn_record_says_nothing() -> None:
    records = story(Event.FOUND_MAJOR)
    dated = {"dated": "2023-06-03", "reason": "报错了"}
    records[1] = made("bureau", "determinations", withdrawn=dated)
    assert at(records, "2023-06-30").state is State.REGISTERED


def test_unit_is_the_one_named_or_the_folder() -> None:
    assert case_of([made("bureau", "hazards", unit="north-clinic")]).unit == "north-clinic"
    assert case_of([made("north-clinic", "hazards")]).unit == "north-clinic"


@pytest.mark.requirement("A17")
def test_five_essentials_are_told_one_by_one() -> None:
    case = case_of(story(contingency_plan=None))
    assert case.five_essentials == {"责任": True, "措施": True, "资金": True, "时限": True, "预案": False}
    assert not at(story(contingency_plan=None), "2023-06-01").five_essentials_ok
    assert at(story(), "2023-06-01").five_essentials_ok


# --- Deadlines and extensions ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "overdue"), [("2023-08-30", 0), ("2023-08-31", 0), ("2023-09-01", 1), ("2023-09-30", 30)]
)
def test_overdue_from_the_day_after_the_deadline(day: str, overdue: int) -> None:
    assert at(story(Event.FOUND_MAJOR), day).days_overdue == overdue


def test_what_is_closed_or_has_no_deadline_is_never_overdue() -> None:
    assert at(story(*WAY_ROUND), "2030-01-01").days_overdue == 0
    assert at(story(deadline=None), "2030-01-01").days_overdue == 0
    relapsed = story(*WAY_ROUND, Event.RELAPSED)
    assert at(relapsed, "2023-09-01").days_overdue == 1


def asked(number: int, day: str, current: str, wanted: str) -> Record:
    fields = {"filed_on": day, "applied_on": day, "current_deadline": current, "requested_deadline": wanted}
    return made("east-hospital", "extensions", f"2023-{number:03}", **fields)


def decided(number: int, day: str, new: str | None) -> Record:
    word = "approved" if new else "refused"
    fields = {"filed_on": day, "decided_on": day, "new_deadline": new, "decision": word}
    return made(
        "bureau", "extension-decisions", f"2023-{number:03}", extension=f"east-hospital/2023-{number:03}", **fields
    )


TWICE = [
    asked(1, "2023-07-10", "2023-08-31", "2023-09-30"),
    decided(1, "2023-07-14", "2023-09-30"),
    asked(2, "2023-08-20", "2023-09-30", "2023-12-31"),
    decided(2, "2023-09-02", "2023-11-30"),
]


def test_extension_chain_keeps_the_original_deadline() -> None:
    records = [*story(Event.FOUND_MAJOR), *TWICE]
    seen = {
        day: (str(at(records, day).deadline), at(records, day).times_extended) for day in ("2023-07-13", "2023-07-14")
    }
    assert seen == {"2023-07-13": ("2023-08-31", 0), "2023-07-14": ("2023-09-30", 1)}
    assert (str(at(records, "2023-09-01").deadline), at(records, "2023-09-01").times_extended) == ("2023-09-30", 1)
    assert (str(at(records, "2023-12-01").deadline), at(records, "2023-12-01").times_extended) == ("2023-11-30", 2)
    assert at(records, "2023-11-30").days_overdue == 0
    assert at(records, "2023-12-01").days_overdue == 1
    assert case_of(records).original_deadline == date(2023, 8, 31)


def test_refused_and_pending_extensions_move_nothing() -> None:
    refused = [*story(Event.FOUND_MAJOR), TWICE[0], decided(1, "2023-07-14", None)]
    pending = [*story(Event.FOUND_MAJOR), TWICE[0]]
    for records in (refused, pending):
        assert at(records, "2023-09-01").days_overdue == 1
        assert at(records, "2023-09-01").times_extended == 0


def test_extension_from_a_wrong_deadline_moves_nothing_even_if_approved() -> None:
    wrong = asked(1, "2023-07-10", "2023-08-30", "2023-09-30")
    records = [*story(Event.FOUND_MAJOR), wrong, decided(1, "2023-07-14", "2023-09-30")]
    assert at(records, "2023-09-01").days_overdue == 1
    assert [(r.code, r.record) for r in case_of(records).refusals] == [("E-EXTEND-FROM", wrong)]


def test_extension_asked_while_another_is_pending_starts_from_what_is_in_force() -> None:
    early = asked(2, "2023-07-12", "2023-08-31", "2023-10-31")
    records = [*story(Event.FOUND_MAJOR), *TWICE[:2], early, decided(2, "2023-08-01", "2023-10-31")]
    assert case_of(records).refusals == ()
    assert str(at(records, "2023-08-01").deadline) == "2023-10-31"


def test_only_the_first_decision_on_an_application_counts() -> None:
    """A later one, whatever its file is called, cannot rewrite what was in force."""
    again = made("bureau", "extension-decisions", "2023-000", filed_on="2023-08-01", new_deadline="2024-12-31")
    records = [*story(Event.FOUND_MAJOR), *TWICE[:2], again]
    for order in (records, records[::-1]):
        case = case_of(order)
        assert [(r.code, r.record) for r in case.refusals] == [("E-DECIDED", again)]
        assert str(at(order, "2023-12-01").deadline) == "2023-09-30"
        assert at(order, "2023-12-01").times_extended == 1


def test_withdrawn_application_moves_nothing() -> None:
    withdrawn = made("east-hospital", "extensions", withdrawn={"dated": "2023-07-12", "reason": "已到货"})
    records = [*story(Event.FOUND_MAJOR), withdrawn, decided(1, "2023-07-14", "2023-09-30")]
    assert str(at(records, "2023-12-01").deadline) == "2023-08-31"


def test_a_refused_extension_moves_nothing_whatever_day_it_names() -> None:
    refused = made(
        "bureau", "extension-decisions", filed_on="2023-07-14", decision="refused", new_deadline="2023-12-31"
    )
    records = [*story(Event.FOUND_MAJOR), TWICE[0], refused]
    assert str(at(records, "2023-09-01").deadline) == "2023-08-31"
    assert at(records, "2023-09-01").times_extended == 0


def test_a_hazard_is_closed_on_the_day_that_the_acceptance_gives() -> None:
    records = story(*WAY_ROUND[:-1])
    records.append(made("bureau", "acceptances", accepted_on="2023-06-05", filed_on="2023-06-08"))
    assert at(records, "2023-06-07").closed_on is None
    assert at(records, "2023-06-08").closed_on == date(2023, 6, 5)


@pytest.mark.parametrize(
    ("source", "by_unit"), [("self_check", True), ("internal_report", True), ("tip", False), ("covert_visit", False)]
)
def test_what_staff_report_inside_counts_as_found_by_the_unit(source: str, by_unit: bool) -> None:
    case = case_of(story(source=source))
    assert case.found_by_unit is by_unit


def test_what_is_determined_as_general_once_stays_determined() -> None:
    hazard = at(story(Event.FOUND_GENERAL, Event.PROGRESS), "2023-06-03")
    assert hazard.step.determined


# --- Orders ---------------------------------------------------------------------------------------


def ordered(number: int, day: str, order: str, **fields: object) -> Record:
    given = {"order": order, "dated": day, "filed_on": day, "deadline": None, **fields}
    return made("bureau", "orders", f"2023-{number:03}", **given)


def flags(orders: list[Record], day: str) -> tuple[str | None, str | None]:
    return tuple(at([*story(Event.FOUND_MAJOR), *orders], day).flags)


def test_an_order_stands_from_its_day_to_the_day_before_its_lifting() -> None:
    orders = [ordered(1, "2023-06-06", "suspend_full"), ordered(2, "2023-06-20", "lift", lifts="bureau/2023-001")]
    days = ("2023-06-05", "2023-06-06", "2023-06-19", "2023-06-20")
    assert [flags(orders, day)[1] for day in days] == [None, "full", "full", None]


def test_a_full_suspension_goes_before_a_partial_one() -> None:
    for kinds in (("suspend_full", "suspend_partial"), ("suspend_partial", "suspend_full")):
        orders = [ordered(number, "2023-06-06", kind) for number, kind in enumerate(kinds, start=1)]
        assert flags(orders, "2023-06-06")[1] == "full"


def test_the_last_listing_gives_the_level() -> None:
    listed = [
        ordered(1, "2023-06-06", "supervise", supervision_level="county"),
        ordered(2, "2023-06-10", "supervise", supervision_level="city"),
    ]
    assert [flags(listed, f"2023-06-{day}")[0] for day in ("09", "10")] == ["county", "city"]


def test_a_withdrawn_order_or_lifting_does_nothing() -> None:
    gone = {"withdrawn": {"dated": "2023-06-07", "reason": "文号有误"}}
    assert flags([ordered(1, "2023-06-06", "suspend_full", **gone)], "2023-06-10") == (None, None)
    lifting = ordered(2, "2023-06-20", "lift", lifts="bureau/2023-001", **gone)
    assert flags([ordered(1, "2023-06-06", "suspend_full"), lifting], "2023-06-20")[1] == "full"


# --- Any records at all: the stock identity -------------------------------------------------------

UNITS = ("east-hospital", "west-hospital")
ENDS = {Event.FOUND_NONE, Event.TRANSFERRED, Event.MERGED}
Spoken = tuple[int, int, Event]


@st.composite
def many(draw: st.DrawFn) -> list[Spoken]:
    """What is said about one hazard of each unit: mostly what the loop allows next, sometimes anything, on any day."""
    events: list[Spoken] = []
    for unit in range(len(UNITS)):
        state, day = State.REGISTERED, 0
        for _ in range(draw(st.integers(0, 16))):
            day += draw(st.integers(0, 20))
            likely = [event for start, event in TRANSITIONS if start is state and event in SAYS and event not in ENDS]
            if state is State.REGISTERED:
                likely = [Event.FOUND_MAJOR]
            event = draw(st.sampled_from(likely * 8 + list(SAYS)))
            events.append((unit, day + draw(st.sampled_from([0] * 9 + [-40])), event))
            state = TRANSITIONS[state, event].to if (state, event) in TRANSITIONS else state
    return events


MANY = many()
HAZARDS = st.fixed_dictionaries(
    {"claimed_level": st.sampled_from(["major", "general"]), "source": st.sampled_from(["self_check", "tip"])},
    optional={
        "fixed_on_the_spot": st.just(FIXED),
        "funds": st.none(),
        "deadline": st.sampled_from(["2023-06-30", "2023-08-31", "2024-01-31"]),
        "withdrawn": st.integers(-2, 60).map(lambda n: {"dated": (START + n * DAY).isoformat(), "reason": "报错了"}),
    },
)
WEEKS = list(between(Rhythm.WEEK, date(2023, 5, 22), date(2024, 1, 14)))
MONTHS = list(between(Rhythm.MONTH, date(2023, 5, 1), date(2024, 1, 31)))


def spoken(hazards: list[dict[str, object]], events: list[Spoken]) -> list[Record]:
    records = [made(unit, "hazards", **fields) for unit, fields in zip(UNITS, hazards, strict=True)]
    for number, (unit, after, event) in enumerate(events, start=1):
        records.append(said(event, START + after * DAY, number, f"{UNITS[unit]}/2023-001"))
    return records


def tables(records: list[Record]) -> list[tuple[Figures, ...]]:
    ledger = ledger_of(records)
    return [
        tuple(row.figures for row in period_figures(ledger, period, period.end + DAY).rows)
        for period in (*WEEKS, *MONTHS)
    ]


@pytest.mark.requirement("A7")
@settings(max_examples=100 * FUZZ)
@given(hazards=st.lists(HAZARDS, min_size=2, max_size=2), events=MANY)
def test_stock_identity_holds_for_every_unit_and_period(hazards: list[dict[str, object]], events: list[Spoken]) -> None:
    ledger = ledger_of(spoken(hazards, events))
    for periods in (WEEKS, MONTHS):
        before: dict[str, int] = {}
        for period in periods:
            table = period_figures(ledger, period, period.end + DAY)
            assert table.total == sum((row.figures for row in table.rows), Figures())
            assert table.total.balances
            for row in table.rows:
                assert row.figures.balances
                assert row.figures.maj_open_start == before.get(row.org.id, 0), "opens as it closed"
                assert row.figures.maj_open_end >= row.figures.maj_overdue
                assert row.figures.maj_cum_closed <= row.figures.maj_cum_found
                before[row.org.id] = row.figures.maj_open_end


@settings(max_examples=100 * FUZZ)
@given(hazards=st.lists(HAZARDS, min_size=2, max_size=2), events=MANY)
def test_refused_records_change_no_figure(hazards: list[dict[str, object]], events: list[Spoken]) -> None:
    records = spoken(hazards, events)
    refused = {id(refusal.record) for case in fold(records) for refusal in case.refusals}
    standing = []
    for record in records:
        if id(record) not in refused:
            standing.append(record)
        elif record.kind.name == "hazards":
            kept = {name: value for name, value in record.data.items() if name != "withdrawn"}
            standing.append(replace(record, document=Document(kept, {}, {})))
    assert tables(standing) == tables(records)
    assert not [refusal for case in fold(standing) for refusal in case.refusals]


@settings(max_examples=100 * FUZZ)
@given(hazards=st.lists(HAZARDS, min_size=2, max_size=2), events=MANY, order=st.randoms(use_true_random=False))
def test_order_of_the_files_does_not_matter(hazards: list[dict[str, object]], events: list[Spoken], order: Any) -> None:
    records = spoken(hazards, events)
    shuffled = list(records)
    order.shuffle(shuffled)
    wanted = {case.ref: case.steps for case in fold(records)}
    assert {case.ref: case.steps for case in fold(shuffled)} == wanted


@settings(max_examples=100 * FUZZ)
@given(hazards=st.lists(HAZARDS, min_size=2, max_size=2), events=MANY, until=st.sampled_from(WEEKS[::4]))
def test_what_is_filed_after_a_period_does_not_change_it(
    hazards: list[dict[str, object]], events: list[Spoken], until: Any
) -> None:
    records = spoken(hazards, events)
    known = [record for record in records if record.filed_on <= until.end]
    ours = period_figures(ledger_of(known), until, until.end)
    assert ours == period_figures(ledger_of(records), until, until.end)


@settings(max_examples=100 * FUZZ)
@given(hazards=st.lists(HAZARDS, min_size=2, max_size=2), events=MANY)
def test_every_step_taken_is_in_the_table_and_in_order(hazards: list[dict[str, object]], events: list[Spoken]) -> None:
    for case in fold(spoken(hazards, events)):
        for before, after in pairwise(case.steps):
            assert TRANSITIONS[before.state, after.event].to is after.state
            assert before.day <= after.day


# --- Figures by hand ------------------------------------------------------------------------------


def figures(ledger: Ledger, key: str, unit: str, cut_off: str) -> Figures:
    table = period_figures(ledger, named(key), date.fromisoformat(cut_off))
    return next(row.figures for row in table.rows if row.org.id == unit)


IN_JUNE = (
    ("proposed", "2023-06-20", "bureau"),
    ("notified", "2023-06-21", "bureau"),
    ("replied", "2023-06-22", "east-hospital"),
    ("approved", "2023-06-23", "council"),
    ("published", "2023-06-30", "bureau"),
)


@pytest.mark.requirement("A22")
@pytest.mark.requirement("A52")
@pytest.mark.requirement("A47")
@pytest.mark.requirement("B36")
def test_a_month_counted_by_hand() -> None:
    """June 2023 of the hospital in the east: every column that hazards, filings and activities can fill."""
    east = "east-hospital"
    records = [
        # A legacy hazard found by itself, open all month, past its deadline at the end and with all five essentials.
        made(east, "hazards", "2023-001", legacy=True, deadline="2023-06-29"),
        said(Event.FOUND_MAJOR, date(2023, 6, 5), 1),
        # One found by a visit, closed within its deadline.
        made("bureau", "hazards", "2023-001", unit=east, source="covert_visit", deadline="2023-06-13"),
        *(
            said(event, date(2023, 6, 10 + n), 10 + n, "bureau/2023-001")
            for n, event in enumerate((Event.FOUND_MAJOR, Event.PROGRESS, Event.COMPLETED, Event.PASSED))
        ),
        # One claimed as major that nobody has looked at before July.
        made(east, "hazards", "2023-002"),
        said(Event.FOUND_MAJOR, date(2023, 7, 2), 31, f"{east}/2023-002"),
        # One found major and then found to be none: in and out again.
        made(east, "hazards", "2023-003", funds={"planned": 1, "secured": 1}, deadline="2023-06-20"),
        said(Event.FOUND_MAJOR, date(2023, 6, 6), 21, f"{east}/2023-003"),
        said(Event.FOUND_NONE, date(2023, 6, 7), 22, f"{east}/2023-003"),
        # Two general ones, of which one is late, and one was fixed on the spot.
        made(east, "hazards", "2023-004", claimed_level="general", deadline="2023-06-20"),
        said(Event.FOUND_GENERAL, date(2023, 6, 10), 32, f"{east}/2023-004"),
        made(east, "hazards", "2023-005", claimed_level="general", fixed_on_the_spot=FIXED),
        # Two weeks that end in June, one that came after the cut-off and one that does not end in June; a drill, a
        # training and the month's activity.
        made(east, "weekly", "2023-W23", filed_on="2023-06-12", self_checks=2),
        made(east, "weekly", "2023-W24", filed_on="2023-07-04", self_checks=20),
        made(east, "weekly", "2023-W25", filed_on="2023-06-27", self_checks=3),
        made(east, "weekly", "2023-W26", filed_on="2023-07-03", self_checks=50),
        made(east, "activities", "2023-06-16-drill", participants=25),
        made(east, "activities", "2023-06-17-x", activity="training", held_on="2023-06-17", participants=40),
        made(
            east,
            "activities",
            "2023-06-18-x",
            activity="safety_month",
            held_on="2023-06-18",
            contents=["drill", "warning_education"],
        ),
        # Led by the head: one in the quarter before June, one in June, one by somebody else.
        made(east, "inspections", "2023-04-03", inspected_on="2023-04-03", filed_on="2023-04-03"),
        made(east, "inspections"),
        made(east, "inspections", "2023-06-20", inspected_on="2023-06-20", led_by="deputy", filed_on="2023-06-20"),
        made("bureau", "exposures", steps=exposure_steps(*IN_JUNE)),
    ]
    counted = figures(ledger_of(records), "2023-06", east, "2023-07-03")
    assert counted == Figures(
        self_checks=5,
        principal_checks_qtd=2,
        gen_found=2,
        gen_fixed=1,
        gen_open=1,
        maj_open_start=0,
        maj_new_self=2,
        maj_new_external=1,
        maj_relapsed=0,
        maj_closed=1,
        maj_removed=1,
        maj_open_end=1,
        maj_legacy_open=1,
        maj_overdue=1,
        maj_extended=0,
        maj_five_ok=1,
        maj_pending=1,
        maj_cum_found=2,
        maj_cum_closed=1,
        fell_due=2,
        closed_in_time=1,
        funds_cum=16_000,
        train_n=40,
        drill_n=2,
        warn_n=1,
        exposed_n=1,
        on_time_n=1,
        late_n=1,
        nil_n=0,
        missing_n=2,
    )
    assert counted.maj_new == 3
    assert (counted.due_n, counted.received_n) == (4, 2)
    assert counted.closure_rate == Fraction(1, 2)
    assert counted.on_time_closure_rate == Fraction(1, 2)
    assert counted.submission_rate == Fraction(2, 4)
    assert counted.in_time_rate == Fraction(1, 4)


def test_rate_of_nothing_is_none() -> None:
    empty = Figures()
    assert {empty.closure_rate, empty.on_time_closure_rate, empty.submission_rate, empty.in_time_rate} == {None}


def test_hazard_found_in_one_month_extended_twice_closed_and_relapsed_in_others() -> None:
    """Found in June, extended in July and September, closed in October, relapsed in December."""
    records = [*story(Event.FOUND_MAJOR), *TWICE]
    records += [
        said(Event.PROGRESS, date(2023, 7, 3), 31),
        said(Event.COMPLETED, date(2023, 10, 8), 32),
        said(Event.PASSED, date(2023, 10, 9), 33),
        said(Event.RELAPSED, date(2023, 12, 1), 34),
    ]
    ledger = ledger_of(records)
    seen = {}
    for period in between(Rhythm.MONTH, date(2023, 6, 1), date(2023, 12, 31)):
        f = figures(ledger, period.key, "east-hospital", period.end.isoformat())
        seen[period.key] = (f.maj_open_start, f.maj_new, f.maj_relapsed, f.maj_closed, f.maj_open_end, f.maj_extended)
        assert f.balances
    assert seen == {
        "2023-06": (0, 1, 0, 0, 1, 0),
        "2023-07": (1, 0, 0, 0, 1, 1),
        "2023-08": (1, 0, 0, 0, 1, 1),
        "2023-09": (1, 0, 0, 0, 1, 1),
        "2023-10": (1, 0, 0, 1, 0, 0),
        "2023-11": (0, 0, 0, 0, 0, 0),
        "2023-12": (0, 0, 1, 0, 1, 1),
    }


def test_a_hazard_determined_on_the_first_day_of_a_week_was_not_in_its_stock_before() -> None:
    records = [made("east-hospital", "hazards"), said(Event.FOUND_MAJOR, date(2023, 6, 5), 1)]
    counted = figures(ledger_of(records), "2023-W23", "east-hospital", "2023-06-12")
    assert (counted.maj_open_start, counted.maj_new, counted.maj_open_end) == (0, 1, 1)


def test_checks_led_by_the_head_add_up_to_the_end_of_the_month_and_no_further() -> None:
    days = ("2023-04-03", "2023-05-20", "2023-06-02")
    records = [made("east-hospital", "inspections", day, inspected_on=day, filed_on=day) for day in days]
    assert figures(ledger_of(records), "2023-05", "east-hospital", "2023-06-03").principal_checks_qtd == 2


def test_a_general_hazard_is_found_once_however_often_it_goes_round() -> None:
    again = (Event.RELAPSED, Event.PROGRESS, Event.COMPLETED, Event.FAILED, Event.COMPLETED, Event.PASSED)
    records = story(*WAY_ROUND[1:], *again, claimed_level="general")
    counted = figures(ledger_of(records), "2023-06", "east-hospital", "2023-06-30")
    assert (counted.gen_found, counted.gen_fixed, counted.gen_open) == (1, 2, 0)


def test_what_is_told_of_open_hazards_is_not_told_of_closed_ones() -> None:
    listed = made("bureau", "orders", order="supervise", supervision_level="county", filed_on="2023-06-02")
    stopped = made("bureau", "orders", "2023-002", order="suspend_full", deadline=None, filed_on="2023-06-02")
    records = [*story(*WAY_ROUND, legacy=True), listed, stopped]
    told = {}
    for key in ("2023-W22", "2023-W23"):
        f = figures(ledger_of(records), key, "east-hospital", "2023-06-12")
        told[key] = (f.maj_open_end, f.maj_legacy_open, f.maj_supervised, f.maj_suspended, f.maj_five_ok, f.fell_due)
    assert told == {"2023-W22": (1, 1, 1, 1, 1, 0), "2023-W23": (0, 0, 0, 0, 0, 0)}


def test_a_hazard_falls_due_in_one_month_only() -> None:
    ledger = ledger_of(story(Event.FOUND_MAJOR, deadline="2023-06-30"))
    counted = [figures(ledger, key, "east-hospital", "2023-08-01").fell_due for key in ("2023-06", "2023-07")]
    assert counted == [1, 0]


def test_hazard_found_to_be_none_never_fell_due() -> None:
    records = story(Event.FOUND_MAJOR, Event.FOUND_NONE, deadline="2023-06-20")
    counted = figures(ledger_of(records), "2023-06", "east-hospital", "2023-06-30")
    assert (counted.fell_due, counted.closed_in_time, counted.maj_cum_found, counted.maj_open_end) == (0, 0, 0, 0)


def test_week_53_and_the_turn_of_the_year_are_counted_once() -> None:
    weeks = list(between(Rhythm.WEEK, date(2026, 12, 21), date(2027, 1, 10)))
    fields: dict[str, object] = dict.fromkeys(("filed_on", "discovered_on", "registered_on"), "2027-01-01")
    records = [
        made("east-hospital", "hazards", deadline="2027-03-01", **fields),
        said(Event.FOUND_MAJOR, date(2027, 1, 1), 1),
    ]
    counted = [figures(ledger_of(records, date(2027, 3, 1)), w.key, "east-hospital", str(w.end)).maj_new for w in weeks]
    assert [week.key for week in weeks] == ["2026-W52", "2026-W53", "2027-W01"]
    assert counted == [0, 1, 0]


def test_every_unit_on_the_roll_has_its_row_filed_or_not() -> None:
    table = period_figures(ledger_of([]), named("2023-W22"), date(2023, 6, 5))
    assert [row.org.id for row in table.rows] == [
        "east-hospital",
        "west-hospital",
        "north-county",
        "south-county",
        "north-clinic",
    ]
    assert table.total.due_n == table.total.missing_n == 5


@pytest.mark.parametrize(("left", "rows"), [("2023-05-28", 4), ("2023-05-29", 5), ("2023-06-04", 5)])
def test_unit_that_left_is_in_the_table_of_its_last_week(left: str, rows: int) -> None:
    tree = Tree()
    tree.organisation("west-hospital")["left_on"] = left
    table = period_figures(tree.ledger(), named("2023-W22"), date(2023, 6, 5))
    assert len(table.rows) == rows


@pytest.mark.parametrize(("joined", "rows"), [("2023-06-04", 5), ("2023-06-05", 4)])
def test_unit_that_joins_has_its_first_row_in_that_week(joined: str, rows: int) -> None:
    tree = Tree()
    tree.organisation("west-hospital")["joined_on"] = joined
    assert len(period_figures(tree.ledger(), named("2023-W22"), date(2023, 6, 5)).rows) == rows


# --- Duties ---------------------------------------------------------------------------------------


def returns_of(tree: Tree, org: str = "east-hospital") -> tuple[Return, ...]:
    return tree.ledger().returns_by_org[org]


def only(tree: Tree, org: str = "east-hospital") -> Return:
    (item,) = returns_of(tree, org)
    return item


PLAN = duty("plan", "reports", {"every": "once", "by": "2023-05-25"}, where={"duty": "plan"})
AROUND = [
    # filed on, then how it stands at the end of 24, 25 and 26 May
    ("2023-05-24", ["按时", "按时", "按时"], 0),
    ("2023-05-25", ["未到期", "按时", "按时"], 0),
    ("2023-05-26", ["未到期", "未到期", "迟报"], 1),
    (None, ["未到期", "未到期", "未报"], 1),
]


@pytest.mark.parametrize(("filed_on", "words", "late"), AROUND)
def test_standing_around_the_due_day(filed_on: str | None, words: list[str], late: int) -> None:
    tree = Tree().duties(PLAN)
    if filed_on:
        tree.add("east-hospital", "reports", filed_on=filed_on)
    item = only(tree)
    days = [date(2023, 5, 24), date(2023, 5, 25), date(2023, 5, 26)]
    assert [item.status(day).label for day in days] == words
    assert item.days_late(days[-1]) == late
    assert [item.days_left(day) for day in days] == [1, 0, -1]


def test_what_did_not_come_by_a_cut_off_on_the_due_day_is_missing() -> None:
    item = only(Tree().duties(PLAN))
    assert item.status(date(2023, 5, 25)) is Status.NOT_DUE
    assert item.status_at_close(date(2023, 5, 25)) is Status.MISSING
    assert item.status_at_close(date(2023, 5, 24)) is Status.NOT_DUE


WEEKLY = duty("weekly", "weekly", {"every": "week", "from": "2023-05-22", "until": "2023-05-28", "days_after": 1})


@pytest.mark.parametrize(("filed_on", "status"), [("2023-05-29", Status.NIL), ("2023-05-30", Status.LATE)])
def test_nil_return_in_time_and_late(filed_on: str, status: Status) -> None:
    tree = Tree().duties(WEEKLY)
    tree.add("east-hospital", "weekly", nil_return=True, self_checks=None, filed_on=filed_on)
    item = only(tree)
    assert item.is_nil
    assert item.status(LATER) is status
    assert item.status(LATER).is_received
    assert item.status(LATER).is_in_time == (status is Status.NIL)


def test_weekly_answers_only_the_week_it_is_named_after() -> None:
    tree = Tree().duties(duty("weekly", "weekly", {"every": "week", "from": "2023-05-22", "until": "2023-06-11"}))
    tree.add("east-hospital", "weekly", "2023-W22")
    assert [(r.obligation.period.key, r.record is not None) for r in returns_of(tree) if r.obligation.period] == [
        ("2023-W21", False),
        ("2023-W22", True),
        ("2023-W23", False),
    ]


def test_withdrawn_report_answers_nothing() -> None:
    tree = Tree().duties(PLAN)
    tree.add("east-hospital", "reports", withdrawn={"dated": "2023-05-25", "reason": "发错文件"})
    assert only(tree).record is None


def test_first_of_several_reports_answers() -> None:
    tree = Tree().duties(PLAN)
    tree.add("east-hospital", "reports", "later", filed_on="2023-05-26")
    tree.add("east-hospital", "reports", "earlier", filed_on="2023-05-23")
    assert only(tree).filed_on == date(2023, 5, 23)


QUARTER = duty("lead", "inspections", {"every": "quarter"}, where={"led_by": "principal"})
LED = [
    # inspected on, filed on, led by: status of the second, third and fourth quarter at the end of the campaign
    ("2023-05-31", "2023-06-01", "principal", ["按时", "未报", "未报"]),
    ("2023-06-30", "2023-06-30", "principal", ["按时", "未报", "未报"]),
    ("2023-06-30", "2023-07-01", "principal", ["迟报", "未报", "未报"]),
    ("2023-07-01", "2023-07-01", "principal", ["未报", "按时", "未报"]),
    ("2023-12-31", "2023-12-31", "principal", ["未报", "未报", "按时"]),
    ("2023-06-15", "2023-06-15", "deputy", ["未报", "未报", "未报"]),
]


@pytest.mark.requirement("A21")
@pytest.mark.parametrize(("inspected", "filed", "led_by", "words"), LED)
def test_head_leads_an_inspection_every_quarter(inspected: str, filed: str, led_by: str, words: list[str]) -> None:
    tree = Tree().duties(QUARTER)
    tree.add("east-hospital", "inspections", inspected, inspected_on=inspected, filed_on=filed, led_by=led_by)
    assert [r.status(LATER).label for r in returns_of(tree)] == words
    assert [str(r.obligation.due) for r in returns_of(tree)] == ["2023-06-30", "2023-09-30", "2023-12-31"]


def test_duty_of_several_times_is_met_by_the_last() -> None:
    tree = Tree().duties(duty("lead", "inspections", {"every": "year"}, count=2))
    tree.add("east-hospital", "inspections")
    assert only(tree).status(LATER) is Status.MISSING
    tree.add("east-hospital", "inspections", "2023-08-01", inspected_on="2023-08-01", filed_on="2023-08-02")
    assert only(tree).filed_on == date(2023, 8, 2)


JUNE = duty(
    "safety_month",
    "activities",
    {"every": "year", "month": 6},
    where={"activity": "safety_month"},
    must_include=["hazard_work", "warning_education", "drill"],
)


def june(tree: Tree, day: str, *contents: str) -> None:
    fields = {"activity": "safety_month", "contents": list(contents)}
    tree.add("east-hospital", "activities", f"{day}-month", held_on=day, filed_on=day, **fields)


@pytest.mark.requirement("A33")
def test_june_has_its_three_contents_in_one_or_more_activities() -> None:
    tree = Tree().duties(JUNE)
    assert str(only(tree).obligation.due) == "2023-06-30"
    june(tree, "2023-06-10", "hazard_work", "drill")
    assert only(tree).status(LATER) is Status.MISSING
    june(tree, "2023-05-31", "warning_education")
    june(tree, "2023-07-01", "warning_education")
    assert only(tree).status(LATER) is Status.MISSING, "outside June"
    june(tree, "2023-06-20", "warning_education", "law")
    assert only(tree).filed_on == date(2023, 6, 20), "met when the last content came"
    assert only(tree).status(LATER) is Status.ON_TIME


def test_other_activities_in_june_do_not_count_for_the_month() -> None:
    tree = Tree().duties(JUNE)
    contents = ["hazard_work", "warning_education", "drill"]
    tree.add("east-hospital", "activities", contents=contents)
    assert only(tree).record is None


@pytest.mark.requirement("A29")
def test_one_drill_a_year() -> None:
    tree = Tree().duties(duty("drill", "activities", {"every": "year"}, where={"activity": "drill"}, count=1))
    assert str(only(tree).obligation.due) == "2023-12-31"
    assert only(tree).status(date(2023, 12, 31)) is Status.NOT_DUE
    assert only(tree).status(date(2024, 1, 1)) is Status.MISSING
    tree.add("east-hospital", "activities")
    assert only(tree).status(LATER) is Status.ON_TIME


MEMBERSHIP: list[tuple[dict[str, str], list[str]]] = [
    ({"joined_on": "2023-05-28"}, ["2023-W21", "2023-W22", "2023-W23"]),
    ({"joined_on": "2023-05-29"}, ["2023-W22", "2023-W23"]),
    ({"left_on": "2023-06-04"}, ["2023-W21", "2023-W22"]),
    ({"left_on": "2023-06-03"}, ["2023-W21"]),
    ({"joined_on": "2023-05-31", "left_on": "2023-06-10"}, ["2023-W22"]),
]


@pytest.mark.parametrize(("fields", "owed"), MEMBERSHIP)
def test_unit_owes_the_periods_at_whose_end_it_was_on_the_roll(fields: dict[str, str], owed: list[str]) -> None:
    tree = Tree().duties(duty("weekly", "weekly", {"every": "week", "from": "2023-05-22", "until": "2023-06-11"}))
    tree.organisation("east-hospital").update(fields)
    assert [r.obligation.period.key for r in returns_of(tree) if r.obligation.period] == owed


@pytest.mark.parametrize(("joined", "owes"), [("2023-05-25", 1), ("2023-05-26", 0)])
def test_unit_owes_what_falls_due_once_if_it_was_there(joined: str, owes: int) -> None:
    tree = Tree().duties(PLAN)
    tree.organisation("east-hospital")["joined_on"] = joined
    assert len(returns_of(tree)) == owes


OWED: list[tuple[Data, list[str]]] = [
    ({}, ["east-hospital", "west-hospital", "north-county", "south-county", "north-clinic"]),
    ({"tiers": ["county", "direct"]}, ["east-hospital", "west-hospital", "north-county", "south-county"]),
    ({"tiers": ["office"]}, ["bureau"]),
    ({"types": ["hospital"]}, ["east-hospital", "west-hospital", "north-clinic"]),
    ({"types": ["hospital"], "tiers": ["county_unit"]}, ["north-clinic"]),
    ({"crowded_place": True}, ["west-hospital"]),
]


@pytest.mark.requirement("A3")
@pytest.mark.requirement("B18")
@pytest.mark.parametrize(("owed_by", "orgs"), OWED)
def test_who_owes_a_duty(owed_by: Data, orgs: list[str]) -> None:
    tree = Tree().duties({**PLAN, "owed_by": owed_by} if owed_by else PLAN)
    assert [item.org.id for item in tree.ledger().returns] == orgs


WEEKENDS = [
    # due by: not moved, moved forward, moved back
    ("2019-11-24", "2019-11-24", "2019-11-25", "2019-11-22"),  # a Sunday
    ("2023-05-25", "2023-05-25", "2023-05-25", "2023-05-25"),  # a Thursday
    ("2023-10-01", "2023-10-01", "2023-10-07", "2023-09-28"),  # a holiday; Saturday the 7th is a make-up workday
    ("2023-06-25", "2023-06-25", "2023-06-25", "2023-06-25"),  # a Sunday that is a make-up workday
    ("2023-06-22", "2023-06-22", "2023-06-25", "2023-06-21"),
    ("2026-10-24", "2026-10-24", "2026-10-26", "2026-10-23"),  # a Saturday of a year without a calendar
]


@pytest.mark.parametrize(("by", "none", "later", "earlier"), WEEKENDS)
def test_weekend_policies(by: str, none: str, later: str, earlier: str) -> None:
    for policy, wanted in (("none", none), ("next_workday", later), ("previous_workday", earlier)):
        tree = Tree().duties(duty("plan", "reports", {"every": "once", "by": by}))
        tree.campaign["weekend_policy"] = policy
        assert str(only(tree).obligation.due) == wanted


MONTHLY = [(24, ["05-24", "06-24", "07-24"]), (31, ["05-31", "06-30", "07-31"]), (None, ["05-31", "06-30", "07-31"])]


@pytest.mark.parametrize(("day", "dues"), MONTHLY)
def test_monthly_duty_on_a_day_or_at_the_end(day: int | None, dues: list[str]) -> None:
    due: Data = {"every": "month", "until": "2023-07-31", **({"day": day} if day else {})}
    obligations = Tree().duties(duty("monthly", "monthly", due)).ledger().obligations()
    assert [o.due.isoformat() for o in obligations] == [f"2023-{text}" for text in dues]
    assert obligations[0].label == "要求monthly（2023年5月）"


def test_month_without_that_day_takes_its_last() -> None:
    tree = Tree().duties(duty("monthly", "monthly", {"every": "month", "day": 30}))
    tree.campaign |= {"starts_on": "2024-02-01", "ends_on": "2024-02-29", "phases": []}
    assert [str(o.due) for o in tree.ledger().obligations()] == ["2024-02-29"]


def test_obligations_are_in_the_order_of_their_due_days() -> None:
    dues = [o.due for o in Tree().duties(QUARTER, JUNE, PLAN).ledger().obligations()]
    assert dues == sorted(dues)
    assert len(dues) == 5


# --- Exposures ------------------------------------------------------------------------------------


def exposure_steps(*steps: tuple[str, str, str]) -> list[Data]:
    return [{"step": step, "dated": day, "by": by, "reply_by": "2023-07-09", "note": "说明"} for step, day, by in steps]


def exposure_of(*steps: tuple[str, str, str]) -> Record:
    return made("bureau", "exposures", steps=exposure_steps(*steps))


PUBLISHED = (
    ("proposed", "2023-07-01", "bureau"),
    ("notified", "2023-07-02", "bureau"),
    ("approved", "2023-07-10", "council"),
    ("published", "2023-07-11", "bureau"),
)


@pytest.mark.requirement("A46")
@pytest.mark.requirement("B19")
def test_exposure_as_the_days_pass() -> None:
    rest = (("rectified", "2023-08-01", "bureau"), ("archived", "2023-09-01", "bureau"))
    exposure = read_exposure(exposure_of(*PUBLISHED, *rest))
    assert exposure.fault is None
    days = [date(2023, 6, 30), date(2023, 7, 10), date(2023, 7, 11), date(2023, 8, 1), date(2023, 9, 1)]
    assert [exposure.stage(day) for day in days] == [
        None,
        Stage.APPROVED,
        Stage.PUBLISHED,
        Stage.RECTIFIED,
        Stage.ARCHIVED,
    ]
    assert [exposure.is_public(day) for day in days] == [False, False, True, True, True]
    assert [exposure.is_current(day) for day in days] == [False, False, True, True, False]
    assert exposure.first_public == date(2023, 7, 11)


def test_withdrawn_exposure_stays_public_as_a_tombstone_and_is_not_current() -> None:
    exposure = read_exposure(exposure_of(*PUBLISHED, ("withdrawn", "2023-07-12", "bureau")))
    assert exposure.is_public(LATER)
    assert not exposure.is_current(LATER)


def test_exposure_withdrawn_before_publication_never_becomes_public() -> None:
    exposure = read_exposure(exposure_of(*PUBLISHED[:2], ("withdrawn", "2023-07-12", "bureau")))
    assert not exposure.is_public(LATER)
    assert exposure.first_public is None


def test_faulty_exposure_stops_before_the_fault() -> None:
    """Published without approval: the page does not appear, whatever comes after."""
    exposure = read_exposure(exposure_of(*PUBLISHED[:2], PUBLISHED[3], ("rectified", "2023-08-01", "bureau")))
    assert exposure.fault
    assert exposure.fault.at == 2
    assert not exposure.is_public(LATER)


# --- The ledger -----------------------------------------------------------------------------------


def test_ledger_at_another_day_sees_another_state() -> None:
    ledger = ledger_of(story(*WAY_ROUND), date(2023, 6, 2))
    assert [h.state for h in ledger.hazards] == [State.MAJOR_CONFIRMED]
    assert [h.state for h in ledger.on(date(2023, 6, 5)).hazards] == [State.CLOSED]
    assert ledger.on(date(2023, 5, 31)).hazards == ()
    assert ledger.hazard_by_ref[HAZARD].unit == "east-hospital"
    assert ledger.hazards_of("west-hospital") == ()
    assert ledger.filed("rectifications") == ()
    assert len(ledger.on(LATER).filed("rectifications", "east-hospital")) == 2


def test_withdrawn_records_are_not_on_file() -> None:
    gone = {"withdrawn": {"dated": "2023-06-20", "reason": "重复"}}
    records = [made("east-hospital", "inspections"), made("east-hospital", "activities", **gone)]
    ledger = ledger_of(records)
    assert len(ledger.filed("inspections")) == 1
    assert ledger.filed("activities") == ()


def test_a_withdrawn_receipt_moves_no_day() -> None:
    report = made("east-hospital", "reports", "plan", filed_on="2023-05-26")
    early = made("bureau", "receipts", arrived_on="2023-05-24")
    gone = made("bureau", "receipts", arrived_on="2023-05-24", withdrawn={"dated": "2023-06-02", "reason": "错登"})
    late = made("bureau", "receipts", arrived_on="2023-05-28")
    days = [receive([report, receipt])[0].filed_on.day for receipt in (early, gone, late)]
    assert days == [24, 26, 26]


def test_a_check_held_before_its_lesson_does_not_answer_it() -> None:
    lesson = made("bureau", "lessons", filed_on="2023-06-20", check={"topic": "楼道充电", "due": "2023-07-10"})
    for held, answered in (("2023-06-19", False), ("2023-06-20", True)):
        fields = {"activity": "special_check", "lesson": "bureau/2023-001", "held_on": held, "filed_on": "2023-06-25"}
        ledger = ledger_of([lesson, made("east-hospital", "activities", f"{held}-check", **fields)])
        checks = [r for r in ledger.returns_by_org["east-hospital"] if r.obligation.duty.id.startswith("lesson-")]
        assert [item.record is not None for item in checks] == [answered]


def test_archived_campaign_stands_still() -> None:
    tree = Tree()
    tree.campaign["archived_on"] = "2024-01-31"
    ledger = tree.ledger(date(2026, 11, 23))
    assert ledger.at == date(2024, 1, 31)
    assert ledger.on(date(2030, 1, 1)).at == date(2024, 1, 31)
    assert ledger.on(date(2023, 6, 1)).at == date(2023, 6, 1)


def test_overdue_are_told_longest_first() -> None:
    records = [
        made("east-hospital", "hazards", "2023-001", deadline="2023-08-31"),
        made("east-hospital", "hazards", "2023-002", deadline="2023-08-01"),
        made("west-hospital", "hazards", "2023-001", deadline="2023-08-01"),
        made("west-hospital", "hazards", "2023-002", deadline="2023-09-02"),
    ]
    assert [h.ref for h in ledger_of(records, date(2023, 9, 2)).overdue()] == [
        "east-hospital/2023-002",
        "west-hospital/2023-001",
        "east-hospital/2023-001",
    ]


def test_missing_are_told_from_the_day_after() -> None:
    ledger = Tree().duties(PLAN).ledger(date(2023, 5, 25))
    assert ledger.missing() == ()
    assert len(ledger.on(date(2023, 5, 26)).missing()) == 5


def test_phases_may_overlap_and_are_not_needed() -> None:
    campaign = Tree().ledger().campaign
    assert [p.id for p in (campaign.phase_on(date(2023, 7, 31)), campaign.phase_on(date(2023, 8, 1))) if p] == [
        "first",
        "second",
    ]
    assert campaign.phase_on(date(2024, 1, 1)) is None


def test_roll_knows_who_stands_above_whom() -> None:
    roll = Tree().ledger().roll
    assert roll.above("north-clinic") == ("north-county", "bureau")
    assert roll.above("bureau") == ()
    assert roll.above("nobody") == ()
    assert [org.id for org in roll.children("north-county")] == ["north-clinic"]
    assert "north-clinic" in roll
    assert "nobody" not in roll


def test_short_name_defaults_to_the_name() -> None:
    tree = Tree()
    tree.roll["organisations"].append(organisation("new-clinic", "新建诊所", "direct", "bureau", short_name="新诊所"))
    roll = tree.ledger().roll
    assert [roll.by_id[org].short_name for org in ("east-hospital", "new-clinic")] == ["城东医院", "新诊所"]


@pytest.mark.requirement("A50")
def test_clause_is_in_force_between_its_days() -> None:
    clause = Tree().ledger().criteria["standard-2017/7.1"]
    days = [date(2018, 6, 30), date(2018, 7, 1), date(2025, 10, 31), date(2025, 11, 1)]
    assert [clause.in_force(day) for day in days] == [False, True, True, False]
    assert clause.label == "示例标准（2017） 7.1"


def test_arrival_counts_where_the_campaign_says_so() -> None:
    """The day in the file is then only a claim; what has not landed counts as filed today."""
    from support import KINDS

    from taizhang.intake.records import read_tree

    tree = Tree()
    tree.campaign["time"] = "arrival"
    landed = tree.add("east-hospital", "weekly")
    waiting = tree.add("west-hospital", "weekly")
    asked_for = []

    def arrivals() -> dict[str, date]:
        asked_for.append(1)
        return {landed: date(2023, 6, 3)}

    intake = read_tree(tree.source(), KINDS, arrivals=arrivals, today=date(2023, 7, 1))
    filed = {record.path: record.filed_on for record in intake.of("weekly")}
    assert filed == {landed: date(2023, 6, 3), waiting: date(2023, 7, 1)}
    assert asked_for == [1]
