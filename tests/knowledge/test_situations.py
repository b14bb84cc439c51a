"""Which question comes next, and that none is asked whose answer changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.item import ServiceItem
from knowledge.situations import (
    TooManyCombinations,
    all_choices,
    answered,
    holds,
    next_situation,
    open_situations,
    redirect,
    unknown_choices,
)


def _options(*values: str, **extra: dict[str, str]) -> list[dict[str, str]]:
    return [{"value": value, "label": value.upper(), **extra.get(value, {})} for value in values]


PASSPORT = ServiceItem.model_validate(
    {
        "id": "passport",
        "name": "护照",
        "situations": [
            {"id": "kind", "ask": "首次还是补办？", "options": _options("first", "lost", "renew")},
            {"id": "age", "ask": "几岁？", "options": _options("adult", "minor")},
            {
                "id": "guardian",
                "ask": "谁陪同？",
                "options": _options("parent", "other"),
                "when": {"age": ["minor"]},
            },
            {"id": "colour", "ask": "什么颜色？", "options": _options("red", "blue")},
        ],
        "materials": [
            {"name": "身份证"},
            {"name": "原护照", "required_when": {"kind": ["renew"]}},
            {"name": "监护人身份证", "required_when": {"age": ["minor"]}},
            {"name": "委托书", "required_when": {"guardian": ["other"], "kind": ["first"]}},
        ],
    }
)


@pytest.mark.parametrize(
    ("when", "choices", "expected"),
    [
        ({}, {}, True),
        ({"a": ("x",)}, {}, None),
        ({"a": ("x",)}, {"a": "x"}, True),
        ({"a": ("x",)}, {"a": "y"}, False),
        ({"a": ("x",), "b": ("z",)}, {"a": "x"}, None),
        ({"a": ("x",), "b": ("z",)}, {"a": "y"}, False),
    ],
)
def test_a_condition_holds_or_fails_or_waits(when, choices, expected):
    assert holds(when, choices) is expected


@pytest.mark.parametrize(
    ("choices", "asked"),
    [
        ({}, "kind"),
        ({"kind": "first"}, "age"),
        ({"kind": "first", "age": "adult"}, None),
        ({"kind": "first", "age": "minor"}, "guardian"),
        ({"kind": "lost", "age": "minor"}, None),
        ({"age": "minor"}, "kind"),
    ],
)
def test_a_visitor_is_asked_only_what_still_changes_the_list(choices, asked):
    situation = next_situation(PASSPORT, choices)
    assert (situation.id if situation else None) == asked


def test_an_answer_to_a_question_that_no_longer_arises_is_forgotten():
    assert answered(PASSPORT, {"age": "adult", "guardian": "other", "kind": "first"}) == {
        "kind": "first",
        "age": "adult",
    }


def test_open_questions_include_those_that_wait_for_another_answer():
    assert [s.id for s in open_situations(PASSPORT, {"kind": "first"})] == ["age", "guardian"]


def test_answers_that_the_item_does_not_know_are_named():
    assert unknown_choices(PASSPORT, {"kind": "stolen", "planet": "mars", "age": "adult"}) == ("kind", "planet")


def test_every_complete_set_of_answers_is_listed_once():
    found = all_choices(PASSPORT)
    assert len(found) == 3 * 2 * (1 + 2)
    assert {"kind": "lost", "age": "adult", "colour": "red"} in found
    assert not any("guardian" in one for one in found if one["age"] == "adult")


def test_two_lines_that_take_turns_are_no_reason_to_ask():
    item = ServiceItem.model_validate(
        {
            "id": "same",
            "name": "同样",
            "situations": [{"id": "side", "ask": "左还是右？", "options": _options("left", "right")}],
            "materials": [
                {"name": "照片", "required_when": {"side": ["left"]}},
                {"name": "照片", "required_when": {"side": ["right"]}},
            ],
        }
    )
    assert next_situation(item, {}) is None


REDIRECT = ServiceItem.model_validate(
    {
        "id": "apply",
        "name": "申领",
        "situations": [
            {
                "id": "held",
                "ask": "有没有证？",
                "options": _options("no", "yes", yes={"item": "endorse"}),
            },
            {"id": "who", "ask": "谁来？", "options": _options("self", "agent", agent={"notice": "可以代办"})},
        ],
    }
)


def test_an_answer_that_leads_to_another_item_ends_the_questions():
    assert redirect(REDIRECT, {"held": "yes"}) == "endorse"
    assert next_situation(REDIRECT, {"held": "yes"}) is None
    assert {"held": "yes"} in all_choices(REDIRECT)


def test_a_notice_is_reason_enough_to_ask():
    situation = next_situation(REDIRECT, {"held": "no"})
    assert situation is not None
    assert situation.id == "who"


def test_an_item_with_too_many_combinations_is_refused_by_name():
    item = ServiceItem.model_validate(
        {
            "id": "endless",
            "name": "无穷",
            "situations": [{"id": f"s{n}", "ask": "？", "options": _options("a", "b")} for n in range(13)],
        }
    )
    with pytest.raises(TooManyCombinations, match="endless"):
        all_choices(item)


@given(st.lists(st.sampled_from(["kind", "age", "guardian", "colour"]), unique=True), st.randoms(use_true_random=False))
def test_asking_in_turn_always_ends_and_leaves_nothing_open(start, random):
    values = {s.id: [o.value for o in s.options] for s in PASSPORT.situations}
    choices = {name: random.choice(values[name]) for name in start}
    for _ in PASSPORT.situations:
        situation = next_situation(PASSPORT, choices)
        if situation is None:
            break
        assert situation.id not in choices
        choices[situation.id] = random.choice(values[situation.id])
    assert next_situation(PASSPORT, choices) is None
    assert open_situations(PASSPORT, choices) == ()
