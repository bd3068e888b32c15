"""Orders of superiors: 责令整改, 停产停业, 挂牌督办, 督促函, 约谈, 处罚, 责任倒查 — and what lifts them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from taizhang.intake.records import Record


class OrderKind(StrEnum):
    """What a superior ordered. Notices A6, A45, A54, B37–B39, B47; 安全生产法 arts 70, 97–102."""

    RECTIFY = "rectify"
    SUSPEND_PARTIAL = "suspend_partial"
    SUSPEND_FULL = "suspend_full"
    SUPERVISE = "supervise"
    URGE = "urge"
    ASSIGN = "assign"
    TALK = "talk"
    PENALTY = "penalty"
    TRACE_BACK = "trace_back"
    LIFT = "lift"


STANDING = frozenset({OrderKind.SUSPEND_PARTIAL, OrderKind.SUSPEND_FULL, OrderKind.SUPERVISE})
"""Orders that stay in force until they are lifted."""


@dataclass(frozen=True)
class Order:
    """One order, with the record that lifted it, if one did."""

    record: Record
    lifted_by: Record | None

    @property
    def kind(self) -> OrderKind:
        return OrderKind(self.record.data["order"])

    @property
    def unit(self) -> str:
        return str(self.record.data["unit"])

    @property
    def hazard(self) -> str | None:
        return self.record.data.get("hazard")

    def in_force(self, day: date) -> bool:
        """Whether it was given and not yet lifted at the end of `day`."""
        given = self.record.filed_on <= day
        lifted = self.lifted_by is not None and self.lifted_by.filed_on <= day
        return given and not lifted and self.kind in STANDING


class Flags(NamedTuple):
    """What stands over a hazard beside its state. `supervised` is the level's code, `suspended` partial or full."""

    supervised: str | None
    suspended: str | None


NO_FLAGS = Flags(None, None)


def read_orders(records: Iterable[Record]) -> tuple[Order, ...]:
    """Every order that is not itself a lifting, in the order of filing."""
    known = [r for r in records if r.kind.name == "orders" and not r.withdrawn]
    lifting = {r.data["lifts"]: r for r in known if r.data["order"] == OrderKind.LIFT and "lifts" in r.data}
    standing = [r for r in known if r.data["order"] != OrderKind.LIFT]
    return tuple(Order(r, lifting.get(r.ref)) for r in sorted(standing, key=lambda r: (r.filed_on, r.path)))


def by_hazard(orders: Iterable[Order]) -> Mapping[str, tuple[Order, ...]]:
    """The orders that name a hazard, by that hazard."""
    found: dict[str, tuple[Order, ...]] = {}
    for order in orders:
        if order.hazard:
            found[order.hazard] = (*found.get(order.hazard, ()), order)
    return found


def flags_on(orders: Sequence[Order], day: date) -> Flags:
    """The flags that a hazard's own orders put on it at the end of `day`."""
    standing = [order for order in orders if order.in_force(day)]
    levels = [str(o.record.data.get("supervision_level", "county")) for o in standing if o.kind is OrderKind.SUPERVISE]
    kinds = {order.kind for order in standing}
    suspended = "full" if OrderKind.SUSPEND_FULL in kinds else "partial" if OrderKind.SUSPEND_PARTIAL in kinds else None
    return Flags(levels[-1] if levels else None, suspended)
