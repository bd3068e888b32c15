"""The turns of a duty, and which organisations owe it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bench.simulate.model import NOT_FILING, RollEntry, World
from taizhang.campaign.due import read_due

Duty = Mapping[str, Any]


@dataclass(frozen=True)
class DutyTurn:
    """One turn of a duty: its name in file names, its days within the duty's time, and the last day on time."""

    label: str
    first: date
    last: date
    due: date


def owes(duty: Duty, unit: RollEntry) -> bool:
    """Whether the duty is this organisation's, by tier, type, peer group and crowded place."""
    owed_by = duty.get("owed_by", {})
    tier = unit.tier in owed_by["tiers"] if "tiers" in owed_by else unit.tier not in NOT_FILING
    kind = unit.type in owed_by.get("types", [unit.type])
    peers = unit.peer_group in owed_by.get("peer_groups", [unit.peer_group])
    return tier and kind and peers and (unit.crowded_place or not owed_by.get("crowded_place", False))


def periods(duty: Duty, world: World) -> Iterator[DutyTurn]:
    """Every turn of `duty` that touches its time, in order."""
    due = read_due(duty["due"], world.starts_on, world.ends_on)
    for period, on_time in due.occurrences():
        if period is None:
            yield DutyTurn(duty["id"], min(due.first, on_time), on_time, on_time)
        else:
            yield DutyTurn(period.key, max(period.start, due.first), min(period.end, due.last), on_time)
