"""The text material in phrases.yml and the small template language it is written in."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_SLOT = re.compile(r"\{([^{}]*)\}")
_RANGE = re.compile(r"([0-9]+)-([0-9]+)")


@cache
def material() -> Mapping[str, Any]:
    """phrases.yml as data."""
    text = files(__package__).joinpath("phrases.yml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


@cache
def members(units: tuple[str, ...]) -> frozenset[str]:
    """The organisation types meant by a list of types and group names."""
    groups: Mapping[str, Sequence[str]] = material()["groups"]
    return frozenset(kind for unit in units for kind in groups.get(unit, [unit]))


def expand(template: str, rng: random.Random, slots: Mapping[str, str] | None = None) -> str:
    """`template` with {slot} filled in, {a|b} chosen and {3-8} drawn; what they bring is not expanded again."""
    known = slots or {}

    def fill(match: re.Match[str]) -> str:
        inner = match[1]
        if "|" in inner:
            return str(rng.choice(inner.split("|")))
        numbers = _RANGE.fullmatch(inner)
        if numbers:
            return str(rng.randint(int(numbers[1]), int(numbers[2])))
        return known[inner]

    return _SLOT.sub(fill, template)


def pick(templates: Sequence[str], rng: random.Random, slots: Mapping[str, str] | None = None) -> str:
    """One of `templates`, expanded."""
    return expand(rng.choice(templates), rng, slots)


def topic(month: int, rng: random.Random) -> str:
    """What an organisation is busy with in this month of the year."""
    topics = [text for season in material()["seasons"] if month in season["months"] for text in season["topics"]]
    return str(rng.choice(topics))
