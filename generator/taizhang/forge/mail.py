"""Sending mail through the office's own mail server, always encrypted."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

TIMEOUT = 30
IMPLICIT_TLS = 465
"""The port on which encryption begins at once; on all others STARTTLS is required."""


class MailError(Exception):
    """The mail server refused, or cannot be reached. Its text is one Chinese sentence without address or password."""


@dataclass(frozen=True)
class Postbox:
    """An account on a mail server."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    sender: str

    @contextmanager
    def open(self) -> Iterator[smtplib.SMTP]:
        """A connection, encrypted and logged in. Raises MailError where there is none to be had."""
        server = None
        try:
            server = self._connected()
            if self.user:
                server.login(self.user, self.password)
        except (smtplib.SMTPException, OSError) as error:
            if server:
                server.close()
            raise MailError(f"邮件服务器 {self.host}:{self.port} {_reason(error)}") from None
        try:
            yield server
        finally:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def _connected(self) -> smtplib.SMTP:
        # Certificates are checked; SSL_CERT_FILE names those of an authority of one's own.
        trusted = ssl.create_default_context()
        if self.port == IMPLICIT_TLS:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=trusted)
        server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            server.starttls(context=trusted)
        except BaseException:
            server.close()
            raise
        return server

    def send(self, server: smtplib.SMTP, address: str, message: bytes) -> None:
        """Hand over one message to one address. Raises MailError."""
        try:
            server.sendmail(self.sender, [address], message)
        except (smtplib.SMTPException, OSError) as error:
            raise MailError(_reason(error)) from None


class OutgoingMail(NamedTuple):
    """A message to be sent once: the line that records it, whom it addresses, where to, and its bytes."""

    key: str
    names: str
    address: str
    message: bytes


class Delivery(NamedTuple):
    """What came of sending: how many went out now and before, who has no address, who was not reached and why."""

    sent: int
    already: int
    unaddressed: tuple[str, ...]
    failed: tuple[str, ...]


def deliver(postbox: Postbox, journal: Path, mails: Sequence[OutgoingMail]) -> Delivery:
    """Send what the journal does not have yet, each recorded at once, so that breaking off sends nothing twice.

    Raises MailError where there is no connection to be had.
    """
    done = set(journal.read_text(encoding="utf-8").splitlines()) if journal.exists() else set()
    due = [mail for mail in mails if mail.key not in done]
    addressed = [mail for mail in due if mail.address]
    failed = _send_each(postbox, journal, addressed) if addressed else []
    unaddressed = tuple(mail.names for mail in due if not mail.address)
    return Delivery(len(addressed) - len(failed), len(mails) - len(due), unaddressed, tuple(failed))


def _send_each(postbox: Postbox, journal: Path, mails: Sequence[OutgoingMail]) -> list[str]:
    """To whom it failed, and why."""
    failed = []
    journal.parent.mkdir(parents=True, exist_ok=True)
    with postbox.open() as server, journal.open("a", encoding="utf-8") as done:
        for mail in mails:
            try:
                postbox.send(server, mail.address, mail.message)
            except MailError as error:
                failed.append(f"{mail.names}（{error}）")
                continue
            done.write(f"{mail.key}\n")
            done.flush()
    return failed


def _reason(error: Exception) -> str:
    """Why it failed, without the address that servers like to repeat."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return "用户名或密码不对"
        case smtplib.SMTPNotSupportedError():
            return "不支持加密连接（STARTTLS）或登录，不会用明文发送"
        case smtplib.SMTPRecipientsRefused():
            return "拒收这个收件地址"
        case smtplib.SMTPResponseException():
            return f"拒绝了请求（{error.smtp_code}）"
        case ssl.SSLCertVerificationError():
            return "证书不可信，没有发送"
        case smtplib.SMTPException():
            return f"中断了会话（{type(error).__name__}）"
        case _:
            return f"连不上（{type(error).__name__}）"
