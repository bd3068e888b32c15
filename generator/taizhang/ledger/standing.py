"""Who may say what about whom: the one table of standings, held by where an organisation stands in the roll."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from taizhang.ledger.closed_loop import Event
from taizhang.ledger.orders import OrderKind


class Standing(StrEnum):
    """Where in the roll an organisation must stand to say something about a unit."""

    UNIT = "unit"
    """The unit itself."""
    ABOVE = "above"
    """An organisation above that unit."""
    EITHER = "either"
    ABOVE_OR_COMMITTEE = "above_or_committee"
    """An organisation above that unit, or the safety committee's office, which stands beside them all."""
    CONTACT_BODY = "contact_body"
    """One of the two bodies that the campaign names for changes of contacts."""


WHO: Mapping[str, Standing] = MappingProxyType(
    {
        Event.REGISTERED: Standing.EITHER,
        Event.FIXED_ON_THE_SPOT: Standing.EITHER,
        Event.FOUND_MAJOR: Standing.ABOVE,
        Event.FOUND_GENERAL: Standing.ABOVE,
        Event.FOUND_NONE: Standing.ABOVE,
        Event.TRANSFERRED: Standing.ABOVE,
        Event.MERGED: Standing.ABOVE,
        Event.PLAN: Standing.UNIT,
        Event.PROGRESS: Standing.UNIT,
        Event.COMPLETED: Standing.UNIT,
        Event.PASSED: Standing.EITHER,
        Event.FAILED: Standing.EITHER,
        Event.STABLE: Standing.EITHER,
        Event.RELAPSED: Standing.EITHER,
        Event.WITHDRAWN: Standing.EITHER,
        "extensions": Standing.UNIT,
        "extension-decisions": Standing.ABOVE,
        "visits": Standing.ABOVE,
        "replies": Standing.UNIT,
        "contact-changes": Standing.UNIT,
        "contact-decisions": Standing.CONTACT_BODY,
        OrderKind.RECTIFY: Standing.ABOVE,
        OrderKind.SUSPEND_PARTIAL: Standing.ABOVE,
        OrderKind.SUSPEND_FULL: Standing.ABOVE,
        OrderKind.SUPERVISE: Standing.ABOVE_OR_COMMITTEE,
        OrderKind.URGE: Standing.ABOVE,
        OrderKind.ASSIGN: Standing.ABOVE,
        OrderKind.TALK: Standing.ABOVE_OR_COMMITTEE,
        OrderKind.PENALTY: Standing.ABOVE,
        OrderKind.TRACE_BACK: Standing.ABOVE_OR_COMMITTEE,
        # Who may give an order may lift it; this is for one that lifts what is not there, or needs no lifting.
        OrderKind.LIFT: Standing.ABOVE_OR_COMMITTEE,
    }
)
"""Who may say what of a unit: by what happens to its hazard, by what is ordered, or by the kind of a record that says
no more. A unit passes a general hazard of its own, never a major one: that is a condition of the closed loop.
tests/tables draws it by hand."""
