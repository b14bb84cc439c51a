"""What a new submission round changed: fixed, remaining, new; and what is new though it could be seen before.

行政许可法 §32: the authority tells once, and all of it. What an earlier round showed may not be asked for later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from preapproval.case import Finding


@dataclass(frozen=True)
class Round:
    """One submission round."""

    number: int
    files: Mapping[str, str | None]
    """SHA-256 -> the requirement for which it was handed in."""
    told: tuple[Finding, ...] = ()
    """What the notice of this round asked for."""


@dataclass(frozen=True)
class Difference:
    finding: Finding
    standing: Literal["fixed", "remaining", "new"]
    seen_before: bool = False
    """New, and about nothing that changed: it could have been told before."""


def differences(
    earlier: Sequence[Round], now: Mapping[str, str | None], findings: Sequence[Finding]
) -> tuple[Difference, ...]:
    """`now` are the files of the present round. Fixed ones come first, then remaining, then new; nothing is fixed or
    remaining but what was told.
    """
    told = {finding.key: finding for one in earlier for finding in one.told}
    found = {finding.key for finding in findings}
    last = {finding.key for finding in earlier[-1].told} if earlier else set()
    fixed = [Difference(told[key], "fixed") for key in told if key in last and key not in found]
    remaining = [Difference(one, "remaining") for one in findings if one.key in told]
    new = [
        Difference(one, "new", any(past.told for past in earlier) and could_be_seen(one, earlier, now))
        for one in findings
        if one.key not in told
    ]
    return (*fixed, *remaining, *new)


def could_be_seen(finding: Finding, earlier: Sequence[Round], now: Mapping[str, str | None]) -> bool:
    """Whether an earlier round held everything that the finding rests on.

    With evidence, those files. Without, the files of its requirement, none among them; and without a requirement
    nothing new is known that could excuse the authority.
    """
    shown = {one.file for one in finding.evidence}
    if shown:
        return any(shown <= set(one.files) for one in earlier)
    if finding.slot is None:
        return True
    return any(_of(one.files, finding.slot) == _of(now, finding.slot) for one in earlier)


def _of(files: Mapping[str, str | None], slot: str) -> set[str]:
    return {sha256 for sha256, named in files.items() if named == slot}
