"""A program with one figure more, run in a process of its own by `test_figures`: writes where the figure is missing.

The figure is `special_n`, 专项排查次数, which the second edition of the register has. Its title is in the environment.
"""

from __future__ import annotations

import csv
import io
import os
import sys
from datetime import date
from pathlib import Path

import openpyxl
import yaml
from issues import issued
from support import CAMPAIGN, KINDS, ROOT, Tree, yaml_text

from taizhang.bulletins.issuing.verifying import verify
from taizhang.bulletins.periodic import published
from taizhang.bulletins.telling.documents import UNISSUED
from taizhang.bulletins.telling.files import files
from taizhang.disclosure.public import campaign_view
from taizhang.figures import register
from taizhang.figures.frozen import Frozen
from taizhang.pages.pages import Edition, figure_list, render
from taizhang.workspace import Examination

TITLE = os.environ["NEW_FIGURE"]
HOME = f"bulletins/{CAMPAIGN}/weekly-2023-W21/"


def filed() -> Tree:
    """A week in which a unit looked for one kind of hazard."""
    tree = Tree()
    fields: dict[str, object] = {"activity": "special_check", "held_on": "2023-05-24", "filed_on": "2023-05-24"}
    tree.add("east-hospital", "activities", "2023-05-24-special", **fields)
    return tree


def examined(tree: Tree) -> Examination:
    return Examination(tree.intake(), tree.verdict(date(2023, 6, 1)))


def found_in_bulletin(tree: Tree) -> dict[str, bool]:
    """Where a bulletin that is drafted now tells the figure."""
    examination = examined(tree)
    (ledger,) = examination.verdict.ledgers
    view = campaign_view(ledger, KINDS)
    series = published(ledger, view, verify(ROOT, KINDS, examination).sources)
    drafts = {Path(draft.name).suffix: draft.make() for draft in files(series[0], view, UNISSUED, None)}
    sheet = openpyxl.load_workbook(io.BytesIO(drafts[".xlsx"])).worksheets[0]
    rows = list(csv.reader(io.StringIO(drafts[".csv"].decode("utf-8-sig"))))
    bodies = {page.href: str(page.body) for page in render(Edition(campaigns=[(view, series)], criteria=[]))}
    rows_page = bodies[f"{HOME}rows/"]
    return {
        "table": f"{TITLE}</th>" in bodies[HOME],
        "rows": f'id="east-hospital.special_n" tabindex="-1"><a href="#total.special_n">{TITLE}' in rows_page,
        "unit": TITLE in bodies[f"units/{CAMPAIGN}/east-hospital/rows/"],
        "xlsx": any(cell.value == TITLE for row in sheet.iter_rows() for cell in row),
        "csv": any(TITLE in row for row in rows),
    }


def main() -> None:
    """Print the places in which the figure is, and then whether issues of before and of now are verified."""
    tree = filed()
    found = {
        "schema": KINDS["bulletins"].field(("figures", 0, "special_n")).get("title") == TITLE,
        "help": TITLE in figure_list("activities"),
        **found_in_bulletin(tree),
    }
    path = issued(tree, "weekly", "2023-W21", "2023-05-30")
    record = yaml.safe_load(str(tree.files[path]))
    (row,) = [row for row in record["figures"] if row.get("unit") == "east-hospital"]
    found["record"] = row["special_n"] == 1 and record["register_edition"] == register.EDITION == 2
    found["verified"] = verify(ROOT, KINDS, examined(tree)).findings == ()

    row["special_n"] = 2
    tree.files[path] = yaml_text(record)
    wrong = [finding.code for finding in verify(ROOT, KINDS, examined(tree)).findings]
    found["a wrong number"] = wrong == ["E-BULLETIN-FIGURE"]

    for one in record["figures"]:
        one.pop("special_n", None)
    del record["register_edition"]
    tree.files[path] = yaml_text(record)
    (before,) = [r for r in tree.intake().records if r.path == path]
    found["issued before"] = verify(ROOT, KINDS, examined(tree)).findings == () and Frozen.read(before).edition == 1
    told = found_in_bulletin(tree)
    found["not in what was issued before"] = not (told["table"] or told["rows"] or told["xlsx"] or told["csv"])
    sys.stdout.write("\n".join(name for name, holds in found.items() if not holds))


if __name__ == "__main__":
    main()
