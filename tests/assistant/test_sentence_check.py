"""What a drafted sentence may say of its passage."""

import pytest

from assistant.sentence_check import Objection, objection
from knowledge.passage import Citation, Passage

PASSAGE = Passage(
    title="老年人优待证办理",
    text="年满六十周岁的本市户籍老人，凭身份证到社区居委会办理老年人优待证，不收费，当场发证。\n"
    "补证的，工本费5元，3个工作日内到新桥街道领取。咨询电话：0519-85551234，网址 https://old.example.gov.cn 。\n"
    "依据《江苏省老年人权益保障条例》第30条。",
    source="a.md",
    item="elderly-card",
)
NAMES = {"护照": "passport", "户口簿": None, "身份证": None, "新桥街道": None, "薛家镇": None, "优待证": "elderly-card"}
FIRST = "年满六十周岁的本市户籍老人，凭身份证到社区居委会办理老年人优待证，不收费，当场发证"
AGAIN = "补证的，工本费5元，3个工作日内到新桥街道领取"


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("年满60周岁的本市户籍老人，可以凭身份证到社区居委会办理，不收费。", FIRST),
        ("补证的工本费是5元，三个工作日内到新桥街道领取。", AGAIN),
        ("咨询电话是0519-85551234。", "咨询电话：0519-85551234"),
        ("网址是https://old.example.gov.cn。", "网址 https://old.example.gov.cn"),
        ("依据是《江苏省老年人权益保障条例》第三十条。", "依据《江苏省老年人权益保障条例》第30条"),
    ],
)
def test_what_stands_in_the_passage_may_be_said(sentence: str, quote: str) -> None:
    assert objection(sentence, Citation.of(PASSAGE, quote), NAMES) is None


@pytest.mark.parametrize(
    ("sentence", "quote", "why"),
    [
        ("补证的工本费是50元，3个工作日内领取。", AGAIN, "number"),
        ("补证的工本费5元，5个工作日内到新桥街道领取。", AGAIN, "number"),
        ("年满六十周岁的老人不收费，工本费5元。", FIRST, "number"),
        ("咨询电话是0519-85551235。", "咨询电话：0519-85551234", "number"),
        ("网址是https://old.example.gov.cn.evil.com。", "网址 https://old.example.gov.cn", "link"),
        ("补证的到新桥街道领取，微信laonian领取。", AGAIN, "link"),
        ("依据是《老年人权益保障法》。", "依据《江苏省老年人权益保障条例》第30条", "law"),
        ("补证的，3个工作日内到薛家镇领取。", AGAIN, "name"),
        ("凭身份证和户口簿到社区居委会办理老年人优待证，不收费。", FIRST, "name"),
        ("护照补证的，工本费5元，3个工作日内领取。", AGAIN, "name"),
        ("本市户籍老人到社区居委会办理老年人优待证，收费办理。", FIRST, "claim"),
        ("补证的，不用工本费5元，3个工作日内领取。", AGAIN, "claim"),
        ("补证的，工本费5元，3个工作日内邮寄领取。", AGAIN, "claim"),
        ("补证的，工本费5元，免费。", AGAIN, "claim"),
        ("街道主任会亲自上门慰问并且赠送慰问品。", AGAIN, "far"),
        ("补证的，工本费5元。", "补证", "quote"),
        ("补证的，[点这里]领取。", AGAIN, "form"),
        ("补证的，\u202e工本费5元。", AGAIN, "form"),
        ("Fee 5元", AGAIN, "link"),
        ("补证的，工本费5元" + "，到新桥街道领取" * 30, AGAIN, "form"),
    ],
)
def test_what_does_not_stand_there_is_objected_to(sentence: str, quote: str, why: Objection) -> None:
    assert objection(sentence, Citation.of(PASSAGE, quote), NAMES) == why


@pytest.mark.parametrize("sentence", ["下面分别说明。", "两种情形请看下文。"])
def test_a_sentence_that_leads_over_needs_no_source(sentence: str) -> None:
    assert objection(sentence, None, NAMES) is None


@pytest.mark.parametrize(
    "sentence", ["工本费5元。", "请带身份证。", "见《条例》。", "网上可以办。", "这个不收费。", "请加微信abc。"]
)
def test_a_sentence_with_a_fact_needs_a_source(sentence: str) -> None:
    assert objection(sentence, None, NAMES) == "uncited"
