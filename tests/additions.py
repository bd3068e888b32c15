"""A program with a rule, a page and an export more, run in a process of its own by `test_additions`.

Writes where one of them is missing. The rule is W-PRACTISED, the page practices/, the export the statistics as JSON.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from checkout import checkout, taizhang
from support import Tree

NAV = "      - 考核: assessment/index.md\n"


def site_of(tree: Tree, folder: Path) -> Path:
    """The public site of a tree, its navigation with the page in it."""
    root = checkout(folder, tree)
    frame = root / "mkdocs.yml"
    text = frame.read_text(encoding="utf-8")
    assert text.count(NAV) == 1
    frame.write_text(text.replace(NAV, f"{NAV}      - 经验做法: practices/index.md\n"), encoding="utf-8")
    built = taizhang(root, "build", "--today", "2024-01-10")
    assert built.exit_code == 0, built.output
    return root / "build" / "site"


def main() -> None:
    """Print what does not hold."""
    bad, good = Tree().bulletins_from("2023-12-25"), Tree()
    bad.add("east-hospital", "practices")
    good.add("east-hospital", "practices", practised_on="2023-05-30")
    with tempfile.TemporaryDirectory() as folder:
        site = site_of(bad, Path(folder))
        page = (site / "practices" / "index.html").read_text(encoding="utf-8")
        (issue,) = site.glob("bulletins/*/weekly-*/index.html")
        (export,) = issue.parent.glob("weekly-*.json")
        found = {
            "the rule is raised": [finding.code for finding in bad.verdict().validity] == ["W-PRACTISED"],
            "and only where it is broken": good.verdict().validity == (),
            "the rule has a page": (site / "help" / "rules" / "W-PRACTISED" / "index.html").exists(),
            "the page is made": "班前五分钟" in page,
            "in the navigation": "practices/" in (site / "index.html").read_text(encoding="utf-8"),
            "and beside its neighbours": 'href="../practices/"' in (site / "visits" / "index.html").read_text(),
            "the page is found": "practices/" in (site / "search" / "search_index.json").read_text(),
            "the export is made": export.read_bytes().startswith(b"[["),
            "and linked": export.name in issue.read_text(encoding="utf-8"),
        }
    sys.stdout.write("\n".join(name for name, holds in found.items() if not holds))


if __name__ == "__main__":
    main()
