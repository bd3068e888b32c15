"""How commands write files: only new ones, or a whole new text in one step where a command is there to change it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click


def write_new(file: Path, content: str | bytes, if_taken: str = "") -> None:
    """Write a new file with its folders. Ends in a usage error where it cannot be; `if_taken` says what to do."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
    except FileExistsError:
        raise click.UsageError(f"{file} 已经有了{if_taken}") from None
    except OSError as error:
        raise click.UsageError(f"写不了 {file}：{error.strerror}") from None


def rewrite(file: Path, text: str) -> None:
    """Give a file another text in one step: a disk that is full leaves the one that was there. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".") as folder:
        whole = Path(folder) / file.name
        whole.write_text(text, encoding="utf-8", newline="\n")
        whole.replace(file)
