"""Letters as they leave: to whom, as which files, as which issues, printed, and sent once; without the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import mail_server
import pytest
from support import CAMPAIGN, KEY, KINDS, PAYLOADS, Tree, duty, sealed

from taizhang.forge.mail import Delivery, OutgoingMail, Postbox, deliver
from taizhang.reminders import Round, rounds
from taizhang.reminders.issues import issues, prefix_of
from taizhang.reminders.listing import as_json, as_text
from taizhang.reminders.mails import INDEX, AddressedLetter, addressed, mail_files
from taizhang.sealing.contacts import recipients

EAST, WEST = "east-hospital", "west-hospital"
DAY = date(2023, 6, 29)
PLAN = duty("plan", "reports", {"every": "once", "by": "2023-06-30"}, where={"duty": "plan"}, source="六月底前报方案")


def tree() -> Tree:
    """The tiny campaign with one duty, a plan by 30 June, and a major hazard of one unit overdue since 20 June."""
    made = Tree().duties(PLAN)
    made.add(EAST, "hazards", deadline="2023-06-20")
    made.add("bureau", "determinations", "2023-001", hazard=f"{EAST}/2023-001")
    return made


def round_of_day(of: Tree, day: date = DAY) -> Round:
    (found,) = rounds(of.verdict(day), day)
    return found


def test_the_letters_go_to_the_units_contact_to_the_committee_and_to_the_office_itself() -> None:
    people = {EAST: {"name": "示例甲", "mobile": "000", "email": "jia@example.org"}, WEST: {"name": "示例乙"}}
    entries = addressed(round_of_day(tree()), KINDS, people, "office@example.org", "council@example.org")
    found = {entry.letter.stem: entry for entry in entries}
    assert {stem: entry.address for stem, entry in found.items() if entry.address} == {
        EAST: "jia@example.org",
        "_escalation": "council@example.org",
        "_office": "office@example.org",
    }
    assert {stem: entry.phones for stem, entry in found.items() if entry.phones} == {WEST: "示例乙"}
    assert found[EAST].name == f"{CAMPAIGN}/{EAST}"


def test_mails_are_a_file_each_and_a_list_at_the_end() -> None:
    entries = list(addressed(round_of_day(tree()), KINDS, {}))
    files = mail_files(entries, DAY, None)
    assert list(files) == [*(f"{CAMPAIGN}/{entry.letter.stem}.eml" for entry in entries), INDEX]
    assert files[f"{CAMPAIGN}/{EAST}.eml"] == entries[0].as_mail(DAY, None)
    listed = files[INDEX].decode()
    assert listed.startswith(f"2023年6月29日的提醒邮件，共 {len(entries)} 封")
    assert all(entry.file in listed for entry in entries)


def test_who_is_written_to_is_the_liaison_or_else_who_has_an_address() -> None:
    made = tree()
    made.add(EAST, "contacts", people=sealed())
    made.add(WEST, "contacts", people="x" * 200)
    found = recipients(made.ledger(DAY), KEY, PAYLOADS["contacts"])
    assert set(found) == {EAST}, "what cannot be opened reaches nobody"
    assert found[EAST]["name"] == "示例丙"


def test_refused_files_are_counted_to_their_unit() -> None:
    made = tree()
    made.add(WEST, "reports", "plan", filed_on="x", title=None)
    made.add(WEST, "reports", "other", filed_on="x")
    assert {org: len(found) for org, found in round_of_day(made).left_out.items()} == {WEST: 2}
    assert round_of_day(tree()).left_out == {}


def test_an_issue_is_open_while_something_is_to_be_done() -> None:
    made = tree()
    made.add(WEST, "reports", "plan", filed_on="2023-06-01")
    made.organisation(EAST)["submitters"] = ["east-clerk"]
    round_ = round_of_day(made)
    wanted = issues([round_], KINDS)
    assert {mark.removeprefix(prefix_of(CAMPAIGN)) for mark in wanted} == {org.id for org in round_.everybody}
    assert wanted[f"reminder/{CAMPAIGN}/{EAST}"].is_open
    assert not wanted[f"reminder/{CAMPAIGN}/{WEST}"].is_open
    assert ("@east-clerk" in wanted[f"reminder/{CAMPAIGN}/{EAST}"].body) is not round_.campaign.demo
    made.campaign["archived_on"] = "2024-01-15"
    last, after = (rounds(made.verdict(day), day) for day in (date(2024, 1, 15), date(2024, 1, 16)))
    assert issues(last, KINDS)
    assert issues(after, KINDS) == {}


def test_what_is_printed_says_who_is_reminded_no_more() -> None:
    round_ = round_of_day(tree())
    letters = [entry.letter for entry in addressed(round_, KINDS, {})]
    text = as_text(letters, [], DAY)
    assert text.count("【") >= len(letters)
    assert text.endswith(f"{letters[-1].text}\n")
    made = tree()
    made.campaign["archived_on"] = "2024-01-15"
    day = date(2024, 2, 1)
    assert as_text([], [made.ledger(day).campaign], day) == (
        "示例已于 2024-01-15 归档，不再提醒。\n2024-02-01 没有需要提醒的事项。\n"
    )


def test_one_object_for_programs() -> None:
    data = json.loads(as_json([round_of_day(tree())], KINDS, DAY, EAST))
    (campaign,) = data["campaigns"]
    assert [unit["org"] for unit in campaign["units"]] == [EAST]
    hazard, plan = campaign["units"][0]["tasks"]
    assert (hazard["what"], hazard["days_left"], hazard["age"], hazard["major"]) == ("hazard", -9, "month", True)
    assert (plan["what"], plan["due"], plan["age"], plan["source"]) == ("return", "2023-06-30", None, "六月底前报方案")
    assert [unit["org"] for unit in campaign["escalation"]] == [EAST]


# --- Sent once ------------------------------------------------------------------------------------------


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[mail_server.Mailbox]:
    pem = mail_server.certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with mail_server.serving(mail_server.Mailbox(), pem) as found:
        yield found


def postbox(box: mail_server.Mailbox) -> Postbox:
    return Postbox("127.0.0.1", box.port, mail_server.USER, mail_server.PASSWORD, "office@example.org")


def outgoing(name: str, address: str) -> OutgoingMail:
    entry = next(addressed(round_of_day(tree()), KINDS, {}))
    mail = AddressedLetter(entry.campaign, entry.letter, address).as_mail(DAY, "office@example.org")
    return OutgoingMail(f"{DAY} {name}", name, address, mail)


def test_a_mail_in_the_journal_is_not_sent_again_and_one_that_failed_is(
    box: mail_server.Mailbox, tmp_path: Path
) -> None:
    mails = [outgoing("甲", "a@example.org"), outgoing("乙", "b@example.org"), outgoing("丙", "")]
    journal = tmp_path / "kept" / "sent.txt"
    box.refused = {"b@example.org"}
    assert deliver(postbox(box), journal, mails) == Delivery(1, 0, ("丙",), ("乙（拒收这个收件地址）",))
    assert journal.read_text(encoding="utf-8") == f"{DAY} 甲\n"
    box.refused = set()
    assert deliver(postbox(box), journal, mails) == Delivery(1, 1, ("丙",), ())
    assert [to for _, to, _ in box.arrived] == ["a@example.org", "b@example.org"]


def test_where_nobody_has_an_address_no_server_is_asked(tmp_path: Path) -> None:
    nowhere = Postbox("127.0.0.1", 1, "", "", "office@example.org")
    assert deliver(nowhere, tmp_path / "sent.txt", [outgoing("丙", "")]) == Delivery(0, 0, ("丙",), ())
    assert not (tmp_path / "sent.txt").exists()
