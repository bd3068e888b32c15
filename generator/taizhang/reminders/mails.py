"""Letters as mail: RFC 5322 messages that are the same bytes for the same letter, recipient and day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta, timezone
from email.headerregistry import Address, Group
from email.message import EmailMessage
from email.policy import SMTP
from typing import NamedTuple

from taizhang.campaign.campaign import Campaign
from taizhang.findings.wording import one_line
from taizhang.intake.kinds import Kind
from taizhang.reminders.letters import ESCALATION, OFFICE, Letter, environment, letters
from taizhang.reminders.rounds import Round
from taizhang.sealing.contacts import Person

SENDER = "noreply@taizhang.invalid"
"""Stands for the office's address where none is configured; RFC 2606 keeps the domain from ever being one."""
LONGEST_NAME = 120
INDEX = "index.txt"
_CHINA = timezone(timedelta(hours=8))


def mail(
    letter: Letter, campaign: str, day: date, office: str, sender: str | None, address: str | None
) -> EmailMessage:
    """The letter of `day` from `office`, to `address` or, where there is none, to a name without address.

    `sender` and `address` are plain addresses; ValueError where one is not.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(_display(office), addr_spec=sender or SENDER)
    # RFC 5322 has a form for recipients of whom only the name is told: 示例旗人民医院:;
    message["To"] = Address(_display(letter.names), addr_spec=address) if address else Group(_display(letter.names), ())
    message["Subject"] = letter.subject
    message["Date"] = datetime.combine(day, time(9), _CHINA)
    message["Message-ID"] = f"<{day}.{campaign}.{letter.stem}@taizhang.invalid>"
    message["Auto-Submitted"] = "auto-generated"
    # Base64 passes every mail server unchanged, whatever it thinks of long lines and eight bits.
    message.set_content(letter.text, charset="utf-8", cte="base64")
    return message


_SPECIALS = str.maketrans({c: chr(ord(c) + 0xFEE0) for c in '()<>@,;:\\".[]'})


def _display(name: str) -> str:
    """A name before an address: what has a meaning there becomes its full-width twin, which needs no quoting."""
    return one_line(name).translate(_SPECIALS)[:LONGEST_NAME]


class AddressedLetter(NamedTuple):
    """A letter of a campaign with where it goes, and how else to reach whom it addresses."""

    campaign: Campaign
    letter: Letter
    address: str = ""
    """Empty where it is not known."""
    phones: str = ""
    """Whom to call where there is no address. Only for the one who holds the private key."""

    @property
    def name(self) -> str:
        return f"{self.campaign.id}/{self.letter.stem}"

    @property
    def file(self) -> str:
        return f"{self.name}.eml"

    def as_mail(self, day: date, sender: str | None) -> bytes:
        """The mail of `day`; ValueError where an address is none."""
        office = self.campaign.data["office"]
        return bytes(mail(self.letter, self.campaign.id, day, office, sender, self.address or None))


def addressed(
    round_: Round, kinds: Mapping[str, Kind], people: Mapping[str, Person], office: str = "", committee: str = ""
) -> Iterator[AddressedLetter]:
    """The letters of a round: a unit's to its contact among `people`, the two lists to the addresses given."""
    lists = {ESCALATION: committee, OFFICE: office}
    for letter in letters(round_, kinds):
        person = people.get(letter.org.id, {}) if letter.org else {}
        address = person.get("email", "") if letter.org else lists[letter.stem]
        known = [person[name] for name in ("name", "office_phone", "mobile") if name in person]
        yield AddressedLetter(round_.campaign, letter, address, "" if address else "，".join(known))


def mail_files(entries: Sequence[AddressedLetter], day: date, sender: str | None) -> Mapping[str, bytes]:
    """Every letter as a mail by its file's name, and last the list of them for whoever sends them."""
    listed = environment(one_line).get_template("index.txt.jinja").render(entries=entries, day=day).strip() + "\n"
    return {**{entry.file: entry.as_mail(day, sender) for entry in entries}, INDEX: listed.encode()}
