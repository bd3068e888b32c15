"""The roll: the organisations of a campaign and who stands above whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from taizhang.intake.records import Record


class Tier(StrEnum):
    """Where an organisation stands in the campaign."""

    OFFICE = "office"
    COMMITTEE = "committee"
    COUNTY = "county"
    DIRECT = "direct"
    COUNTY_UNIT = "county_unit"


@dataclass(frozen=True)
class Organisation:
    """One organisation of the roll."""

    id: str
    name: str
    short_name: str
    type: str
    tier: Tier
    region: str
    peer_group: str
    parent: str | None
    crowded_place: bool
    joined_on: date | None
    left_on: date | None
    submitters: tuple[str, ...] = ()
    """The logins that file for it; never public."""

    def existed_on(self, day: date) -> bool:
        """Whether the organisation was on the roll that day."""
        return (self.joined_on is None or self.joined_on <= day) and (self.left_on is None or day <= self.left_on)

    @property
    def files(self) -> bool:
        """Whether it is a unit that files, rather than one that only directs."""
        return self.tier not in (Tier.OFFICE, Tier.COMMITTEE)


@dataclass(frozen=True)
class Roll:
    """All organisations, in the order of `roll.yml`, which is the order of every table."""

    organisations: tuple[Organisation, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Organisation]:
        return {org.id: org for org in self.organisations}

    def __contains__(self, org: str) -> bool:
        return org in self.by_id

    def above(self, org: str) -> tuple[str, ...]:
        """The organisations above `org`, nearest first. A circle in `parent` ends the walk."""
        chain: list[str] = []
        node = self._parent(org)
        while node and node not in (*chain, org):
            chain.append(node)
            node = self._parent(node)
        return tuple(chain)

    def _parent(self, org: str) -> str | None:
        known = self.by_id.get(org)
        return known.parent if known and known.parent in self.by_id else None

    def children(self, org: str) -> tuple[Organisation, ...]:
        """The organisations directly below."""
        return self._children.get(org, ())

    @cached_property
    def _children(self) -> Mapping[str, tuple[Organisation, ...]]:
        below: dict[str, tuple[Organisation, ...]] = {}
        for org in self.organisations:
            if org.parent:
                below[org.parent] = (*below.get(org.parent, ()), org)
        return below

    @cached_property
    def units(self) -> tuple[Organisation, ...]:
        """The organisations that file."""
        return tuple(org for org in self.organisations if org.files)


def read_roll(record: Record) -> Roll:
    """The roll from `roll.yml`."""
    return Roll(tuple(_organisation(entry) for entry in record.data["organisations"]))


def _organisation(entry: Mapping[str, Any]) -> Organisation:
    return Organisation(
        id=entry["id"],
        name=entry["name"],
        short_name=entry.get("short_name", entry["name"]),
        type=entry["type"],
        tier=Tier(entry["tier"]),
        region=entry["region"],
        peer_group=entry["peer_group"],
        parent=entry.get("parent"),
        crowded_place=entry.get("crowded_place", False),
        joined_on=_day(entry.get("joined_on")),
        left_on=_day(entry.get("left_on")),
        submitters=tuple(entry.get("submitters", ())),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
