"""Who the contacts are: their names sealed into a receipt (联系人回执), and opened by whoever holds the private key.

What is opened is never part of an edition and never written down. Notice A66.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from taizhang.campaign.roll import Organisation
from taizhang.findings import Finding
from taizhang.intake import messages, strict_yaml
from taizhang.intake.characters import first_forbidden
from taizhang.intake.kinds import Kind
from taizhang.intake.records import Record, refusal
from taizhang.ledger.contacts import ContactStatus, Role
from taizhang.ledger.ledger import Ledger
from taizhang.sealing.jwe import Jwk, SealingError, unseal

Person = Mapping[str, str]
"""姓名 name, 单位 unit, 办公电话 office_phone, 手机号码 mobile (notice A66); 电子邮箱 email where one was given."""


class BadContacts(SealingError):
    """It could be opened, and what is inside is not the three roles with their fields."""

    label = "打开了，但内容不合格式"


class ContactLine(NamedTuple):
    """One organisation: how its contacts stand, and by role who it is or why that cannot be read."""

    org: Organisation
    status: ContactStatus
    people: Mapping[Role, Person | SealingError]


def written(people: Mapping[str, Person]) -> bytes:
    """The three roles as they are sealed: canonical JSON, so that the same people are the same bytes."""
    return json.dumps(people, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_people(plain: bytes, payload: Kind) -> Mapping[str, Person]:
    """The three roles from what was sealed; `payload` is `schemas/sealed/contacts.json`. Raises BadContacts."""
    try:
        people: Mapping[str, Person] = json.loads(plain.decode())
    except (ValueError, RecursionError):
        raise BadContacts from None
    # Whoever sealed it need not have used this program: what moves a cursor must not reach a terminal.
    if not payload.is_valid(people) or not all(
        is_plain(text) for person in people.values() for text in person.values()
    ):
        raise BadContacts
    return people


def people_in(raw: bytes, source: str, payload: Kind) -> Mapping[str, Person] | Sequence[Finding]:
    """The three roles in YAML or JSON that is yet to be sealed, or what is wrong with it. `source` names it."""
    try:
        read = strict_yaml.load(raw)
    except strict_yaml.Refused as refused:
        return [refusal(source, refused, payload)]
    payload.settle(read.data)
    return read.data if payload.is_valid(read.data) else messages.explain(source, payload, read)


def is_answer(text: str, payload: Kind, role: str, name: str) -> bool:
    """Whether a text may stand in one field of one person."""
    errors = payload.errors({role: {name: text}})
    return is_plain(text) and not any(tuple(error.absolute_path) == (role, name) for error in errors)


def receipt(sealed: str, region: str, filed_on: date) -> str:
    """The record of kind contacts that holds the sealed people; `region` is the receipt's 旗区（部门）."""
    roles = "".join(f"  - {role}\n" for role in Role)
    quoted = json.dumps(region, ensure_ascii=False)
    return f"filed_on: {filed_on}\nregion_or_department: {quoted}\nroles:\n{roles}people: {sealed}\n"


def is_plain(text: str) -> bool:
    """Whether a text is all visible characters that can be told apart."""
    return text.isprintable() and first_forbidden(text) is None


def contact_sheet(ledger: Ledger, key: Jwk, payload: Kind) -> Iterator[ContactLine]:
    """The contacts in force at the ledger's date of every unit that is then on the roll."""
    for org in ledger.roll.units:
        if org.existed_on(ledger.at):
            contacts = ledger.contacts[org.id]
            sources = contacts.sources(ledger.at)
            people = {role: _named(record, role, key, payload) for role, record in sources.items()}
            yield ContactLine(org, contacts.status(ledger.at), people)


def recipients(ledger: Ledger, key: Jwk, payload: Kind) -> Mapping[str, Person]:
    """By unit, the person whom a reminder goes to; without those of whom nobody can be read."""
    found = ((line.org.id, _recipient(line)) for line in contact_sheet(ledger, key, payload))
    return {org: person for org, person in found if person}


def _recipient(line: ContactLine) -> Person | None:
    # 联络员 is who 信息报送 falls to; another is asked only where that one has no address.
    order = (Role.LIAISON, Role.SECTION_HEAD, Role.LEADER_IN_CHARGE)
    known = [line.people[role] for role in order if role in line.people]
    people = [person for person in known if isinstance(person, Mapping)]
    return next((person for person in people if "email" in person), people[0] if people else None)


def changes_of(ledger: Ledger, org: str) -> Iterator[tuple[date, str, str]]:
    """What became by the ledger's date of every change that a unit applied for: the day, the application, the event."""
    for change in ledger.contacts[org].changes:
        applied, roles = change.record, "、".join(role.label for role in Role if role in change.roles)
        events = [(applied.filed_on, f"申请变更{roles}，拟于 {applied.data['effective_on']} 生效")]
        events += [(word.day, f"{ledger.organisation(word.record.org).name}{word.what.label}") for word in change.words]
        events += [(change.in_force_from, "生效")] if change.in_force_from else []
        yield from ((day, applied.name, event) for day, event in events if day <= ledger.at)


def _named(record: Record, role: Role, key: Jwk, payload: Kind) -> Person | SealingError:
    try:
        return read_people(unseal(record.data["people"], key), payload)[role]
    except SealingError as error:
        return error
