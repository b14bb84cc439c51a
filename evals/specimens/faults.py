"""Faults planted in a clean application, one each. A fault that an item cannot have gives None.

What is expected of the review for each stands in faults.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

from evals.specimens.people import broken, old_id_number, person, words
from evals.specimens.plan import Paper, Plan, plan
from evals.specimens.written import FOREVER

Plant = Callable[[Plan], Plan | None]


@dataclass(frozen=True)
class Expected:
    """What the review is to say of a fault. `found`: one of `rules` (patterns) with one of `statuses`.

    `harmless`: no finding of `rules` may fail.
    """

    label: str
    expect: Literal["found", "harmless"]
    rules: tuple[str, ...]
    statuses: tuple[str, ...] = ("fail", "undetermined")


@cache
def expected() -> dict[str, Expected]:
    """Fault -> what is expected, in the order of faults.yaml."""
    rows = yaml.safe_load((files("evals.specimens") / "faults.yaml").read_text("utf-8"))["faults"]
    return {
        name: Expected(
            row["label"], row["expect"], tuple(row["rules"]), tuple(row.get("statuses", ("fail", "undetermined")))
        )
        for name, row in rows.items()
    }


def planted(item: str, seed: int | str, fault: str | None = None) -> Plan | None:
    """A plan with the fault in it; None where the item cannot have it. Raises KeyError for an unknown item or fault."""
    if fault is None:
        return plan(item, seed)
    return FAULTS[fault](plan(item, seed))


def items_with(fault: str, items: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(item for item in items if planted(item, 0, fault) is not None)


def _kind(kind: str, of: str = "applicant") -> Callable[[Paper], bool]:
    return lambda paper: paper.kind == kind and paper.of == of


def _saying(kind: str, make: Callable[[Plan], dict[str, str]]) -> Plant:
    return lambda clean: clean.with_papers(lambda paper: paper.saying(**make(clean)), _kind(kind))


def id_expired(clean: Plan) -> Plan | None:
    """Three days ago. To renew an expired card is what it is for, so there it is no fault."""
    if clean.item == "id-card-renewal":
        return None
    end = clean.story.today - timedelta(days=3)
    begun = date(end.year - 10, end.month, end.day)
    return _saying("id-card", lambda _: {"valid_from": begun.isoformat(), "valid_until": end.isoformat()})(clean)


def back_missing(clean: Plan) -> Plan | None:
    return clean.with_papers(lambda paper: replace(paper, sides=("front",), taken="pictures"), _kind("id-card"))


def _another_tenant(clean: Plan) -> dict[str, str]:
    other = person(f"{clean.seed}-other-tenant")
    return {"tenant": other.name, "tenant_number": other.number, "tenant_phone": other.phone}


def _ends_soon(clean: Plan) -> dict[str, str]:
    end = clean.story.today + timedelta(days=20)
    begun = date(end.year - 1, end.month, end.day) + timedelta(days=1)
    return {"start": begun.isoformat(), "end": end.isoformat(), "signed_on": (begun - timedelta(days=2)).isoformat()}


def lease_address(clean: Plan) -> Plan | None:
    """One house number further."""
    return clean.with_papers(lambda paper: paper.saying(address=next_door(paper.values["address"])), _kind("lease"))


def next_door(address: str) -> str:
    return re.sub(r"(\d+)号", lambda found: f"{int(found[1]) + 1}号", address, count=1)


def licence_code(clean: Plan) -> Plan | None:
    return clean.with_papers(
        lambda paper: paper.saying(credit_code=broken(paper.values["credit_code"])), _kind("business-licence")
    )


def _another_member(clean: Plan) -> dict[str, str]:
    other = person(f"{clean.seed}-other-member")
    return {
        "head": other.name,
        "address": other.address,
        "member_name": other.name,
        "number": other.number,
        "birth": other.birth.isoformat(),
        "sex": other.sex,
    }


def seal_missing(clean: Plan) -> Plan | None:
    sealed = (
        "business-licence",
        "labour-contract",
        "household-register",
        "food-safety-rules",
        "disability-certificate",
    )
    return clean.with_papers(_without("seal"), lambda paper: paper.kind in sealed)


def photo_no_face(clean: Plan) -> Plan | None:
    return clean.with_papers(_without("face"), _kind("photo"))


def unsigned(clean: Plan) -> Plan | None:
    return clean.with_papers(_without("signature"), _kind("application-form"))


def _without(what: str) -> Callable[[Paper], Paper]:
    return lambda paper: replace(paper, leave_out=paper.leave_out | {what})


def _spoiled(name: str, strength: float) -> Callable[[Paper], Paper]:
    return lambda paper: replace(paper, taken="pictures", spoiled=((name, strength),))


def upside_down(clean: Plan) -> Plan | None:
    return clean.with_papers(_spoiled("turn180", 1), lambda paper: paper.kind != "photo")


def motion_blurred(clean: Plan) -> Plan | None:
    return clean.with_papers(_spoiled("motion_blur", 2.2), _kind("id-card"))


def under_age(clean: Plan) -> Plan | None:
    age = clean.terms.get("under_age")
    return plan(clean.item, clean.seed, age=age) if age else None


def old_number(clean: Plan) -> Plan | None:
    """A power of attorney or a lease that still shows the 15 digits of before 1999."""
    lease = clean.with_papers(
        lambda paper: paper.saying(tenant_number=old_id_number(paper.values["tenant_number"])), _kind("lease")
    )
    return lease or clean.with_papers(
        lambda paper: paper.saying(principal_number=old_id_number(paper.values["principal_number"])),
        _kind("power-of-attorney"),
    )


FAULTS: dict[str, Plant] = {
    "id-expired": id_expired,
    "back-missing": back_missing,
    "tenant-other": _saying("lease", _another_tenant),
    "lease-ends-soon": _saying("lease", _ends_soon),
    "lease-address": lease_address,
    "licence-code-wrong": licence_code,
    "register-other": _saying("household-register", _another_member),
    "scope-without-food": _saying("business-licence", lambda _: {"scope": words()["without_food"]}),
    "seal-missing": seal_missing,
    "photo-no-face": photo_no_face,
    "upside-down": upside_down,
    "motion-blurred": motion_blurred,
    "unsigned": unsigned,
    "under-age": under_age,
    "valid-forever": _saying("id-card", lambda _: {"valid_until": FOREVER}),
    "minority-name": lambda clean: plan(clean.item, clean.seed, minority=True),
    "x-number": lambda clean: plan(clean.item, clean.seed, ending="X"),
    "old-number": old_number,
}
"""Name -> how it is planted. The seventeen of the demonstration, the last (15 digits or X) in its two forms."""
