"""Rules about bulletins: which may be issued and when, how issues are numbered and corrected.

Whether the figures are those of the ledger is verified against the history, in `issuing`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from taizhang.campaign.plans import NotPlanned, cut_off_of, period_of, plan_of
from taizhang.checks.registry import Hit, Register, record_rule
from taizhang.findings import phrase
from taizhang.intake.records import Record


def _is_sound(record: Record) -> bool:
    """Whether a bulletin's name says what is inside; otherwise E-MATCH says all there is to say."""
    return record.name.startswith(_base(record))


def _base(record: Record) -> str:
    return f"{record.data['bulletin']}-{record.data['period']}"


def _name(record: Record, revision: int) -> str:
    return _base(record) if revision == 1 else f"{_base(record)}-r{revision}"


@record_rule("E-BULLETIN-PERIOD", kinds=("bulletins",))
def bulletins_are_planned(record: Record, register: Register) -> Iterator[Hit]:
    """A bulletin is one that the campaign publishes, about a period within it."""
    if not _is_sound(record):
        return
    try:
        period_of(register.campaign, plan_of(register.campaign, record.data["bulletin"]), record.data["period"])
    except NotPlanned:
        yield Hit(("period",), {"kind": record.kind.labels("bulletin")[record.data["bulletin"]]})


@record_rule("E-BULLETIN-EARLY", kinds=("bulletins",))
def bulletins_wait_for_their_cut_off(record: Record, register: Register) -> Iterator[Hit]:
    """A bulletin is drafted when its cut-off day is over, and issued after that."""
    if not _is_sound(record):
        return
    try:
        plan = plan_of(register.campaign, record.data["bulletin"])
        cut_off = cut_off_of(period_of(register.campaign, plan, record.data["period"]), plan)
    except NotPlanned:
        return
    drafted = date.fromisoformat(record.data["filed_on"])
    if drafted <= cut_off:
        yield Hit(("filed_on",), {"cut_off": cut_off, "found": phrase("drafted", drafted=drafted)})
    issued = record.optional_day("issued_on")
    if issued and issued < drafted:
        yield Hit(("issued_on",), {"cut_off": cut_off, "found": phrase("issued", issued=issued, drafted=drafted)})


@record_rule("E-REVISION", kinds=("bulletins",))
def revisions_follow_each_other(record: Record, register: Register) -> Iterator[Hit]:
    """The first revision bears the plain name; each later one says why, and follows one that was issued."""
    if not _is_sound(record):
        return
    revision = record.data["revision"]
    wanted = _name(record, revision)
    if record.name != wanted:
        yield Hit(("revision",), {"found": phrase("name", revision=revision, wanted=wanted)})
    elif (revision > 1) != ("reason" in record.data):
        yield Hit(("revision",), {"found": phrase("no_reason" if revision > 1 else "needless_reason")})
    elif revision > 1:
        ref = f"{record.org}/{_name(record, revision - 1)}"
        before = register.find("bulletins", ref)
        if ("bulletins", ref) not in register.left_out and (before is None or "issued_on" not in before.data):
            yield Hit(("revision",), {"found": phrase("not_issued", revision=revision - 1)})


@record_rule("E-BULLETIN-NUMBER", kinds=("bulletins",))
def issues_are_numbered(record: Record, register: Register) -> Iterator[Hit]:
    """Every period has a number of its own within its kind, and keeps it in every revision."""
    if not _is_sound(record):
        return
    for other in register.by_org.get(("bulletins", record.org), ()):
        if other.data["bulletin"] != record.data["bulletin"] or other.name >= record.name:
            continue
        same_period = other.data["period"] == record.data["period"]
        if same_period != (other.data["number"] == record.data["number"]):
            theirs = {"other": other.name, "theirs": other.data["number"]}
            yield Hit(("number",), {"number": record.data["number"], **theirs})
            return
