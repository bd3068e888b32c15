"""A made-up campaign of any size, for measurements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bench.simulate.season import season
from taizhang.intake.writing import document

CAMPAIGN_ID = "bench-2023"
HAZARDS_PER_COUNTY = 800  # one county decides on all of them, and a folder has 999 numbers a year
UNITS_PER_COUNTY = 14

_UNIT_TYPES: Sequence[tuple[str, str, str, bool]] = (
    ("township_hc", "第{}中心卫生院", "primary", True),
    ("hospital", "第{}人民医院", "hospital", True),
    ("township_hc", "第{}卫生院", "primary", True),
    ("community_hc", "第{}社区卫生服务中心", "primary", True),
    ("tcm_hospital", "第{}中医医院", "hospital", True),
    ("cdc", "第{}疾病预防控制中心", "public_health", False),
    ("township_hc", "第{}镇卫生院", "primary", True),
    ("nursing", "第{}护理院", "primary", True),
    ("mch", "第{}妇幼保健院", "hospital", True),
    ("clinic", "第{}门诊部", "primary", True),
    ("childcare", "第{}托育中心", "primary", True),
    ("ems", "第{}急救站", "public_health", False),
)


def synthetic(organisations: int, hazards: int, *, seed: int) -> Iterator[tuple[str, str]]:
    """campaign.yml, roll.yml and a season of a made-up campaign `bench-2023`, as (path, YAML text).

    `organisations` is the length of the roll, at least 4: an office, a committee, counties and their units. Raises
    ValueError when so few organisations cannot file so many hazards.
    """
    if organisations < 4:
        raise ValueError("a made-up campaign needs at least 4 organisations")
    campaign, roll = _campaign(), _roll(organisations, hazards)
    yield f"submissions/{CAMPAIGN_ID}/campaign.yml", document(campaign)
    yield f"submissions/{CAMPAIGN_ID}/roll.yml", document(roll)
    yield from season(CAMPAIGN_ID, campaign, roll, (), hazards=hazards, seed=seed)


def _roll(organisations: int, hazards: int) -> Mapping[str, Any]:
    others = organisations - 2
    counties = max(1, -(-others // (UNITS_PER_COUNTY + 1)), -(-hazards // HAZARDS_PER_COUNTY))
    counties = min(counties, others // 2)
    lines = [_office("bench-office", "测试市卫生健康委员会", "health_commission", "office")]
    lines.append(_office("bench-committee", "测试市安全生产委员会办公室", "safety_committee_office", "committee"))
    for number in range(1, counties + 1):
        county = _office(f"county-{number:03}", f"测试第{number}县卫生健康委员会", "health_commission", "county")
        lines.append({**county, "region": f"测试市第{number}县", "parent": "bench-office"})
    lines += [_unit(number, (number - 1) % counties + 1) for number in range(1, others - counties + 1)]
    return {"organisations": [_in_schema_order(line) for line in lines]}


def _office(ident: str, name: str, kind: str, tier: str) -> dict[str, Any]:
    return {
        "id": ident,
        "name": name,
        "type": kind,
        "tier": tier,
        "region": "测试市",
        "peer_group": "administration",
        "crowded_place": False,
    }


def _unit(number: int, county: int) -> dict[str, Any]:
    # Neighbours in the same county differ in type, and so do counties among one another.
    kind, name, peers, crowded = _UNIT_TYPES[(number * 5 + county) % len(_UNIT_TYPES)]
    return {
        "id": f"unit-{number:04}",
        "name": f"测试第{county}县" + name.format(number),
        "type": kind,
        "tier": "county_unit",
        "region": f"测试市第{county}县",
        "parent": f"county-{county:03}",
        "peer_group": peers,
        "crowded_place": crowded,
    }


def _in_schema_order(line: Mapping[str, Any]) -> dict[str, Any]:
    order = ["id", "name", "type", "tier", "region", "parent", "peer_group", "crowded_place"]
    return {key: line[key] for key in order if key in line}


def _campaign() -> Mapping[str, Any]:
    return {
        "title": "测试用专项行动（基准数据）",
        "short_title": "基准测试行动",
        "demo": True,
        "issuer": "测试市卫生健康委员会",
        "office": "测试市卫健委办公室",
        "issued_on": "2023-05-20",
        "starts_on": "2023-05-20",
        "ends_on": "2023-12-31",
        "archived_on": "2024-01-31",
        "time": "declared",
        "evidence_on_paper": True,
        "weekend_policy": "none",
        "extension_notice_workdays": 15,
        "priority_categories": ["fire", "gas", "hazchem"],
        "phases": [],
        "duties": [_duty(*line) for line in _DUTIES],
        "bulletins": [
            {"bulletin": "weekly", "from": "2023-05-22", "cut_off_days": 1},
            {"bulletin": "monthly", "from": "2023-05-01", "cut_off_days": 3},
        ],
    }


_DUTIES: Sequence[tuple[str, str, str, Mapping[str, str], Mapping[str, Any]]] = (
    ("plan", "专项行动方案", "reports", {"duty": "plan"}, {"every": "once", "by": "2023-05-31"}),
    ("summary_report", "工作总结", "reports", {"duty": "summary_report"}, {"every": "once", "by": "2023-12-20"}),
    ("weekly", "周报", "weekly", {}, {"every": "week", "days_after": 1, "from": "2023-05-22"}),
    ("monthly", "月报", "monthly", {}, {"every": "month", "day": 24, "from": "2023-06-01"}),
    ("principal_inspection", "主要负责人带队检查", "inspections", {"led_by": "principal"}, {"every": "quarter"}),
    ("drill", "应急演练", "activities", {"activity": "drill"}, {"every": "year"}),
    ("safety_month", "安全生产月", "activities", {"activity": "safety_month"}, {"every": "year", "month": 6}),
)


def _duty(ident: str, title: str, kind: str, where: Mapping[str, str], due: Mapping[str, Any]) -> Mapping[str, Any]:
    answered_by: dict[str, Any] = {"kind": kind}
    if where:
        answered_by["where"] = dict(where)
    return {"id": ident, "title": title, "answered_by": answered_by, "due": dict(due)}
