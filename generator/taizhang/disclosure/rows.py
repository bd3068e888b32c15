"""The rows behind figures as plain values: what was counted, under what name, and where it is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Sort(StrEnum):
    """What sort of thing was counted; the page has a sentence for each."""

    HAZARD = "hazard"
    RETURN = "return"
    FILING = "filing"
    INSPECTION = "inspection"
    ACTIVITY = "activity"
    ORDER = "order"
    VISIT = "visit"
    EXPOSURE = "exposure"
    TIP = "tip"
    ORGANISATION = "organisation"


class Item(NamedTuple):
    """One row behind a figure. A hazard that the public does not see one by one has neither title nor address."""

    sort: Sort
    label: str
    title: str
    day: date | None
    href: str


class Behind(NamedTuple):
    """An item, and how much it adds to a figure."""

    item: Item
    amount: int


Rows = Mapping[str, Mapping[str, tuple[Behind, ...]]]
"""By organisation and by each figure that has a counting function; the others follow from these."""
