"""What an addition takes, each done for real: a rule is its wording and a function, a page three edits, an export two.

A kind is one schema file: test_new_kind. A figure is an entry and a function: test_figures. A duty is an entry of
campaign.yml, whatever kind answers it: test_new_kind.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from copies import changed, program_copy, run_with

WORDING = """
W-PRACTISED:
  title: 经验做法没有形成日期
  scope: record
  severity: warning
  must: 经验做法写明从哪天起这样做
  found: 没有写
  fix: 补上形成日期
  why: 别的单位要知道做了多久。
  bad: "（没有形成日期）"
  good: "practised_on: 2023-05-01"
"""
RULE = '''

@record_rule("W-PRACTISED", kinds=("practices",))
def practices_say_since_when(record: Record, _: Register) -> Iterator[Hit]:
    """A practice says since when it is followed."""
    if "practised_on" not in record.data:
        yield Hit((), {})
'''
TEMPLATE = """{% import "_macros.html" as m %}
<div class="tz-page"><h1>{{ title }}</h1>
{{ m.oversight(root, OVERSIGHT, "practices") }}
{% for campaign, _ in edition.in_order %}{% for p in campaign.practices %}<p>{{ p.title }}</p>{% endfor %}{% endfor %}
</div>
"""
EXPORT = '    yield ExportFile(f"{name}.json", "JSON", table, partial(as_json, table))\n'
BEFORE = '    if bulletin.kind == "monthly":\n        brief'
AS_JSON = '''

def as_json(sheet: Sheet) -> bytes:
    """The statistics as JSON."""
    import json

    return json.dumps([[str(cell) for cell in row] for row in sheet.rows], ensure_ascii=False).encode()
'''


def added(file: Path, text: str) -> None:
    with file.open("a", encoding="utf-8") as end:
        end.write(text)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The program with a rule, a page and an export more. The page's third edit is its line in mkdocs.yml."""
    program = program_copy(tmp_path)
    added(program / "findings" / "rules.yml", WORDING)
    added(program / "checks" / "filing.py", RULE)

    last = '("assessment", "考核")'
    changed(program / "pages" / "pages.py", f"{last})", f'{last}, ("practices", "经验做法"))')
    (program / "pages" / "templates" / "practices.html").write_text(TEMPLATE, encoding="utf-8")

    files = program / "bulletins" / "telling" / "files.py"
    changed(files, BEFORE, EXPORT + BEFORE)
    added(files, AS_JSON)
    return program


@pytest.mark.apart
def test_a_rule_a_page_and_an_export_need_no_other_edit(program: Path) -> None:
    assert run_with(program, "additions.py") == ("", "", 0)
