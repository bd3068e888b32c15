"""What tests share: trees of files in memory, and a tiny invented campaign to file records in."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path
from re import _parser as sre  # type: ignore[attr-defined]
from typing import Any

import yaml
from hypothesis import HealthCheck, settings

from taizhang.checks.verdict import Verdict, judge
from taizhang.documents.linked import LinkedText
from taizhang.intake.kinds import read_payloads
from taizhang.intake.records import Intake, Record, read_tree
from taizhang.intake.schemas import FieldPath
from taizhang.intake.source import FileEntry
from taizhang.intake.strict_yaml import Document
from taizhang.ledger.ledger import Ledger, open_ledger
from taizhang.sealing.contacts import written
from taizhang.sealing.jwe import make_key, public_part, seal
from taizhang.workspace import Workspace

ROOT = Path(__file__).parents[1]
KINDS = Workspace(ROOT).kinds
PAYLOADS = read_payloads(ROOT / "schemas")
CAMPAIGN = "demo-2023"
LATER = date(2024, 3, 1)
"""A day after everything in the tiny campaign."""

FUZZ = int(os.environ.get("FUZZ", "1"))
"""How many times as many random examples as usual: FUZZ=100 pytest."""

settings.register_profile(
    "taizhang",
    # The same examples every time, unless more are asked for; and no test may fail for being slow.
    derandomize=FUZZ == 1,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("taizhang")

Data = dict[str, Any]

PHOTO, SCAN = b"\xff\xd8\xff\xd9", b"%PDF-1.7\n"
"""What a photo and a scan begin with: enough to be one to who does not decode it."""


class MemorySource:
    """A Source over a mapping of paths to text or bytes; remembers what was read."""

    def __init__(self, files: Mapping[str, str | bytes], listed: tuple[FileEntry, ...] = ()) -> None:
        self.files = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
        self.listed = listed
        self.reads: list[str] = []

    def entries(self) -> Iterator[FileEntry]:
        known = [FileEntry(path, len(raw)) for path, raw in self.files.items()]
        yield from sorted([*known, *self.listed], key=lambda entry: entry.path)

    def read(self, path: str) -> bytes:
        self.reads.append(path)
        return self.files[path]

    def head(self, path: str, count: int) -> bytes:
        return self.files[path][:count]


class _PlainDumper(yaml.SafeDumper):
    """Writes a value that occurs twice twice, for records take no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def yaml_text(data: object) -> str:
    """Data as a record file would hold it: one item a line, in the given order."""
    return yaml.dump(data, Dumper=_PlainDumper, allow_unicode=True, sort_keys=False, width=10_000)


def place_of(text: str, path: FieldPath) -> tuple[int, int]:
    """Line and column of the value at `path`, as PyYAML's own composer sees them; the file's start where it is not."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    for step in path:
        inner = _inner(node, step)
        if inner is None:
            break
        node = inner
    return node.start_mark.line + 1, node.start_mark.column + 1


def _inner(node: yaml.Node, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step]
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    return None


def home(kind: str, name: str | None = None) -> str:
    """Where a file of this kind may lie; `name` without the suffix."""
    place = KINDS[kind].place
    if place in ("campaign", "roll"):
        return f"submissions/{CAMPAIGN}/{kind}.yml"
    if place in ("criteria", "calendar"):
        return f"submissions/{kind}/{name or '2023'}.yml"
    org = "bureau" if KINDS[kind].filed_by == ("office",) else "east-hospital"
    return f"submissions/{CAMPAIGN}/{org}/{kind}/{name or KINDS[kind].names.example}.yml"


def organisation(org: str, name: str, tier: str, parent: str | None = None, **more: object) -> Data:
    above = {"parent": parent} if parent else {}
    kind = "hospital" if tier in ("direct", "county_unit") else "health_commission"
    group = "hospital" if kind == "hospital" else "administration"
    return {
        "id": org,
        "name": name,
        "type": kind,
        "tier": tier,
        "region": "示例镇",
        "peer_group": group,
        **above,
        **more,
    }


ROLL: Data = {
    "organisations": [
        organisation("bureau", "示例卫健委", "office"),
        organisation("council", "示例安委办", "committee"),
        organisation("east-hospital", "城东医院", "direct", "bureau"),
        organisation("west-hospital", "城西医院", "direct", "bureau", crowded_place=True),
        organisation("north-county", "北县卫健委", "county", "bureau"),
        organisation("south-county", "南县卫健委", "county", "bureau"),
        organisation("north-clinic", "北县卫生院", "county_unit", "north-county"),
    ]
}


def duty(name: str, kind: str, due: Data, **more: object) -> Data:
    where = more.pop("where", None)
    answered: Data = {"kind": kind, **({"where": where} if where else {})}
    return {"id": name, "title": f"要求{name}", "answered_by": answered, "due": due, **more}


KEY = make_key()
"""The tiny campaign's private key, another one in each run."""


def sealed(**names: str) -> str:
    """Invented contacts, sealed for the tiny campaign; `names` by role."""
    usual = {"leader_in_charge": "示例甲", "section_head": "示例乙", "liaison": "示例丙"}
    rest = {"unit": "示例单位", "office_phone": "0000-0000000", "mobile": "000-00001234"}
    return seal(written({role: {"name": name, **rest} for role, name in {**usual, **names}.items()}), public_part(KEY))


CAMPAIGN_DATA: Data = {
    "title": "示例行动",
    "short_title": "示例",
    "issuer": "示例卫健委",
    "office": "示例卫健委办公室",
    "issued_on": "2023-05-20",
    "starts_on": "2023-05-20",
    "ends_on": "2023-12-31",
    "time": "declared",
    "weekend_policy": "none",
    "extension_notice_workdays": 15,
    "evidence_on_paper": True,
    "contact_bodies": ["bureau", "council"],
    "sealing_key": public_part(KEY),
    "phases": [
        {"id": "first", "title": "自查", "ends_on": "2023-07-31"},
        {"id": "second", "title": "总结", "ends_on": "2023-12-31"},
    ],
    "duties": [
        duty("plan", "reports", {"every": "once", "by": "2023-05-25"}, where={"duty": "plan"}),
        duty("weekly", "weekly", {"every": "week", "from": "2023-05-22", "days_after": 1}),
    ],
    "bulletins": [{"bulletin": "weekly", "from": "2023-05-22", "cut_off_days": 1}],
}

CRITERIA: Mapping[str, Data] = {
    "standard-2017": {
        "title": "示例标准（2017）",
        "issuer": "示例发布机关",
        "issued_on": "2017-12-01",
        "effective_from": "2018-07-01",
        "effective_until": "2025-10-31",
        "clauses": [{"clause": "7.1", "text": "安全出口被堵的。", "text_status": "condensed"}],
    },
    "standard-2025": {
        "title": "示例标准（2025）",
        "issuer": "示例发布机关",
        "issued_on": "2025-04-25",
        "effective_from": "2025-11-01",
        "clauses": [{"clause": "7.1", "text": "安全出口被堵的。", "text_status": "condensed"}],
    },
}

CALENDAR: Data = {
    "year": 2023,
    "source": "国务院办公厅关于2023年部分节假日安排的通知",
    "holidays": [
        {"name": "元旦", "from": "2022-12-31", "to": "2023-01-02"},
        {"name": "春节", "from": "2023-01-21", "to": "2023-01-27"},
        {"name": "清明节", "from": "2023-04-05", "to": "2023-04-05"},
        {"name": "劳动节", "from": "2023-04-29", "to": "2023-05-03"},
        {"name": "端午节", "from": "2023-06-22", "to": "2023-06-24"},
        {"name": "中秋节、国庆节", "from": "2023-09-29", "to": "2023-10-06"},
    ],
    "workdays": [
        "2023-01-28",
        "2023-01-29",
        "2023-04-23",
        "2023-05-06",
        "2023-06-25",
        "2023-10-07",
        "2023-10-08",
    ],
}

HAZARD = "east-hospital/2023-001"
RECORDS: Mapping[str, Data] = {
    "hazards": {
        "filed_on": "2023-06-01",
        "title": "住院部二楼安全出口上锁",
        "public_summary": "住院部二楼北侧安全出口上锁，影响疏散。",
        "discovered_on": "2023-06-01",
        "registered_on": "2023-06-01",
        "source": "self_check",
        "place": "住院部二楼",
        "category": "fire",
        "nature": "management_defect",
        "claimed_level": "major",
        "responsible_role": "分管副院长",
        "measures": "换成推杆锁",
        "funds": {"planned": 8000, "secured": 8000},
        "deadline": "2023-08-31",
        "contingency_plan": "专人值守，遇险立即疏散",
    },
    "determinations": {
        "filed_on": "2023-06-05",
        "hazard": HAZARD,
        "decision": "major",
        "decided_on": "2023-06-05",
        "criteria": ["standard-2017/7.1"],
        "basis": "符合判定标准",
    },
    "rectifications": {
        "filed_on": "2023-06-10",
        "hazard": HAZARD,
        "stage": "progress",
        "progress_on": "2023-06-10",
        "progress": "已购置推杆锁",
    },
    "acceptances": {
        "filed_on": "2023-06-20",
        "hazard": HAZARD,
        "result": "passed",
        "accepted_on": "2023-06-20",
        "opinion": "现场查看合格",
    },
    "extensions": {
        "filed_on": "2023-07-10",
        "hazard": HAZARD,
        "applied_on": "2023-07-10",
        "current_deadline": "2023-08-31",
        "requested_deadline": "2023-09-30",
        "reason": "厂家推迟交货，八月底前装不完",
        "interim_measures": "专人值守",
    },
    "extension-decisions": {
        "filed_on": "2023-07-14",
        "extension": HAZARD,
        "decision": "approved",
        "decided_on": "2023-07-14",
        "new_deadline": "2023-09-30",
        "opinion": "同意",
    },
    "weekly": {"filed_on": "2023-05-28", "self_checks": 2},
    "monthly": {"filed_on": "2023-06-24", "work_done": "开展自查"},
    "inspections": {
        "filed_on": "2023-06-15",
        "inspected_on": "2023-06-15",
        "led_by": "principal",
        "nature": "routine",
        "places": ["配电室"],
        "summary": "未发现新的隐患",
    },
    "activities": {
        "filed_on": "2023-06-16",
        "activity": "drill",
        "title": "疏散演练",
        "held_on": "2023-06-16",
        "summary": "全员参加",
    },
    "reports": {"filed_on": "2023-05-24", "duty": "plan", "title": "实施方案", "summary": "成立专班"},
    "exposures": {
        "filed_on": "2023-07-01",
        "unit": "east-hospital",
        "hazard": HAZARD,
        "exposure": "hazard",
        "title": "城东医院安全出口上锁",
        "summary": "住院部二楼安全出口上锁",
        "basis": "示例标准第7.1条",
        "steps": [
            {"step": "proposed", "dated": "2023-07-01", "by": "bureau"},
            {"step": "notified", "dated": "2023-07-02", "by": "bureau", "reply_by": "2023-07-09"},
            {"step": "replied", "dated": "2023-07-05", "by": "east-hospital"},
            {"step": "approved", "dated": "2023-07-10", "by": "council"},
            {"step": "published", "dated": "2023-07-11", "by": "bureau"},
        ],
    },
    "orders": {
        "filed_on": "2023-06-06",
        "unit": "east-hospital",
        "hazard": HAZARD,
        "order": "rectify",
        "dated": "2023-06-06",
        "deadline": "2023-08-31",
        "content": "限期改正安全出口上锁问题",
        "basis": "安全生产法第四十一条",
    },
    "visits": {
        "filed_on": "2023-06-21",
        "visited_on": "2023-06-21",
        "nature": "spot_check",
        "units": ["east-hospital"],
        "summary": "抽查住院部，未发现新的隐患",
    },
    "resources": {"filed_on": "2023-06-01", "resource": "team", "name": "院内应急小队", "quantity": 12},
    "practices": {
        "filed_on": "2023-06-01",
        "title": "班前五分钟",
        "summary": "每班交接前用五分钟查看本科室的出口、灭火器和插座，登记在交接本上。",
    },
    "accidents": {
        "filed_on": "2023-06-01",
        "happened_on": "2023-06-01",
        "grade": "none",
        "category": "electrical",
        "deaths": 0,
        "injured": 0,
        "summary": "插座短路冒烟，当场断电处置",
        "handling": "更换线路，全院排查同类插座",
    },
    "replies": {
        "filed_on": "2023-07-12",
        "exposure": "bureau/2023-001",
        "reply": "statement",
        "dated": "2023-07-12",
        "text": "上锁系施工期间临时措施，已于七月十二日拆除。",
    },
    "tips": {
        "filed_on": "2023-06-10",
        "received_on": "2023-06-01",
        "channel": "hotline_12350",
        "category": "fire",
        "outcome": "unfounded",
        "closed_on": "2023-06-10",
    },
    "lessons": {
        "filed_on": "2023-06-01",
        "title": "外地一起病房火灾",
        "accident": "电动自行车在楼道充电起火",
        "lesson": "楼道不得停放充电",
    },
    "receipts": {
        "filed_on": "2023-06-01",
        "record_kind": "reports",
        "record": "east-hospital/plan",
        "arrived_on": "2023-05-24",
        "channel": "paper",
        "evidence_note": "收文登记第12号",
    },
    "contacts": {
        "filed_on": "2023-05-24",
        "region_or_department": "城东医院",
        "roles": ["leader_in_charge", "section_head", "liaison"],
        "people": sealed(),
    },
    "contact-changes": {
        "filed_on": "2023-06-01",
        "contacts": "east-hospital/2023-001",
        "roles": ["liaison"],
        "applied_on": "2023-06-01",
        "effective_on": "2023-06-08",
        "reason": "原联络员岗位轮换",
        "people": sealed(liaison="示例丁"),
    },
    "contact-decisions": {
        "filed_on": "2023-06-03",
        "change": "east-hospital/2023-001",
        "decision": "agreed",
        "decided_on": "2023-06-03",
    },
    "bulletins": {
        "filed_on": "2023-05-30",
        "bulletin": "weekly",
        "period": "2023-W21",
        "number": 1,
        "revision": 1,
        "cut_off": "2023-05-29",
        "commit": "0" * 40,
        "entry": 1,
        "digest": "0" * 64,
        "issued_on": "2023-05-30",
        "figures": [{"row": "total"}],
    },
}
"""A valid record of every kind, each fitting the others."""

NAMES = {"bulletins": "weekly-2023-W21", "inspections": "2023-06-15", "activities": "2023-06-16-drill"}
SERIAL = "2023-001"


class Tree:
    """A tree of files to which tests add records, starting from a sound campaign."""

    def __init__(self) -> None:
        self.files: dict[str, str | bytes] = {}
        self.campaign: Data = deepcopy(CAMPAIGN_DATA)
        self.roll: Data = deepcopy(ROLL)
        self.criteria = deepcopy(dict(CRITERIA))
        self.calendars: dict[str, Data] = {"2023": deepcopy(CALENDAR)}

    def add(self, org: str, kind: str, name: str | None = None, **fields: object) -> str:
        """File a record, the usual one of its kind with `fields` changed or, where None, left out; gives its path."""
        data = {key: value for key, value in {**deepcopy(RECORDS[kind]), **fields}.items() if value is not None}
        usual = NAMES.get(kind) or (SERIAL if KINDS[kind].names.example == "2023-004" else KINDS[kind].names.example)
        path = f"submissions/{CAMPAIGN}/{org}/{kind}/{name or usual}.yml"
        assert path not in self.files, path
        self.files[path] = yaml_text(data)
        return path

    def duties(self, *duties: Data) -> Tree:
        """Replace what the campaign asks for."""
        self.campaign["duties"] = list(duties)
        return self

    def bulletins_from(self, monday: str) -> Tree:
        """Have weekly bulletins only from this Monday on: those of all 32 weeks are most of the work of a build."""
        self.campaign["bulletins"] = [{**CAMPAIGN_DATA["bulletins"][0], "from": monday}]
        return self

    def organisation(self, org: str) -> Data:
        """The roll's entry, to be changed in place."""
        return next(entry for entry in self.roll["organisations"] if entry["id"] == org)

    def source(self) -> MemorySource:
        head = {
            f"submissions/{CAMPAIGN}/campaign.yml": yaml_text(self.campaign),
            f"submissions/{CAMPAIGN}/roll.yml": yaml_text(self.roll),
            **{f"submissions/criteria/{name}.yml": yaml_text(data) for name, data in self.criteria.items()},
            **{f"submissions/calendar/{name}.yml": yaml_text(data) for name, data in self.calendars.items()},
        }
        return MemorySource({**head, **self.files})

    def text(self, path: str) -> str:
        return self.source().files[path].decode()

    def intake(self) -> Intake:
        return read_tree(self.source(), KINDS)

    def verdict(self, at: date = LATER) -> Verdict:
        return judge(self.intake(), KINDS, at)

    def ledger(self, at: date = LATER) -> Ledger:
        """The campaign's ledger; every file must have been accepted by its schema and the record rules."""
        verdict = self.verdict(at)
        assert len(verdict.ledgers) == 1, verdict.validity
        return verdict.ledgers[0]


def sample(campaign: str, at: date) -> Ledger:
    """The ledger of a sample campaign from its campaign.yml and roll.yml alone, with no filings."""
    names = [f"submissions/{campaign}/campaign.yml", f"submissions/{campaign}/roll.yml"]
    names += [str(file.relative_to(ROOT)) for file in (ROOT / "submissions" / "calendar").glob("*.yml")]
    source = MemorySource({name: (ROOT / name).read_bytes() for name in names})
    (ledger,) = judge(read_tree(source, KINDS), KINDS, at).ledgers
    return ledger


def shortest_match(pattern: str) -> str:
    """The shortest text that a schema's pattern takes, the first of several."""
    return _shortest(sre.parse(pattern))


def _shortest(tree: Any) -> str:
    made = ""
    for code, argument in tree:
        match str(code):
            case "LITERAL":
                made += chr(argument)
            case "IN":
                kind, first = argument[0]
                made += chr(first[0] if str(kind) == "RANGE" else first)
            case "MAX_REPEAT":
                made += _shortest(argument[2]) * argument[0]
            case "SUBPATTERN":
                made += _shortest(argument[-1])
            case "BRANCH":
                made += _shortest(argument[1][0])
    return made


def smallest(node: Mapping[str, Any]) -> Any:
    """The smallest value that a schema takes: only what is required, everything as short as may be."""
    match node["type"]:
        case "object":
            return {name: smallest(node["properties"][name]) for name in node["required"]}
        case "array":
            return [smallest(node["items"])] * max(1, node.get("minItems", 0))
        case "integer":
            return node["minimum"]
        case "boolean":
            return True
    if "enum" in node:
        return node["enum"][0]
    if node.get("format") == "date":
        return "2023-05-25"
    return shortest_match(node["pattern"]) if "pattern" in node else "字" * node["minLength"]


def made(org: str, kind: str, name: str | None = None, **fields: object) -> Record:
    """An accepted record as intake would hand it on, the usual one of its kind with `fields` changed or left out."""
    data = {key: value for key, value in {**deepcopy(RECORDS[kind]), **fields}.items() if value is not None}
    usual = name or NAMES.get(kind) or SERIAL
    path = f"submissions/{CAMPAIGN}/{org}/{kind}/{usual}.yml"
    filed_on = date.fromisoformat(data["filed_on"])
    return Record(path, KINDS[kind], CAMPAIGN, org, usual, Document(data, {}, {}), filed_on, filed_on)


def ledger_of(records: Iterable[Record], at: date = LATER, base: Ledger | None = None) -> Ledger:
    """The tiny campaign's ledger, or another's, over records that need no further check."""
    base = base or empty_ledger()
    return open_ledger(base.campaign, base.roll, base.calendar, base.criteria, records, at)


@cache
def empty_ledger() -> Ledger:
    return Tree().ledger()


def marked(said: LinkedText) -> str:
    """The text with every link shown as [text](address)."""
    pieces, at = [], 0
    for start, end, href in said.links:
        assert at <= start < end <= len(said.text), "links stand in their order and do not overlap"
        pieces += [said.text[at:start], f"[{said.text[start:end]}]({href})"]
        at = end
    return "".join([*pieces, said.text[at:]])
