"""How commands write files: only new ones, never over what somebody may have worked on."""

from __future__ import annotations

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
