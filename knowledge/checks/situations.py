"""Situations that mislead: questions that cannot arise or change nothing, conditions that cannot hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import permutations

from knowledge.checks.subject import Finding, Subject, bare, whens
from knowledge.item import ItemMaterial
from knowledge.situations import TooManyCombinations, all_choices, holds, matters, option_values, settle


def conditions_name_known_answers(at: Subject) -> Iterator[Finding]:
    options = option_values(at.item)
    for loc, when in whens(at.item):
        for name, values in when.items():
            if name not in options:
                yield (*loc, name), f"{name} is no situation of this item"
                continue
            for value in values:
                if value not in options[name]:
                    yield (*loc, name), f"{value} is no option of situation {name}"


def names_are_used_once(at: Subject) -> Iterator[Finding]:
    """Two situations of one id, two options of one value, or one word that means two options."""
    ids = Counter(situation.id for situation in at.item.situations)
    for first, situation in enumerate(at.item.situations):
        if ids[situation.id] > 1:
            yield ("situations", first, "id"), f"{situation.id} is the id of two situations"
        meant: dict[str, str] = {}
        for second, option in enumerate(situation.options):
            loc = ("situations", first, "options", second)
            if [one.value for one in situation.options].count(option.value) > 1:
                yield (*loc, "value"), f"{option.value} is the value of two options"
            for word in (option.label, *option.says):
                other = meant.setdefault(bare(word), option.value)
                if other != option.value:
                    yield (*loc, "says"), f"{word} means both {other} and {option.value}"


def questions_can_be_enumerated(at: Subject) -> Iterator[Finding]:
    try:
        all_choices(at.whole)
    except TooManyCombinations as error:
        yield ("situations",), str(error)


def questions_arise(at: Subject) -> Iterator[Finding]:
    combinations = _combinations(at)
    asked = {name for choices in combinations for name in choices}
    for position, situation in enumerate(at.whole.situations):
        if combinations and situation.id not in asked:
            yield ("situations", position), f"{situation.id} is never asked: its `when` cannot hold"


def answers_change_something(at: Subject) -> Iterator[Finding]:
    asked = {name for choices in _combinations(at) for name in choices}
    for position, situation in enumerate(at.whole.situations):
        if situation.id in asked and not matters(at.whole, situation, {}):
            yield ("situations", position), f"no answer to {situation.id} changes the checklist"


def conditions_can_hold(at: Subject) -> Iterator[Finding]:
    combinations = [settle(at.whole, choices) for choices in _combinations(at)]
    for loc, when in whens(at.whole):
        if loc[0] != "situations" and combinations and not any(holds(when, choices) for choices in combinations):
            yield loc, "this can never hold"


def lines_are_not_repeated(at: Subject) -> Iterator[Finding]:
    """A material is asked a second time, with the same note, in every case in which this line applies."""
    combinations = [settle(at.item, choices) for choices in _combinations(at)]
    for (first, one), (second, other) in permutations(enumerate(at.item.materials), 2):
        later = first > second or not _repeats(other, one, combinations)
        if later and _repeats(one, other, combinations):
            name = one.material or one.name
            yield ("materials", first), f"{name} is asked already by materials[{second}] whenever this line applies"


def lines_ask_for_something(at: Subject) -> Iterator[Finding]:
    """A line asks for an original or a copy, and an alternative has another beside it."""
    groups = Counter(line.one_of for line in at.item.materials)
    for position, line in enumerate(at.item.materials):
        if not line.original and not line.copies and not line.shared:
            yield ("materials", position), "asks for no original and no copy"
        if line.one_of and groups[line.one_of] == 1:
            yield ("materials", position, "one_of"), f"{line.one_of} has no other line to choose"


def _repeats(one: ItemMaterial, other: ItemMaterial, combinations: list[dict[str, str]]) -> bool:
    """Whether `other` asks for the material of `one` whenever `one` does. An alternative of another group does not."""
    same = (one.material or one.name, one.note) == (other.material or other.name, other.note)
    if not same or other.one_of not in (None, one.one_of):
        return False
    together = [holds(other.required_when, choices) for choices in combinations if holds(one.required_when, choices)]
    return bool(together) and all(together)


def _combinations(at: Subject) -> tuple[dict[str, str], ...]:
    """All complete answers; none where the situations are wrong in a way that another check reports."""
    options = option_values(at.whole)
    sound = all(set(values) <= options.get(name, set()) for _, when in whens(at.whole) for name, values in when.items())
    try:
        return all_choices(at.whole) if sound else ()
    except TooManyCombinations:
        return ()
