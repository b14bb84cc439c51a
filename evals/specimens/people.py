"""People, companies and their numbers: invented, with check digits that hold and a region code that no place has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

import yaml

from knowledge.check_digits import valid_credit_code, valid_id_number, valid_luhn

REGION = "320499"
"""No district has this code: 3204 is the city, 99 nothing."""
PHONE_START = ("154", "164", "194")
"""Number ranges given to nobody."""
CARD_START = "6299990"
TODAY = date(2026, 6, 1)
"""The day on which applications are handed in."""


@dataclass(frozen=True)
class Person:
    name: str
    sex: str
    ethnicity: str
    birth: date
    address: str
    number: str
    phone: str
    bank_card: str
    bank: str

    def age(self, on: date) -> int:
        return on.year - self.birth.year - ((on.month, on.day) < (self.birth.month, self.birth.day))


@dataclass(frozen=True)
class Company:
    name: str
    credit_code: str
    type: str
    operator: str
    address: str
    scope: str
    registered_on: date
    capital: str


@cache
def words() -> dict[str, Any]:
    return yaml.safe_load((files("evals.specimens") / "people.yaml").read_text("utf-8"))


def person(
    seed: int | str,
    *,
    sex: str | None = None,
    age: int | None = None,
    minority: bool = False,
    ending: str | None = None,
) -> Person:
    """The same person for the same seed. `ending` X gives a number whose check character is X."""
    rng = Random(f"person-{seed}")  # noqa: S311
    listed = words()
    sex = str(sex or rng.choice("男女"))
    ethnicity = rng.choice(listed["ethnicities"])
    name = rng.choice(listed["surnames"]) + rng.choice(listed["men" if sex == "男" else "women"])
    if minority:
        one = rng.choice(listed["minority"])
        name, sex, ethnicity = str(one["name"]), str(one["sex"]), str(one["ethnicity"])
    years = age if age is not None else rng.randint(24, 58)
    birth = _years_before(TODAY, years) - timedelta(days=rng.randint(20, 340))
    return Person(
        name,
        sex,
        ethnicity,
        birth,
        home(rng),
        id_number(birth, sex, rng, ending),
        phone(rng),
        bank_card(rng),
        rng.choice(listed["banks"]),
    )


def company(seed: int | str, *, operator: str) -> Company:
    """An individual business; its scope holds 食品销售."""
    rng = Random(f"company-{seed}")  # noqa: S311
    listed = words()
    trade = rng.choice(listed["trades"])
    return Company(
        f"新北区{rng.choice(listed['towns'])[:2]}{rng.choice(listed['shops'])}{trade['word']}",
        credit_code(rng),
        "个体工商户",
        operator,
        shop(rng),
        trade["scope"],
        TODAY - timedelta(days=rng.randint(200, 2400)),
        str(rng.choice((3, 5, 8, 10, 20)) * 10000),
    )


def as_child_of(parent: Person, seed: int | str, born: date) -> Person:
    """A child at the parent's address with the parent's surname."""
    rng = Random(f"child-{seed}")  # noqa: S311
    child = person(f"{seed}-child")
    surname = parent.name[:2] if parent.name[:2] in ("欧阳", "诸葛") else parent.name[:1]
    given = rng.choice(words()["men" if child.sex == "男" else "women"])
    number = id_number(born, child.sex, rng)
    return replace(child, name=surname + given, birth=born, number=number, address=parent.address)


def home(rng: Random) -> str:
    listed = words()
    house = f"{rng.choice(listed['roads'])}{rng.randint(2, 288)}号"
    flat = f"{rng.choice(listed['estates'])}{rng.randint(1, 36)}幢{rng.choice('甲乙') if rng.random() < 0.3 else ''}"
    unit = f"{rng.randint(1, 4)}单元" if rng.random() < 0.5 else ""
    return f"江苏省常州市新北区{house}{flat.rstrip('甲乙')}{unit}{rng.randint(1, 18)}0{rng.randint(1, 4)}室"


def shop(rng: Random) -> str:
    listed = words()
    house = f"{rng.choice(listed['roads'])}{rng.randint(2, 288)}号"
    return f"江苏省常州市新北区{house}{rng.randint(1, 9)}0{rng.randint(1, 9)}铺"


def id_number(birth: date, sex: str, rng: Random, ending: str | None = None) -> str:
    """18 characters that prove themselves. `ending` X, or 0 to 9."""
    while True:
        order = rng.randint(10, 99) * 10 + rng.choice((1, 3, 5, 7, 9) if sex == "男" else (0, 2, 4, 6, 8))
        start = f"{REGION}{birth:%Y%m%d}{order:03}"
        number = next(start + last for last in "0123456789X" if valid_id_number(start + last))
        if ending is None or number.endswith(ending):
            return number


def old_id_number(number: str) -> str:
    """The 15 digits that it was before 1999: two digits of the year, no check character."""
    return number[:6] + number[8:17]


def credit_code(rng: Random, kind: str = "92") -> str:
    """92: an individual business, 91: a company; MA: registered after 2015."""
    body = "".join(rng.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(7))
    start = f"{kind}{REGION}MA{body}"
    return next(start + last for last in "0123456789ABCDEFGHJKLMNPQRTUWXY" if valid_credit_code(start + last))


def broken(number: str) -> str:
    """The same number with a check character that is wrong."""
    return number[:-1] + ("2" if number[-1] == "1" else "1")


def phone(rng: Random) -> str:
    return rng.choice(PHONE_START) + "".join(rng.choice("0123456789") for _ in range(8))


def bank_card(rng: Random) -> str:
    start = CARD_START + "".join(rng.choice("0123456789") for _ in range(11))
    return next(start + last for last in "0123456789" if valid_luhn(start + last))


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28))
