"""One class name, one meaning in the whole house: a reader who has met a name once knows it everywhere."""

from __future__ import annotations

import ast
from collections import defaultdict

from support import ROOT


def test_a_class_name_stands_for_one_thing() -> None:
    places = defaultdict(list)
    for room in ("generator", "bench"):
        for file in sorted((ROOT / room).rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef):
                    places[node.name].append(f"{file.relative_to(ROOT)}:{node.lineno}")
    assert len(places) > 200
    repeated = {name: found for name, found in places.items() if len(found) > 1}
    assert repeated == {}
