"""The invented world of one application: who applies, with whom they live, what they own, rent and run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from evals.specimens.people import TODAY, Company, Person, as_child_of, company, credit_code, person, words


@dataclass(frozen=True)
class Story:
    """Everything that the papers of one application may say; the same for the same seed."""

    seed: str
    today: date
    applicant: Person
    spouse: Person
    child: Person
    landlord: Person
    agent: Person
    company: Company
    employer: str
    employer_code: str
    item: str = "居住证申领"

    def rng(self, what: str) -> Random:
        return Random(f"{what}-{self.seed}")  # noqa: S311

    def days(self, number: int) -> str:
        return (self.today + timedelta(days=number)).isoformat()


def story(
    seed: int | str,
    *,
    age: int | None = None,
    minority: bool = False,
    ending: str | None = None,
    newborn: bool = False,
) -> Story:
    me = person(f"{seed}-me", age=age, minority=minority, ending=ending)
    other = person(f"{seed}-spouse", sex="女" if me.sex == "男" else "男", age=max(22, me.age(TODAY) - 2))
    rng = Random(f"story-{seed}")  # noqa: S311
    born = TODAY - timedelta(days=rng.randint(12, 40) if newborn else rng.randint(900, 4200))
    return Story(
        str(seed),
        TODAY,
        me,
        other,
        as_child_of(me if me.sex == "男" else other, seed, born),
        person(f"{seed}-landlord"),
        person(f"{seed}-agent"),
        company(seed, operator=me.name),
        rng.choice(words()["makers"]),
        credit_code(rng, "91"),
    )
