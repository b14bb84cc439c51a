"""Answers to the questions about a visitor's situation. The test handbook's dog is asked three things more here."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.ask import new_conversation
from assistant.turn import Question
from channels.wiring import Product

Ask = Callable[..., dict[str, Any]]

FIRST = """situations:
  - id: club
    ask: 属于下面哪一类？
    options:
      - {value: rescue, label: 救助站的犬, says: [救助站]}
      - {value: show, label: 参加比赛的大狗, says: [参加比赛]}
      - {value: none, label: 都不是, says: [普通人家]}
"""
LAST = """  - id: yard
    ask: 家里有没有装围栏的院子？
    options:
      - {value: fenced, label: 有围栏, says: [装了围栏]}
      - {value: none, label: 没有, says: [住公寓]}
  - id: applicant
    ask: 是本人来办，还是委托别人代办？
    options:
      - {value: self, label: 本人办理, says: [我自己]}
      - {value: agent, label: 委托代办, says: [代办]}
materials:
  - {material: dog-photo, original: 9, required_when: {yard: [fenced]}}
  - {material: neighbour-consent, original: 7, required_when: {applicant: [agent]}}
  - {material: lease, original: 8, required_when: {club: [rescue, show]}}
"""
POWER = """situations:
  - id: power
    ask: 摊位要不要接电？
    options:
      - {value: grid, label: 要接电, says: [接电的]}
      - {value: none, label: 不要, says: [不接电]}
materials:
  - {material: lease, original: 1, required_when: {power: [grid]}}
"""
TELLS = "养犬登记要带什么材料，普通人家，租房，小狗"
"""What a visitor asks who tells all that is asked before the yard."""
MATERIALS = "养犬登记要带什么材料"


@pytest.fixture
def handbook(handbook: Path) -> Path:
    """The test handbook, in which more is asked about a dog, and whether a stall needs power."""
    item = handbook / "items/life/dog-registration.yaml"
    words = item.read_text(encoding="utf-8")
    words = words.replace("situations:\n", FIRST, 1).replace("materials:\n", LAST, 1)
    item.write_text(words.replace("aliases: [狗证", "aliases: [泰迪证, 狗证", 1), encoding="utf-8")
    for stall in (handbook / "items/market").glob("stall-*.yaml"):
        stall.write_text(stall.read_text(encoding="utf-8").replace("materials:\n", POWER, 1), encoding="utf-8")
    return handbook


@pytest.fixture
def ask(product: Product) -> Ask:
    """One visitor's conversation: what is answered to the last of what he says."""
    conversation = new_conversation()

    def say(*said: str) -> dict[str, Any]:
        return [product.assistant.ask(Question(words, conversation, language="zh")).as_dict() for words in said][-1]

    return say


def asked(answer: dict[str, Any]) -> str | None:
    """The situation that is asked for."""
    return answer["next_step"]["data"].get("situation") if answer["status"] == "guide" else None


def given(answer: dict[str, Any]) -> dict[str, str]:
    """The choices behind the list of an answer."""
    return answer["next_step"]["data"]["choices"]


@pytest.mark.parametrize("touch", ["参加比赛的大狗", "show"])
def test_a_touched_option_answers_its_own_question_alone(ask: Ask, touch: str):
    assert asked(ask(MATERIALS)) == "club"
    assert asked(ask(touch)) == "home"
    assert asked(ask("租赁住房")) == "breed"


def test_words_of_ones_own_may_answer_more_than_what_is_asked(ask: Ask):
    assert asked(ask(MATERIALS, "参加比赛的，是大狗", "租赁住房")) == "yard"


@pytest.mark.parametrize("reply", ["都不是", "都没有", "以上都不是", "一个都不是的"])
def test_none_of_them_is_an_answer_where_it_is_an_option(ask: Ask, reply: str):
    answer = ask(MATERIALS, reply, "租赁住房", "小型犬", "没有", "本人办理")
    assert given(answer)["club"] == "none"


def test_none_of_them_leaves_open_what_has_no_such_option(ask: Ask):
    answer = ask(MATERIALS, "都不是", "都不是")
    assert answer["status"] == "answered"
    assert "（视情形" in answer["text"]


@pytest.mark.parametrize(
    "reply",
    ["没装围栏", "没有装围栏", "没围栏", "不装围栏的", "没得围栏", "没有", "没", "未建围栏", "没有的，没装围栏"],
)
def test_who_denies_it_gets_none_of_its_papers(ask: Ask, reply: str):
    assert asked(ask(TELLS)) == "yard"
    answer = ask(reply, "本人办理")
    assert given(answer)["yard"] == "none"
    assert "9份" not in answer["text"]


@pytest.mark.parametrize("reply", ["有的", "有", "装了围栏的", "有装围栏"])
def test_who_affirms_it_gets_its_papers(ask: Ask, reply: str):
    assert given(ask(TELLS, reply, "本人办理"))["yard"] == "fenced"


@pytest.mark.parametrize("reply", ["老板本人来", "我亲自去", "自己来办", "本人", "我去"])
def test_who_comes_himself_needs_no_papers_of_an_agent(ask: Ask, reply: str):
    answer = ask(TELLS, "没有", reply)
    assert given(answer)["applicant"] == "self"
    assert "7份" not in answer["text"]


@pytest.mark.parametrize("reply", ["本人来不了", "不是本人", "让我哥去", "帮邻居家去办", "派人去办"])
def test_who_cannot_come_does_not_come_himself(ask: Ask, reply: str):
    answer = ask(TELLS, "没有", reply)
    assert asked(answer) == "applicant" or given(answer)["applicant"] == "agent"


@pytest.mark.parametrize(
    ("told", "value"), [("我亲自去办", "self"), ("老板本人来", "self"), ("替我妈去办", "agent"), ("找人代办", "agent")]
)
def test_who_comes_is_understood_from_the_first_question(ask: Ask, told: str, value: str):
    assert given(ask(f"{TELLS}，{told}", "没有"))["applicant"] == value


@pytest.mark.parametrize("reply", ["蓝色的那种", "嗯嗯呐", "跟前面一样"])
def test_what_was_not_understood_is_said_and_asked_again(ask: Ask, reply: str):
    first = ask(TELLS)
    again = ask(reply)
    assert (again["status"], asked(again), again["item"]) == ("guide", "yard", first["item"])
    assert again["options"] == first["options"]
    for words in ("没听清", "家里有没有装围栏的院子？", "1. 有围栏", "2. 没有"):
        assert words in again["text"]
    assert "没听清" in again["speech"]
    assert given(ask("没有", "本人办理")) == {
        "club": "none",
        "home": "rent",
        "breed": "small",
        "yard": "none",
        "applicant": "self",
    }


@pytest.mark.parametrize(
    ("words", "item"),
    [("导盲犬备案", "guide-dog"), ("那要多少钱", "dog-registration"), ("在哪里办", "dog-registration")],
)
def test_another_question_is_no_reply(ask: Ask, words: str, item: str):
    answer = ask(TELLS, words)
    assert "没听清" not in answer["text"]
    assert answer["item"]["id"] == item


def test_what_answers_another_open_question_is_kept_for_it(ask: Ask):
    assert asked(ask(TELLS, "老板本人来")) == "yard"
    assert given(ask("没有"))["applicant"] == "self"


def test_what_leaves_a_question_open_answers_no_other(ask: Ask):
    assert asked(ask(TELLS.removesuffix("，小狗"))) == "breed"
    assert given(ask("都没有")) == {"club": "none", "home": "rent"}


def test_nobody_is_asked_a_third_time_in_a_row(ask: Ask):
    assert "没听清" not in ask(TELLS, "蓝色的那种", "蓝色的那种")["text"]


def test_what_the_name_tells_by_which_an_item_is_called_is_not_asked(ask: Ask):
    assert asked(ask("泰迪证要带什么材料", "普通人家", "租赁住房")) == "yard"


@pytest.mark.parametrize("choice", ["第二个", "临时摊位许可（食品）", "卖食品的那个"])
def test_what_was_told_before_the_item_was_settled_is_not_asked_again(ask: Ask, choice: str):
    assert ask("临时摊位许可要带什么材料，要接电的")["status"] == "clarify"
    answer = ask(choice)
    assert answer["item"]["id"] == "stall-food"
    assert given(answer) == {"power": "grid"}
