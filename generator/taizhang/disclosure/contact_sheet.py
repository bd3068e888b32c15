"""Who the contacts are, for the one who holds the private key. Never part of an edition, never written down."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from taizhang.campaign.roll import Organisation
from taizhang.disclosure.sealing import Jwk, SealingError, unseal
from taizhang.intake.characters import first_forbidden
from taizhang.intake.kinds import Kind
from taizhang.intake.records import Record
from taizhang.ledger.contacts import ContactStatus, Role
from taizhang.ledger.ledger import Ledger

Person = Mapping[str, str]
"""姓名 name, 单位 unit, 办公电话 office_phone, 手机号码 mobile (notice A66); 电子邮箱 email where one was given."""


class Unreadable(SealingError):
    """It could be opened, and what is inside is not the three roles with their fields."""


class Line(NamedTuple):
    """One organisation: how its contacts stand, and by role who it is or why that cannot be read."""

    org: Organisation
    status: ContactStatus
    people: Mapping[Role, Person | SealingError]


def written(people: Mapping[str, Person]) -> bytes:
    """The three roles as they are sealed: canonical JSON, so that the same people are the same bytes."""
    return json.dumps(people, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_people(plain: bytes, payload: Kind) -> Mapping[str, Person]:
    """The three roles from what was sealed; `payload` is `schemas/sealed/contacts.json`. Raises Unreadable."""
    try:
        people: Mapping[str, Person] = json.loads(plain.decode())
    except (ValueError, RecursionError):
        raise Unreadable from None
    # Whoever sealed it need not have used this program: what moves a cursor must not reach a terminal.
    if not payload.is_valid(people) or not all(
        is_plain(text) for person in people.values() for text in person.values()
    ):
        raise Unreadable
    return people


def is_plain(text: str) -> bool:
    """Whether a text is all visible characters that can be told apart."""
    return text.isprintable() and first_forbidden(text) is None


def contact_sheet(ledger: Ledger, key: Jwk, payload: Kind) -> Iterator[Line]:
    """The contacts in force at the ledger's date of every unit that is then on the roll."""
    for org in ledger.roll.units:
        if org.existed_on(ledger.at):
            contacts = ledger.contacts[org.id]
            sources = contacts.sources(ledger.at)
            people = {role: _named(record, role, key, payload) for role, record in sources.items()}
            yield Line(org, contacts.status(ledger.at), people)


def _named(record: Record, role: Role, key: Jwk, payload: Kind) -> Person | SealingError:
    try:
        return read_people(unseal(record.data["people"], key), payload)[role]
    except SealingError as error:
        return error
