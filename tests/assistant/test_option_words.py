"""What a visitor answers to a question about his situation is taken for the option he means."""

from __future__ import annotations

import pytest

from assistant.spoken_words import chosen
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
