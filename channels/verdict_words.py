"""A verdict in words: its headline, and all of it for a terminal."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from preapproval.case import Finding, Verdict, VerdictKind


@cache
def _words() -> dict[str, Any]:
    return yaml.safe_load((files("channels") / "verdict_words.yaml").read_text("utf-8"))


def headline(kind: VerdictKind) -> str:
    """One sentence for the applicant."""
    return _words()["headlines"][kind]


def as_text(verdict: Verdict) -> str:
    said = _words()
    lines = [f"{verdict.item_name}：{headline(verdict.verdict)}", ""]
    lines += [line for finding in verdict.findings for line in _finding(finding, verdict)]
    counts = {"passed": len(verdict.checks_passed), "other": len(verdict.checks_not_applicable)}
    lines += ["", said["counts"].format(**counts, version=verdict.ruleset.version, seconds=verdict.took_ms / 1000)]
    return "\n".join(lines)


def _finding(finding: Finding, verdict: Verdict) -> list[str]:
    said = _words()
    mark = said["marks"][f"{finding.status}.{finding.severity}"]
    names = {file.file: file.name for file in verdict.files}
    places = dict.fromkeys(f"{names.get(one.file, one.file[:8])}#{one.page}" for one in finding.evidence)
    where = f"  [{'、'.join(places)}]" if places else ""
    basis = f"  {said['basis']}{finding.basis}" if finding.basis else ""
    return [f"{mark} {finding.title}：{finding.citizen_text}", f"    {finding.detail}{where}{basis}"]
