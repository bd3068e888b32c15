"""A mail server on this machine that takes mail only over TLS and after a login, and remembers what it was given."""

from __future__ import annotations

import base64
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "office", "mail-password"


class Mailbox:
    """What arrived: the envelope's two ends and the message. `refused` are recipients it does not know."""

    def __init__(self) -> None:
        self.port = 0
        self.arrived: list[tuple[str, str, bytes]] = []
        self.refused: set[str] = set()
        self.offers_tls = True
        self.in_clear: list[str] = []
        """Commands that came before encryption."""


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that nobody else has signed, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "certificate.pem"
    file.write_bytes(made.public_bytes(pem) + plain)
    return file


class _Server(ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, mailbox: Mailbox, secure: ssl.SSLContext) -> None:
        self.mailbox, self.secure = mailbox, secure
        super().__init__(("127.0.0.1", 0), _Session)

    def handle_error(self, *args: object) -> None:
        """A client that breaks off is no error here."""


class _Session(StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.encrypted = self.known = False
        self.sender = self.recipient = ""
        self.say("220 127.0.0.1")
        with suppress(OSError):
            while (line := self.rfile.readline()) and self.obey(*line.decode().strip().partition(" ")[::2]):
                pass
        if self.encrypted:
            self.connection.close()

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
        self.wfile.flush()

    def obey(self, verb: str, rest: str) -> bool:
        if not self.encrypted:
            self.server.mailbox.in_clear.append(verb.upper())
        getattr(self, f"on_{verb.lower()}", lambda _: self.say("250 ok"))(rest)
        return verb.upper() != "QUIT"

    def on_ehlo(self, _: str) -> None:
        self.say("250-127.0.0.1")
        offer = "STARTTLS" if self.server.mailbox.offers_tls else "OK"
        self.say("250 AUTH PLAIN" if self.encrypted else f"250 {offer}")

    def on_starttls(self, _: str) -> None:
        self.say("220 go ahead")
        self.connection = self.server.secure.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")
        self.encrypted = True

    def on_auth(self, rest: str) -> None:
        self.known = base64.b64decode(rest.removeprefix("PLAIN ")) == f"\0{USER}\0{PASSWORD}".encode()
        self.say("235 welcome" if self.known else "535 no")

    def on_mail(self, rest: str) -> None:
        self.sender = rest.removeprefix("FROM:<").partition(">")[0]
        self.say("250 ok" if self.known else "530 login first")

    def on_rcpt(self, rest: str) -> None:
        self.recipient = rest.removeprefix("TO:<").removesuffix(">")
        self.say(f"550 no {self.recipient} here" if self.recipient in self.server.mailbox.refused else "250 ok")

    def on_data(self, _: str) -> None:
        self.say("354 go ahead")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.mailbox.arrived.append((self.sender, self.recipient, b"".join(lines)))
        self.say("250 kept")

    def on_quit(self, _: str) -> None:
        self.say("221 bye")


@contextmanager
def serving(mailbox: Mailbox, pem: Path) -> Iterator[Mailbox]:
    """The mail server at `mailbox.port`, until the end of the block."""
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(pem)
    with _Server(mailbox, secure) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        mailbox.port = server.server_address[1]
        try:
            yield mailbox
        finally:
            server.shutdown()
            thread.join()
