"""What one check says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from preapproval.case import Evidence, Outcome


@dataclass(frozen=True)
class CheckResult:
    """Four-valued. `values` fill the sentences of the rule: `{days}` in its texts is `values["days"]`."""

    outcome: Outcome
    detail: str = ""
    """Chinese, for the clerk: what was compared with what, or why it cannot be judged."""
    evidence: tuple[Evidence, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    ask: str = ""
    """What the applicant can do about a result that is undetermined; the usual sentence where there is nothing."""


def passed(detail: str = "", evidence: tuple[Evidence, ...] = ()) -> CheckResult:
    return CheckResult("pass", detail, evidence)


def failed(detail: str, evidence: tuple[Evidence, ...] = (), **values: Any) -> CheckResult:
    return CheckResult("fail", detail, evidence, values)


def undetermined(detail: str, evidence: tuple[Evidence, ...] = (), **values: Any) -> CheckResult:
    return CheckResult("undetermined", detail, evidence, values)


def not_applicable(detail: str = "") -> CheckResult:
    return CheckResult("not_applicable", detail)
