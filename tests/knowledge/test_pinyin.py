"""Pinyin typed by people without an input method."""

import pytest

from knowledge.pinyin import PinyinReader

WORDINGS = (
    "居住证申领",
    "怎么办居住证",
    "居住证要带什么材料",
    "租房提取公积金",
    "公积金怎么提取",
    "在网上办理",
    "养犬登记要多少钱",
)


@pytest.fixture(scope="module")
def reader() -> PinyinReader:
    return PinyinReader(WORDINGS)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("juzhuzheng zenme ban", "居住证怎么办"),
        ("zu fang ti qu gong ji jin", "租房提取公积金"),
        ("我想ban juzhuzheng", "我想办居住证"),
        ("居住证 zenme ban", "居住证怎么办"),
        ("juzhuzheng，yao dai shenme cailiao", "居住证，要带什么材料"),
        ("yangquan dengji 要多少钱", "养犬登记要多少钱"),
    ],
)
def test_pinyin_is_read_as_the_handbook_writes_it(reader: PinyinReader, typed: str, read: str):
    assert reader.read(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "KTV怎么办",
        "CEO变更",
        "app在哪里下载",
        "Wang Ming要办居住证",
        "wifi密码",
        "我有A照",
        "e卡通",
        "lu lu lu",
        "怎么办居住证",
        "",
    ],
)
def test_what_is_no_pinyin_or_unknown_to_the_handbook_stays(reader: PinyinReader, typed: str):
    assert reader.read(typed) == typed


def test_without_a_handbook_nothing_is_read():
    assert PinyinReader(()).read("juzhuzheng zenme ban") == "juzhuzheng zenme ban"
