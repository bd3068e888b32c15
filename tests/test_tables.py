"""What binds legally, held against tables drawn by hand from the notices: tests/tables, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any, NamedTuple

import pytest
from drawn import NO, conditions, drawn, parted, table
from stories import DAY, FIXED, SAYS, case_of, story
from support import KINDS, Data, Tree, made, organisation

from taizhang.disclosure.projection import public_fields
from taizhang.intake.kinds import Kind
from taizhang.intake.schemas import FieldPath
from taizhang.intake.strict_yaml import Document
from taizhang.ledger.closed_loop import TRANSITIONS, Circumstances, Event, Level, State, refusal, ways_on
from taizhang.ledger.exposures import Stage, read_exposure

# --- The closed loop ------------------------------------------------------------------------------

STATES = {
    "已登记": State.REGISTERED,
    "重大": State.MAJOR_CONFIRMED,
    "一般": State.GENERAL,
    "方案已报": State.PLAN_FILED,
    "整改中": State.RECTIFYING,
    "待验收": State.AWAITING_ACCEPTANCE,
    "销号": State.CLOSED,
    "反弹": State.REOPENED,
    "不成立": State.REJECTED,
    "撤回": State.WITHDRAWN,
    "移交": State.TRANSFERRED,
    "合并": State.MERGED,
}
EVENTS = {
    "立行立改": Event.FIXED_ON_THE_SPOT,
    "判定重大": Event.FOUND_MAJOR,
    "判定一般": Event.FOUND_GENERAL,
    "判定不成立": Event.FOUND_NONE,
    "移交": Event.TRANSFERRED,
    "合并": Event.MERGED,
    "报治理方案": Event.PLAN,
    "报进展": Event.PROGRESS,
    "报完成": Event.COMPLETED,
    "验收合格": Event.PASSED,
    "验收不合格": Event.FAILED,
    "回头看稳固": Event.STABLE,
    "回头看反弹": Event.RELAPSED,
    "撤回": Event.WITHDRAWN,
}


class Cell(NamedTuple):
    """What the drawn table says of one event in one state: the state it leads to, and the marks of its conditions."""

    to: State
    marks: str


def loop() -> Mapping[tuple[State, Event], Cell]:
    found = {}
    for state, cells in table("closed-loop").items():
        for event, cell in cells.items():
            to, marks = parted(cell)
            if to != NO:
                found[STATES[state], EVENTS[event]] = Cell(STATES[to], marks)
    return found


LOOP = loop()
HOLDS: dict[str, Callable[[Circumstances], bool]] = {
    "①": lambda facts: not facts.is_major,
    "②": lambda facts: facts.is_on_the_spot,
    "③": lambda facts: not facts.is_major or facts.is_determined,
    "④": lambda facts: not facts.is_major or facts.has_essentials,
    "⑤": lambda facts: not facts.is_major or not facts.is_from_unit,
    "⑥": lambda facts: not facts.is_major or not facts.is_from_unit,
}
"""What the conditions under the table mean."""
BEYOND_THE_STEP = {"④": "E-FIVE", "⑤": "E-SELF-ACCEPT", "⑥": "E-WITHDRAW"}
"""Conditions with a rule of their own; where another is not met, the step itself is refused."""


def drawn_refusal(state: State, event: Event, facts: Circumstances) -> str | None:
    cell = LOOP.get((state, event))
    if cell is None:
        return "E-STEP"
    return next((BEYOND_THE_STEP.get(mark, "E-STEP") for mark in cell.marks if not HOLDS[mark](facts)), None)


def test_the_loop_is_drawn_whole() -> None:
    rows = table("closed-loop")
    assert set(rows) == set(STATES)
    assert set(STATES.values()) == set(State)
    assert all([EVENTS[event] for event in cells] == list(EVENTS.values()) for cells in rows.values())
    assert {*EVENTS.values(), Event.REGISTERED} == set(Event)
    assert list(conditions("closed-loop")) == list(HOLDS)


@pytest.mark.requirement("A14")
@pytest.mark.requirement("A55")
@pytest.mark.requirement("B35")
@pytest.mark.parametrize("state", State)
def test_every_step_is_as_drawn_whatever_the_circumstances(state: State) -> None:
    for event in Event:
        for facts in (Circumstances(*values) for values in product((False, True), repeat=5)):
            wanted = drawn_refusal(state, event, facts)
            assert refusal(state, event, facts) == wanted, (state, event, facts)
            assert (event in ways_on(state, facts)) == (wanted != "E-STEP"), (state, event, facts)
        way = TRANSITIONS.get((state, event))
        assert (way.to if way else None) == (LOOP[state, event].to if (state, event) in LOOP else None)


class Walk(NamedTuple):
    """A hazard taken through the drawn table: how it was filed, what was said of it, and how it stands by the table."""

    filed: Data
    events: tuple[Event, ...]
    state: State
    is_major: bool
    is_determined: bool = False

    def facts(self, event: Event) -> Circumstances:
        """The unit withdraws, and those above say everything else; the five essentials are there."""
        is_on_the_spot, is_from_unit = "fixed_on_the_spot" in self.filed, event is Event.WITHDRAWN
        return Circumstances(self.is_major, self.is_determined, is_on_the_spot, True, is_from_unit)

    def then(self, event: Event) -> Walk:
        """One event further; as it stands where the table refuses that."""
        if drawn_refusal(self.state, event, self.facts(event)):
            return self
        levels = {Event.FOUND_MAJOR: True, Event.FOUND_GENERAL: False}
        return self._replace(
            # What was put right on the spot is said in the hazard itself.
            events=self.events if event is Event.FIXED_ON_THE_SPOT else (*self.events, event),
            state=LOOP[self.state, event].to,
            is_major=levels.get(event, self.is_major),
            is_determined=self.is_determined or event in levels,
        )


SAID = (*SAYS, Event.WITHDRAWN)


def walks() -> Iterator[Walk]:
    """A way to every standing that the drawn table gives a hazard."""
    spot: Data = {"fixed_on_the_spot": FIXED}
    waiting = [
        Walk({"claimed_level": "major"}, (), State.REGISTERED, is_major=True),
        Walk({"claimed_level": "major", **spot}, (), State.REGISTERED, is_major=True),
        Walk({"claimed_level": "general"}, (), State.REGISTERED, is_major=False),
        Walk({"claimed_level": "general", **spot}, (), State.REGISTERED, is_major=False).then(Event.FIXED_ON_THE_SPOT),
    ]
    seen = set()
    while waiting:
        walk = waiting.pop()
        standing = (str(walk.filed), walk.state, walk.is_major, walk.is_determined)
        if standing not in seen:
            seen.add(standing)
            yield walk
            waiting += [walk.then(event) for event in SAID]


WALKS = list(walks())


def test_every_state_is_reached_from_registration() -> None:
    assert {walk.state for walk in WALKS} == set(State)


@pytest.mark.parametrize("event", SAID)
def test_records_move_a_hazard_as_drawn(event: Event) -> None:
    for walk in WALKS:
        if Event.WITHDRAWN in walk.events and event is Event.WITHDRAWN:
            continue
        case, wanted = case_of(story(*walk.events, event, **walk.filed)), walk.then(event)
        last = case.steps[-1]
        assert (last.state, last.level is Level.MAJOR, last.determined) == wanted[2:], (walk, event)
        code = drawn_refusal(walk.state, event, walk.facts(event))
        if event is Event.WITHDRAWN and walk.is_determined:
            code = "E-WITHDRAW"
        assert [r.code for r in case.refusals] == ([code] if code else []), (walk, event)


# --- Exposures ------------------------------------------------------------------------------------

STAGES = {
    "拟曝光": Stage.PROPOSED,
    "告知单位": Stage.NOTIFIED,
    "单位说明": Stage.REPLIED,
    "审查同意": Stage.APPROVED,
    "曝光": Stage.PUBLISHED,
    "更正": Stage.CORRECTED,
    "争议": Stage.DISPUTED,
    "已整改": Stage.RECTIFIED,
    "撤回": Stage.WITHDRAWN,
    "归档": Stage.ARCHIVED,
}
BEGINNING = "还没有开始"
PROCESS = table("exposure")
STAGE_RULES = {
    "①": "E-EXPOSE-REPLY",
    "②": "E-EXPOSE-REPLIED",
    "③": "E-EXPOSE-SELF",
    "④": "E-EXPOSE-WAIT",
    "⑤": "E-EXPOSE-REASON",
    "⑥": "E-EXPOSE-LIMIT",
}
UNTIL = "2023-07-09"
"""The last day for the unit's reply."""
WAY_TO_THE_PUBLIC: list[Data] = [
    {"step": "proposed", "dated": "2023-07-01", "by": "bureau"},
    {"step": "notified", "dated": "2023-07-02", "by": "bureau", "reply_by": UNTIL},
    {"step": "replied", "dated": "2023-07-03", "by": "east-hospital"},
    {"step": "approved", "dated": "2023-07-03", "by": "council"},
    {"step": "published", "dated": "2023-07-03", "by": "bureau"},
]


def way_to(stage: Stage) -> list[Data]:
    """The steps that lead to a stage, itself the last."""
    known = [step["step"] for step in WAY_TO_THE_PUBLIC]
    if stage in known:
        return WAY_TO_THE_PUBLIC[: known.index(stage) + 1]
    last = {"step": stage, "dated": "2023-07-03", "by": "bureau", "note": "说明", "reply_by": "2023-07-20"}
    return [*WAY_TO_THE_PUBLIC, last]


def next_steps(stage: Stage, earliest: date) -> Iterator[Data]:
    """A step by each body, with and without its reason, on the days that matter, with every limit that may be named."""
    for by, reason, dated in product(("bureau", "council", "east-hospital"), (True, False), (earliest, *AROUND)):
        for until in (None, dated - DAY, dated):
            limit = {"reply_by": until.isoformat()} if until else {}
            note = {"note": "原文部位有误"} if reason else {}
            yield {"step": stage.value, "dated": dated.isoformat(), "by": by, **limit, **note}


AROUND = (date(2023, 7, 9), date(2023, 7, 10))


def test_the_process_is_drawn_whole() -> None:
    assert list(PROCESS) == [BEGINNING, *STAGES]
    assert all(list(cells) == list(STAGES) for cells in PROCESS.values())
    assert set(STAGES.values()) == set(Stage)
    assert list(conditions("exposure")) == list(STAGE_RULES)


@pytest.mark.parametrize("row", PROCESS)
def test_every_step_of_an_exposure_is_as_drawn(row: str) -> None:
    before = [] if row == BEGINNING else way_to(STAGES[row])
    earliest = date.fromisoformat(before[-1]["dated"]) if before else date(2023, 7, 1)
    for column, stage in STAGES.items():
        answer, marks = parted(PROCESS[row][column])
        for step in next_steps(stage, earliest):
            until = step.get("reply_by")
            holds = {
                "①": until is not None and until >= step["dated"],
                "②": step["by"] == "east-hospital",
                "③": step["by"] != "bureau",
                "④": step["dated"] > UNTIL,
                "⑤": "note" in step,
                "⑥": until is not None and until >= step["dated"],
            }
            exposure = read_exposure(made("bureau", "exposures", steps=[*before, step]))
            broken = ["E-EXPOSE-STEP"] if answer == NO else [STAGE_RULES[mark] for mark in marks if not holds[mark]]
            assert (exposure.fault.code if exposure.fault else None) == next(iter(broken), None), (row, step)
            assert len(exposure.steps) == len(before) + (not broken), (row, step)


def test_no_step_goes_back_in_time() -> None:
    for row, stage in STAGES.items():
        before = way_to(stage)
        for column, following in STAGES.items():
            if PROCESS[row][column] != NO:
                step = next(s for s in next_steps(following, date.fromisoformat(before[-1]["dated"]) - DAY))
                fault = read_exposure(made("bureau", "exposures", steps=[*before, step])).fault
                assert fault, (row, column)
                assert fault.code == "E-EXPOSE-STEP", (row, column)


# --- Standing -------------------------------------------------------------------------------------

ABOUT_STANDING = {
    "E-ABOVE",
    "E-CONTACT-BODY",
    "E-CONTACT-OWN",
    "E-FILER",
    "E-LOOK-BACK",
    "E-ORDER-FROM",
    "E-OWN",
    "E-REPLY",
    "E-SELF-ACCEPT",
    "E-VISIT-BELOW",
}
PLACES = {"填报单位": "north-clinic", "县区卫健委": "north-county", "主管办公室": "bureau", "安委会办公室": "council"}
SPEAKERS = {
    "本单位": "north-clinic",
    "上一级": "north-county",
    "再上一级": "bureau",
    "安委会办公室": "council",
    "别的县区": "south-county",
    "别的单位": "east-hospital",
}
KINDS_FILED = {row.split()[-1]: cells for row, cells in drawn("standing")["哪一类记录，谁可以填"].items()}
CLAIMED = drawn("standing")["说一个单位的事，谁可以"]
CLINIC = "north-clinic/2023-001"
Filing = tuple[str, str, Data]
"""A record to be filed: of which kind, by which name, with which fields."""


def filing(kind: str, **fields: object) -> Filing:
    """What is said last, under a name that nobody has taken, on a day after everything else."""
    name = {"inspections": "2023-08-01"}.get(kind, "2023-099")
    dated = KINDS[kind].date_field
    days = {"filed_on": "2023-08-01", **({dated: "2023-08-01"} if dated else {})}
    return kind, name, {**days, **fields}


def of_hazard(kind: str, **fields: object) -> Filing:
    return filing(kind, hazard=CLINIC, **fields)


def ordered(order: str, **fields: object) -> Filing:
    needs = {"rectify": {"deadline": "2023-09-01"}, "supervise": {"supervision_level": "county"}}
    more = {"trace_back": {"accountability": "not_thorough"}, **needs}.get(order, {})
    return of_hazard("orders", unit="north-clinic", order=order, **{"deadline": None, **more, **fields})


LOOKED_BACK = {"look_back": [{"hazard": CLINIC, "result": "stable"}]}
CLAIMS: dict[str, tuple[str, Filing]] = {
    # What is said, by its row: how the hazard stands before, and the record that says it.
    "登记它的隐患": ("", filing("hazards", unit="north-clinic", registered_on="2023-08-01")),
    "判定重大": ("filed", of_hazard("determinations")),
    "判定一般": ("filed", of_hazard("determinations", decision="general")),
    "判定不成立": ("filed", of_hazard("determinations", decision="not_hazard")),
    "移交": ("filed", of_hazard("determinations", decision="transferred", transferred_to="市场监管部门")),
    "合并": ("filed", of_hazard("determinations", decision="merged", merged_into="east-hospital/2023-001")),
    "报治理方案": ("found major", of_hazard("rectifications", stage="plan")),
    "报进展": ("found major", of_hazard("rectifications", stage="progress")),
    "报完成": ("in work", of_hazard("rectifications", stage="completed")),
    "验收重大隐患合格": ("completed", of_hazard("acceptances")),
    "验收一般隐患合格": ("completed as general", of_hazard("acceptances")),
    "验收不合格": ("completed", of_hazard("acceptances", result="failed")),
    "申请延期": ("found major", of_hazard("extensions")),
    "决定延期": ("asked for time", filing("extension-decisions", extension=CLINIC)),
    "检查时回头看": ("closed", filing("inspections", led_by="team", **LOOKED_BACK)),
    "督查": ("filed", filing("visits", units=["north-clinic"])),
    "督查时回头看": ("closed", filing("visits", units=["north-clinic"], **LOOKED_BACK)),
    "责令整改": ("found major", ordered("rectify")),
    "局部停产停业": ("found major", ordered("suspend_partial")),
    "全部停产停业": ("found major", ordered("suspend_full")),
    "挂牌督办": ("found major", ordered("supervise")),
    "督促函": ("found major", ordered("urge")),
    "交办": ("found major", ordered("assign")),
    "约谈": ("found major", ordered("talk")),
    "行政处罚": ("found major", ordered("penalty")),
    "责任倒查": ("found major", ordered("trace_back")),
    "解除停产停业": ("suspended", ordered("lift", lifts="bureau/2023-050")),
    "摘牌": ("listed", ordered("lift", lifts="bureau/2023-050")),
    "曝光": ("found major", of_hazard("exposures", unit="north-clinic", steps=WAY_TO_THE_PUBLIC[:1])),
    "对曝光作说明": ("exposed", filing("replies", exposure="bureau/2023-001")),
    "申请变更联系人": ("contacts", filing("contact-changes", contacts=CLINIC, effective_on="2023-08-08")),
    "决定变更联系人": ("change", filing("contact-decisions", change=CLINIC)),
}


def clinic(standing: str, unit: str = "north-clinic") -> Tree:
    """A tree in which the unit's hazard has come as far as `standing` says."""
    hazard = f"{unit}/2023-001"
    tree = Tree()
    tree.roll["organisations"].append(organisation("south-clinic", "南县卫生院", "county_unit", "south-county"))
    if standing in ("contacts", "change"):
        tree.add(unit, "contacts")
    if standing == "change":
        tree.add(unit, "contact-changes", contacts=hazard)
    if standing in ("", "contacts", "change"):
        return tree
    general = standing == "completed as general"
    tree.add(unit, "hazards", claimed_level="general" if general else "major")
    if standing == "filed":
        tree.add("east-hospital", "hazards")
        return tree
    tree.add("bureau", "determinations", hazard=hazard, decision="general" if general else "major")
    if standing == "asked for time":
        tree.add(unit, "extensions", hazard=hazard)
    if standing == "exposed":
        steps = [{**step, "by": unit} if step["step"] == "replied" else step for step in WAY_TO_THE_PUBLIC]
        tree.add("bureau", "exposures", unit=unit, hazard=hazard, steps=steps)
    if standing in ("suspended", "listed"):
        order = {"order": "suspend_full"} if standing == "suspended" else {"order": "supervise"}
        level = {"supervision_level": "county"} if standing == "listed" else {}
        tree.add("bureau", "orders", "2023-050", unit=unit, hazard=hazard, deadline=None, **order, **level)
    if standing in ("in work", "completed", "completed as general", "closed"):
        tree.add(unit, "rectifications", hazard=hazard)
    if standing in ("completed", "completed as general", "closed"):
        done = {"stage": "completed", "filed_on": "2023-06-11", "progress_on": "2023-06-11"}
        tree.add(unit, "rectifications", "2023-002", hazard=hazard, **done)
    if standing == "closed":
        tree.add("bureau", "acceptances", hazard=hazard)
    return tree


def test_the_standings_are_drawn_whole() -> None:
    assert set(KINDS_FILED) == {kind.name for kind in KINDS.values() if kind.place == "record"}
    assert all(list(cells) == list(PLACES) for cells in KINDS_FILED.values())
    assert set(CLAIMED) == set(CLAIMS)
    assert all(list(cells) == list(SPEAKERS) for cells in CLAIMED.values())


@pytest.mark.parametrize("kind", KINDS_FILED)
def test_who_may_file_a_kind_is_as_drawn(kind: str) -> None:
    for place, org in PLACES.items():
        tree = Tree()
        tree.add("north-clinic", "contacts")
        tree.add("north-clinic", "contact-changes", contacts=CLINIC)
        fields = {"contact-decisions": {"change": CLINIC}, "contacts": {}, "contact-changes": {"contacts": CLINIC}}
        path = tree.add(org, kind, None if kind not in fields else "2023-099", **fields.get(kind, {}))
        found = {finding.code for finding in tree.verdict().validity if finding.file == path}
        refused = bool(found & {"E-FILER", "E-CONTACT-BODY"})
        assert refused == (KINDS_FILED[kind][place] == NO), (place, found)


COUNTY = {place: org for place, org in {**SPEAKERS, "本单位": "north-county"}.items() if place != "上一级"}
"""The same about a county's commission, which itself stands above others: nothing comes between it and the office."""


def of_county(value: Any) -> Any:
    """A record about the clinic, told of the county's commission."""
    if isinstance(value, dict):
        return {name: of_county(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [of_county(inner) for inner in value]
    return value.replace("north-clinic", "north-county") if isinstance(value, str) else value


@pytest.mark.parametrize("claim", CLAIMED)
@pytest.mark.parametrize("about", ["north-clinic", "north-county"])
def test_who_may_say_it_of_a_unit_is_as_drawn(claim: str, about: str) -> None:
    standing, (kind, name, fields) = CLAIMS[claim]
    is_clinic = about == "north-clinic"
    assert clinic(standing, about).verdict().errors == ()
    for speaker, org in (SPEAKERS if is_clinic else COUNTY).items():
        tree = clinic(standing, about)
        path = tree.add(org, kind, name, **(fields if is_clinic else of_county(fields)))
        found = {finding.code for finding in tree.verdict().errors if finding.file == path}
        if CLAIMED[claim][speaker] == NO:
            assert found & ABOUT_STANDING, speaker
        else:
            assert found == set(), speaker


# --- What is public -------------------------------------------------------------------------------

EDITIONS = {"公开": "public", "内部": "internal", "密封": "sealed"}
EVERY_KIND = "每一类都有的"
VISIBLE = {heading.split()[-1]: rows for heading, rows in drawn("visibility").items()}


def fields_of(node: Mapping[str, Any], path: FieldPath = ()) -> Iterator[FieldPath]:
    """Every field of a schema; 0 stands for the items of a list, `*` for what a map has under any name."""
    others = node.get("additionalProperties")
    for name, inner in {**node.get("properties", {}), **({"*": others} if others else {})}.items():
        yield (*path, name)
        yield from fields_of(inner, (*path, name))
    if "items" in node:
        yield from fields_of(node["items"], (*path, 0))


def drawn_edition(kind: str, path: FieldPath) -> str | None:
    """Who may see a field: its own row, that of every kind, or the row for all others beside it."""
    rows = {**VISIBLE[EVERY_KIND], **VISIBLE[kind]}
    row = rows.get(".".join(map(str, path))) or rows.get(".".join((*map(str, path[:-1]), "*")))
    return EDITIONS[row["谁可以看"]] if row else None


def test_every_field_has_its_row_and_every_row_its_field() -> None:
    assert set(VISIBLE) == {EVERY_KIND, *KINDS}
    for kind in KINDS.values():
        names = {".".join(map(str, path)) for path in fields_of(kind.schema)}
        rows = {row for row in VISIBLE[kind.name] if not row.endswith(".*")}
        assert rows <= names, kind.name
        assert [path for path in fields_of(kind.schema) if drawn_edition(kind.name, path) is None] == [], kind.name


@pytest.mark.requirement("A66")
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_who_may_see_a_field_is_as_drawn(kind: str) -> None:
    wanted = {path: drawn_edition(kind, path) for path in fields_of(KINDS[kind].schema)}
    assert {path: KINDS[kind].visibility(path) for path in wanted} == wanted


def filled(node: Mapping[str, Any]) -> Any:
    """A value with every field that a schema knows, whatever it says."""
    if node["type"] == "object":
        return {name: filled(inner) for name, inner in node.get("properties", {}).items()}
    return [filled(node["items"])] if node["type"] == "array" else f"seen {id(node)}"


def leaves(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {text for inner in value.values() for text in leaves(inner)}
    return {text for inner in value for text in leaves(inner)} if isinstance(value, list) else {str(value)}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_reaches_the_public_is_what_is_drawn_as_public(kind: str) -> None:
    schema = KINDS[kind].schema
    record = replace(made("bureau", "hazards"), kind=KINDS[kind], document=Document(filled(schema), {}, {}))
    shown = leaves(public_fields(record))
    for path in fields_of(schema):
        node = KINDS[kind].field(path)
        if "*" not in path and node["type"] not in ("object", "array"):
            assert (f"seen {id(node)}" in shown) == (drawn_edition(kind, path) == "public"), path


# --- The order of dates ---------------------------------------------------------------------------

Days = Mapping[tuple[FieldPath, FieldPath], int]
"""By a date and one that it may not come after: how many days lie between them at least."""


def dates_of(node: Mapping[str, Any], path: FieldPath = ()) -> Iterator[FieldPath]:
    return (field for field in fields_of(node) if schema_at(node, field).get("format") == "date")


def schema_at(node: Mapping[str, Any], path: FieldPath) -> Mapping[str, Any]:
    for step in path:
        node = node["items"] if step == 0 else node.get("properties", {}).get(step) or node["additionalProperties"]
    return node


def date_called(kind: Kind, words: str) -> FieldPath:
    """The date that a drawn table calls by its Chinese name, or by the first words of it."""
    fits = [path for path in dates_of(kind.schema) if _is_called(kind.label(path), words)]
    assert len(fits) == 1, (kind.name, words, fits)
    return fits[0]


def _is_called(label: str, words: str) -> bool:
    """A name with others around it is written with them, where the name alone would not tell."""
    around, _, name = label.rpartition(" › ")
    wanted_around, _, wanted = words.rpartition(" › ")
    return name.startswith(wanted) and (not wanted_around or around == wanted_around) and (" › " in words or not around)


def closed(direct: Days) -> Days:
    """With every order that follows from two others."""
    found = dict(direct)
    while more := {
        (first, last): days + rest
        for (first, middle), days in found.items()
        for (start, last), rest in found.items()
        if middle == start and found.get((first, last), -1) < days + rest
    }:
        found |= more
    return found


ORDERS = {row.split()[-1]: cells["先后"] for row, cells in drawn("dates")["一份记录里，左边的不能晚于右边的"].items()}


def drawn_order(kind: Kind) -> Days:
    found = {}
    for chain in filter(None, ORDERS[kind.name].split("；")):
        words = re.split(r" ≤(\d*) ", chain)
        for first, days, then in zip(words[::2], words[1::2], words[2::2], strict=False):
            found[date_called(kind, first), date_called(kind, then)] = int(days or 0)
    return closed(found)


@pytest.mark.requirement("A68")
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_order_of_dates_is_as_drawn(kind: str) -> None:
    given = {(order.first, order.then): order.days for order in KINDS[kind].order}
    assert closed(given) == drawn_order(KINDS[kind])


def test_every_kind_has_its_order_drawn() -> None:
    assert set(ORDERS) == set(KINDS)


PREMATURE = {"E-CONTACT-DATE", "E-HAZARD-DATE", "E-LESSON", "E-LIFT", "E-ORDER", "E-RECEIPT"}
LIFTED = {"order": "lift", "lifts": "bureau/2023-050", "deadline": None}
CHECKED = {"activity": "special_check", "lesson": "bureau/2023-001"}
LESSON = {"check": {"topic": "楼道充电", "due": "2023-09-01"}}
BESIDE: dict[str, tuple[tuple[tuple[str, str, Data], ...], tuple[str, str, str, Data], str]] = {
    # By its row: what is there before; the record with its day, as it may just be; how far that day may not move.
    "等级判定的判定日期": ((), ("bureau", "determinations", "decided_on", {}), "2023-06-01"),
    "整改进展的发生日期": ((), ("east-hospital", "rectifications", "progress_on", {}), "2023-06-01"),
    "验收的验收日期": ((), ("bureau", "acceptances", "accepted_on", {}), "2023-06-01"),
    "延期申请的申请日期": ((), ("east-hospital", "extensions", "applied_on", {}), "2023-06-01"),
    "监管决定的决定日期": ((), ("bureau", "orders", "dated", {}), "2023-06-01"),
    "延期审批的决定日期": (
        (("east-hospital", "extensions", {}),),
        ("bureau", "extension-decisions", "decided_on", {}),
        "2023-07-10",
    ),
    "联系人变更申请的申请日期": (
        (("east-hospital", "contacts", {}),),
        ("east-hospital", "contact-changes", "applied_on", {}),
        "2023-05-24",
    ),
    "联系人变更审批的决定日期": (
        (("east-hospital", "contacts", {}), ("east-hospital", "contact-changes", {})),
        ("bureau", "contact-decisions", "decided_on", {}),
        "2023-06-01",
    ),
    "单位说明的日期": ((("bureau", "exposures", {}),), ("east-hospital", "replies", "dated", {}), "2023-07-01"),
    "解除决定的填报日期": (
        (("bureau", "orders", {"order": "suspend_full", "deadline": None, "name": "2023-050"}),),
        ("bureau", "orders", "filed_on", {**LIFTED, "dated": "2023-06-01"}),
        "2023-06-06",
    ),
    "专项排查的活动日期": (
        (("bureau", "lessons", LESSON),),
        ("east-hospital", "activities", "held_on", CHECKED),
        "2023-06-01",
    ),
}


def test_every_order_between_records_is_tried() -> None:
    rows = drawn("dates")["一份记录不能早于它说到的另一份"]
    assert set(rows) == {*BESIDE, "实际到达日期"}


@pytest.mark.parametrize("row", BESIDE)
def test_a_record_is_not_before_what_it_speaks_of(row: str) -> None:
    there, (org, kind, field, fields), earliest = BESIDE[row]
    for day, refused in ((date.fromisoformat(earliest), False), (date.fromisoformat(earliest) - DAY, True)):
        tree = Tree()
        tree.add("east-hospital", "hazards")
        for filer, before, given in there:
            tree.add(filer, before, **given)
        names = {"name": f"{day.isoformat()}-check"} if kind == "activities" else {"name": "2023-099"}
        path = tree.add(org, kind, **{**names, **fields, field: day.isoformat()})
        found = {finding.code for finding in tree.verdict().validity if finding.file == path}
        assert "E-NAME" not in found
        assert bool(found & PREMATURE) == refused, (day, found)


def test_a_filing_does_not_arrive_after_it_was_entered() -> None:
    for day, refused in (("2023-05-24", False), ("2023-05-25", True)):
        tree = Tree()
        tree.add("east-hospital", "reports")
        path = tree.add("bureau", "receipts", arrived_on=day)
        assert ("E-RECEIPT" in {f.code for f in tree.verdict().validity if f.file == path}) == refused
