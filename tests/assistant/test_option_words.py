"""What a visitor answers to a question about his situation is taken for the option he means."""

from __future__ import annotations

import re

import pytest

from assistant.chosen_option import NEGATIVE, by_the_whole, chosen, touched
from assistant.turn import Option
from knowledge.handbook import bundled_handbook, load_handbook
from knowledge.item import Situation

LOAN = (Option("有贷款", "mortgaged"), Option("没有贷款了", "clear"))
WAYS = (Option("有残疾人证", "card"), Option("有医院诊断", "diagnosis"), Option("都没有", "none"))


@pytest.mark.parametrize("said", ["没有贷款", "没贷款", "没有", "不是有贷款", "没有任何贷款"])
def test_who_denies_one_of_two_options_means_the_other(said: str):
    option = chosen(said, LOAN)
    assert option
    assert option.value == "clear"


def test_who_denies_one_of_several_options_has_not_chosen_it():
    option = chosen("没有残疾人证", WAYS)
    assert option is None or option.value != "card"


@pytest.mark.parametrize(
    ("said", "value"), [("有贷款", "mortgaged"), ("还有贷款", "mortgaged"), ("没有贷款了", "clear")]
)
def test_what_is_said_is_taken_as_it_is(said: str, value: str):
    option = chosen(said, LOAN)
    assert option
    assert option.value == value


@pytest.fixture(scope="module")
def situations() -> list[tuple[str, Situation]]:
    handbook = load_handbook(bundled_handbook())
    return [(item.id, situation) for item in handbook.items.values() for situation in item.situations]


def test_every_word_of_an_option_chooses_it(situations: list[tuple[str, Situation]]):
    for item, situation in situations:
        options = [Option(option.label, option.value) for option in situation.options]
        says = [option.says for option in situation.options]
        for option in situation.options:
            for word in (option.label, *option.says):
                got = chosen(word, options, says)
                assert got, (item, situation.id, word)
                assert got.value == option.value, (item, situation.id, word)


def test_no_option_is_chosen_by_its_denial(situations: list[tuple[str, Situation]]):
    for item, situation in situations:
        options = [Option(option.label, option.value) for option in situation.options]
        says = [option.says for option in situation.options]
        having = [(o, word) for o in situation.options for word in (o.label, *o.says) if word.startswith("有")]
        for option, word in having:
            for denial in (f"没{word}", f"没有{word[1:]}"):
                got = chosen(denial, options, says)
                assert got is None or got.value != option.value, (item, situation.id, denial)


DENIALS = ["没", "没有", "没装", "没建", "没办", "没买", "没做过", "不用", "不要", "不是", "未", "我们没有"]


def test_no_option_is_chosen_by_any_denial_of_its_words(situations: list[tuple[str, Situation]]):
    """Of two options, one of which says that it is not so."""
    tried = 0
    for item, situation in situations:
        options = [Option(option.label, option.value) for option in situation.options]
        says = [option.says for option in situation.options]
        for option in situation.options:
            others = [word for other in situation.options if other != option for word in (other.label, *other.says)]
            if len(options) != 2 or not any(NEGATIVE.match(other) for other in others):
                continue
            for word in (option.label, *option.says):
                core = re.sub("^(已经|已|还)?(有|要|是)?", "", word)
                if len(core) < 2 or NEGATIVE.search(word) or any(core in other for other in others):
                    continue
                for denial in DENIALS:
                    got = chosen(f"{denial}{core}", options, says)
                    assert got is None or got.value != option.value, (item, situation.id, denial + core)
                    tried += 1
    assert tried > 1000


def test_a_touched_label_or_value_is_always_that_option(situations: list[tuple[str, Situation]]):
    for item, situation in situations:
        options = [Option(option.label, option.value) for option in situation.options]
        for option in options:
            assert touched(option.label, options) == option, (item, situation.id)
            assert touched(option.value, options) == option, (item, situation.id)


def test_every_option_that_is_none_of_them_is_meant_by_saying_so(situations: list[tuple[str, Situation]]):
    found = 0
    for item, situation in situations:
        options = [Option(option.label, option.value) for option in situation.options]
        none = [option for option in options if option.label in ("都不是", "都没有")]
        for option in none:
            for reply in ("都不是", "以上都不是", "都没有"):
                assert by_the_whole(reply, options, [()] * len(options)) == option, (item, situation.id, reply)
                found += 1
    assert found


def test_in_person_is_never_the_option_of_an_agent(situations: list[tuple[str, Situation]]):
    """Of all questions that ask who comes, nearly every one knows who comes himself."""
    known = []
    for item, situation in situations:
        options = [Option(option.label, option.value) for option in situation.options]
        says = [option.says for option in situation.options]
        if {option.value for option in options} != {"self", "agent"}:
            continue
        for reply in ("老板本人来", "我亲自去"):
            got = chosen(reply, options, says)
            assert got is None or got.value == "self", (item, situation.id, reply)
            known.append(got is not None)
    assert sum(known) > 0.95 * len(known) > 0
