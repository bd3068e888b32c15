"""The command line: the only place with a clock, an environment, standard output and exit codes."""

from taizhang.cli.app import main, today_in_china

main.homes = {
    "build": "website",
    "bulletin": "bulletins",
    "calendar": "standing",
    "check": "submissions",
    "comment": "comment",
    "contacts": "contacts",
    "deadlines": "reminders",
    "explain": "submissions",
    "export": "filing",
    "import": "filing",
    "init": "beginning",
    "keygen": "contacts",
    "new": "submissions",
    "owners": "owners",
    "paper": "papers",
    "receive": "receive",
    "remind": "reminders",
    "seal": "contacts",
    "serve": "website",
    "status": "standing",
    "submit": "submit",
    "template": "filing",
}
"""The module of every command. It is imported when the command is run: `check` need not wait for MkDocs."""

__all__ = ["main", "today_in_china"]
