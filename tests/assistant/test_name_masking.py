"""Names of persons are hidden before others read what a visitor said; words that begin like a name are not."""

import pytest

from assistant.name_masking import names_in, without_names


def hidden(text: str) -> str:
    return without_names(text, names_in(text))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("我叫王样本想办居住证", "我叫[姓名]想办居住证"),
        ("姓名：欧阳样本，身份证丢了", "姓名：[姓名]，身份证丢了"),
        ("我是李样例，想问社保", "我是[姓名]，想问社保"),
        ("帮赵样红办居住证要带什么", "帮[姓名]办居住证要带什么"),
        ("给我儿子陈样办身份证", "给我儿子[姓名]办身份证"),
        ("我姓钱，孩子上学", "我姓[姓名]，孩子上学"),
        ("周样例先生的社保怎么查", "[姓名]先生的社保怎么查"),
        ("My name is Sample Person, how do I register", "My name is [姓名], how do I register"),
        ("样本太郎と申します。ビザの更新", "[姓名]と申します。ビザの更新"),
    ],
)
def test_a_name_that_a_visitor_tells_is_hidden(said: str, kept: str):
    assert hidden(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "高龄津贴怎么领",
        "何时要办",
        "金额是多少",
        "薛家镇的居住证在哪办",
        "我叫什么名字怎么改",
        "姓名变更要带什么材料",
        "给高龄的老人办卡",
        "马上要上小学了怎么报名",
        "公司想叫江苏某某集团",
        "白天在哪里交",
    ],
)
def test_what_only_begins_like_a_name_stays(said: str):
    assert hidden(said) == said
