"""Facts that contradict each other, are out of date, or have neither a legal basis nor a local mark."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.checks.subject import Finding, Subject, bases
from knowledge.item import Condition, CrossRegion, ItemMaterial, Proxy, TimeLimit
from knowledge.numbers import amounts
from knowledge.source_lines import Loc

HOTLINES: frozenset[str] = frozenset((
    "110", "119", "120", "122", "11183", "11185", "12122", "12123", "12301", "12305", "12306", "12309", "12313",
    "12315", "12316", "12318", "12320", "12321", "12328", "12329", "12333", "12336", "12337", "12338", "12339", "12345",
    "12348", "12349", "12350", "12351", "12355", "12356", "12360", "12363", "12366", "12367", "12368", "12369", "12371",
    "12378", "12379", "12380", "12381", "12385", "12386", "12388", "12389", "12390", "12393", "12395", "95598",
))  # fmt: skip
"""Numbers that are the same in the whole country and therefore need no local mark."""

COMPLETE: tuple[str, ...] = (
    "kind", "life_event", "department", "levels", "summary", "conditions", "materials", "steps", "places", "online",
    "phones", "result", "proxy", "visits", "legal_basis", "faq", "cross_region", "effective_from",
)  # fmt: skip
"""Fields that a verified item fills, beside its time limit and fee."""


def laws_are_in_force(at: Subject) -> Iterator[Finding]:
    for loc, basis in bases(at.item) if at.in_force else ():
        law = at.handbook.laws.get(basis.law)
        if law is None:
            continue
        successor = at.handbook.laws.get(law.superseded_by or "")
        if law.expired_on and law.expired_on <= at.today:
            yield (*loc, "law"), f"{law.name} expired on {law.expired_on}"
        elif law.superseded_by and (successor is None or (successor.effective_from or at.today) <= at.today):
            yield (*loc, "law"), f"{law.name} is superseded by {law.superseded_by}"
        elif law.effective_from and law.effective_from > max(at.today, at.item.effective_from or at.today):
            yield (*loc, "law"), f"{law.name} is not in force before {law.effective_from}"


def dates_are_in_order(at: Subject) -> Iterator[Finding]:
    start, end = at.item.effective_from, at.item.effective_to
    if start and end and end < start:
        yield ("effective_to",), f"{end} is before effective_from {start}"
    checked = at.item.verified.checked_on
    if checked and checked > at.today:
        yield ("verified", "checked_on"), f"{checked} is still to come"


def fee_is_consistent(at: Subject) -> Iterator[Finding]:
    fee = at.item.fee
    for position, charge in enumerate(fee.charges):
        if fee.free and charge.yuan:
            yield (
                ("fee", "charges", position, "yuan"),
                f"{charge.name} costs {charge.yuan:g} yuan, yet the item is free",
            )
        if charge.yuan is None and not charge.note:
            yield ("fee", "charges", position), f"{charge.name} has neither `yuan` nor a `note` on how to learn it"
    if fee.free is False and not fee.charges and not fee.text:
        yield ("fee",), "not free, but no charge is given"


def time_limits_are_consistent(at: Subject) -> Iterator[Finding]:
    limits = at.item.time_limit
    statutory, promised = limits.statutory, limits.promised
    for name, limit in (("statutory", statutory), ("promised", promised)):
        if limit and limit.unit != "on_the_spot" and (limit.amount is None) != (limit.unit is None):
            yield ("time_limit", name), "`amount` and `unit` belong together"
    if not statutory or not promised:
        return
    longer = statutory.unit == promised.unit and (promised.amount or 0) > (statutory.amount or 0)
    if longer or (statutory.unit == "on_the_spot" and promised.unit not in (None, "on_the_spot")):
        yield ("time_limit", "promised"), f"promised {_days(promised)}, yet the law gives {_days(statutory)}"


def facts_are_marked(at: Subject) -> Iterator[Finding]:
    """A fee, limit, address or number is national with its basis, or carries a `local` mark."""
    fee, limits = at.item.fee, at.item.time_limit
    charged = any(charge.yuan is not None for charge in fee.charges)
    if (charged or fee.free) and not fee.basis and not fee.local:
        yield ("fee",), "has neither `basis` nor `local`"
    for name, limit in (("statutory", limits.statutory), ("promised", limits.promised)):
        if limit and (limit.amount is not None or limit.unit) and not limit.basis and not limit.local:
            yield ("time_limit", name), "has neither `basis` nor `local`"
    for position, place in enumerate(at.item.places):
        if (place.address or place.hours or place.phone) and not place.local:
            yield ("places", position), "has an address, hours or phone of its own and no `local`"


def conditions_are_marked(at: Subject) -> Iterator[Finding]:
    """A rule that states a number says where it comes from; a verified item says so for each condition and material."""
    item, verified = at.item, at.item.verified.status == "verified"
    rules: list[tuple[Loc, Condition | ItemMaterial | Proxy | CrossRegion, str, bool]] = [
        *((("conditions", n), one, one.text, verified) for n, one in enumerate(item.conditions)),
        *((("materials", n), one, one.note or "", verified) for n, one in enumerate(item.materials)),
    ]
    rules += [(("proxy",), item.proxy, item.proxy.text, False)] if item.proxy else []
    rules += [(("cross_region",), item.cross_region, item.cross_region.text, False)] if item.cross_region else []
    for loc, rule, text, always in rules:
        if rule.basis or rule.local:
            continue
        found = [amount.raw for amount in amounts(text) if amount.unit != "phone"]
        if found:
            yield loc, f"states {found[0]} and has neither `basis` nor `local`"
        elif always:
            yield loc, "has neither `basis` nor `local`, though the item is verified"


def phones_are_known(at: Subject) -> Iterator[Finding]:
    """Phone has no local mark, so it holds national hotlines, the hall's own, and those of the item's places."""
    named = [place.phone for place in at.item.places if place.phone]
    named += [
        place.phone for one in at.item.places if (place := at.handbook.places.get(one.place or "")) and place.phone
    ]
    known = HOTLINES | {at.handbook.hall.hotline, *named}
    for position, phone in enumerate(at.item.phones):
        if phone.number not in known:
            yield (
                ("phones", position, "number"),
                f"{phone.number} is no national hotline; a local number stands with its place, marked `local`",
            )


def verified_items_are_complete(at: Subject) -> Iterator[Finding]:
    item = at.item
    if item.verified.status != "verified":
        return
    for name in COMPLETE:
        if not getattr(item, name):
            yield ("verified",), f"verified, but {name} is missing"
    if item.fee.free is None and not item.fee.charges and not item.fee.text:
        yield ("verified",), "verified, but fee is missing"
    if not item.time_limit.statutory and not item.time_limit.promised:
        yield ("verified",), "verified, but time_limit is missing"
    for name in ("checked_on", "source"):
        if not getattr(item.verified, name):
            yield ("verified",), f"verified, but {name} is missing"


def _days(limit: TimeLimit) -> str:
    return f"{limit.amount} {limit.unit}" if limit.amount is not None else str(limit.unit)
