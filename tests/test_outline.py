"""Text with links, and the sections and points of official documents, as they are put together and numbered."""

from __future__ import annotations

import pytest
from support import marked

from taizhang.documents.linked import NOTHING, LinkedText, joined, link, one_line, stopped
from taizhang.documents.official import Body, Heading, Line, Link, Title
from taizhang.documents.outline import Point, Section, outlined

# Text with links.


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (link("甲", "a/"), "[甲](a/)"),
        (link(3, ""), "3"),
        (link("", "a/"), ""),
        ("共" + link(3, "a/") + "项", "共[3](a/)项"),
        (link("甲", "a/") + "、" + link("乙", "#b"), "[甲](a/)、[乙](#b)"),
        ("前" + (link("甲", "a/") + "后" + link("乙", "b/")), "前[甲](a/)后[乙](b/)"),
        (link("甲\n  乙 ", "a/"), "[甲乙](a/)"),
        (link("<b>&", "a/"), "[<b>&](a/)"),
    ],
)
def test_links_keep_their_place_as_a_text_grows(said: LinkedText, shown: str) -> None:
    assert marked(said) == shown


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        ([], ""),
        (["", NOTHING], ""),
        (["一", "", "二"], "一，二"),
        ([NOTHING, link("一", "a/"), NOTHING, "二"], "[一](a/)，二"),
        (["一", link("二", "a/")], "一，[二](a/)"),
    ],
)
def test_what_is_empty_takes_its_comma_with_it(pieces: list[str | LinkedText], shown: str) -> None:
    assert marked(joined(pieces)) == shown
    assert marked(joined(pieces, "；")) == shown.replace("，", "；")


def test_a_clause_gets_its_stop_and_nothing_gets_none() -> None:
    assert marked(stopped(link("甲", "a/"))) == "[甲](a/)。"
    assert stopped(NOTHING) == NOTHING


@pytest.mark.parametrize(
    ("text", "line"), [(" 甲 ", " 甲 "), ("甲\n", "甲"), ("甲\n乙", "甲乙"), ("甲 \r\n\n  乙", "甲乙"), ("", "")]
)
def test_several_lines_go_on_as_one(text: str, line: str) -> None:
    assert one_line(text) == line


# Sections and points.


def test_sections_and_points_are_numbered_and_what_says_nothing_is_left_out() -> None:
    said = outlined(
        [
            Title("题"),
            LinkedText("引言。"),
            NOTHING,
            Section("空", [NOTHING, Section("也空", [NOTHING]), Point("空", NOTHING)]),
            Section(
                "甲",
                [
                    Point("空", NOTHING),
                    Point("首", "见" + link("此", "a/") + "。"),
                    Section("中", [LinkedText("文。")], "b"),
                    Point("末", LinkedText("完。")),
                ],
                "a",
            ),
            Section("乙", [Point("又", LinkedText("起。")), Line("表")]),
        ]
    )
    assert list(said) == [
        Title("题"),
        Body("引言。"),
        Heading("一、甲", 1, "a"),
        Body("见此。", "（一）首。", (Link(1, 2, "a/"),)),
        Heading("（二）中", 2, "b"),
        Body("文。"),
        Body("完。", "（三）末。"),
        Heading("二、乙", 1, ""),
        Body("起。", "（一）又。"),
        Line("表"),
    ]
