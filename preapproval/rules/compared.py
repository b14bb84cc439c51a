"""Two texts compared: match, differ, or unclear."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from preapproval.facts import Facts, Known
from preapproval.rules.result import CheckResult, passed, undetermined
from preapproval.rules.sought import doubtful, gather, handwritten, near, proof, ruled
from preapproval.rules.wording import name_path, say, shown

Same = Callable[[str, str], Literal["match", "differs", "unclear"]]


def judge(facts: Facts, a: str, b: str, same: Same) -> CheckResult:
    """What two paths hold, by `same`."""
    found = gather(facts, a, b)
    if isinstance(found, CheckResult):
        return found
    one, other = found
    return judge_values(facts, one, other, same)


def judge_values(facts: Facts, a: Known, b: Known, same: Same) -> CheckResult:
    """Handwriting that matches print passes; handwriting or one misread character never fails."""
    one, other = str(a.value), str(b.value)
    texts = {"a": shown(facts, a), "b": shown(facts, b)}
    said = {**texts, "a_name": name_path(facts, a.path), "b_name": name_path(facts, b.path)}
    if not one.strip() or not other.strip():
        return undetermined(say("compared.empty", **said), proof(a, b), **texts)
    answer = same(one, other)
    if answer == "match":
        both = all(handwritten(known) for known in (a, b))
        detail = say("compared.match", **said)
        return undetermined(detail + say("handwritten"), proof(a, b)) if both else passed(detail, proof(a, b))
    if answer == "unclear":
        return undetermined(say("compared.unclear", **said), proof(a, b), **texts)
    if near(one, other) and doubtful(a, b) and not handwritten(a, b):
        return undetermined(say("compared.near", **said), proof(a, b), **texts)
    return ruled(False, say("compared.differs", **said), a, b, **texts)
