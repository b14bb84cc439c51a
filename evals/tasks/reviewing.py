"""The pre-review of whole applications: kinds, fields, planted faults found, and nothing else complained of.

One row gives a case for the application, one for each paper, and one for each value that stands on it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from itertools import groupby

from evals.asking import Asker
from evals.case import Case
from evals.sample import BadRow, ReviewRow
from evals.specimens.application import Application, File, application
from evals.specimens.degrade import DEGRADATIONS
from evals.specimens.faults import FAULTS, Expected, expected
from evals.specimens.plan import applications
from evals.specimens.specimen import Label
from preapproval.case import FieldValue, Finding, Verdict
from preapproval.kinds import load_kinds

CLEAN = "clean"
NUMBERS = ("amount", "number")


def judge(asker: Asker, row: ReviewRow) -> Iterator[Case]:
    """Raises BadRow."""
    made = made_of(row)
    if row.item not in asker.desk.items:
        raise BadRow(f"{row.id}: the handbook has no item {row.item}")
    yield from cases_of(row, made, asker.desk.review(made, say_slots=row.slots))


def made_of(row: ReviewRow) -> Application:
    """Raises BadRow where there is no such application."""
    told = {
        "item": (row.item, applications()),
        "fault": (row.fault, FAULTS),
        "degradation": (row.degradation, DEGRADATIONS),
    }
    for what, (name, known) in told.items():
        if name is not None and name not in known:
            raise BadRow(f"{row.id}: applications have no {what} {name}")
    made = application(row.item, row.seed, fault=row.fault, degradation=row.degradation)
    if made is None:
        raise BadRow(f"{row.id}: {row.item} cannot have the fault {row.fault}")
    return made


def cases_of(row: ReviewRow, made: Application, verdict: Verdict) -> Iterator[Case]:
    """The application first, then its papers, each before its values."""
    yield _application(row, made, verdict)
    if row.fault is None:
        yield _determined(row, verdict)
    for number, (_, files) in enumerate(groupby(made.files, key=lambda file: file.paper)):
        yield from _paper(row, f"{row.id}-p{number}", list(files), verdict)


# the application -----------------------------------------------------------------------------------------------


def _application(row: ReviewRow, made: Application, verdict: Verdict) -> Case:
    wanted = expected().get(row.fault or "")
    seen = [finding for finding in verdict.findings if finding.status == "fail" and finding.severity != "hint"]
    if wanted and wanted.expect == "found":
        found = any(_about(finding, wanted, made) for finding in verdict.findings)
        marks = {"fault_found": found, "not_let_through": verdict.verdict != "ready"}
        counts = {"said": int(found), "lacking": int(not found)}
    else:
        alarms = [finding for finding in seen if wanted is None or _matches(finding.rule, wanted.rules)]
        marks = {"no_false_alarm": not alarms, "not_sent_back": verdict.verdict != "correct_first"}
        counts = {"strange": len(alarms)}
    return Case(
        row.id,
        row.fault or CLEAN,
        f"{verdict.item_name} · {wanted.label if wanted else CLEAN}",
        "to_correct" if wanted and wanted.expect == "found" else CLEAN,
        verdict.verdict,
        marks,
        row.degradation or "as_rendered",
        row.item,
        missed=tuple(f"{one.rule}:{one.slot or ''} {one.status} {one.detail}" for one in verdict.findings),
        counts=counts,
        verdict=verdict.verdict,
        took_ms=verdict.took_ms,
    )


def _about(finding: Finding, wanted: Expected, made: Application) -> bool:
    """Whether a finding speaks of the fault: by one of its rules, and not of a line whose paper is as it should be.

    What compares two papers may stand at either of them, and shows both.
    """
    slots = {None, *(file.slot for file in made.files if file.faulty)}
    if not (finding.status in wanted.statuses and _matches(finding.rule, wanted.rules)):
        return False
    faulty = {file.sha256 for file in made.files if file.faulty}
    return finding.slot in slots or bool(faulty & {one.file for one in finding.evidence})


def _matches(rule: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch(rule, pattern) for pattern in patterns)


def _determined(row: ReviewRow, verdict: Verdict) -> Case:
    """Whether anything was left to a person, of an application without a fault."""
    left = tuple(
        f"{one.rule}:{one.slot or ''} {one.detail}" for one in verdict.findings if one.status == "undetermined"
    )
    marks = {"determined": not left}
    kind = row.degradation or "as_rendered"
    return Case(f"{row.id}-left", "left_to_a_person", verdict.item_name, "0", str(len(left)), marks, kind, missed=left)


# its papers ----------------------------------------------------------------------------------------------------


def _paper(row: ReviewRow, name: str, files: list[File], verdict: Verdict) -> Iterator[Case]:
    kind, how = files[0].kind, row.degradation or ("as_rendered" if row.fault is None else row.fault)
    digests = {file.sha256 for file in files}
    papers = [one for one in verdict.materials if {page.file for page in one.pages} & digests]
    came = sorted({one.kind for one in papers}) or ["nothing"]
    yield Case(name, kind, files[0].slot, kind, "+".join(came), {"kind": came == [kind]}, how)
    read = [field for one in papers for field in one.fields if field.page.file in digests]
    for field, label in _printed(kind, files):
        yield _field(f"{name}-{field}", kind, how, field, label, read)


def _printed(kind: str, files: Sequence[File]) -> Iterator[tuple[str, Label]]:
    """Each value of the kind's fields, once, wherever on the paper it stands."""
    known = {field.name for one in load_kinds().values() if one.id == kind for field in one.fields}
    seen: set[str] = set()
    for file in files:
        for page in file.pages:
            for field, label in page.fields.items():
                if field.partition(".")[0] in known and field not in seen:
                    seen.add(field)
                    yield field, label


def _field(name: str, kind: str, how: str, field: str, label: Label, read: Sequence[FieldValue]) -> Case:
    values = [one.value for one in read if one.name == field.partition(".")[0]]
    right = any(same(kind, field.partition(".")[0], value, label.value) for value in values)
    mark = "handwritten_field" if label.hand else "field"
    marks = {mark: right}
    if not label.hand:
        marks["not_misread"] = right or not values
    return Case(name, kind, field, label.value, " | ".join(values), marks, how)


def same(kind: str, field: str, value: str, truth: str) -> bool:
    """Numbers as numbers, all else character by character but for width and blanks."""
    if load_kinds()[kind].field(field).type in NUMBERS:
        try:
            return abs(float(value) - float(truth)) < 0.005
        except ValueError:
            return False
    return _plain(value) == _plain(truth)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
