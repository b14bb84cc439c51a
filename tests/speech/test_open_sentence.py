"""Sentences that are not finished are waited for; finished ones are answered at once."""

import pytest

from speech.open_sentence import is_open


def sentences(*lines: str) -> list[str]:
    return " ".join(lines).split()


OPEN = sentences(
    "我想问一下 想问一下， 请问 你好请问 我问一下那个 我要 我要办 我想办 我要咨询 我想查一下",
    "我想办一个 帮我 麻烦你 居住证和 身份证还有 户口本、 身份证，户口本， 结婚证跟 然后",
    "我房产证丢了然后 因为 因为我 如果 要是 比如说 但是 那个 就是 就是那个 就是说 我说的是 呃",
    "嗯那个 我那个 办理居住证的话 我 我们 我爸 我儿子 我老婆 我家 我爸今年 我今年 我刚刚",
    "我家的房子是 我要给我儿子办 我想把 我孩子在 我对 关于 我要办居住证的 我是外地的 老人家的",
)
CLOSED = sentences(
    "居住证怎么办 居住证怎么办的 居住证怎么办理？ 我想办居住证 我要补办身份证 身份证丢了",
    "办身份证要多久 要多少钱 在哪里 在几楼 怎么去 公积金怎么取 什么时候到 需要带身份证吗",
    "需要哪些材料 为什么 什么是居住证 身份证号码是什么 你是干什么的 退休金是怎么算的 要不要本人去",
    "是免费的 是免费的吗 然后呢 那个怎么办 护照呢 居住证办理 居住证和身份证 是 是的 不是 有",
    "没有 有的 没有的 好的 对的 可以 可以的 要的 我的 第二个 都没有 你好 谢谢 再见 停",
    "知道了 办好了 在办理之前要准备什么",
)


@pytest.mark.parametrize("sentence", OPEN)
def test_a_sentence_that_asks_for_more_is_waited_for(sentence: str):
    assert is_open(sentence)


@pytest.mark.parametrize("sentence", CLOSED)
def test_a_finished_sentence_is_not_waited_for(sentence: str):
    assert not is_open(sentence)


@pytest.mark.parametrize("text", ["我想问一下。", "我想问一下……", "我想 问一下", "居住证和。"])
def test_a_full_stop_that_the_recogniser_put_does_not_finish_a_sentence(text: str):
    assert is_open(text)


@pytest.mark.parametrize("text", ["", "。", "，", "OK"])
def test_nothing_is_not_an_unfinished_sentence(text: str):
    assert not is_open(text)


def test_a_question_mark_finishes_a_sentence():
    assert not is_open("我的身份证和？")


# numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "我的身份证号是三二零四零四一九",
        "身份证号是三二零四 零四一九 九九",
        "身份证号码320404199001011",
        "身份证 110105，19491231",
        "手机号是一三八零零",
        "138 0013",
        "一三八，零零一三，八",
        "幺三八零零幺三八零零",
        "我的电话是8519",
        "我的电话是一三八零零一三八",
        "三二零四",
        "320404199001",
        "验证码是三二",
        "卡号是6222 0000 1111",
    ],
)
def test_who_dictates_a_number_is_waited_for_until_it_is_whole(text: str):
    assert is_open(text)


@pytest.mark.parametrize(
    "text",
    [
        "我的电话是13800138000",
        "一三八零零一三八零零零",
        "幺三八，零零幺三，八零零零。",
        "身份证号是三二零四零四一九九零零一零一一二三X",
        "身份证号是三二零四零四一九九零零一零一一二三叉",
        "11010519491231002X",
        "验证码是385201",
        "我拨打了12345",
        "我的电话是85127000",
        "电话是12345",
        "打一二三四五",
        "110",
        "二零二五",
        "二零二五年",
        "三千元",
        "一共三千",
        "我六十五岁",
        "我今年65",
        "选一",
        "0519-85127000",
    ],
)
def test_a_whole_number_is_not_waited_for(text: str):
    assert not is_open(text)
