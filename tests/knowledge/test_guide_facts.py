"""Words of a guide as typed facts; what is not certain stays in its own words."""

from __future__ import annotations

import pytest

from knowledge.item import Charge, Fee, TimeLimit
from knowledge.reading.facts import bases, fee, phones, time_limit
from knowledge.reading.material_lines import materials_of_lines
from knowledge.reading.place_fields import one_place


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("20个工作日", TimeLimit(amount=20, unit="working_day")),
        ("15 （工作日）", TimeLimit(amount=15, unit="working_day")),
        ("十五个工作日", TimeLimit(amount=15, unit="working_day")),
        ("自受理之日起1个月内", TimeLimit(amount=1, unit="month", starts="自受理之日起")),
        ("60日内办结", TimeLimit(amount=60, unit="day")),
        ("2小时", TimeLimit(amount=2, unit="hour")),
        ("即办件", TimeLimit(amount=0, unit="on_the_spot")),
        ("当场办结。", TimeLimit(amount=0, unit="on_the_spot")),
        ("5个工作日（不含公示时间）", TimeLimit(amount=5, unit="working_day", text="不含公示时间")),
        ("市区5个工作日，乡镇10个工作日", TimeLimit(amount=None, text="市区5个工作日，乡镇10个工作日")),
        ("不超过半年", TimeLimit(amount=None, text="不超过半年")),
        ("无", None),
    ],
)
def test_a_time_limit_is_a_number_only_where_nothing_is_lost(words: str, limit: TimeLimit | None) -> None:
    assert time_limit(words) == limit


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["不收费"], Fee(free=True)),
        (["否"], Fee(free=True)),
        (["□收费 ☑不收费"], Fee(free=True)),
        (["20元/证"], Fee(free=False, charges=(Charge(name="收费", yuan=20, unit="证"),))),
        (["每本10.5元"], Fee(free=False, charges=(Charge(name="收费", yuan=10.5, unit="本"),))),
        (["是", "工本费：20元/本"], Fee(free=False, charges=(Charge(name="工本费", yuan=20, unit="本"),))),
        (
            ["住宅类80元/件，非住宅类550元/件"],
            Fee(free=False, charges=(Charge(name="住宅类", yuan=80), Charge(name="非住宅类", yuan=550))),
        ),
        (["首次申领免费；补领20元/证"], Fee(text="首次申领免费；补领20元/证")),
        (["按面积收取，详见公示"], Fee(text="按面积收取，详见公示")),
        (["是"], Fee(free=False)),
    ],
)
def test_a_fee_is_an_amount_only_where_every_word_of_it_is_understood(lines: list[str], expected: Fee) -> None:
    assert fee(lines) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("0519-00000001", [("咨询电话", "0519-00000001")]),
        ("（0519）00000001、00000002", [("咨询电话", "（0519）00000001"), ("咨询电话", "00000002")]),
        ("样本街道：00000001，样本镇：00000002", [("样本街道", "00000001"), ("样本镇", "00000002")]),
        ("12345热线", [("咨询电话", "12345")]),
        ("0519-00000001转8001", [("咨询电话", "0519-00000001转8001")]),
        ("工作日9:00到窗口询问，2026年1月1日起", []),
    ],
)
def test_phone_numbers_are_told_from_other_numbers(line: str, expected: list[tuple[str, str]]) -> None:
    found, rest = phones([line], "咨询电话")
    assert [(phone.name, phone.number) for phone in found] == expected
    assert rest == ([] if expected else [line])


def test_articles_are_cited_one_by_one_and_an_inserted_article_is_not_taken_for_the_one_before() -> None:
    words = "1.《样本法》（样本令第1号）第十条第一款、第十二条之一；2.《样本办法》第3条和《样本通知》"
    assert [(basis.law, basis.article) for basis in bases(words)] == [
        ("样本法", "10"),
        ("样本办法", "3"),
        ("样本通知", None),
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1. 居民身份证（原件及复印件1份）", ("居民身份证", 1, 1, None)),
        ("户口簿复印件1份", ("户口簿", 0, 1, None)),
        ("（二）近期一寸照片2张；", ("近期一寸照片", 2, 0, None)),
        ("《样本证申领表》（一式两份）", ("《样本证申领表》", 2, 0, None)),
        ("申请人身份证（原件1份、复印件2份）", ("申请人身份证", 1, 2, None)),
        ("租赁合同（原件，核验后退回）", ("租赁合同", 1, 0, "核验后退回")),
        ("营业执照副本", ("营业执照副本", 1, 0, None)),
        ("身份证复印件（A4纸，1份）", ("身份证", 0, 1, "A4纸")),
        ("有效身份证件，验原件", ("有效身份证件", 1, 0, "验原件")),
        ("身份证明。居民提交身份证，军人提交军官证。", ("身份证明", 1, 0, "居民提交身份证，军人提交军官证")),
    ],
)
def test_a_material_line_tells_originals_and_copies(line: str, expected: tuple[str, int, int, str | None]) -> None:
    (material,) = materials_of_lines([line])
    assert (material.name, material.original, material.copies, material.note) == expected


def test_alternatives_and_conditions_of_a_material_list_are_kept() -> None:
    lines = [
        "申请人应当提交下列材料：", "1. 身份证", "2. 住址证明（下列之一）：", "（1）租赁合同", "（2）房产证", "3. 照片",
        "未成年人还需提供：", "4. 监护人身份证",
    ]  # fmt: skip
    assert [(m.name, m.one_of, m.note) for m in materials_of_lines(lines)] == [
        ("身份证", None, None),
        ("租赁合同", "住址证明", None),
        ("房产证", "住址证明", None),
        ("照片", None, None),
        ("监护人身份证", None, "未成年人还需提供"),
    ]


@pytest.mark.parametrize(
    "sentence", ["身份证、户口簿、照片。", "1.身份证；2.户口簿；3.照片", "（一）身份证；（二）户口簿；（三）照片。"]
)
def test_materials_in_one_sentence_are_a_list_too(sentence: str) -> None:
    assert [material.name for material in materials_of_lines([sentence])] == ["身份证", "户口簿", "照片"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("样本区政务服务中心（样本路1号）", ("样本区政务服务中心", "样本路1号", None)),
        (
            "样本街道便民服务中心：样本路8号；电话：0519-00000002",
            ("样本街道便民服务中心", "样本路8号", "0519-00000002"),
        ),
        ("样本路1号政务服务中心二楼", ("样本路1号政务服务中心二楼", None, None)),
        ("各镇（街道）便民服务中心", ("各镇（街道）便民服务中心", None, None)),
    ],
)
def test_a_place_is_split_only_where_name_and_address_are_clear(line: str, expected: tuple[str | None, ...]) -> None:
    place = one_place(line)
    assert place is not None
    assert (place.name, place.address, place.phone) == expected
