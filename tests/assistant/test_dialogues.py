"""Conversations with the test handbook. Every expected fact is written from its YAML files."""

from collections.abc import Callable
from typing import Any

import pytest

from assistant.ask import new_conversation
from assistant.turn import Question
from channels.wiring import Product

Ask = Callable[..., dict[str, Any]]

ALWAYS = ["居民身份证（原件1份、复印件1份）", "狂犬病免疫证明", "犬只照片（原件2份）"]
"""What everybody brings for a dog's registration."""
WHAT_TO_BRING = "养犬登记要带什么材料"


def bring(answer: dict[str, Any]) -> set[str]:
    """The lines of the material list on screen, without their bullets."""
    return {line.removeprefix("• ") for line in answer["text"].splitlines() if line.startswith("• ")}


def labels(answer: dict[str, Any]) -> list[str]:
    return [option["label"] for option in answer["options"]]


@pytest.mark.parametrize(
    ("question", "facet", "told"),
    [
        ("养犬登记多少钱", "fee", ["登记费：30元/只", "《样本区养犬管理办法》第8条"]),
        ("养犬登记要多久", "time", ["承诺办结时限：3个工作日", "自受理之日起5个工作日", "第7条"]),
        ("养犬登记在哪里办", "place", ["样本区政务服务中心", "样本路1号", "工作日9:00至17:00", "000-10001"]),
        ("养犬登记的流程", "steps", ["1. 申请：带材料到窗口填表", "2. 领证", "到现场次数：1次"]),
        ("养犬登记有效期几年", "result", ["养犬登记证", "有效期：1年", "窗口领取、邮寄"]),
        ("养犬登记要什么条件", "conditions", ["年满18周岁", "第5条"]),
        ("养犬登记网上能办吗", "online", ["样本通", "https://example.org/dog"]),
        ("养犬登记的法律依据是什么", "law", ["《样本区养犬管理办法》第5条", "养犬人应当年满十八周岁。"]),
        ("养犬登记可以别人代办吗", "proxy", ["可以由同住的成年家人代办"]),
        ("养犬登记咨询电话", "phone", ["热线：000-12345"]),
        ("导盲犬备案多少钱", "fee", ["不收费"]),
        ("导盲犬备案要多久", "time", ["当场办结"]),
    ],
)
def test_each_facet_is_answered_from_its_field(ask: Ask, question: str, facet: str, told: list[str]):
    answer = ask(question)
    assert (answer["status"], answer["facets"][0]) == ("answered", facet)
    for words in told:
        assert words in answer["text"]
    assert any(citation["source"].startswith("items/life/") for citation in answer["citations"])


def test_every_citation_stands_in_its_source_with_its_date(ask: Ask, hall: Product):
    citations = ask("养犬登记多少钱")["citations"]
    passages = {passage.id: passage for passage in hall.live.current().library.passages}
    assert citations
    for citation in citations:
        assert citation["quote"] in passages[citation["passage_id"]].text
        assert (citation["title"], citation["field"]) == ("养犬登记", "fee")
        assert citation["source"] == "items/life/dog-registration.yaml"
        assert citation["effective_from"] == "2020-03-01"


def test_an_overview_names_materials_place_time_and_fee(ask: Ask):
    text = ask("狗证怎么办")["text"]
    for words in ("应当为犬只办理养犬登记", "居民身份证", "样本区政务服务中心", "3个工作日", "30元", "样本通"):
        assert words in text


def test_a_follow_up_asks_of_the_item_in_hand(ask: Ask):
    ask("养犬登记要多久")
    for question, words in (("那费用呢？", "30元"), ("在哪里办", "样本路1号"), ("有效期呢", "1年")):
        answer = ask(question)
        assert (answer["status"], answer["item"]["id"]) == ("answered", "dog-registration")
        assert words in answer["text"]


def test_another_item_named_changes_the_topic_for_what_follows(ask: Ask):
    ask("养犬登记要多久")
    assert ask("那导盲犬备案呢")["item"]["id"] == "guide-dog"
    fee = ask("要多少钱")
    assert fee["item"]["id"] == "guide-dog"
    assert "不收费" in fee["text"]


def test_thanks_in_between_does_not_lose_the_item(ask: Ask):
    ask("养犬登记多少钱")
    assert ask("谢谢")["status"] == "small_talk"
    assert "样本路1号" in ask("在哪里办")["text"]


def test_conversations_do_not_mix(hall: Product):
    one, other = new_conversation(), new_conversation()
    hall.assistant.ask(Question("养犬登记要多久", one))
    hall.assistant.ask(Question("导盲犬备案要多久", other))
    fees = [hall.assistant.ask(Question("那多少钱", each)).as_dict()["text"] for each in (one, other)]
    assert "30元" in fees[0]
    assert "不收费" in fees[1]


@pytest.mark.parametrize(
    "first", ["第二个", "2", "租赁住房", "租的", "租来的房子", "我是租房的", "祖赁住房", "后面那个"]
)
def test_an_option_is_chosen_by_place_label_other_words_or_sound(ask: Ask, first: str):
    begun = ask(WHAT_TO_BRING)
    assert (begun["status"], labels(begun)) == ("guide", ["自有住房", "租赁住房"])
    assert "您住的房子是哪一种？" in begun["text"]
    asked = ask(first)
    assert (asked["status"], labels(asked)) == ("guide", ["小型犬", "大型犬", "禁养犬"])
    assert "房屋租赁合同" in bring(asked)


@pytest.mark.parametrize(
    ("home", "breed", "more"),
    [
        ("自有住房", "小型犬", {"住房证明，下面任选一种：不动产权证书（复印件1份）、购房合同（复印件1份）"}),
        ("租赁住房", "小型犬", {"房屋租赁合同"}),
        ("租赁住房", "大型犬", {"房屋租赁合同", "邻居同意书"}),
        (
            "自有住房",
            "大型犬",
            {"住房证明，下面任选一种：不动产权证书（复印件1份）、购房合同（复印件1份）", "邻居同意书"},
        ),
    ],
)
def test_the_situations_lead_to_the_exact_list(ask: Ask, home: str, breed: str, more: set[str]):
    ask(WHAT_TO_BRING)
    ask(home)
    answer = ask(breed)
    assert answer["status"] == "answered"
    assert bring(answer) == {*ALWAYS, *more, "居民户口簿：免提交，由工作人员共享核验"}
    assert ("大型犬出门须戴嘴套" in answer["text"]) == (breed == "大型犬")
    choices = {"home": {"自有住房": "own", "租赁住房": "rent"}[home], "breed": {"小型犬": "small"}.get(breed, "big")}
    assert answer["next_step"]["data"] == {"item": "dog-registration", "choices": choices}


def test_a_choice_may_lead_to_another_item(ask: Ask):
    ask(WHAT_TO_BRING)
    ask("租的")
    answer = ask("藏獒")
    assert answer["item"]["id"] == "dog-surrender"
    assert bring(answer) == {"犬只移交单"}


def test_what_the_question_tells_is_not_asked_again(ask: Ask):
    answer = ask("租房养泰迪，养犬登记要带什么材料")
    assert answer["status"] == "answered"
    assert bring(answer) == {*ALWAYS, "房屋租赁合同", "居民户口簿：免提交，由工作人员共享核验"}


def test_choices_given_hold_for_later_questions(ask: Ask):
    for words in (WHAT_TO_BRING, "租的", "大狗"):
        ask(words)
    ask("那多少钱")
    answer = ask("材料再说一下，要带什么")
    assert "房屋租赁合同" in bring(answer)
    assert "邻居同意书" in bring(answer)


@pytest.mark.parametrize("words", ["不知道", "不清楚", "都列出来", "随便"])
def test_who_does_not_know_gets_the_whole_list_by_situation(ask: Ask, words: str):
    ask(WHAT_TO_BRING)
    answer = ask(words)
    assert answer["status"] == "answered"
    told = bring(answer)
    assert set(ALWAYS) <= told
    assert "房屋租赁合同（视情形：租赁住房）" in told
    assert "邻居同意书（视情形：大型犬）" in told
    assert any(line.startswith("住房证明（视情形）") for line in told)


def test_a_question_in_between_leaves_the_choice_open(ask: Ask):
    ask(WHAT_TO_BRING)
    assert "30元" in ask("多少钱")["text"]
    answer = ask("租赁住房")
    assert answer["item"]["id"] == "dog-registration"
    assert answer["status"] in ("guide", "answered")


@pytest.mark.parametrize(
    ("words", "item"),
    [
        ("第一个", "stall-goods"),
        ("第二个", "stall-food"),
        ("最后一个", "stall-food"),
        ("临时摊位许可（食品）", "stall-food"),
        ("百货", "stall-goods"),
        ("食品的", "stall-food"),
        ("卖食品的那个", "stall-food"),
        ("食频的", "stall-food"),
    ],
)
def test_two_items_that_fit_alike_are_asked_back(ask: Ask, words: str, item: str):
    asked = ask("临时摊位许可怎么办")
    assert asked["status"] == "clarify"
    assert labels(asked) == ["临时摊位许可（百货）", "临时摊位许可（食品）"]
    assert asked["next_step"]["kind"] == "ask"
    assert "1. 临时摊位许可（百货）" in asked["text"]
    assert ask(words)["item"]["id"] == item


def test_the_facet_asked_for_survives_the_asking_back(ask: Ask):
    assert ask("临时摊位许可要多久")["status"] == "clarify"
    answer = ask("第二个")
    assert answer["facets"] == ["time"]
    assert "10个工作日" in answer["text"]


@pytest.mark.parametrize(
    ("words", "item"), [("养全登记要多久", "dog-registration"), ("yangquandengji", "dog-registration")]
)
def test_what_was_misheard_is_mended_and_told(ask: Ask, words: str, item: str):
    answer = ask(words)
    assert answer["item"]["id"] == item
    assert [correction["taken_for"] for correction in answer["corrections"]] == ["养犬登记"]


def test_a_question_in_pinyin_is_read_told_and_answered(ask: Ask):
    answer = ask("yangquan dengji duoshao qian")
    assert (answer["status"], answer["facets"]) == ("answered", ["fee"])
    assert answer["corrections"] == [{"heard": "yangquan dengji duoshao qian", "taken_for": "养犬登记多少钱"}]


def test_a_frequent_question_has_its_own_answer(ask: Ask):
    answer = ask("狗走失了登记证怎么处理")
    assert (answer["reason"], answer["item"]["id"]) == ("answered.faq", "dog-registration")
    assert "犬只走失的，10日内到窗口办理注销。" in answer["text"]
    assert "第9条" in answer["text"]


def test_what_sounds_like_one_item_and_means_another_is_said_so(ask: Ask):
    answer = ask("导盲犬登记怎么办")
    assert answer["item"]["id"] == "guide-dog"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("养犬登记要交50块钱吗", ["不是50块钱", "30元"]),
        ("养犬登记是不是要30块钱", ["是的，30块钱", "30元"]),
        ("导盲犬备案要交100元吗", ["不用交100元", "不收费"]),
        ("养犬登记要多久，是不是要等10天", ["不是10天", "3个工作日", "5个工作日"]),
        ("养犬登记要户口簿吗", ["不用带居民户口簿", "共享核验"]),
        ("养犬登记要残疾人证吗", ["没有残疾人证", "不用带"]),
        ("养犬登记不带疫苗本行吗", ["狂犬病免疫证明", "请先准备好"]),
        ("养犬登记没有房产证行吗", ["购房合同"]),
        ("养犬登记要邻居同意书吗", ["大型犬"]),
    ],
)
def test_a_belief_is_confirmed_or_set_right_first(ask: Ask, question: str, told: list[str]):
    answer = ask(question)
    assert answer["reason"] == "answered.premise"
    for words in told:
        assert words in answer["text"]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("你好", "greeting"),
        ("谢谢你", "thanks"),
        ("再见", "goodbye"),
        ("你是谁", "who_are_you"),
        ("你真棒", "compliment"),
        ("说慢一点", "slower"),
        ("大声一点", "louder"),
        ("好的", "acknowledged"),
    ],
)
def test_small_talk_is_answered_kindly(ask: Ask, words: str, kind: str):
    answer = ask(words)
    assert (answer["status"], answer["reason"]) == ("small_talk", f"small_talk.{kind}")
    assert answer["text"]


def test_the_hall_says_its_own_name(ask: Ask):
    assert "样本区政务服务中心" in ask("你好")["text"]


def test_repeat_says_the_last_answer_again(ask: Ask):
    said = ask("养犬登记多少钱")
    again = ask("再说一遍")
    assert again["reason"] == "small_talk.repeat"
    assert said["text"] in again["text"]
    assert again["speech"] == said["speech"]


def test_repeat_passes_over_small_talk(ask: Ask):
    told = ask("养犬登记多少钱")
    ask("大声一点")
    assert ask("再说一遍")["speech"] == told["speech"]


def test_repeat_with_nothing_said_before_greets(ask: Ask):
    assert ask("再说一遍")["reason"] == "small_talk.greeting"
