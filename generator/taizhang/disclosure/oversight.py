"""What superiors did and what came of it, as plain values: orders, visits, lessons, tips, practices, score sheets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from taizhang.campaign.roll import Organisation
from taizhang.disclosure.hazards import HazardView
from taizhang.ledger.duties import Status


def anchor(kind: str, campaign: str, ref: str) -> str:
    """Where a record stands on a page that holds those of several campaigns."""
    return f"{kind}-{campaign}-{ref.replace('/', '-')}"


@dataclass(frozen=True)
class OrderView:
    """An order of a superior (监管决定), with what lifted it. Notices A6, A45, A54, B37 to B39, B47."""

    ref: str
    kind: str
    label: str
    unit: Organisation
    by: Organisation
    filed_on: date
    dated: date
    deadline: date | None
    content: str
    basis: str
    doc_no: str | None
    published_at: str | None
    accountability: str
    """追责情形 in words; empty but for 责任倒查."""
    hazard: HazardView | None
    standing: bool
    """Whether orders of its kind hold until they are lifted."""
    lifted_on: date | None
    lifted_why: str

    @property
    def anchor(self) -> str:
        """Where on its unit's page it stands."""
        return "order-" + self.ref.replace("/", "-")


class LookBack(NamedTuple):
    """回头看: what became of one closed hazard. `hazard` is None for one that the public does not see one by one."""

    hazard: HazardView | None
    stable: bool
    label: str
    note: str


@dataclass(frozen=True)
class Visit:
    """A visit of a superior (督查), whose results are public. Notices A46 to A48, B36, B44 and B45."""

    campaign: str
    ref: str
    by: Organisation
    filed_on: date
    visited_on: date
    nature: str
    label: str
    units: tuple[Organisation, ...]
    summary: str
    found: tuple[str, ...]
    """References of the hazards that the visit found and the units' own checks had not."""
    hazards: tuple[HazardView, ...]
    """Those among them that the public sees one by one."""
    look_back: tuple[LookBack, ...]
    rechecks: str | None
    """The covert visit that this visit checked again."""
    agrees: bool | None

    @property
    def anchor(self) -> str:
        return anchor("visit", self.campaign, self.ref)

    @property
    def href(self) -> str:
        return f"visits/#{self.anchor}"

    def found_at(self, unit: str, units: Mapping[str, str]) -> int:
        """How many of the hazards it found are that unit's; `units` has the unit of every hazard."""
        return sum(1 for ref in self.found if units.get(ref) == unit)


class Tip(NamedTuple):
    """A tip that was dealt with, and nothing that could lead to who gave it. Notices A49, B16 and B42."""

    filed_on: date
    closed_on: date
    category: str
    outcome: str


def tally_tips(tips: tuple[Tip, ...]) -> Mapping[str, Mapping[str, int]]:
    """Counts by category and outcome, the most frequent category first."""
    sizes = Counter(tip.category for tip in tips)
    order = sorted(sizes, key=lambda category: -sizes[category])
    return {category: Counter(tip.outcome for tip in tips if tip.category == category) for category in order}


class Checked(NamedTuple):
    """How one organisation stands with a special check."""

    org: Organisation
    status: Status
    filed_on: date | None


@dataclass(frozen=True)
class Lesson:
    """以案为鉴: an accident elsewhere, what it teaches, and the special check it opened. Notices A20 and B22."""

    campaign: str
    ref: str
    filed_on: date
    title: str
    accident: str
    lesson: str
    topic: str
    """What was to be checked; empty where the lesson opened no check."""
    due: date | None
    checked: tuple[Checked, ...]

    @property
    def anchor(self) -> str:
        return anchor("lesson", self.campaign, self.ref)

    def having(self, status: Status) -> tuple[Checked, ...]:
        """The organisations that stand so."""
        return tuple(item for item in self.checked if item.status is status)


@dataclass(frozen=True)
class Practice:
    """经验做法. Notice B41."""

    campaign: str
    ref: str
    org: Organisation
    filed_on: date
    title: str
    summary: str

    @property
    def anchor(self) -> str:
        return anchor("practice", self.campaign, self.ref)


class Accident(NamedTuple):
    """事故信息 of a unit."""

    happened_on: date
    grade: str
    category: str
    deaths: int
    injured: int
    summary: str
    handling: str


class Resources(NamedTuple):
    """应急资源 of a unit as counts: what there is, never which or where."""

    teams: int
    team_members: int
    supplies: int
    plans: Mapping[str, int]
    """Number of plans by the words for their kind."""

    def __bool__(self) -> bool:
        return bool(self.teams or self.supplies or self.plans)


class Proof(NamedTuple):
    """What a point of a score sheet rests on, and where that stands."""

    text: str
    href: str


class ScoreLine(NamedTuple):
    """One criterion applied to one unit."""

    title: str
    each: int
    limit: int
    points: int
    proofs: tuple[Proof, ...]


@dataclass(frozen=True)
class ScoreSheet:
    """One unit's score sheet for one year. Notice B46."""

    campaign: str
    org: Organisation
    year: int
    total: int
    lines: tuple[ScoreLine, ...]

    @property
    def href(self) -> str:
        return f"assessment/{self.campaign}/{self.org.id}/"


class Rank(NamedTuple):
    """A place in a ranking among peers; equal rates share it."""

    place: int
    org: Organisation
    rate: Fraction


class Ranking(NamedTuple):
    """Peers compared by one of the three rates."""

    measure: str
    group: str
    places: tuple[Rank, ...]


@dataclass(frozen=True)
class Assessment:
    """The assessment of a campaign whose rubric is public."""

    sheets: tuple[ScoreSheet, ...]
    rankings: tuple[Ranking, ...]

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted({sheet.year for sheet in self.sheets}))

    @property
    def units(self) -> Mapping[str, tuple[ScoreSheet, ...]]:
        """The sheets of each unit, in the order of the years."""
        found: dict[str, tuple[ScoreSheet, ...]] = {}
        for sheet in self.sheets:
            found[sheet.org.id] = (*found.get(sheet.org.id, ()), sheet)
        return found
