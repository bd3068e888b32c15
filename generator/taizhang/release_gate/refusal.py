"""Why a file may not go out, where it is not for what it says but for what it is or does."""

from __future__ import annotations


class RefusedFile(Exception):
    """A file, or a tag of one, is refused: the rule, and the phrase of it that says what was found."""

    def __init__(self, code: str, found: str, **facts: str) -> None:
        super().__init__(code, found)
        self.code, self.found, self.facts = code, found, facts
