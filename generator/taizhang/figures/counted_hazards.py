"""How much one hazard adds to each figure about hazards: the flows of a period, and the stock when it ends."""

from __future__ import annotations

from taizhang.figures.counting import HazardSeen, StepSeen, counts
from taizhang.ledger.closed_loop import Event, State

_REWORK = (Event.RELAPSED, Event.PROGRESS, Event.FAILED)
"""Steps that bring a general hazard back into the stock that it was in before."""


@counts("gen_found")
def general_found(seen: HazardSeen) -> int:
    return sum(p.step.in_general_stock and not p.was_general and p.step.event not in _REWORK for p in seen.passages)


@counts("gen_fixed")
def general_fixed(seen: HazardSeen) -> int:
    return sum(p.was_general and p.step.state is State.CLOSED for p in seen.passages)


@counts("gen_open")
def general_open(seen: HazardSeen) -> int:
    return seen.after.step.in_general_stock


@counts("maj_open_start")
def open_at_start(seen: HazardSeen) -> int:
    return seen.before is not None and seen.before.step.in_major_stock


def _entered(passage: StepSeen) -> bool:
    return passage.step.in_major_stock and not passage.was_major


def _left(passage: StepSeen) -> bool:
    return passage.was_major and not passage.step.in_major_stock


def _new(seen: HazardSeen) -> int:
    return sum(_entered(p) and p.step.event is not Event.RELAPSED for p in seen.passages)


@counts("maj_new_self")
def new_found_by_unit(seen: HazardSeen) -> int:
    return _new(seen) if seen.case.found_by_unit else 0


@counts("maj_new_external")
def new_found_by_others(seen: HazardSeen) -> int:
    return 0 if seen.case.found_by_unit else _new(seen)


@counts("maj_relapsed")
def relapsed(seen: HazardSeen) -> int:
    return sum(_entered(p) and p.step.event is Event.RELAPSED for p in seen.passages)


@counts("maj_closed")
def closed(seen: HazardSeen) -> int:
    return sum(_left(p) and p.step.state is State.CLOSED for p in seen.passages)


@counts("maj_removed")
def removed(seen: HazardSeen) -> int:
    return sum(_left(p) and p.step.state is not State.CLOSED for p in seen.passages)


@counts("maj_open_end")
def open_at_end(seen: HazardSeen) -> int:
    return seen.after.step.in_major_stock


@counts("maj_legacy_open")
def known_before_the_campaign(seen: HazardSeen) -> int:
    return open_at_end(seen) and seen.after.legacy


@counts("maj_overdue")
def overdue(seen: HazardSeen) -> int:
    return open_at_end(seen) and seen.after.days_overdue > 0


@counts("maj_extended")
def extended(seen: HazardSeen) -> int:
    return open_at_end(seen) and seen.after.times_extended > 0


@counts("maj_supervised")
def supervised(seen: HazardSeen) -> int:
    return open_at_end(seen) and seen.after.flags.supervised is not None


@counts("maj_suspended")
def suspended(seen: HazardSeen) -> int:
    return open_at_end(seen) and seen.after.flags.suspended is not None


@counts("maj_five_ok")
def five_essentials_ok(seen: HazardSeen) -> int:
    return open_at_end(seen) and seen.after.five_essentials_ok


@counts("maj_pending")
def pending(seen: HazardSeen) -> int:
    return seen.after.is_pending


@counts("maj_cum_found")
def found_so_far(seen: HazardSeen) -> int:
    # What was withdrawn, transferred or merged is neither open nor closed.
    return seen.after.is_major and (seen.after.state.is_open or seen.after.state is State.CLOSED)


@counts("maj_cum_closed")
def closed_so_far(seen: HazardSeen) -> int:
    return found_so_far(seen) and seen.after.state is State.CLOSED


@counts("open_n")
def open_of_any_level(seen: HazardSeen) -> int:
    return seen.after.state.is_open


@counts("overdue_n")
def overdue_of_any_level(seen: HazardSeen) -> int:
    return seen.after.days_overdue > 0


@counts("fell_due")
def fell_due(seen: HazardSeen) -> int:
    after = seen.after
    stands = after.is_major and after.state is not State.REJECTED
    return stands and after.deadline is not None and after.deadline in seen.period


@counts("closed_in_time")
def closed_in_time(seen: HazardSeen) -> int:
    after = seen.after
    return fell_due(seen) and bool(after.closed_on and after.deadline and after.closed_on <= after.deadline)


@counts("funds_cum")
def funds_secured(seen: HazardSeen) -> int:
    return seen.after.funds_secured if found_so_far(seen) else 0
