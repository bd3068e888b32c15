"""Personal numbers: the forms' script finds what Python finds, in every text, and calls it the same."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Sequence
from pathlib import Path

from support import ROOT
from test_personal import HARMLESS, PERSONAL
from visiting import OpenVisit, served

from taizhang.intake.personal import PATTERNS, find_personal

FRAMES = ("{}", "联系保安{}开锁", "（{}）", "#{}", "甲、{}，乙", "{0}；{0}", "编号{}", "信用代码：{}", "𠮷{}\n电话")
ALPHABET = "0123456789 -—.()转XxQq微信电话@编号一三八幺１３①٣abc.\n"
OFFICE = ["0477 7123456", "138 1234 5678"]
FIND = """async ([patterns, texts, published]) => {
  const { personalNumber } = await import("/forms-personal.js");
  return texts.map((text) => personalNumber(patterns, text, published)).map((one) => one && [one.what, one.masked]);
}"""


def in_python(text: str, published: Sequence[str]) -> list[str] | None:
    return next(([one.what, one.masked] for one in find_personal(text, published)), None)


def test_the_browser_finds_the_same_numbers_as_the_check(visit: OpenVisit, tmp_path: Path) -> None:
    """The sixty of each kind in nine surroundings, each cut and spliced, and texts of chance."""
    chance = random.Random(11)
    texts = [frame.format(text) for text in (*PERSONAL, *HARMLESS) for frame in FRAMES]
    pairs = zip(texts, texts[7:], strict=False)
    spliced = [a[: chance.randrange(len(a) + 1)] + b[chance.randrange(len(b)) :] for a, b in pairs]
    made = ["".join(chance.choices(ALPHABET, k=chance.randrange(60))) for _ in range(3_000)]
    patterns = json.loads(json.dumps(PATTERNS["numbers"]))
    folder = shutil.copytree(ROOT / "site" / "pages" / "assets", tmp_path / "assets")
    (folder / "favicon.ico").touch()
    with served(folder) as address:
        page = visit(address).go("forms.js")
        for published in ([], OFFICE):
            asked = [*texts, *spliced, *made]
            found = page.evaluate(FIND, [patterns, asked, published])
            assert {t: f for t, f in zip(asked, found, strict=True) if f != in_python(t, published)} == {}
            assert sum(map(bool, found)) > len(PERSONAL)
