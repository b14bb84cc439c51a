"""Single words: taken for what was offered, never for it where they are a question of their own."""

import pytest

from speech.short_answers import is_backchannel, is_stop, nearest

YES_NO = ("是", "否")
PAPERS = ("身份证", "户口本", "居住证")
HOUSE = ("有房产证", "没有房产证")
KINDS = ("首次申领", "换领", "补领", "以上都不是")
AGES = ("60周岁以上", "80周岁以上")
WHO = ("本人办理", "他人代办")


@pytest.mark.parametrize(
    ("heard", "offered", "meant"),
    [
        ("是。", YES_NO, "是"),
        ("四", YES_NO, "是"),
        ("十。", YES_NO, "是"),
        ("是的", YES_NO, "是"),
        ("嗯。", YES_NO, "是"),
        ("佛", YES_NO, "否"),
        ("不是", YES_NO, "否"),
        ("不四", YES_NO, "否"),
        ("没有", YES_NO, "否"),
        ("有", HOUSE, "有房产证"),
        ("没有", HOUSE, "没有房产证"),
        ("还没有呢", HOUSE, "没有房产证"),
    ],
)
def test_yes_and_no_are_understood_as_they_are_misheard(heard: str, offered: tuple[str, ...], meant: str):
    assert nearest(heard, offered) == meant


@pytest.mark.parametrize(
    ("heard", "offered", "meant"),
    [
        ("第二个", PAPERS, "户口本"),
        ("地二个。", PAPERS, "户口本"),
        ("我选第三个", PAPERS, "居住证"),
        ("一号", PAPERS, "身份证"),
        ("最后一个", PAPERS, "居住证"),
        ("第五个", PAPERS, None),
        ("后面那个", WHO, "他人代办"),
        ("后面那个", PAPERS, None),
    ],
)
def test_a_place_in_the_list_names_the_option(heard: str, offered: tuple[str, ...], meant: str | None):
    assert nearest(heard, offered) == meant


@pytest.mark.parametrize(
    ("heard", "offered", "meant"),
    [
        ("身份正", PAPERS, "身份证"),
        ("户口笨", PAPERS, "户口本"),
        ("嗯，居住政吧", PAPERS, "居住证"),
        ("补零", KINDS, "补领"),
        ("首次深领", KINDS, "首次申领"),
        ("没有房产正", HOUSE, "没有房产证"),
        ("八十岁以上", AGES, "80周岁以上"),
        ("80周岁以上", AGES, "80周岁以上"),
        ("再说一便", ("再说一遍", "继续"), "再说一遍"),
        ("都没有", ("有房产证", "有租房合同", "都没有"), "都没有"),
        ("都不是", KINDS, "以上都不是"),
        ("租房合同", ("购房合同（含贷款）", "租房合同（已备案）"), "租房合同（已备案）"),
    ],
)
def test_an_option_is_known_by_its_sound(heard: str, offered: tuple[str, ...], meant: str):
    assert nearest(heard, offered) == meant


@pytest.mark.parametrize(
    ("heard", "offered"),
    [
        ("身份证怎么办", PAPERS),
        ("身份证丢了怎么补办", PAPERS),
        ("我要办护照", PAPERS),
        ("办理要多少钱", WHO),
        ("居住证和护照有什么区别", PAPERS),
        ("是不是要排队", YES_NO),
        ("要带什么", YES_NO),
        ("可以代办吗", WHO),
        ("结婚登记", ("离婚登记", "补领结婚证")),
    ],
)
def test_a_new_question_is_no_answer(heard: str, offered: tuple[str, ...]):
    assert nearest(heard, offered) is None


@pytest.mark.parametrize(
    ("heard", "offered"),
    [
        ("没有身份证", ("有身份证", "护照")),
        ("九十周岁以上", AGES),
        ("周岁以上", AGES),
        ("是", WHO),
        ("有", ("有房产证", "有租房合同")),
        ("领", KINDS),
        ("", PAPERS),
        ("，。", PAPERS),
    ],
)
def test_nothing_is_taken_where_two_would_do_or_the_meaning_turns(heard: str, offered: tuple[str, ...]):
    assert nearest(heard, offered) is None


def test_nothing_is_taken_where_nothing_was_offered():
    assert nearest("是", ()) is None


# beside the matter ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heard", ["嗯", "嗯。", "恩嗯", "哦", "对对对", "好的好的", "是的", "知道了", "哦，这样啊", "嗯，好的，谢谢"]
)
def test_who_only_shows_that_he_listens_does_not_interrupt(heard: str):
    assert is_backchannel(heard)
    assert not is_stop(heard)


@pytest.mark.parametrize(
    "heard", ["停", "听", "别说了", "小新等一下", "好了好了，别说了", "等等", "不用说了，谢谢", "安静", "停停停"]
)
def test_who_wants_silence_interrupts_and_asks_nothing(heard: str):
    assert is_stop(heard)
    assert not is_backchannel(heard)


@pytest.mark.parametrize(
    "heard",
    [
        "好的，那护照呢",
        "等一下，我还想问护照",
        "停车证怎么办",
        "你好",
        "居住证",
        "谢谢",
        "对了，还有一个问题",
        "不是",
        "我知道了身份证要带",
        "",
    ],
)
def test_anything_else_is_said_to_be_answered(heard: str):
    assert not is_backchannel(heard)
    assert not is_stop(heard)
