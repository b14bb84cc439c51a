"""Chinese names of what an applicant types in, chooses and hands in: no sentence shows a variable."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.item import ServiceItem
from preapproval.facts import Called
from preapproval.rule_words import words


def called(item: ServiceItem, labels: Mapping[str, str]) -> Called:
    """`labels`: what the form calls a declared value. `item` must be resolved."""
    names = {f"declared.{name}": label for name, label in labels.items()}
    options: dict[str, dict[str, str]] = {}
    for line in item.materials:
        if line.name:
            names[line.material or line.name] = line.name
    for situation in item.situations:
        path = f"choices.{situation.id.replace('-', '_')}"
        names[path] = words()["choices"].get(situation.id) or situation.ask
        options.setdefault(path, {}).update({option.value: option.label for option in situation.options})
    return Called(names, options)
