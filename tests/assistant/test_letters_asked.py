"""A letter that tells a story first: what it asks is answered, what it only tells is not."""

from collections.abc import Callable
from typing import Any

import pytest

Ask = Callable[..., dict[str, Any]]
STORY = "我后天要坐火车去北京看我女儿，家里的狗托给邻居看几天，邻居说狗没有登记过，他不肯收。"


def test_another_city_in_the_story_does_not_turn_a_letter_away(ask: Ask):
    answer = ask(STORY + "养犬登记要带什么材料")
    assert (answer["status"], answer["item"]["id"], answer["facets"]) == ("guide", "dog-registration", ["materials"])


def test_another_city_in_what_a_letter_asks_does(ask: Ask):
    assert ask(STORY + "北京的养犬登记要带什么材料")["reason"] == "no_basis.other_region"


@pytest.mark.parametrize("told", ["这件事拖了好几天了", "本人一直在外地上班", "结果他打电话来发火"])
def test_what_a_letter_tells_is_not_taken_for_what_it_asks(ask: Ask, told: str):
    assert ask(f"{told}，{STORY}养犬登记要多少钱")["facets"] == ["fee"]


def test_a_dialect_question_is_answered_as_the_common_one(ask: Ask):
    said, common = ask("养犬登记要几化铜钿，到嗲地方办"), ask("养犬登记要多少钱，到什么地方办")
    assert said["facets"] == common["facets"] == ["fee", "place"]
    assert said["text"] == common["text"]
