"""What a visitor hears at the kiosk: papers that are items of their own, and plain questions answered plainly."""

from collections.abc import Callable

import pytest

from assistant.ask import new_conversation
from assistant.steps.persona import SPOKEN, shortened
from assistant.turn import Question
from channels.wiring import Product

pytestmark = pytest.mark.real_model


def visitor(product: Product) -> Callable[[str], dict]:
    conversation = new_conversation()
    return lambda text: product.assistant.ask(Question(text, conversation)).as_dict()


@pytest.mark.parametrize("first", ["港澳通行证多少钱？", "身份证丢了怎么办", "高龄津贴怎么申领？"])
@pytest.mark.parametrize(
    ("question", "item"),
    [
        ("办居住证要带什么材料？", "residence-permit"),
        ("居住证要带什么材料", "residence-permit"),
        ("办居住证要多少钱", "residence-permit"),
        ("办社保卡要带什么", "social-security-card"),
        ("办残疾人证要什么材料", "disability-certificate"),
        ("办结婚证要什么材料", "marriage-registration"),
        ("办护照要带什么", "passport-first"),
    ],
)
def test_a_paper_that_is_to_be_obtained_changes_the_item(real_product: Product, first: str, question: str, item: str):
    say = visitor(real_product)
    say(first)
    answer = say(question)
    assert answer["item"]["id"] == item
    assert answer["reason"] != "answered.premise"


@pytest.mark.parametrize("first", ["港澳通行证多少钱？", "高龄津贴怎么申领？"])
@pytest.mark.parametrize(
    "question",
    ["要带居住证吗？", "身份证要不要带", "没带身份证行吗", "没有居住证能办吗", "用社保卡行吗", "营业执照要带吗"],
)
def test_a_paper_that_may_have_to_be_brought_stays_with_the_item(real_product: Product, first: str, question: str):
    say = visitor(real_product)
    in_hand = say(first)["item"]
    assert in_hand
    assert say(question)["item"] == in_hand


@pytest.mark.parametrize("question", ["办居住证要带什么材料？", "办理居住证要什么材料"])
def test_a_plain_question_for_the_materials_is_answered_with_the_materials(real_product: Product, question: str):
    answer = visitor(real_product)(question)
    assert answer["text"].startswith("【居住证申领】\n都要带的材料：\n• 居民身份证")
    assert answer["speech"] == (
        "请带居民身份证、本人近期免冠照片，还有居住地住址证明一种。"
        "您凭哪一项条件申领？稳定就业，稳定住所，还是连续就读？"
    )


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("居住证多少钱", "不收费。"),
        ("居住证在哪里办", "请到公安派出所户籍窗口办理"),
        ("居住证申领多久", "法定时限是自受理之日起15日"),
        ("开便利店要办什么手续", "请带一件事联办申请表"),
    ],
)
def test_the_answer_is_the_first_thing_heard(real_product: Product, question: str, begins: str):
    speech = visitor(real_product)(question)["speech"]
    assert speech.startswith(begins)
    assert len(speech) <= SPOKEN["zh"]


def test_choices_that_the_question_names_are_not_read_twice(real_product: Product):
    assert visitor(real_product)("开便利店要办什么手续")["speech"].endswith("店登记成个体工商户，还是公司？")


def test_an_item_that_the_visitor_did_not_name_is_named_to_him(real_product: Product):
    answer = visitor(real_product)("执照正本被油弄脏了，换一张要钱吗")
    assert answer["speech"] == "营业执照遗失损毁补领换领，不收费。"


def test_what_is_cut_for_the_screen_still_fits_half_a_minute():
    said = shortened("甲" * 70 + "。" + "乙" * 55 + "。" + "丙" * 20 + "。", "zh", "。其余请看屏幕。")
    assert said == "甲" * 70 + "。其余请看屏幕。"
