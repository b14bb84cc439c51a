"""Which question to ask next about a visitor's situation (情形), and when nothing more need be asked."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping

from knowledge.item import ServiceItem, Situation, When

Choices = Mapping[str, str]
"""Situation id -> option value."""

NOT_ASKED = ""
"""Stands in settled choices for a situation that does not arise; no option has this value."""
MOST_COMBINATIONS = 4096


class TooManyCombinations(ValueError):
    """An item whose situations multiply beyond what can be enumerated."""

    def __init__(self, item: ServiceItem, limit: int) -> None:
        super().__init__(f"{item.id}: its situations have more than {limit} combinations of answers")


def holds(when: When, choices: Choices) -> bool | None:
    """Whether a condition holds; None while an answer that could decide it is missing."""
    known = [choices[name] in values for name, values in when.items() if name in choices]
    if not all(known):
        return False
    return True if len(known) == len(when) else None


def option_values(item: ServiceItem) -> dict[str, set[str]]:
    """Situation id -> the values that answer it."""
    values: dict[str, set[str]] = {}
    for situation in item.situations:
        values.setdefault(situation.id, set()).update(option.value for option in situation.options)
    return values


def settle(item: ServiceItem, choices: Choices) -> dict[str, str]:
    """`choices` without answers that do not count here, and with NOT_ASKED for situations that do not arise."""
    options = option_values(item)
    settled = {name: value for name, value in choices.items() if value in options.get(name, ())}
    for _ in item.situations:
        gone = [s.id for s in item.situations if settled.get(s.id) != NOT_ASKED and holds(s.when, settled) is False]
        if not gone:
            break
        settled.update(dict.fromkeys(gone, NOT_ASKED))
    return settled


def unknown_choices(item: ServiceItem, choices: Choices) -> tuple[str, ...]:
    """Names in `choices` that are no situation of the item, or whose value is none of its options."""
    options = option_values(item)
    return tuple(name for name, value in choices.items() if value not in options.get(name, ()))


def answered(item: ServiceItem, choices: Choices) -> dict[str, str]:
    """The answers in `choices` that count, in the order of the item's situations."""
    settled = settle(item, choices)
    return {s.id: settled[s.id] for s in item.situations if settled.get(s.id, NOT_ASKED) != NOT_ASKED}


def redirect(item: ServiceItem, choices: Choices) -> str | None:
    """The item that an answer leads to instead of this one."""
    given = answered(item, choices)
    for situation in item.situations:
        for option in situation.options:
            if option.item and given.get(situation.id) == option.value:
                return option.item
    return None


def all_choices(
    item: ServiceItem, choices: Choices | None = None, limit: int = MOST_COMBINATIONS
) -> tuple[dict[str, str], ...]:
    """Every complete set of answers that a visitor can give, beginning with `choices`. Raises TooManyCombinations."""
    found: list[dict[str, str]] = []
    for complete in _complete(item, dict(choices or {})):
        if len(found) == limit:
            raise TooManyCombinations(item, limit)
        found.append(complete)
    return tuple(found)


def next_situation(item: ServiceItem, choices: Choices) -> Situation | None:
    """The first open question whose answer can still change what the visitor gets."""
    if redirect(item, choices):
        return None
    return next((s for s in item.situations if _may_ask(item, s, choices) and matters(item, s, choices)), None)


def open_situations(item: ServiceItem, choices: Choices) -> tuple[Situation, ...]:
    """All questions still open, those that wait for another answer included."""
    if redirect(item, choices):
        return ()
    settled = settle(item, choices)
    return tuple(s for s in item.situations if s.id not in settled and matters(item, s, choices))


def matters(item: ServiceItem, situation: Situation, choices: Choices) -> bool:
    """Whether two answers to `situation` can lead to different outcomes, given `choices`."""
    if any(option.notice or option.item for option in situation.options):
        return True
    item, parts = _around(item, situation)
    results = [
        {
            tuple((name, value) for name, value in complete.items() if name != situation.id): outcome(
                item, complete, parts
            )
            for complete in all_choices(item, {**choices, situation.id: option.value})
        }
        for option in situation.options
    ]
    first = results[0]
    return any(
        set(other.values()) != set(first.values())
        or any(first[key] != other[key] for key in first.keys() & other.keys())
        for other in results[1:]
    )


def changing_parts(item: ServiceItem) -> tuple[tuple[When, str], ...]:
    """Conditions of lines, charges, 申请条件 and notices, each with what it brings; what always holds is left out."""
    return (
        *((m.required_when, m.model_dump_json(exclude={"required_when"})) for m in item.materials if m.required_when),
        *((c.when, c.model_dump_json(exclude={"when"})) for c in item.fee.charges if c.when),
        *((c.when, c.text) for c in item.conditions if c.when),
        *(({s.id: (o.value,)}, o.notice) for s in item.situations for o in s.options if o.notice),
    )


def outcome(item: ServiceItem, choices: Choices, parts: Iterable[tuple[When, str]]) -> Hashable:
    """What complete `choices` lead to: another item, or those of `parts` that apply."""
    settled = settle(item, choices)
    return redirect(item, choices) or frozenset(brought for when, brought in parts if holds(when, settled))


def _around(item: ServiceItem, situation: Situation) -> tuple[ServiceItem, list[tuple[When, str]]]:
    """The parts that `situation` can decide, and the item with only the situations that have a say in them."""
    decided = _closure({situation.id}, ((s.id, s.when.keys()) for s in item.situations))
    parts = [(when, brought) for when, brought in changing_parts(item) if when.keys() & decided]
    asked = {situation.id}.union(decided, *(when.keys() for when, _ in parts))
    while more := {name for s in item.situations if s.id in asked for name in s.when} - asked:
        asked |= more
    return item.model_copy(update={"situations": tuple(s for s in item.situations if s.id in asked)}), parts


def _closure(names: set[str], needs: Iterable[tuple[str, Iterable[str]]]) -> set[str]:
    """`names`, and every name that needs one of them, directly or through others."""
    edges = [(name, set(needed)) for name, needed in needs]
    while more := {name for name, needed in edges if needed & names} - names:
        names = names | more
    return names


def _may_ask(item: ServiceItem, situation: Situation, choices: Choices) -> bool:
    settled = settle(item, choices)
    return situation.id not in settled and holds(situation.when, settled) is True


def _complete(item: ServiceItem, choices: dict[str, str]) -> Iterator[dict[str, str]]:
    given = answered(item, choices)
    asking = None if redirect(item, choices) else next((s for s in item.situations if _may_ask(item, s, choices)), None)
    if asking is None:
        yield given
        return
    for option in asking.options:
        yield from _complete(item, {**choices, asking.id: option.value})
