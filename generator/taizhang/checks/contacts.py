"""Rules about contacts and about what is sealed. Nothing here repeats a sealed value, for it may be plain text."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.campaign.roll import read_roll
from taizhang.checks.filing import misordered, premature
from taizhang.checks.registry import Hit, Register, ledger_rule, record_rule
from taizhang.findings import Finding, phrase
from taizhang.intake.envelope import Flaw, flaw_of, is_public_key, thumbprint
from taizhang.intake.records import Record
from taizhang.ledger.contacts import Role
from taizhang.ledger.ledger import Ledger

SAMPLE_KEY = "imcj6belkWGVioq3YCsWfoPDhjakJXPZt-5fkn9gH8Y"
"""The fingerprint of the sample's key, which everybody can copy and no office can open with."""


def broken_campaign(record: Record, roll: Record) -> Iterator[Finding]:
    """A campaign that takes contacts names two different bodies of the roll and a sound public key. Notice A68."""
    takes = any(duty["answered_by"]["kind"] == "contacts" for duty in record.data["duties"])
    bodies, key = record.data.get("contact_bodies", ()), record.data.get("sealing_key")
    if takes and not bodies:
        yield record.finding("E-CONTACT-BODIES", ("duties",), found=phrase("none"))
    for index, body in enumerate(bodies):
        if body in bodies[:index]:
            yield record.finding("E-CONTACT-BODIES", ("contact_bodies", index), found=phrase("same"))
        elif body not in read_roll(roll):
            yield record.finding("E-CONTACT-BODIES", ("contact_bodies", index), found=phrase("unknown", body=body))
    if takes and key is None:
        yield record.finding("E-SEAL-KEY", ("duties",), found=phrase("none"))
    elif key and not is_public_key({name: key[name] for name in ("kty", "crv", "x", "y")}):
        yield record.finding("E-SEAL-KEY", ("sealing_key", "x"), found=phrase("off_curve"))
    elif key and key["kid"] != thumbprint(key):
        yield record.finding("E-SEAL-KEY", ("sealing_key", "kid"), found=phrase("other_print"))


def borrowed_key(record: Record) -> Iterator[Finding]:
    """E-SEAL-KEY. A campaign seals for its own office, and never with a key copied from the sample. Notice A66."""
    if record.data.get("sealing_key", {}).get("kid") == SAMPLE_KEY:
        yield record.finding("E-SEAL-KEY", ("sealing_key", "kid"), found=phrase("of_the_sample"))


_FLAWS = {
    Flaw.NOT_SEALED: phrase("not_sealed"),
    Flaw.OTHER_WAY: phrase("other_way"),
    Flaw.OTHER_KEY: phrase("other_key"),
}


@record_rule("E-SEALED")
def sealed_fields_are_sealed(record: Record, register: Register) -> Iterator[Hit]:
    """A sealed field holds a JWE for the campaign's public key and never plain text."""
    key = register.campaign.sealing_key
    for name, field in record.kind.schema["properties"].items():
        if field["x-visibility"] != "sealed" or name not in record.data:
            continue
        flaw = flaw_of(record.data[name], key["kid"] if key else "")
        if flaw is Flaw.OTHER_KEY and key is None:
            yield Hit((name,), {"found": phrase("no_key")})
        elif flaw:
            yield Hit((name,), {"found": _FLAWS[flaw]})


@record_rule("E-CONTACT-ROLES", kinds=("contacts", "contact-changes"))
def every_role_is_named_once(record: Record, _: Register) -> Iterator[Hit]:
    """A receipt names the three roles, a change some of them, each once. Notice A66."""
    roles = record.data["roles"]
    repeated = [role for role in dict.fromkeys(roles) if roles.count(role) > 1]
    if repeated:
        names = "、".join(Role(role).label for role in repeated)
        yield Hit(("roles",), {"names": names})


@record_rule("E-CONTACT-AGAIN", kinds=("contacts",))
def receipts_are_filed_once(record: Record, register: Register) -> Iterator[Hit]:
    """A second receipt would be a change without anybody's consent. Notice A68: 一经报送不得随意变更."""
    first = register.by_org["contacts", record.org][0]
    if first is not record:
        yield Hit((), {"first": first.name})


@record_rule("E-CONTACT-NOTICE", kinds=("contact-changes",))
def changes_are_applied_for_a_week_ahead(record: Record, _: Register) -> Iterator[Hit]:
    """A change takes effect seven days after it was applied for, or later. Notice A68: 提前1周提出申请."""
    for pair in misordered(record, "E-CONTACT-NOTICE"):
        yield Hit(pair.then, {"applied_on": pair.early, "effective_on": pair.late, "earliest": pair.earliest})


@record_rule("E-CONTACT-DATE")
def nothing_is_decided_before_it_is_applied_for(record: Record, register: Register) -> Iterator[Hit]:
    """A change comes after the receipt, a decision after the application."""
    for after, before in premature(record, register, "E-CONTACT-DATE"):
        day, label = str(record.kind.date_field), before.kind.label((after.day,))
        values = {"what": before.kind.title, "label": label, "first": before.data[after.day], "day": record.data[day]}
        yield Hit((day,), {"field": record.kind.label((day,)), **values})


@ledger_rule
def contact_changes_count_once(ledger: Ledger) -> Iterator[Finding]:
    """A body decides once on a change, and what is in force is not withdrawn."""
    for contacts in ledger.contacts.values():
        for fault in contacts.faults:
            yield fault.record.finding(fault.code, (fault.field,))
