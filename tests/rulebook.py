"""A register of cases for rules: trees that break exactly one, and trees that just do not."""

from __future__ import annotations

from collections.abc import Callable

from support import Tree, place_of

from taizhang.findings import Finding, word, worded
from taizhang.findings.formats import as_text
from taizhang.intake.schemas import FieldPath

Broken = tuple[str, FieldPath]
"""Where a finding must stand: the file, and the field in it."""

Breaks = Callable[[Tree], Broken]
Keeps = Callable[[Tree], object]


class Rulebook:
    """The cases of one test file, by the name of the function that makes the tree."""

    def __init__(self) -> None:
        self.broken: dict[str, tuple[str, Breaks]] = {}
        self.kept: dict[str, Keeps] = {}

    def bad(self, code: str) -> Callable[[Breaks], Breaks]:
        """Register a tree that breaks exactly one rule, at one place."""

        def register(make: Breaks) -> Breaks:
            assert make.__name__ not in self.broken, make.__name__
            self.broken[make.__name__] = (code, make)
            return make

        return register

    def good(self, make: Keeps) -> Keeps:
        """Register a tree that breaks no rule."""
        assert make.__name__ not in self.kept, make.__name__
        self.kept[make.__name__] = make
        return make

    @property
    def codes(self) -> set[str]:
        """The rules that some case here breaks."""
        return {code for code, _ in self.broken.values()}

    def find(self, name: str) -> Finding:
        """The one finding about a broken tree, which must stand where the case says."""
        code, make = self.broken[name]
        tree = Tree()
        path, field = make(tree)
        (item,) = tree.verdict().validity
        assert (item.code, item.file) == (code, path), as_text(worded([item]))
        assert (item.line, item.column) == place_of(tree.text(path), field)
        assert len(word(item).message) <= 500
        assert len(word(item).fix) <= 500
        assert (word(item).message + word(item).fix).isprintable()
        return item

    def keep(self, name: str) -> None:
        """Nothing is found about a tree that breaks no rule."""
        tree = Tree()
        self.kept[name](tree)
        assert as_text(worded(tree.verdict().validity)) == ""
