"""Where the request of a letter stands, and what a letter finds that tells a story first."""

import pytest

from channels.wiring import Product
from knowledge.letters import LONG, MOST, is_letter, request, windows

LETTER = (
    "小新你好，我是去年从外地搬到西桥镇来的，在磨坊村租了一间带院子的房子，房东人很好。"
    "上个月我女儿抱回来一只小狗，邻居说在这里养狗是要登记的，可我们从来没有办过。"
    "狗证在哪里办，要带什么材料去，谢谢。"
)


def test_every_clause_of_a_letter_stands_in_a_window():
    found = windows(LETTER)
    assert len(found) > 2
    assert all(window in LETTER for window in found)
    covered = set[int]().union(*(range(start := LETTER.index(w), start + len(w)) for w in found))
    assert covered == set(range(len(LETTER)))


@pytest.mark.parametrize("question", ["", "狗证", "狗证在哪里办，要带什么材料去", "。" * 100, "字" * 100])
def test_what_is_short_or_one_clause_has_no_windows(question: str):
    assert windows(question) == ()


def test_the_longest_letter_has_no_more_than_a_few_windows():
    assert len(windows(LETTER * 20)) <= MOST + 1
    assert len(windows("啊，" * 1000)) <= MOST + 1


def test_the_request_of_a_letter_is_its_clauses_that_ask():
    assert request(LETTER) == "狗证在哪里办，要带什么材料去，"


def test_a_short_question_and_a_letter_that_asks_nothing_are_the_request_as_they_are():
    story = "我家的狗很乖，" * 8
    assert (request("狗证在哪里办"), request(story)) == ("狗证在哪里办", story)
    assert is_letter(story)
    assert not is_letter("字" * (LONG - 1))


def test_a_story_that_names_another_matter_in_passing_is_about_what_runs_through_it(hall: Product):
    letter = (
        "前几天隔壁老李去弄他的导盲犬备案，回来跟我讲了半天。我自己家里养的是一只普通的狗，是女儿抱回来养的，"
        "邻居说养狗也要给狗登记，我想给家里这只狗上户口，给狗登记要带些什么去"
    )
    hits = hall.retriever().find(letter)
    assert hits[0].passage.item == "dog-registration"
