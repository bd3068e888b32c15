"""Canaries: what stands in private fields of the records of this very build, and must stand nowhere in the release."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import NamedTuple

import yaml

from taizhang.checks.personal import texts_of
from taizhang.intake.records import Record
from taizhang.intake.schemas import FieldPath

LEAST = 8
"""Characters that a value has at least to be looked for: shorter ones, such as 门诊楼, are everybody's words."""
LENGTH, STRIDE = 5, 4
"""Of the stretches by which values are found; together one more than LEAST."""
_SPACE = re.compile("[\\s\u200b\u00ad\ufeff]+")


class Canary(NamedTuple):
    """A private value, and the field that it stands in."""

    value: str
    record: Record
    path: FieldPath


@dataclass(frozen=True)
class Canaries:
    """Private values by their first characters, so that a text is searched in one pass however many there are."""

    by_start: Mapping[str, Sequence[tuple[int, Canary]]] = field(default_factory=dict)
    """By each of the first few stretches of the value, with where in it the stretch begins: of a text, only every
    STRIDE-th place has to be looked at then."""

    def found(self, text: str) -> Iterator[Canary]:
        """Those that stand in a text, wherever it breaks its lines."""
        close, starts = squeezed(text), self.by_start
        for place in range(0, len(close) - LENGTH + 1, STRIDE) if starts else ():
            for before, canary in starts.get(close[place : place + LENGTH], ()):
                if place >= before and close.startswith(canary.value, place - before):
                    yield canary


def _indexed(those: Iterable[Canary]) -> Canaries:
    found: dict[str, list[tuple[int, Canary]]] = defaultdict(list)
    for canary in those:
        for before in range(STRIDE):
            found[canary.value[before : before + LENGTH]].append((before, canary))
    return Canaries(found)


def squeezed(text: str) -> str:
    """A text without spaces, breaks, and what is invisible."""
    return _SPACE.sub("", text)


_PRIVATE: Mapping[str, Sequence[str]] = yaml.load(
    resources.files("taizhang.release_gate").joinpath("private.yml").read_text(encoding="utf-8"),
    Loader=yaml.CSafeLoader,
)


def _visibility(record: Record, path: FieldPath) -> str:
    """Who may see a field: as its schema says, unless the gate's own list is stricter."""
    says = record.kind.visibility(path)
    return "internal" if says == "public" and path[0] in _PRIVATE.get(record.kind.name, ()) else says


def canaries(records: Sequence[Record], private: Sequence[str]) -> Canaries:
    """The free texts and sealed values of fields of such visibility that stand in no other field."""
    found: list[Canary] = []
    told: set[str] = set()
    for record in records:
        for path, text in texts_of(record.data):
            value = squeezed(text)
            visibility = _visibility(record, path)
            if visibility not in private:
                told.add(value)
            elif len(value) >= LEAST and (visibility == "sealed" or record.kind.is_free_text(path)):
                found.append(Canary(value, record, path))
    among = _indexed(found)
    everywhere = {canary.value for text in told for canary in among.found(text)}
    return _indexed(canary for canary in found if canary.value not in everywhere)
