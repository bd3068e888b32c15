"""What was probably meant: the advice beside a value of the wrong form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import KINDS

from taizhang.findings import say
from taizhang.intake.advice import amount, choice_meant, date_meant, form_meant, how_to_write, short

MONEY = KINDS["hazards"].field(("funds", "planned"))
PERCENT = KINDS["rectifications"].field(("percent",))
YES_NO = KINDS["weekly"].field(("nil_return",))
CATEGORY = KINDS["hazards"].field(("category",))
PLAIN = "改成整数，只写半角数字"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1.2万元", 12_000),
        ("1.2 万", 12_000),
        ("0.5亿", 50_000_000),
        ("3千", 3_000),
        ("8000元整", 8_000),
        ("人民币8,000元", 8_000),
        ("￥8000", 8_000),
        ("８０００", 8_000),
        ("约12个", 12),
        ("120人次", 120),
        ("三", 3),
        ("五次", 5),
        ("0", 0),
    ],
)
def test_number_is_read_out_of_its_units(written: str, number: int) -> None:
    assert say(form_meant(MONEY, written)) == f"改成 {number}"


@pytest.mark.parametrize("written", ["12.5", "2亿", "一二三", "很多", "", "-5元", "1e5", "12-15", "9" * 500, "万"])
def test_number_that_is_not_plain_is_not_guessed(written: str) -> None:
    assert say(form_meant(MONEY, written)) == PLAIN


def test_number_beyond_the_bounds_is_not_advised() -> None:
    assert say(form_meant(PERCENT, "100%")) == "改成 100"
    assert say(form_meant(PERCENT, "120%")) == PLAIN


@given(text=st.text(max_size=40))
def test_advice_on_any_text_is_a_sentence(text: str) -> None:
    for schema in (MONEY, YES_NO, KINDS["hazards"].field(("criteria",)), KINDS["hazards"].field(("funds",))):
        assert say(form_meant(schema, text))
    assert say(date_meant(text))
    assert say(choice_meant(CATEGORY, text))


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("2023/5/25", "改成 2023-05-25"),
        ("2023.5.25", "改成 2023-05-25"),
        ("2023年5月25日", "改成 2023-05-25"),
        ("2023 年 5 月 25 日", "改成 2023-05-25"),
        ("２０２３－０５－２５", "改成 2023-05-25"),
        ("20230525", "改成 2023-05-25"),
        ("2023-2-30", "日历上没有这一天，核对后改正"),
        ("2023-13-01", "日历上没有这一天，核对后改正"),
        ("9999-01-01", "年份要在 1950 到 2099 之间，核对后改正"),
        ("5月25日", "改成半角数字、四位年、两位月、两位日，例如 2023-05-25"),
        ("2023525", "改成半角数字、四位年、两位月、两位日，例如 2023-05-25"),
        (None, "改成半角数字、四位年、两位月、两位日，例如 2023-05-25"),
    ],
)
def test_date(written: str | None, advice: str) -> None:
    assert say(date_meant(written)) == advice


@pytest.mark.parametrize(("written", "advice"), [("是", "改成 true"), ("No", "改成 false"), ("否", "改成 false")])
def test_yes_and_no(written: str, advice: str) -> None:
    assert say(form_meant(YES_NO, written)) == advice


@pytest.mark.parametrize("written", ["无", "有", "没有"])
def test_none_of_a_nil_return_is_not_guessed(written: str) -> None:
    """零报告：无 — nothing to report, or no nil return? Only the clerk knows."""
    assert say(form_meant(YES_NO, written)) == "改成 true（是）或 false（否）"


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("消防", "改成 fire（消防）"),
        ("消防安全", "改成 fire（消防）"),
        ("Fire", "改成 fire（消防）"),
        ("electric", "改成 electrical（电气）"),
        ("特种", "改成 special_equipment（特种设备）"),
        ("风水", "从中选一个，写括号前面的英文代号"),
        ("安", "从中选一个，写括号前面的英文代号"),
    ],
)
def test_choice(written: str, advice: str) -> None:
    assert say(choice_meant(CATEGORY, written)) == advice


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("停产停业", "意思相近的不止一个，从中选一个，写括号前面的英文代号"),
        ("全部停产", "改成 suspend_full（全部停产停业）"),
        ("停产整顿", "从中选一个，写括号前面的英文代号"),
    ],
)
def test_a_choice_that_two_labels_hold_is_not_guessed(written: str, advice: str) -> None:
    assert say(choice_meant(KINDS["orders"].field(("order",)), written)) == advice


@pytest.mark.parametrize(("number", "words"), [(0, "0"), (999, "999"), (100_000, "10 万"), (100_000_000, "1 亿")])
def test_amount(number: int, words: str) -> None:
    assert amount(number) == words


def test_short_text_is_one_line() -> None:
    assert short("甲\n 乙\t丙") == "甲 乙 丙"
    assert short("字" * 41) == "字" * 40 + "…"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_field_has_a_way_to_write_it(kind: str) -> None:
    for name in KINDS[kind].schema["properties"]:
        advice = say(how_to_write(KINDS[kind].field((name,))))
        assert 1 < len(advice) <= 120
        assert not advice.endswith("。")
