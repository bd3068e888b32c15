"""How much one filing, activity, order, visit or exposure adds to each figure about them; and one organisation."""

from __future__ import annotations

from taizhang.campaign.roll import Organisation
from taizhang.figures.counting import ReturnSeen, VisitSeen, counts
from taizhang.intake.records import Record
from taizhang.ledger.duties import Status
from taizhang.ledger.exposures import Exposure
from taizhang.ledger.orders import Order, OrderKind


@counts("self_checks")
def self_checks(filing: Record) -> int:
    return int(filing.data.get("self_checks", 0))


@counts("principal_checks_qtd")
def checks_led_by_the_head(inspection: Record) -> int:
    return bool(inspection.data["led_by"] == "principal")


@counts("train_n")
def trained(activity: Record) -> int:
    return int(activity.data.get("participants", 0)) if activity.data["activity"] == "training" else 0


def _covers(activity: Record, content: str) -> bool:
    return content == activity.data["activity"] or content in activity.data.get("contents", ())


@counts("drill_n")
def drilled(activity: Record) -> int:
    return _covers(activity, "drill")


@counts("warn_n")
def warned(activity: Record) -> int:
    return _covers(activity, "warning_education")


@counts("exposed_n")
def exposed(_: Exposure) -> int:
    return 1


@counts("penalty_n")
def penalised(order: Order) -> int:
    return order.kind is OrderKind.PENALTY


@counts("talk_n")
def talked_to(order: Order) -> int:
    return order.kind is OrderKind.TALK


@counts("visits_n")
def made_a_visit(_: VisitSeen) -> int:
    return 1


@counts("visited_n")
def visited(_: VisitSeen) -> int:
    return 1


@counts("checked_hazards_n")
def found_by_visits(visit: VisitSeen) -> int:
    return visit.found


def _is(seen: ReturnSeen, status: Status) -> bool:
    """Whether a periodic return stands so: only these are counted in 报送率."""
    return seen.item.obligation.duty.is_return and seen.status is status


@counts("on_time_n")
def on_time(seen: ReturnSeen) -> int:
    return _is(seen, Status.ON_TIME)


@counts("nil_n")
def nil(seen: ReturnSeen) -> int:
    return _is(seen, Status.NIL)


@counts("late_n")
def late(seen: ReturnSeen) -> int:
    return _is(seen, Status.LATE)


@counts("missing_n")
def missing(seen: ReturnSeen) -> int:
    return _is(seen, Status.MISSING)


@counts("duty_on_time_n")
def any_on_time(seen: ReturnSeen) -> int:
    return seen.status is Status.ON_TIME


@counts("duty_nil_n")
def any_nil(seen: ReturnSeen) -> int:
    return seen.status is Status.NIL


@counts("duty_late_n")
def any_late(seen: ReturnSeen) -> int:
    return seen.status is Status.LATE


@counts("duty_missing_n")
def any_missing(seen: ReturnSeen) -> int:
    return seen.status is Status.MISSING


@counts("duty_not_due_n")
def any_not_due(seen: ReturnSeen) -> int:
    return seen.status is Status.NOT_DUE


@counts("tips_n")
def dealt_with(_: Record) -> int:
    return 1


@counts("units_n")
def takes_part(org: Organisation) -> int:
    return org.files
