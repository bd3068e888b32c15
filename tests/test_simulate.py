"""The made-up season: the same bytes for the same arguments, valid records, and never an illegal step."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker
from support import KINDS

from bench.simulate import filings, season, synthetic
from bench.simulate.material import expand, material, members
from bench.simulate.model import stream
from bench.simulate.season import SERIAL_KINDS
from taizhang.intake.writing import document

ROOT = Path(__file__).parents[1]
Record = Mapping[str, Any]
KIND_ORDER = ("hazards", "determinations", "rectifications", "acceptances", "inspections")


class PlainLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads dates as the text they are, like the project's own loader."""


PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parse(text: str) -> Any:
    return yaml.load(text, Loader=PlainLoader)  # noqa: S506 - a SafeLoader


def duty(ident: str, kind: str, where: Mapping[str, str], due: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": ident, "title": ident, "answered_by": {"kind": kind, "where": dict(where)}, "due": dict(due), **more}


CAMPAIGN: dict[str, Any] = {
    "title": "测试行动",
    "short_title": "测试行动",
    "issuer": "测试市卫生健康委员会",
    "office": "测试市卫健委办公室",
    "issued_on": "2019-09-02",
    "starts_on": "2019-09-01",
    "ends_on": "2020-03-31",
    "archived_on": "2020-04-20",
    "time": "declared",
    "weekend_policy": "none",
    "extension_notice_workdays": 10,
    "phases": [],
    "duties": [
        duty("plan", "reports", {"duty": "plan"}, {"every": "once", "by": "2019-09-30"}),
        duty("weekly", "weekly", {}, {"every": "week", "days_after": 1}, owed_by={"tiers": ["county_unit", "direct"]}),
        duty("monthly", "monthly", {}, {"every": "month", "day": 24}, owed_by={"tiers": ["county"]}),
        duty("rounds", "inspections", {"led_by": "principal"}, {"every": "quarter"}),
        duty("drill", "activities", {"activity": "drill"}, {"every": "year"}, owed_by={"types": ["hospital"]}),
        duty(
            "theme_month",
            "activities",
            {"activity": "safety_month"},
            {"every": "year", "month": 11},
            must_include=["hazard_work", "law"],
        ),
        duty("crowd", "activities", {"activity": "publicity"}, {"every": "month"}, owed_by={"crowded_place": True}),
        duty("unheard_of", "bulletins", {}, {"every": "month"}),
    ],
    "bulletins": [],
}


def unit(ident: str, kind: str, tier: str, parent: str = "", **more: Any) -> dict[str, Any]:
    line = {
        "id": ident,
        "name": f"测试{ident}",
        "type": kind,
        "tier": tier,
        "region": "测试市",
        "peer_group": "primary",
    }
    return {**line, **({"parent": parent} if parent else {}), "crowded_place": tier == "county_unit", **more}


ROLL: dict[str, Any] = {
    "organisations": [
        unit("office", "health_commission", "office"),
        unit("committee", "safety_committee_office", "committee"),
        unit("county-a", "health_commission", "county", "office"),
        unit("a-hospital", "hospital", "county_unit", "county-a"),
        unit("a-mch", "mch", "county_unit", "county-a"),
        unit("a-town", "township_hc", "county_unit", "county-a"),
        unit("a-village", "village_clinic", "county_unit", "county-a"),
        unit("a-left", "township_hc", "county_unit", "county-a", left_on="2020-01-15"),
        unit("a-joined", "community_hc", "county_unit", "county-a", joined_on="2019-12-02"),
        unit("direct-cdc", "cdc", "direct", "office"),
        unit("direct-ems", "ems", "direct", "office"),
        unit("direct-care", "nursing", "direct", "office"),
    ]
}


@cache
def made(seed: int = 5, hazards: int = 160) -> Mapping[str, str]:
    return dict(season("test-2019", CAMPAIGN, ROLL, (), hazards=hazards, seed=seed))


@cache
def records(seed: int = 5, hazards: int = 160) -> Mapping[str, Record]:
    return {path: parse(text) for path, text in made(seed, hazards).items()}


@cache
def bench() -> Mapping[str, Record]:
    return {path: parse(text) for path, text in synthetic(24, 300, seed=1)}


def where(path: str) -> tuple[str, str, str]:
    """Folder, kind and name of a record's path."""
    *_, folder, kind, file_name = path.split("/")
    return folder, kind, file_name.removesuffix(".yml")


def of_kind(kind: str, found: Mapping[str, Record] | None = None) -> Iterator[tuple[str, str, Record]]:
    for path, record in (found or records()).items():
        folder, its_kind, name = where(path)
        if its_kind == kind:
            yield folder, name, record


@cache
def schema(kind: str) -> Any:
    return KINDS[kind].schema


def complaints(kind: str, record: Record) -> list[str]:
    return [error.message for error in validator(kind).iter_errors(record)]


@cache
def validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(schema(kind), format_checker=FormatChecker())


# --- determinism --------------------------------------------------------------------------------------------------


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert list(season("test-2019", CAMPAIGN, ROLL, (), hazards=160, seed=5)) == list(made().items())
    assert made(6) != made()


def test_the_hash_seed_of_the_interpreter_does_not_matter() -> None:
    code = (
        "import hashlib; from bench.simulate import synthetic;"
        "print(hashlib.sha256(repr(list(synthetic(12, 80, seed=3))).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_paths_come_in_order_and_once() -> None:
    paths = [path for path, _ in season("test-2019", CAMPAIGN, ROLL, (), hazards=160, seed=5)]
    assert paths == sorted(set(paths))
    assert all(path.startswith("submissions/test-2019/") for path in paths)


# --- every record is what its schema asks for -----------------------------------------------------------------------


@pytest.mark.parametrize("seed", [5, 6])
def test_every_record_is_valid_and_in_schema_order(seed: int) -> None:
    for path, record in records(seed).items():
        _, kind, name = where(path)
        assert not complaints(kind, record), path
        assert re.fullmatch(schema(kind)["x-kind"]["names"]["pattern"], name), path
        assert list(record) == [key for key in schema(kind)["properties"] if key in record], path


def test_text_is_read_back_as_written_by_any_reader() -> None:
    for path, text in made().items():
        as_text = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - a loader that only makes text
        assert text_only(parse(text)) == as_text, path
        assert "!" not in text
        assert not re.search(r"[{}]|: [&*]", text), path


def text_only(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return {key: text_only(item) for key, item in value.items()}
    if isinstance(value, list):
        return [text_only(item) for item in value]
    return str(value)


def test_dates_stand_bare_and_filed_on_first() -> None:
    for path, text in made().items():
        assert re.match(r"filed_on: 20[0-9]{2}-[0-9]{2}-[0-9]{2}\n", text), path


@pytest.mark.parametrize(
    "value",
    [
        "007",
        "1e3",
        "null",
        "true",
        "是: 否",
        "a #b",
        "- x",
        "'",
        "“引号”",
        "尾巴:",
        "2023-W21",
        "12:30",
        "~",
        "",
        "0x1f",
    ],
)
def test_awkward_text_survives_the_writer(value: str) -> None:
    text = document({"a": value, "b": [value], "c": {"d": value}, "e": [{"f": value, "g": 1}]})
    assert yaml.safe_load(text) == {"a": value, "b": [value], "c": {"d": value}, "e": [{"f": value, "g": 1}]}


# --- numbering and what is there already ----------------------------------------------------------------------------


def test_taken_paths_are_skipped_and_numbers_go_on() -> None:
    taken = [
        "submissions/test-2019/a-hospital/hazards/2019-004.yml",
        "submissions/test-2019/a-hospital/files/2019-900.yml",
        "submissions/other-2019/a-hospital/hazards/2019-500.yml",
        "submissions/test-2019/a-hospital/weekly/2019-W40.yml",
    ]
    again = [path for path, _ in season("test-2019", CAMPAIGN, ROLL, taken, hazards=160, seed=5)]
    assert not set(taken) & set(again)
    numbers = [where(path)[2] for path in again if "/a-hospital/hazards/2019-" in path]
    assert min(numbers) == "2019-005"
    assert len(again) == len(made()) - ("submissions/test-2019/a-hospital/weekly/2019-W40.yml" in made())


def test_first_serial_leaves_room_for_records_told_by_hand() -> None:
    again = [path for path, _ in season("test-2019", CAMPAIGN, ROLL, (), hazards=60, seed=5, first_serial=11)]
    numbers = [where(path)[2][5:] for path in again if where(path)[1] in SERIAL_KINDS]
    assert min(numbers) == "011"


def test_an_inspection_on_a_taken_day_gets_a_number() -> None:
    path = next(path for path in made() if "/inspections/" in path)
    again = [other for other, _ in season("test-2019", CAMPAIGN, ROLL, [path], hazards=160, seed=5)]
    assert path not in again
    assert len(again) == len(made())


def test_numbers_are_given_in_order_of_time() -> None:
    by_folder: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for path, record in records().items():
        folder, kind, name = where(path)
        if kind in SERIAL_KINDS:
            by_folder[folder, kind].append((name, record["filed_on"]))
    for entries in by_folder.values():
        assert [day for _, day in sorted(entries)] == sorted(day for _, day in entries)


def test_more_records_than_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="more than 999 numbers"):
        list(synthetic(4, 4000, seed=1))


# --- time -----------------------------------------------------------------------------------------------------------


def test_nothing_is_filed_outside_the_campaign_or_by_absent_organisations() -> None:
    lines = {line["id"]: line for line in ROLL["organisations"]}
    for path, record in records().items():
        line = lines[where(path)[0]]
        assert line.get("joined_on", "2019-09-02") <= record["filed_on"] <= line.get("left_on", "2020-04-20"), path


def test_no_event_comes_after_its_filing_and_only_legacy_ones_before_the_start() -> None:
    for path, record in records().items():
        field = schema(where(path)[1])["x-kind"].get("date_field")
        happened = record.get(field, record["filed_on"])
        assert happened <= record["filed_on"], path
        if "signed_on" in record:
            assert record["signed_on"] <= record["filed_on"], path
        assert (happened < "2019-09-02") == record.get("legacy", False), path


def test_an_organisation_that_joins_late_has_no_earlier_event() -> None:
    own = [record for path, record in records().items() if "/a-joined/" in path]
    assert own
    for record in own:
        assert all(value >= "2019-12-02" for key, value in record.items() if key.endswith("_on")), record


def test_dates_within_a_hazard_are_in_order() -> None:
    for folder, name, record in of_kind("hazards"):
        assert record["discovered_on"] <= record["registered_on"] <= record["filed_on"], (folder, name)
        assert record.get("deadline", "9") > record["discovered_on"]
        if "fixed_on_the_spot" in record:
            assert record["fixed_on_the_spot"]["fixed_on"] == record["discovered_on"]


def test_most_hazards_turn_up_early() -> None:
    months = Counter(record["filed_on"][:7] for _, _, record in of_kind("hazards"))
    assert months["2019-09"] + months["2019-10"] > 3 * (months["2020-02"] + months["2020-03"])


# --- the closed loop, folded independently of the product -----------------------------------------------------------

STEPS: Mapping[tuple[str, str], str] = {
    ("registered", "major"): "confirmed",
    ("registered", "general"): "general",
    ("registered", "not_hazard"): "rejected",
    ("confirmed", "plan"): "planned",
    ("confirmed", "progress"): "working",
    ("planned", "progress"): "working",
    ("general", "progress"): "working",
    ("general", "completed"): "waiting",
    ("working", "progress"): "working",
    ("working", "completed"): "waiting",
    ("waiting", "passed"): "closed",
    ("waiting", "failed"): "working",
    ("closed", "stable"): "closed",
    ("closed", "relapsed"): "reopened",
    ("reopened", "progress"): "working",
}


def events(found: Mapping[str, Record]) -> Mapping[str, Sequence[tuple[str, int, str, str]]]:
    """Of every hazard: filing day, order of kinds, folder and what was said."""
    said: dict[str, list[tuple[str, int, str, str]]] = defaultdict(list)
    for path, record in found.items():
        folder, kind, _ = where(path)
        if kind not in KIND_ORDER[1:]:
            continue
        order, day = KIND_ORDER.index(kind), record["filed_on"]
        for item in record.get("look_back", []):
            said[item["hazard"]].append((day, order, folder, item["result"]))
        if "hazard" in record:
            what = record.get("decision") or record.get("stage") or record["result"]
            said[record["hazard"]].append((day, order, folder, what))
    return {hazard: sorted(items) for hazard, items in said.items()}


def chain(ident: str) -> list[str]:
    parents = {line["id"]: line.get("parent") for line in ROLL["organisations"]}
    above: list[str] = []
    while parents[ident]:
        ident = parents[ident]
        above.append(ident)
    return above


def final_states(found: Mapping[str, Record]) -> Mapping[str, str]:
    """The state of every hazard at the end; an illegal step fails the test."""
    said, states = events(found), {}
    hazards = {f"{folder}/{name}": record for folder, name, record in of_kind("hazards", found)}
    assert set(said) <= set(hazards)
    for ref, record in hazards.items():
        owner = record.get("unit", ref.partition("/")[0])
        major, spot = record["claimed_level"] == "major", "fixed_on_the_spot" in record
        state = "registered" if major else "closed" if spot else "general"
        level, before = "", record["filed_on"]
        for day, _, folder, what in said.get(ref, []):
            assert day > before, (ref, what)
            if (state, what) == ("confirmed", "completed") and spot:
                state = "waiting"
            else:
                assert (state, what) in STEPS, (ref, state, what)
                state = STEPS[state, what]
            level = what if what in ("major", "general") else level
            assert_right_folder(what, folder, owner, level)
            before = day
        states[ref] = state
    return states


def assert_right_folder(what: str, folder: str, owner: str, level: str) -> None:
    if what in ("major", "general", "not_hazard") or (what in ("passed", "failed") and level == "major"):
        assert folder in chain(owner), (what, folder, owner)
    elif what in ("plan", "progress", "completed"):
        assert folder == owner, (what, folder, owner)
    else:
        assert folder in [owner, *chain(owner)], (what, folder, owner)


@pytest.mark.parametrize("seed", [1, 2, 3, 5])
def test_every_hazard_walks_legally_and_few_stay_open(seed: int) -> None:
    states = final_states(records(seed, 400))
    assert len(states) == 400
    still_open = [state for state in states.values() if state not in ("closed", "rejected")]
    assert 0.01 < len(still_open) / len(states) < 0.1


def test_a_hazard_found_by_a_superior_lies_above_its_unit() -> None:
    found = [(folder, record["unit"]) for folder, _, record in of_kind("hazards") if "unit" in record]
    assert found
    assert all(folder in chain(owner) for folder, owner in found)


def test_a_hazard_claimed_major_has_all_five_essentials() -> None:
    essentials = {"responsible_role", "measures", "funds", "deadline", "contingency_plan"}
    majors = [record for _, _, record in of_kind("hazards") if record["claimed_level"] == "major"]
    assert majors
    assert all(essentials <= set(record) for record in majors)


def test_shares_are_those_of_a_real_campaign() -> None:
    hazards = [record for _, _, record in of_kind("hazards", bench())]
    major = sum(record["claimed_level"] == "major" for record in hazards) / len(hazards)
    spots = [record for record in hazards if record["claimed_level"] == "general" and "fixed_on_the_spot" in record]
    decisions = Counter(record["decision"] for _, _, record in of_kind("determinations", bench()))
    assert 0.28 < major < 0.42
    assert 0.3 < len(spots) / (len(hazards) * (1 - major)) < 0.5
    assert decisions["major"] > decisions["general"] > decisions["not_hazard"] > 0


def test_extensions_start_from_the_deadline_in_force() -> None:
    found = records(5, 400)
    hazards = {f"{folder}/{name}": record for folder, name, record in of_kind("hazards", found)}
    rulings = {record["extension"]: record for _, _, record in of_kind("extension-decisions", found)}
    in_force = {ref: record.get("deadline") for ref, record in hazards.items()}
    applications = sorted(of_kind("extensions", found), key=lambda entry: entry[2]["filed_on"])
    for folder, name, record in applications:
        assert record["current_deadline"] == in_force[record["hazard"]]
        assert record["applied_on"] <= record["current_deadline"] < record["requested_deadline"]
        ruling = rulings.get(f"{folder}/{name}")
        if ruling and ruling["decision"] == "approved":
            in_force[record["hazard"]] = ruling["new_deadline"]
        assert ruling is None or ruling["filed_on"] > record["filed_on"]
        assert ruling is None or ("new_deadline" in ruling) == (ruling["decision"] == "approved")
    early = [record for _, _, record in applications if weekdays_left(record) >= 10]
    assert len(applications) > len(early) > len(applications) / 2
    assert {ruling["decision"] for ruling in rulings.values()} == {"approved", "refused"}


def weekdays_left(record: Record) -> int:
    day, end = date.fromisoformat(record["applied_on"]), date.fromisoformat(record["current_deadline"])
    return sum((day + timedelta(step)).weekday() < 5 for step in range(1, (end - day).days + 1))


# --- criteria -------------------------------------------------------------------------------------------------------


def clauses_cited(found: Mapping[str, Record]) -> Iterator[tuple[str, str]]:
    discovered = {f"{folder}/{name}": record["discovered_on"] for folder, name, record in of_kind("hazards", found)}
    for path, record in found.items():
        folder, _, name = where(path)
        for clause in record.get("criteria", []):
            yield clause, discovered[record.get("hazard", f"{folder}/{name}")]


def test_only_clauses_in_force_are_cited() -> None:
    cited = list(clauses_cited(records()))
    assert {clause for clause, _ in cited} == {f"gb-35181-2017/7.3.{number}" for number in (2, 3, 6)}
    later = {clause for clause, _ in clauses_cited(bench())}
    assert {"work-safety-law-2021/36", "work-safety-law-2021/49"} <= later


def test_a_major_determination_cites_and_others_do_not() -> None:
    for _, _, record in of_kind("determinations"):
        assert ("criteria" in record) == (record["decision"] == "major")


def test_the_clauses_are_in_the_criteria_library() -> None:
    library = ROOT / "submissions" / "criteria"
    for reference, terms in material()["clauses"].items():
        standard, _, clause = reference.partition("/")
        text = parse((library / f"{standard}.yml").read_text(encoding="utf-8"))
        assert clause in {str(item["clause"]) for item in text["clauses"]}
        assert text["effective_from"] == str(terms["from"])
        assert text.get("effective_until") == (str(terms["until"]) if "until" in terms else None)


# --- duties ---------------------------------------------------------------------------------------------------------


def filers(kind: str, **fields: str) -> set[str]:
    return {
        folder for folder, _, record in of_kind(kind) if all(record.get(key) == value for key, value in fields.items())
    }


def test_only_those_who_owe_a_duty_answer_it() -> None:
    units = {"a-hospital", "a-mch", "a-town", "a-village", "a-left", "a-joined"}
    direct = {"direct-cdc", "direct-ems", "direct-care"}
    assert filers("weekly") <= units | direct
    assert filers("monthly") == {"county-a"}
    assert filers("activities", activity="drill") == {"a-hospital"}
    assert filers("activities", activity="publicity") <= units
    assert filers("reports", duty="plan") <= units | direct | {"county-a"}
    assert not filers("bulletins")
    assert "office" not in filers("inspections", led_by="principal")


def test_a_theme_month_is_held_in_its_month_with_its_contents() -> None:
    found = [record for _, _, record in of_kind("activities") if record["activity"] == "safety_month"]
    assert found
    for record in found:
        assert record["held_on"][:7] == "2019-11"
        assert {"hazard_work", "law"} <= set(record["contents"])


def test_most_returns_arrive_in_time_some_late_few_never() -> None:
    due = {
        name: date.fromisocalendar(int(name[:4]), int(name[6:]), 7) + timedelta(1) for _, name, _ in of_kind("weekly")
    }
    late = [name for _, name, record in of_kind("weekly") if date.fromisoformat(record["filed_on"]) > due[name]]
    total = sum(1 for _ in of_kind("weekly"))
    assert 0 < len(late) < total / 4
    assert total > 0.85 * 9 * 30 - 40


def test_a_nil_return_says_nothing_and_nothing_happened() -> None:
    hazards = [(record.get("unit", folder), record["filed_on"]) for folder, _, record in of_kind("hazards")]
    hazards += [(folder, record["filed_on"]) for folder, _, record in of_kind("hazards")]
    nil = [(folder, name, record) for folder, name, record in of_kind("weekly") if "nil_return" in record]
    assert nil
    for folder, name, record in nil:
        assert set(record) == {"filed_on", "nil_return"}
        first = date.fromisocalendar(int(name[:4]), int(name[6:]), 1)
        week = {str(first + timedelta(day)) for day in range(7)}
        assert not [day for owner, day in hazards if owner == folder and day in week], (folder, name)


def test_an_inspection_cites_only_hazards_that_are_registered() -> None:
    hazards = {f"{folder}/{name}": record for folder, name, record in of_kind("hazards")}
    cited = 0
    for _, _, record in of_kind("inspections"):
        for reference in record.get("hazards_found", []):
            cited += 1
            assert hazards[reference]["filed_on"] <= record["filed_on"]
            assert hazards[reference]["discovered_on"] == record["inspected_on"]
    assert cited


# --- the text material ----------------------------------------------------------------------------------------------


def templates() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for category, items in material()["hazards"].items():
        for item in items:
            yield category, item


def test_there_are_enough_different_hazards_of_every_category() -> None:
    titles = [item["title"] for _, item in templates()]
    assert len(titles) == len(set(titles)) >= 80
    categories = set(schema("hazards")["properties"]["category"]["enum"]) - {"other_regime"}
    assert {category for category, _ in templates()} == categories == set(material()["interim"])


def test_every_type_of_organisation_has_major_and_general_hazards() -> None:
    for kind in schema("roll")["properties"]["organisations"]["items"]["properties"]["type"]["enum"]:
        own = [item for _, item in templates() if kind in members(tuple(item["units"]))]
        assert sum("spot" in item for item in own) >= 5, kind
        assert any(item.get("severe") for item in own), kind
        assert material()["sizes"][kind]
        assert material()["roles"][kind]
        assert material()["inspections"]["places"][kind]


def test_hazards_suit_the_type_of_organisation() -> None:
    def types(word: str) -> set[str]:
        return {kind for _, item in templates() if word in item["title"] for kind in members(tuple(item["units"]))}

    assert types("氧舱") == {"hospital"}
    assert types("液氧") == {"hospital"}
    assert not types("食堂") & {"village_clinic", "clinic", "cdc", "health_commission"} - {"cdc"}


def test_every_activity_and_nature_has_words() -> None:
    assert set(material()["activities"]) == set(schema("activities")["properties"]["activity"]["enum"])
    assert set(material()["progress"]) == set(schema("hazards")["properties"]["nature"]["enum"])
    assert {month for season_ in material()["seasons"] for month in season_["months"]} == set(range(1, 13))


def test_templates_expand_within_the_limits_of_the_schema() -> None:
    rng = stream(1, "test")
    limits = {name: field.get("maxLength", 0) for name, field in schema("hazards")["properties"].items()}
    for _, item in templates():
        for kind in members(tuple(item["units"])):
            places = item["places"]
            for place in material()["pools"][places][kind] if isinstance(places, str) else places:
                slots = {"place": expand(place, rng), "n": "12"}
                assert len(slots["place"]) <= limits["place"]
                assert len(expand(item["title"], rng, slots)) <= limits["title"], item["title"]
                assert len(expand(item["summary"], rng, slots)) <= limits["public_summary"], item["title"]


def test_no_text_carries_personal_data() -> None:
    text = "\n".join(made().values())
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)|\d{7,}|@|QQ|微信号|联系人[:：]", text)
    assert "responsible_person" not in text
    assert "acceptors" not in text


# --- duties written down later ------------------------------------------------------------------------------------

LATER = [
    duty(
        "table",
        "reports",
        {"duty": "table", "signed_by": "principal"},
        {"every": "quarter", "months_after": 1, "day": 15},
    ),
    duty("again", "inspections", {"nature": "look_back"}, {"every": "half_year"}, count=2),
    duty("plans", "resources", {"resource": "plan", "plan_kind": "overall"}, {"every": "once", "by": "2020-03-31"}),
    duty("teams", "resources", {"resource": "team"}, {"every": "once", "by": "2020-03-31"}),
    duty(
        "lesson",
        "activities",
        {"activity": "special_check", "lesson": "office/2019-001"},
        {"every": "once", "by": "2019-12-20"},
        topic="食堂燃气",
    ),
    duty("posts", "activities", {"activity": "responsibility_system"}, {"every": "once", "by": "2019-12-20"}),
]


def later(taken: Sequence[str] = ()) -> Mapping[str, Record]:
    owed = [(line["id"], entry) for entry in LATER for line in ROLL["organisations"][3:8]]
    found = filings("test-2019", CAMPAIGN, ROLL, taken, owed, seed=5, first_serial=11)
    return {path: parse(text) for path, text in found}


def test_duties_written_later_are_answered_by_those_who_owe_them_and_nothing_else() -> None:
    found = later()
    assert found == later()
    assert {where(path)[1] for path in found} == {"reports", "inspections", "resources", "activities"}
    assert {where(path)[0] for path in found} == {line["id"] for line in ROLL["organisations"][3:8]}
    assert not [path for path, record in found.items() if complaints(where(path)[1], record)]
    for path, record in found.items():
        _, kind, name = where(path)
        assert re.fullmatch(schema(kind)["x-kind"]["names"]["pattern"], name), path
        assert list(record) == [key for key in schema(kind)["properties"] if key in record], path
    assert min(where(path)[2] for path in found if "/resources/" in path) == "2019-011"
    some = list(found)[:5]
    assert not set(some) & set(later(some))


def test_later_answers_say_what_their_duty_asks() -> None:
    found = later()
    tables = [record for _, _, record in of_kind("reports", found)]
    assert {record["period"] for record in tables} <= {"2019-Q3", "2019-Q4", "2020-Q1"}
    assert {record["signed_by"] for record in tables} == {"principal"}
    assert {record["nature"] for _, _, record in of_kind("inspections", found)} == {"look_back"}
    kinds = {(record["resource"], record.get("plan_kind")) for _, _, record in of_kind("resources", found)}
    assert kinds == {("plan", "overall"), ("team", None)}
    checks = [record for _, _, record in of_kind("activities", found) if record["activity"] == "special_check"]
    assert {record["lesson"] for record in checks} == {"office/2019-001"}
    assert all("食堂燃气" in record["title"] + record["summary"] for record in checks)
    staffs = [record["staff"] for _, _, record in of_kind("activities", found) if "staff" in record]
    assert all(sum(n for key, n in staff.items() if key != "total") <= staff["total"] for staff in staffs)
    assert staffs


# --- any size -------------------------------------------------------------------------------------------------------


def test_a_synthetic_campaign_is_whole_and_valid() -> None:
    made_up = dict(synthetic(60, 2000, seed=1))
    campaign, roll = (parse(made_up[f"submissions/bench-2023/{name}.yml"]) for name in ("campaign", "roll"))
    assert not complaints("campaign", campaign)
    assert not complaints("roll", roll)
    assert len(roll["organisations"]) == 60
    assert sum("/hazards/" in path for path in made_up) == 2000
    assert len(made_up) > 8000
    sample = list(made_up.items())[2::29]
    assert not [path for path, text in sample if complaints(where(path)[1], parse(text))]


def test_a_synthetic_campaign_needs_somebody_to_file() -> None:
    with pytest.raises(ValueError, match="at least 4"):
        next(synthetic(3, 1, seed=1))
    assert sum("/hazards/" in path for path, _ in synthetic(4, 7, seed=1)) == 7


@pytest.mark.parametrize("campaign_id", ["shili-banner-2023", "shili-city-2019"])
def test_the_sample_campaigns_can_be_simulated(campaign_id: str) -> None:
    home = ROOT / "submissions" / campaign_id
    campaign, roll = (parse((home / f"{name}.yml").read_text(encoding="utf-8")) for name in ("campaign", "roll"))
    found = {path: parse(text) for path, text in season(campaign_id, campaign, roll, (), hazards=100, seed=2)}
    assert not [path for path, record in found.items() if complaints(where(path)[1], record)]
    duties = {entry["id"] for entry in campaign["duties"] if entry["answered_by"]["kind"] == "reports"}
    assert {record["duty"] for _, _, record in of_kind("reports", found)} == duties
