"""What a check template is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from preapproval.case import Value
from preapproval.facts import Facts
from preapproval.rules.result import CheckResult


@dataclass(frozen=True)
class Template:
    """One check. `run` takes the parameters, already validated, and the facts of the case."""

    name: str
    label: str
    """Chinese, as clerks choose it: 在有效期内."""
    parameters: type[Value]
    """Its path fields name facts; loading a rule set checks that they exist (`preapproval.rules.parameters`)."""
    run: Callable[[Facts, Any], CheckResult]
    manual: str
    fills: tuple[str, ...] = ()
    """Placeholders of a rule's sentences that it fills whenever it fails: `days` for {days}."""
    about_absence: bool = False
    """Whether it judges slots for which nothing was handed in; the others do not apply there."""
    judges_handwriting: bool = False
    """Whether its pass may rest on handwriting: print says the same, or it only asks whether something is written."""
    always_a_person: bool = False
    """Whether it never passes and never fails, so that a rule needs no passing and failing example."""


def template(
    module: str, manual: str | None, parameters: type[Value], run: Callable[[Facts, Any], CheckResult], **more: Any
) -> Template:
    """A template named for its module; the first line of the module's manual is its label."""
    lines = (manual or "").strip().splitlines()
    return Template(module.rpartition(".")[2], lines[0].rstrip("。"), parameters, run, "\n".join(lines), **more)
