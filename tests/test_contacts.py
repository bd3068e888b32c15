"""Contacts: the first receipt, changes with both bodies' consent and a week's notice, and who may see what."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml
from checkout import checkout, taizhang
from hypothesis import given
from hypothesis import strategies as st
from rulebook import Broken, Rulebook
from support import CAMPAIGN, KEY, KINDS, ROOT, Data, Tree, duty, ledger_of, made, sealed, yaml_text

from taizhang.disclosure.public import campaign_view
from taizhang.findings import worded
from taizhang.findings.formats import as_text
from taizhang.forms.blank import blank
from taizhang.ledger.contacts import ContactChange, Contacts, ContactStatus, Role
from taizhang.sealing.contacts import changes_of
from taizhang.sealing.jwe import make_key, public_part, read_key, seal, unseal
from taizhang.workspace import Examination

EAST = "east-hospital"
FILED, MISSING, PENDING = ContactStatus.FILED, ContactStatus.MISSING, ContactStatus.PENDING


def june(day: int) -> date:
    return date(2023, 6, day)


def receipt_and_change(tree: Tree, **fields: object) -> str:
    tree.add(EAST, "contacts")
    return tree.add(EAST, "contact-changes", **fields)


def decisions(tree: Tree, *more: tuple[str, int, str]) -> None:
    """Decisions on the usual change: the body, the day of June, the decision."""
    for number, (body, day, decision) in enumerate(more, 1):
        filed_on = june(day).isoformat()
        tree.add(
            body, "contact-decisions", f"2023-{number:03}", filed_on=filed_on, decided_on=filed_on, decision=decision
        )


def contacts(tree: Tree, org: str = EAST) -> Contacts:
    return tree.ledger().contacts[org]


def liaison(tree: Tree, day: date) -> str | None:
    """The folder of the record that names the liaison."""
    record = contacts(tree).sources(day).get(Role.LIAISON)
    return record.kind.name if record else None


# --- In force -------------------------------------------------------------------------------------


@pytest.mark.requirement("A61", "A66")
def test_contacts_are_filed_with_the_receipt() -> None:
    tree = Tree()
    tree.add(EAST, "contacts")
    assert contacts(tree).status(date(2023, 5, 23)) is MISSING
    assert contacts(tree).status(date(2023, 5, 24)) is FILED
    assert set(contacts(tree).sources(date(2023, 5, 24))) == set(Role)
    assert contacts(tree, "west-hospital").status(june(1)) is MISSING


@pytest.mark.requirement("A61")
def test_the_receipt_answers_the_duty_to_file_it() -> None:
    tree = Tree().duties(duty("contact_receipt", "contacts", {"every": "once", "by": "2023-05-25"}))
    tree.add(EAST, "contacts", filed_on="2023-05-25")
    tree.add("west-hospital", "contacts", filed_on="2023-05-26")
    statuses = {item.org.id: item.status(june(1)).label for item in tree.ledger().returns}
    assert (statuses[EAST], statuses["west-hospital"], statuses["north-clinic"]) == ("按时", "迟报", "未报")


@pytest.mark.requirement("A68")
def test_a_change_holds_from_its_day_once_both_bodies_have_agreed() -> None:
    tree = Tree()
    receipt_and_change(tree)
    decisions(tree, ("bureau", 3, "agreed"), ("council", 5, "agreed"))
    assert contacts(tree).status(date(2023, 5, 31)) is FILED
    assert contacts(tree).status(june(1)) is PENDING
    assert contacts(tree).status(june(7)) is PENDING
    assert contacts(tree).status(june(8)) is FILED
    assert liaison(tree, june(7)) == "contacts"
    assert liaison(tree, june(8)) == "contact-changes"
    assert contacts(tree).sources(june(8))[Role.SECTION_HEAD].kind.name == "contacts", "only the roles applied for"


def test_what_became_of_a_change_is_told_in_order_and_no_further_than_the_day() -> None:
    tree = Tree()
    receipt_and_change(tree)
    decisions(tree, ("bureau", 3, "agreed"), ("council", 5, "agreed"))
    told = list(changes_of(tree.ledger(june(30)), EAST))
    assert [(day, ref) for day, ref, _ in told] == [(june(n), "2023-001") for n in (1, 3, 5, 8)]
    assert told[0][2] == "申请变更联络员，拟于 2023-06-08 生效"
    assert [event for _, _, event in told[1:]] == ["示例卫健委同意", "示例安委办同意", "生效"]
    assert list(changes_of(tree.ledger(june(4)), EAST)) == told[:2]
    assert list(changes_of(tree.ledger(june(4)), "west-hospital")) == []


@pytest.mark.requirement("A68")
def test_one_body_is_not_enough() -> None:
    for body in ("bureau", "council"):
        tree = Tree()
        receipt_and_change(tree)
        decisions(tree, (body, 3, "agreed"))
        assert contacts(tree).status(date(2024, 1, 1)) is PENDING
        assert liaison(tree, date(2024, 1, 1)) == "contacts"


def test_a_late_consent_moves_the_day() -> None:
    tree = Tree()
    receipt_and_change(tree)
    decisions(tree, ("bureau", 3, "agreed"), ("council", 20, "agreed"))
    assert liaison(tree, june(19)) == "contacts"
    assert liaison(tree, june(20)) == "contact-changes"


@pytest.mark.requirement("A68")
def test_refused_stays_refused() -> None:
    tree = Tree()
    receipt_and_change(tree)
    decisions(tree, ("bureau", 3, "refused"), ("council", 5, "agreed"))
    assert contacts(tree).status(june(2)) is PENDING
    assert contacts(tree).status(june(3)) is FILED
    assert liaison(tree, date(2024, 1, 1)) == "contacts"


def test_history_is_kept() -> None:
    tree = Tree()
    receipt_and_change(tree)
    decisions(tree, ("bureau", 3, "refused"))
    tree.add(
        EAST, "contact-changes", "2023-002", filed_on="2023-06-05", applied_on="2023-06-05", effective_on="2023-06-12"
    )
    for number, body in enumerate(("bureau", "council"), 7):
        day = june(7).isoformat()
        fields = {"change": f"{EAST}/2023-002", "filed_on": day, "decided_on": day}
        tree.add(body, "contact-decisions", f"2023-{number:03}", **fields)
    first, second = contacts(tree).changes
    assert [w.what.label for w in first.words] == ["不同意"]
    assert first.in_force_from is None
    assert second.in_force_from == june(12)
    assert contacts(tree).sources(june(12))[Role.LIAISON].name == "2023-002"
    assert contacts(tree).sources(june(11))[Role.LIAISON].kind.name == "contacts"


def test_a_change_withdrawn_before_it_holds_is_over() -> None:
    tree = Tree()
    receipt_and_change(tree, withdrawn={"dated": "2023-06-04", "reason": "不换了"})
    decisions(tree, ("bureau", 3, "agreed"), ("council", 5, "agreed"))
    assert contacts(tree).status(june(3)) is PENDING
    assert contacts(tree).status(june(4)) is FILED
    assert liaison(tree, june(30)) == "contacts"
    assert tree.verdict().validity == ()


def test_a_body_may_take_back_a_slip_and_decide_anew() -> None:
    tree = Tree()
    receipt_and_change(tree)
    slip = {"decision": "refused", "withdrawn": {"dated": "2023-06-04", "reason": "点错了"}}
    tree.add("bureau", "contact-decisions", **slip)
    tree.add("bureau", "contact-decisions", "2023-002", filed_on="2023-06-04", decided_on="2023-06-04")
    tree.add("council", "contact-decisions")
    assert tree.verdict().validity == ()
    assert contacts(tree).status(june(3)) is FILED
    assert contacts(tree).status(june(5)) is PENDING
    assert liaison(tree, june(8)) == "contact-changes"


def test_a_decision_withdrawn_on_its_day_was_never_made() -> None:
    tree = Tree()
    receipt_and_change(tree)
    tree.add("bureau", "contact-decisions", withdrawn={"dated": "2023-06-03", "reason": "点错了"})
    tree.add("council", "contact-decisions")
    assert contacts(tree).status(june(30)) is PENDING


def test_nobody_is_in_charge_before_the_receipt_was_filed() -> None:
    tree = Tree()
    tree.add(EAST, "contacts", filed_on="2023-05-24")
    found = contacts(tree)
    assert found.sources(date(2023, 5, 23)) == {}
    assert found.status(date(2023, 5, 23)) is MISSING
    assert set(found.sources(date(2023, 5, 24))) == set(Role)


def test_the_first_receipt_counts_and_no_later_one() -> None:
    later = made(EAST, "contacts", "2023-000", filed_on="2023-06-20")
    (found,) = [ledger_of([later, made(EAST, "contacts")]).contacts[EAST].receipt]
    assert found
    assert found.name == "2023-001"


def test_a_withdrawn_receipt_leaves_no_contacts() -> None:
    tree = Tree()
    tree.add(EAST, "contacts", withdrawn={"dated": "2023-06-10", "reason": "报错了"})
    assert contacts(tree).status(june(9)) is FILED
    assert contacts(tree).status(june(10)) is MISSING


# --- Any order of decisions -------------------------------------------------------------------------

DAYS = st.integers(1, 28)
WITHDRAWN = st.none() | DAYS
DECISION = st.tuples(st.sampled_from(["bureau", "council"]), DAYS, st.sampled_from(["agreed", "refused"]), WITHDRAWN)


def change_of(decided: list[tuple[str, int, str, int | None]], withdrawn: int | None) -> Contacts:
    def back(day: int | None) -> Data:
        return {} if day is None else {"withdrawn": {"dated": june(day).isoformat(), "reason": "报错了"}}

    records = [made(EAST, "contacts"), made(EAST, "contact-changes", **back(withdrawn))]
    for number, (body, day, decision, taken_back) in enumerate(decided, 1):
        fields = {"filed_on": june(day).isoformat(), "decision": decision, **back(taken_back)}
        records.append(made(body, "contact-decisions", f"2023-{number:03}", **fields))
    return ledger_of(records).contacts[EAST]


@given(st.lists(DECISION, max_size=5), WITHDRAWN)
def test_nothing_holds_without_two_consents_and_never_early(
    decided: list[tuple[str, int, str, int | None]], withdrawn: int | None
) -> None:
    (change,) = change_of(decided, withdrawn).changes
    agreed = {body: day for body, day, decision, _ in decided if decision == "agreed"}
    if change.in_force_from:
        assert set(agreed) == {"bureau", "council"}
        assert change.in_force_from >= june(8)
        assert change.in_force_from >= max(
            june(min(d for b, d, x, _ in decided if b == body and x == "agreed")) for body in agreed
        )
    every = [june(day) for day in range(1, 29)]
    held = [change.is_in_force(day) for day in every]
    assert held == sorted(held), "what holds goes on holding"
    assert not any(change.is_pending(day) and change.is_in_force(day) for day in every)


@given(st.lists(DECISION, max_size=4))
def test_the_order_of_the_files_does_not_matter(decided: list[tuple[str, int, str, int | None]]) -> None:
    def told(change: ContactChange) -> object:
        return change.in_force_from, [(w.day, w.what, w.record.org) for w in change.words]

    alike = len({(body, day) for body, day, _, _ in decided}) == len(decided)
    (first,) = change_of(decided, None).changes
    (second,) = change_of(decided[::-1], None).changes
    assert not alike or told(first) == told(second)


# --- Rules: what breaks each, and what just does not --------------------------------------------------

RULEBOOK = Rulebook()
bad, good = RULEBOOK.bad, RULEBOOK.good
CAMPAIGN_FILE = f"submissions/{CAMPAIGN}/campaign.yml"


@good
def a_change_with_both_consents(tree: Tree) -> None:
    receipt_and_change(tree)
    decisions(tree, ("bureau", 3, "agreed"), ("council", 3, "agreed"))


@good
def applied_for_on_the_first_for_the_eighth(tree: Tree) -> None:
    receipt_and_change(tree, filed_on="2023-12-01", applied_on="2023-12-01", effective_on="2023-12-08")


@bad("E-CONTACT-NOTICE")
def applied_for_on_the_first_for_the_seventh(tree: Tree) -> Broken:
    days = {"filed_on": "2023-12-01", "applied_on": "2023-12-01", "effective_on": "2023-12-07"}
    return receipt_and_change(tree, **days), ("effective_on",)


@bad("E-CONTACT-NOTICE")
def effective_before_it_was_applied_for(tree: Tree) -> Broken:
    return receipt_and_change(tree, effective_on="2023-05-01"), ("effective_on",)


@bad("E-ORDER")
def applied_for_after_it_was_filed(tree: Tree) -> Broken:
    return receipt_and_change(tree, applied_on="2023-06-02", effective_on="2023-06-30"), ("applied_on",)


@bad("E-CONTACT-DATE")
def changed_before_there_was_a_receipt(tree: Tree) -> Broken:
    return receipt_and_change(tree, applied_on="2023-05-23"), ("applied_on",)


@bad("E-CONTACT-DATE")
def decided_before_it_was_applied_for(tree: Tree) -> Broken:
    receipt_and_change(tree)
    return tree.add("council", "contact-decisions", decided_on="2023-05-31"), ("decided_on",)


@good
def decided_on_the_day_it_was_applied_for(tree: Tree) -> None:
    receipt_and_change(tree)
    tree.add("council", "contact-decisions", decided_on="2023-06-01")


@bad("E-CONTACT-OWN")
def change_of_another_units_contacts(tree: Tree) -> Broken:
    tree.add(EAST, "contacts")
    return tree.add("west-hospital", "contact-changes"), ("contacts",)


@bad("E-REF")
def change_without_a_receipt(tree: Tree) -> Broken:
    return tree.add(EAST, "contact-changes"), ("contacts",)


@bad("E-CONTACT-AGAIN")
def a_second_receipt(tree: Tree) -> Broken:
    tree.add(EAST, "contacts")
    return tree.add(EAST, "contacts", "2023-002"), ()


@bad("E-CONTACT-AGAIN")
def a_second_receipt_after_withdrawing_the_first(tree: Tree) -> Broken:
    """Else withdrawing and filing anew would be a change without anybody's consent."""
    tree.add(EAST, "contacts", withdrawn={"dated": "2023-06-10", "reason": "报错了"})
    return tree.add(EAST, "contacts", "2023-002", filed_on="2023-06-11"), ()


@good
def receipts_of_two_units(tree: Tree) -> None:
    tree.add(EAST, "contacts")
    tree.add("west-hospital", "contacts")


@bad("E-CONTACT-ROLES")
def a_role_twice_in_the_receipt(tree: Tree) -> Broken:
    return tree.add(EAST, "contacts", roles=["liaison", "liaison", "section_head"]), ("roles",)


@bad("E-CONTACT-ROLES")
def a_role_twice_in_a_change(tree: Tree) -> Broken:
    return receipt_and_change(tree, roles=["liaison", "liaison"]), ("roles",)


@good
def roles_in_any_order(tree: Tree) -> None:
    tree.add(EAST, "contacts", roles=["liaison", "section_head", "leader_in_charge"])


@bad("E-CONTACT-BODY")
def decision_of_a_county(tree: Tree) -> Broken:
    receipt_and_change(tree)
    return tree.add("north-county", "contact-decisions"), ()


@bad("E-CONTACT-BODY")
def decision_of_the_unit_itself(tree: Tree) -> Broken:
    receipt_and_change(tree)
    return tree.add(EAST, "contact-decisions"), ()


@bad("E-CONTACT-BODY")
def decision_where_no_bodies_are_named(tree: Tree) -> Broken:
    del tree.campaign["contact_bodies"]
    receipt_and_change(tree)
    return tree.add("bureau", "contact-decisions"), ()


@bad("E-CONTACT-TWICE")
def one_body_agrees_twice(tree: Tree) -> Broken:
    receipt_and_change(tree)
    decisions(tree, ("bureau", 3, "agreed"))
    return tree.add("bureau", "contact-decisions", "2023-002", filed_on="2023-06-04"), ("change",)


@bad("E-CONTACT-TWICE")
def one_body_changes_its_mind(tree: Tree) -> Broken:
    receipt_and_change(tree)
    decisions(tree, ("bureau", 3, "refused"))
    return tree.add("bureau", "contact-decisions", "2023-002", filed_on="2023-06-04"), ("change",)


@bad("E-CONTACT-WITHDRAW")
def a_change_withdrawn_on_the_day_it_holds(tree: Tree) -> Broken:
    path = receipt_and_change(tree, withdrawn={"dated": "2023-06-08", "reason": "不换了"})
    decisions(tree, ("bureau", 3, "agreed"), ("council", 3, "agreed"))
    return path, ("withdrawn",)


@good
def a_change_withdrawn_the_day_before(tree: Tree) -> None:
    receipt_and_change(tree, withdrawn={"dated": "2023-06-07", "reason": "不换了"})
    decisions(tree, ("bureau", 3, "agreed"), ("council", 3, "agreed"))


@bad("E-CONTACT-WITHDRAW")
def a_consent_withdrawn_when_the_change_holds(tree: Tree) -> Broken:
    receipt_and_change(tree)
    decisions(tree, ("bureau", 3, "agreed"))
    back = {"dated": "2023-06-20", "reason": "改主意了"}
    return tree.add("council", "contact-decisions", withdrawn=back), ("withdrawn",)


@bad("E-SEALED")
def plain_text_in_a_receipt(tree: Tree) -> Broken:
    return tree.add(EAST, "contacts", people="示例甲 000-00000000"), ("people",)


@bad("E-SEALED")
def plain_text_in_a_change(tree: Tree) -> Broken:
    return receipt_and_change(tree, people="示例甲 000-00000000"), ("people",)


@bad("E-SEALED")
def sealed_for_another_key(tree: Tree) -> Broken:
    return tree.add(EAST, "contacts", people=seal(b"x" * 200, public_part(make_key()))), ("people",)


@bad("E-SEALED")
def sealed_where_there_is_no_key(tree: Tree) -> Broken:
    del tree.campaign["sealing_key"]
    return tree.add(EAST, "contacts"), ("people",)


def takes_contacts(tree: Tree) -> None:
    tree.duties(duty("contact_receipt", "contacts", {"every": "once", "by": "2023-05-25"}))


@good
def a_campaign_that_takes_contacts(tree: Tree) -> None:
    takes_contacts(tree)


@good
def a_campaign_that_takes_none(tree: Tree) -> None:
    del tree.campaign["contact_bodies"], tree.campaign["sealing_key"]


@bad("E-CONTACT-BODIES")
def no_bodies(tree: Tree) -> Broken:
    takes_contacts(tree)
    del tree.campaign["contact_bodies"]
    return CAMPAIGN_FILE, ("duties",)


@bad("E-CONTACT-BODIES")
def one_body_named_twice(tree: Tree) -> Broken:
    tree.campaign["contact_bodies"] = ["bureau", "bureau"]
    return CAMPAIGN_FILE, ("contact_bodies", 1)


@bad("E-CONTACT-BODIES")
def a_body_that_is_not_on_the_roll(tree: Tree) -> Broken:
    tree.campaign["contact_bodies"] = ["nobody", "bureau"]
    return CAMPAIGN_FILE, ("contact_bodies", 0)


@bad("E-SEAL-KEY")
def no_public_key(tree: Tree) -> Broken:
    takes_contacts(tree)
    del tree.campaign["sealing_key"]
    return CAMPAIGN_FILE, ("duties",)


@bad("E-SEAL-KEY")
def a_key_copied_wrong(tree: Tree) -> Broken:
    tree.campaign["sealing_key"] = {**public_part(KEY), "y": public_part(make_key())["y"]}
    return CAMPAIGN_FILE, ("sealing_key", "x")


@bad("E-SEAL-KEY")
def a_key_under_another_name(tree: Tree) -> Broken:
    tree.campaign["sealing_key"] = {**public_part(KEY), "kid": make_key()["kid"]}
    return CAMPAIGN_FILE, ("sealing_key", "kid")


def of_the_sample(tree: Tree) -> None:
    """A campaign with the key that the sample shows to everybody."""
    text = (ROOT / "submissions" / "shili-banner-2023" / "campaign.yml").read_text(encoding="utf-8")
    tree.campaign["sealing_key"] = yaml.safe_load(text)["sealing_key"]


@bad("E-SEAL-KEY")
def the_key_of_the_sample(tree: Tree) -> Broken:
    of_the_sample(tree)
    return CAMPAIGN_FILE, ("sealing_key", "kid")


@good
def the_key_of_the_sample_in_a_demonstration(tree: Tree) -> None:
    of_the_sample(tree)
    tree.campaign["demo"] = True


@pytest.mark.requirement("A68")
@pytest.mark.parametrize("name", RULEBOOK.broken)
def test_broken_rule_is_found_at_its_place(name: str) -> None:
    assert "示例甲" not in as_text(worded([RULEBOOK.find(name)]))


@pytest.mark.requirement("A68")
@pytest.mark.parametrize("name", RULEBOOK.kept)
def test_kept_rule_is_not_found(name: str) -> None:
    RULEBOOK.keep(name)


@pytest.mark.parametrize("code", ["E-CONTACT-TWICE", "E-CONTACT-WITHDRAW"])
def test_what_is_refused_changes_nothing(code: str) -> None:
    makes = [make for found, make in RULEBOOK.broken.values() if found == code]
    for make in makes:
        tree = Tree()
        make(tree)
        expected = "contact-changes" if code == "E-CONTACT-WITHDRAW" else "contacts"
        assert liaison(tree, date(2024, 1, 1)) == expected, make.__name__


PLAIN: dict[str, object] = {
    "text": "联络员张三13800138000",
    "a mapping": {"liaison": {"name": "张三", "mobile": "13800138000"}},
    "a list": ["张三", "13800138000"],
    "a number": 13800138000,
    "long text": "张三13800138000" * 200,
}


@pytest.mark.parametrize("case", PLAIN)
@pytest.mark.parametrize("style", ["text", "json", "github"])
def test_plain_text_in_a_sealed_field_is_refused_and_never_printed(tmp_path: Path, case: str, style: str) -> None:
    tree = Tree()
    tree.add(EAST, "contacts", people=PLAIN[case])
    result = taizhang(checkout(tmp_path, tree), "check", "--format", style, "--today", "2023-06-01")
    assert result.exit_code == 1
    assert "people" in result.output or "人员信息" in result.output
    assert "taizhang seal" in result.output
    assert not re.search("张三|13800138000", result.output)


def test_a_name_used_as_a_key_is_not_printed_either(tmp_path: Path) -> None:
    tree = Tree()
    tree.add(EAST, "contacts", **{"张三": "13800138000", "13800138000": "张三"})
    result = taizhang(checkout(tmp_path, tree), "check", "--today", "2023-06-01")
    assert result.exit_code == 1
    assert not re.search("张三|13800138000", result.output)


# --- The public site ----------------------------------------------------------------------------------


def test_the_public_is_told_filed_or_not_and_no_more(tmp_path: Path) -> None:
    tree = Tree()
    takes_contacts(tree)
    receipt_and_change(tree)
    decisions(tree, ("bureau", 3, "agreed"))
    units = {unit.org.id: unit.contacts_status for unit in campaign_view(tree.ledger(june(10)), KINDS).units}
    assert units[EAST] == "已备案", "a pending change is nobody's business"
    assert units["west-hospital"] == "未备案"
    assert units["bureau"] == units["council"] == ""
    root = checkout(tmp_path, tree)
    assert taizhang(root, "build", "--today", "2023-06-10").exit_code == 0
    page = (root / f"build/site/units/{CAMPAIGN}/{EAST}/index.html").read_text(encoding="utf-8")
    assert "联系人已备案" in page
    secrets = [
        "示例甲",
        "示例丁",
        "000-00001234",
        *(json.loads(json.dumps(r.data["people"])) for r in tree.intake().of("contacts")),
    ]
    for file in (root / "build" / "site").rglob("*"):
        if file.is_file():
            raw = file.read_bytes()
            assert not any(secret.encode() in raw for secret in secrets), file
            assert b"eyJhbGciOiJFQ0RI" not in raw, file


@pytest.mark.requirement("A67")
def test_the_page_says_what_contacts_are_for(tmp_path: Path) -> None:
    tree = Tree()
    takes_contacts(tree)
    root = checkout(tmp_path, tree)
    assert taizhang(root, "build", "--today", "2023-06-10").exit_code == 0
    page = (root / f"build/site/units/{CAMPAIGN}/{EAST}/index.html").read_text(encoding="utf-8")
    assert "联系人未备案（负责对接沟通、调度督办、数据统计、信息报送）" in page


def test_where_no_contacts_are_asked_for_nothing_is_said() -> None:
    assert {unit.contacts_status for unit in campaign_view(Tree().ledger(), KINDS).units} == {""}


# --- Templates and the command line -------------------------------------------------------------------


@pytest.mark.requirement("A58", "A67")
def test_the_template_names_roles_and_their_work_and_how_to_seal() -> None:
    text = blank(KINDS["contacts"], june(1))
    for word in ("分管领导", "科室负责人", "联络员", "对接沟通、调度督办、数据统计、信息报送", "taizhang seal"):
        assert word in text
    assert "taizhang seal" in blank(KINDS["contact-changes"], june(1))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return checkout(tmp_path / "checkout", Tree())


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "key.json"
    file.write_text(json.dumps(KEY), encoding="utf-8")
    return file


PEOPLE = {
    role.value: {"name": name, "unit": "医务科", "office_phone": "0000-0000000", "mobile": "00000000000"}
    for role, name in zip(Role, ("示例甲", "示例乙", "示例丙"), strict=True)
}


def test_keygen_writes_the_private_key_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "key.json"
    result = taizhang(tmp_path, "keygen", str(file))
    assert result.exit_code == 0, result.output
    assert file.stat().st_mode & 0o777 == 0o600
    key = read_key(file.read_bytes())
    assert key["d"] not in result.output
    tree = Tree()
    import yaml

    tree.campaign |= yaml.safe_load(result.stdout)
    assert tree.campaign["sealing_key"] == public_part(key)
    tree.add(EAST, "contacts", people=seal(b"x" * 200, public_part(key)))
    assert tree.verdict().validity == ()


def test_keygen_never_overwrites(tmp_path: Path) -> None:
    file = tmp_path / "key.json"
    file.write_text("old")
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "elsewhere.json")
    for target in (file, link):
        result = taizhang(tmp_path, "keygen", str(target))
        assert result.exit_code == 2
        assert "不会覆盖" in result.stderr
    assert file.read_text() == "old"
    assert not (tmp_path / "elsewhere.json").exists()


def test_keygen_writes_into_no_repository(root: Path, tmp_path: Path) -> None:
    (tmp_path / "other" / ".git").mkdir(parents=True)
    (tmp_path / "link").symlink_to(root)
    for folder in (
        root,
        root / "submissions" / CAMPAIGN,
        tmp_path / "other",
        tmp_path / "link",
        root / "schemas" / "..",
    ):
        result = taizhang(root, "keygen", str(folder / "key.json"))
        assert result.exit_code == 2, folder
        assert "私钥不能放在仓库里面" in result.stderr
        assert not (folder / "key.json").exists()
    assert taizhang(root, "keygen", str(tmp_path / "nowhere" / "key.json")).exit_code == 2


def test_seal_prints_what_only_the_key_opens(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.yml"
    file.write_text(yaml_text(PEOPLE), encoding="utf-8")
    result = taizhang(root, "seal", str(file))
    assert result.exit_code == 0, result.output
    assert json.loads(unseal(result.stdout.strip(), KEY)) == PEOPLE
    assert "示例甲" not in result.output


def run(root: Path, *arguments: str, typed: str | bytes) -> tuple[int, str, str]:
    from click.testing import CliRunner

    from taizhang.cli import main

    result = CliRunner().invoke(main, ["--root", str(root), *arguments], input=typed)
    return result.exit_code, result.stdout, result.stderr


def test_seal_reads_json_from_standard_input(root: Path) -> None:
    code, shown, _ = run(root, "seal", "-", typed=json.dumps(PEOPLE))
    assert code == 0
    assert json.loads(unseal(shown.strip(), KEY)) == PEOPLE


def test_seal_takes_a_number_that_was_typed_as_a_number(root: Path) -> None:
    people = {role: {**person, "mobile": 10000000000} for role, person in PEOPLE.items()}
    code, shown, _ = run(root, "seal", "-", typed=json.dumps(people))
    assert code == 0
    assert json.loads(unseal(shown.strip(), KEY))["liaison"]["mobile"] == "10000000000"


def test_seal_asks_and_asks_again(root: Path) -> None:
    answers = [value for person in PEOPLE.values() for value in person.values()]
    typed = "\n".join([*answers[:3], "不知道", *answers[3:]]) + "\n"
    code, shown, asked = run(root, "seal", typed=typed)
    assert code == 0
    assert json.loads(unseal(shown.strip(), KEY)) == PEOPLE
    assert "写法不对" in asked
    assert "分管领导 › 手机号码" in asked


def test_seal_stopped_half_way_writes_nothing(root: Path) -> None:
    code, shown, _ = run(root, "seal", "--org", EAST, typed="示例甲\n")
    assert (code, shown) == (130, "")
    assert not (root / f"submissions/{CAMPAIGN}/{EAST}/contacts").exists()


@pytest.mark.requirement("A66")
def test_seal_writes_the_receipt_and_check_takes_it(root: Path) -> None:
    arguments = ["seal", "-", "--org", EAST, "--today", "2023-05-24"]
    code, shown, _ = run(root, *arguments, typed=json.dumps(PEOPLE))
    assert code == 0
    assert "contacts/2023-001.yml" in shown
    text = (root / f"submissions/{CAMPAIGN}/{EAST}/contacts/2023-001.yml").read_text(encoding="utf-8")
    assert "region_or_department: " in text
    assert "示例甲" not in text
    assert "检查通过：1 份记录" in taizhang(root, "check").stdout
    code, _, told = run(root, *arguments, typed=json.dumps(PEOPLE))
    assert code == 2
    assert "contact-changes" in told


@pytest.mark.parametrize(
    ("people", "code"),
    [
        ({"liaison": PEOPLE["liaison"]}, "E-REQUIRED"),
        ({**PEOPLE, "liaison": {**PEOPLE["liaison"], "mobile": None}}, "E-BLANK"),
        ({**PEOPLE, "liaison": {**PEOPLE["liaison"], "mobile": "没有"}}, "E-PATTERN"),
        ({**PEOPLE, "driver": PEOPLE["liaison"]}, "E-FIELD"),
        ({**PEOPLE, "liaison": {**PEOPLE["liaison"], "name": "甲\u202e乙"}}, "E-CHAR"),
    ],
)
def test_seal_says_what_is_wrong_with_the_file(root: Path, people: object, code: str) -> None:
    ended, shown, told = run(root, "seal", "-", typed=json.dumps(people, ensure_ascii=False))
    assert (ended, shown) == (1, "")
    assert code in told
    assert "示例丙" not in told


def test_seal_refuses_plain_text_in_the_checkout(root: Path) -> None:
    file = root / "people.yml"
    file.write_text(yaml_text(PEOPLE), encoding="utf-8")
    result = taizhang(root, "seal", str(file))
    assert result.exit_code == 2
    assert "明文不能放在仓库里面" in result.stderr


def test_seal_needs_a_key_in_the_campaign(tmp_path: Path) -> None:
    tree = Tree()
    del tree.campaign["sealing_key"]
    result = taizhang(checkout(tmp_path, tree), "seal")
    assert result.exit_code == 2
    assert "没有公钥" in result.stderr
    assert "taizhang keygen" in result.stderr


@pytest.fixture
def filed(tmp_path: Path) -> Path:
    tree = Tree()
    receipt_and_change(tree)
    decisions(tree, ("bureau", 3, "agreed"), ("council", 5, "agreed"))
    tree.add("north-clinic", "contacts", people=sealed(liaison="[red]戊"))
    return checkout(tmp_path / "checkout", tree)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def opened(root: Path, key_file: Path, *more: str) -> str:
    before = snapshot(root.parent)
    result = taizhang(root, "contacts", "--key", str(key_file), *more)
    assert result.exit_code == 0, result.output
    assert snapshot(root.parent) == before, "what is opened is written nowhere"
    assert KEY["d"] not in result.output
    return result.stdout


def test_contacts_opens_who_is_in_charge_that_day(filed: Path, key_file: Path) -> None:
    before = opened(filed, key_file, "--today", "2023-06-07")
    assert "变更待同意" in before
    assert "示例丙" in before
    assert "示例丁" not in before
    after = opened(filed, key_file, "--today", "2023-06-08")
    assert "示例丁" in after
    assert "示例甲" in after, "the roles that were not applied for stay"
    assert "[red]戊" in after, "what was sealed is text, not markup"


def test_contacts_names_who_has_filed_none(filed: Path, key_file: Path) -> None:
    shown = opened(filed, key_file, "--today", "2023-06-07")
    assert "未备案 3 家：城西医院、北县卫健委、南县卫健委" in shown


def test_contacts_of_one_unit_tells_its_history(filed: Path, key_file: Path) -> None:
    shown = opened(filed, key_file, "--today", "2023-06-30", "--org", EAST)
    for word in ("变更经过", "申请变更联络员", "示例卫健委同意", "示例安委办同意", "2023-06-08", "生效"):
        assert word in shown
    assert (
        "生效"
        not in opened(filed, key_file, "--today", "2023-06-05", "--org", EAST).replace("拟于", "").split("同意")[-1]
    )


def test_contacts_says_what_cannot_be_read(tmp_path: Path, key_file: Path) -> None:
    tree = Tree()
    broken = sealed()
    head, key, start, text, tag = broken.split(".")
    tree.add(EAST, "contacts", people=".".join([head, key, start, ("B" if text[0] == "A" else "A") + text[1:], tag]))
    tree.add("west-hospital", "contacts", people=seal(b"[1]" * 50, public_part(KEY)))
    shown = opened(checkout(tmp_path / "checkout", tree), key_file, "--today", "2023-06-30")
    flat = re.sub(r"[\s│]+", "", shown)
    assert flat.count("打不开") == 3
    assert flat.count("不合格式") == 3


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (make_key, "不是一对"),
        (lambda: {"kty": "EC"}, "不是 taizhang keygen 生成的私钥"),
        (lambda: dict(public_part(KEY)), "不是 taizhang keygen 生成的私钥"),
    ],
)
def test_contacts_with_a_wrong_key_ends_in_a_sentence(
    filed: Path, tmp_path: Path, make: Callable[[], object], sentence: str
) -> None:
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps(make()), encoding="utf-8")
    result = taizhang(filed, "contacts", "--key", str(file))
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert taizhang(filed, "contacts", "--key", str(tmp_path / "none.json")).exit_code == 2


# --- The sample ---------------------------------------------------------------------------------------


@pytest.mark.requirement("A61", "A66", "A68")
def test_the_sample_shows_every_status(sample: Examination) -> None:
    banner, city = sample.verdict.ledgers
    units = {org: c.status(banner.at) for org, c in banner.contacts.items() if banner.organisation(org).files}
    assert {org for org, status in units.items() if status is PENDING} == {"qinghe-wsy"}
    assert {org for org, status in units.items() if status is MISSING} == {"beichen-sq"}
    (change,) = banner.contacts["qi-fuyou"].changes
    assert change.in_force_from == date(2023, 8, 22)
    assert not any(c.receipt for c in city.contacts.values())


def test_no_sealed_value_reaches_the_sample_site(sample: Examination, sample_site: Path) -> None:
    people = {r.data["people"].encode() for r in sample.intake.records if "people" in r.data}
    assert len(people) >= 25
    for file in sample_site.rglob("*"):
        if file.is_file():
            raw = file.read_bytes()
            assert b"eyJhbGciOiJFQ0RI" not in raw, file
            assert not any(value in raw for value in people), file
