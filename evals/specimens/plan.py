"""What will be handed in for an item, as data: the world, and paper by paper what stands on it and how it was taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from evals.specimens.papers import id_card, values_of
from evals.specimens.people import Person
from evals.specimens.render import sides
from evals.specimens.story import Story, story


@dataclass(frozen=True)
class Paper:
    """One material. `taken` says how it became files: pictures, scan, text_pdf, one_page."""

    slot: str
    kind: str
    values: Mapping[str, str]
    sides: tuple[str, ...]
    taken: str = "pictures"
    of: str = "applicant"
    leave_out: frozenset[str] = frozenset()
    spoiled: tuple[tuple[str, float], ...] = ()
    """Degradations with their strengths, in order."""

    def saying(self, **values: str) -> Paper:
        return replace(self, values={**self.values, **values})


@dataclass(frozen=True)
class Plan:
    """One application before anything is drawn."""

    item: str
    seed: str
    story: Story
    choices: Mapping[str, str]
    papers: tuple[Paper, ...]
    terms: Mapping[str, Any] = field(default_factory=dict)
    """The entry of the item in applications.yaml."""

    def with_papers(self, change: Callable[[Paper], Paper], chosen: Callable[[Paper], bool]) -> Plan | None:
        """The same with the chosen papers changed; None where there is none."""
        if not any(chosen(paper) for paper in self.papers):
            return None
        return replace(self, papers=tuple(change(one) if chosen(one) else one for one in self.papers))


@cache
def applications() -> dict[str, Any]:
    """Item -> what is handed in for it."""
    return yaml.safe_load((files("evals.specimens") / "applications.yaml").read_text("utf-8"))["applications"]


def plan(
    item: str,
    seed: int | str,
    *,
    age: int | None = None,
    minority: bool = False,
    ending: str | None = None,
) -> Plan:
    """A clean application for `item`. Raises KeyError for an item without one."""
    terms = applications()[item]
    world = story(
        f"{item}-{seed}",
        age=age if age is not None else terms.get("age"),
        minority=minority,
        ending=ending,
        newborn=item.startswith("birth"),
    )
    papers = tuple(_paper(row, terms, world) for row in terms["papers"])
    return Plan(item, str(seed), world, terms["choices"], papers, terms)


def _paper(row: Mapping[str, Any], terms: Mapping[str, Any], world: Story) -> Paper:
    kind, of = row["kind"], row.get("of", "applicant")
    return Paper(row["slot"], kind, _values(row, terms, world), sides(kind), row.get("as", "pictures"), of)


def _values(row: Mapping[str, Any], terms: Mapping[str, Any], world: Story) -> dict[str, str]:
    kind = row["kind"]
    if kind == "unknown":
        return {
            "title": row["title"],
            "body": row["body"],
            "first": world.landlord.name,
            "second": world.applicant.name,
            "signed_on": world.days(-9),
        }
    if kind == "id-card":
        return id_card(_person(row.get("of", "applicant"), world), world)
    values = values_of(kind, world)
    if kind == "application-form":
        values |= {"title": terms["form"], "item": terms["does"]}
        values |= {"address": world.company.address} if terms.get("business") else {"company": ""}
    if kind == "power-of-attorney":
        values |= {"matter": terms["does"]}
    if row.get("place") == "shop":
        values |= {"address": world.company.address}
    return values | row.get("says", {})


def _person(of: str, world: Story) -> Person:
    people = {"applicant": world.applicant, "agent": world.agent, "spouse": world.spouse, "child": world.child}
    return {**people, "landlord": world.landlord}[of]


def declared_of(made: Plan) -> dict[str, str | float | bool]:
    """What the applicant declares beside the papers: the item's `declared`, its text filled from the world."""
    company, child = made.story.company, made.story.child
    values = {
        "company": company.name,
        "premises": company.address,
        "bank_card": made.story.applicant.bank_card,
        "newborn": child.name,
        "born_on": child.birth.isoformat(),
    }
    rows = made.terms.get("declared", {})
    return {name: value.format_map(values) if isinstance(value, str) else value for name, value in rows.items()}
