"""Letters as mail: RFC 5322 messages that are the same bytes for the same letter, recipient and day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone
from email.headerregistry import Address, Group
from email.message import EmailMessage
from email.policy import SMTP
from typing import NamedTuple

from taizhang.reminders.letters import Letter, environment, one_line

SENDER = "noreply@taizhang.invalid"
"""Stands for the office's address where none is configured; RFC 2606 keeps the domain from ever being one."""
LONGEST_NAME = 120
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


class Entry(NamedTuple):
    """One line of the index: the file, the letter in it, and how to reach whom it addresses, where that is known."""

    file: str
    letter: Letter
    address: str
    phones: str
    """Whom to call where there is no address. Only for the one who holds the private key."""


def index(entries: Sequence[Entry], day: date) -> str:
    """The list of the mails that were written, for whoever sends them."""
    return environment(one_line).get_template("index.txt.jinja").render(entries=entries, day=day).strip() + "\n"
