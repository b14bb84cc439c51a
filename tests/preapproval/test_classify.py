"""Which kind a page is. A doubtful page is asked about, never guessed."""

import pytest

from preapproval.case import Page
from preapproval.classify import classify
from tests.preapproval.page_lines import back, face, front, line, page

REGISTER = [
    line(300, 40, "常住人口登记卡", high=44),
    (60, 120, "姓名 王小样"), (500, 120, "户主或与户主关系 长女"),
    (60, 170, "曾用名"), (500, 170, "性别 女"), (60, 220, "出生地 江苏省常州市"), (500, 220, "民族 汉"),
    (60, 270, "籍贯 江苏省常州市"), (500, 270, "出生日期 1998年8月13日"),
    (60, 320, "公民身份证件编号 320499199808132188"), (60, 370, "文化程度"), (500, 370, "兵役状况"),
    (60, 420, "何时由何地迁来本市（县）"),
]  # fmt: skip
FORM = [
    line(300, 40, "居住证申领申请表", high=46),
    (60, 120, "姓名"), (300, 120, "性别"), (60, 170, "公民身份号码"), (60, 220, "住址"), (60, 270, "联系电话"),
    (60, 320, "出生"), (300, 320, "民族"), (60, 400, "申请人签名"),
]  # fmt: skip
ENTRUSTED = [
    line(300, 40, "授权委托书", high=46),
    (60, 120, "委托人：王小样"), (60, 170, "受托人：李小样"),
    (60, 220, "兹委托受托人持本人居民身份证、营业执照、房屋租赁合同代为办理居住证申领事宜。"),
]  # fmt: skip
PERMIT = [
    line(300, 40, "食品经营许可证", high=60), (60, 120, "许可证编号 JY13204110000001"),
    (60, 170, "经营者名称 常州样本商贸有限公司"),
    (60, 220, "统一社会信用代码 91320499MAQER9C86F"), (60, 270, "经营项目 预包装食品销售"), (60, 320, "发证机关"),
    (60, 370, "有效期至 2031年01月02日"),
]  # fmt: skip
LICENCE = [
    line(400, 60, "营业执照", high=70), (60, 120, "统一社会信用代码 91320499MAQER9C86F"),
    (60, 170, "名称 常州样本商贸有限公司"),
    (60, 220, "经营范围 食品销售；食品经营许可证核定的项目"), (60, 270, "法定代表人 王小样"), (60, 320, "登记机关"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("shown", "kind", "sides"),
    [
        (front(), "id-card", ("front",)),
        (back(), "id-card", ("back",)),
        (page(REGISTER), "household-register", ("member",)),
        (page(FORM, size=(1000, 1400)), "application-form", ()),
        (page(ENTRUSTED, size=(1000, 1400)), "power-of-attorney", ()),
        (page(PERMIT, size=(1000, 700)), "licence", ()),
        (page(LICENCE, size=(1000, 700)), "business-licence", ()),
        (page([line(300, 40, "店内平面布局图", high=50), (100, 300, "货架"), (300, 300, "收银台")]), "food-layout", ()),
    ],
    ids=lambda one: one if isinstance(one, str) else None,
)  # fmt: skip
def test_a_page_is_recognised_by_its_title_and_its_labels(shown: Page, kind: str, sides: tuple[str, ...]):
    guess = classify(shown)
    assert (guess.kind, guess.sides) == (kind, sides)
    assert guess.margin > 0.3


def test_a_register_page_is_no_identity_card_although_it_has_every_label_of_one():
    assert classify(page(REGISTER[1:])).kind == "household-register"


def test_a_title_that_is_misread_by_one_character_is_still_one():
    worn = [line(300, 40, "授权委托节", high=46), *ENTRUSTED[1:]]
    assert classify(page(worn)).kind == "power-of-attorney"


def test_traditional_characters_and_full_width_letters_are_read_as_others():
    assert classify(page([line(400, 60, "營業執照", high=70), *LICENCE[1:]])).kind == "business-licence"


def test_a_page_with_hardly_a_word_is_asked_about():
    guess = classify(page([(60, 60, "样本路12号"), (60, 120, "2026年3月5日")]))
    assert (guess.kind, guess.sides) == ("unknown", ())


def test_a_page_that_could_be_two_kinds_names_both():
    both = page(
        [line(100, 40, "结婚证", high=50), line(600, 40, "离婚证", high=50), (60, 200, "登记日期 2026年3月5日")]
    )
    assert classify(both).kind == "unknown"
    half = page(
        [
            line(100, 40, "房屋租赁合同", high=50),
            line(100, 120, "商品房买卖合同", high=50),
            (60, 200, "甲方"),
            (60, 300, "乙方"),
        ]
    )
    assert classify(half).kind in ("unknown", "lease")


def test_a_face_without_text_is_a_photograph_and_a_card_with_a_face_is_not():
    assert classify(page([], size=(300, 400), marks=[face(80, 90, 220, 260)])).kind == "photo"
    assert classify(page([], size=(300, 400))).kind == "unknown"
    assert classify(front()).kind == "id-card"
