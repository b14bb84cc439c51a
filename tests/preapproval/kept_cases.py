"""A hall on a database of its own: a clock that stands where a test sets it, invented people, verdicts by hand."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from preapproval.case import Applicant, Checked, Evidence, Finding, HandedIn, RulesetRef, Verdict
from preapproval.case_claims import CaseClaims
from preapproval.case_desk import CaseDesk
from preapproval.case_erasure import CaseErasure
from preapproval.case_files import CaseFiles, StoredFile
from preapproval.case_moves import CaseMoves
from preapproval.case_notices import CaseNotices
from preapproval.case_rows import CaseRow, Keeping
from preapproval.case_runs import CaseRuns
from preapproval.case_store import CaseStore, Form, NewCase
from preapproval.deadlines import Clock, ItemTerms
from preapproval.decisions import Added, Decision
from preapproval.file_vault import FileVault
from preapproval.ledger import Ledger
from preapproval.sign_off import Event
from preapproval.sign_off_guards import SYSTEM, Act, Actor
from preapproval.vault import Vault
from preapproval.working_days import load_working_days

APPLICANT = Actor("applicant", frozenset({"applicant"}))
CLERK = Actor("clerk-1", frozenset({"clerk"}))
SECOND = Actor("clerk-2", frozenset({"clerk"}))
SENIOR = Actor("senior-1", frozenset({"senior"}))
MIGHTY = Actor("mighty", frozenset({"clerk", "senior", "admin"}))
NAME, NUMBER, PHONE = "王样本", "11010519491231002X", "13900001111"
FORM = Form(Applicant(name=NAME, number=NUMBER, phone=PHONE), {"months": 12}, {"situation": "lease"})
MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
RULES = RulesetRef(version="2026-03-01-0123456789ab", sha256="e" * 64)


def handed_in(name: str, slot: str | None = None) -> StoredFile:
    """A file whose content is its name."""
    digest = sha256(name.encode()).hexdigest()
    return StoredFile(HandedIn(name=f"{name}.jpg", sha256=digest, size=len(name), slot=slot), "image/jpeg", digest[:32])


def found(rule: str, *files: str, status: Any = "fail", slot: str | None = "lease") -> Finding:
    evidence = tuple(Evidence(file=handed_in(one).file.sha256) for one in files)
    return Finding(
        rule=rule, version=RULES.version, status=status, severity="must", title="样本", detail="样本", basis="样本",
        citizen_text=f"请更正：{rule}", action="重新提交", slot=slot, evidence=evidence,
    )  # fmt: skip


def verdict(*findings: Finding, passed: tuple[str, ...] = ("age",), item: str = "residence-permit") -> Verdict:
    return Verdict(
        verdict="correct_first" if findings else "ready", item=item, item_name="样本", findings=findings,
        checks_passed=tuple(Checked(rule=rule, title="样本") for rule in passed), checks_not_applicable=(),
        materials=(), fields=(), quality=(), files=(), ruleset=RULES, engine={"ocr": "scripted"},
        reviewed_on=date(2026, 3, 2), took_ms=1,
    )  # fmt: skip


@dataclass
class Hall:
    engine: sa.Engine
    folder: Path
    at: datetime = MONDAY
    terms: ItemTerms = ItemTerms()  # noqa: RUF009
    blind_share: float = 0.0

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.engine, lambda: self.at)
        self.vault = Vault(self.folder / "keys")
        self.bytes = FileVault(self.folder / "cases", self.vault)
        self.keeping = Keeping(
            self.ledger, self.vault, Clock(load_working_days(), UTC), lambda _item: self.terms,
            blind_share=self.blind_share,
        )  # fmt: skip
        self.store, self.files = CaseStore(self.keeping), CaseFiles(self.keeping)
        self.moves, self.desk = CaseMoves(self.keeping), CaseDesk(self.keeping)
        self.runs, self.claims = CaseRuns(self.keeping), CaseClaims(self.keeping)
        self.notices, self.erasure = CaseNotices(self.keeping), CaseErasure(self.keeping, self.bytes)

    def later(self, **passed: float) -> None:
        self.at += timedelta(**passed)

    def begin(self, *names: str, item: str = "residence-permit", **more: Any) -> CaseRow:
        """A draft with files; `lease-2` is handed in for `lease`."""
        case = self.store.begin(APPLICANT, NewCase(item, "样本区政务服务中心", FORM, **more))
        return self.hand_in(case, *(names or ("lease", "card")))

    def hand_in(self, case: CaseRow, *names: str, actor: Actor = APPLICANT) -> CaseRow:
        for name in names:
            case = self.files.add(actor, case.id, case.version, handed_in(name, name.partition("-")[0])).case
        return case

    def submit(self, case: CaseRow, token: str = "once") -> CaseRow:
        return self.moves.submit(case.id, case.version, APPLICANT, f"{token}-{case.version}").case

    def reviewed(self, case: CaseRow, result: Verdict | None = None) -> CaseRow:
        """From handed in to a clerk's desk."""
        case = self.act(case, "start_review", SYSTEM)
        return self.runs.save(self.runs.input(case.id), result or verdict()).case

    def on_the_desk(self, result: Verdict | None = None, *names: str, **more: Any) -> CaseRow:
        return self.reviewed(self.submit(self.begin(*names, **more)), result)

    def act(self, case: CaseRow, event: Event, actor: Actor, reason: str = "", **more: Any) -> CaseRow:
        return self.moves.act(case.id, case.version, event, Act(actor, reason, **more)).case

    def decide(self, case: CaseRow, finding: str, kind: Any = "accept", actor: Actor = CLERK, **more: Any) -> CaseRow:
        said = Decision(finding=finding, kind=kind, by=actor.id, at=self.at, **more)
        return self.desk.decide(actor, case.id, case.version, said)

    def granted(self, case: CaseRow) -> CaseRow:
        """From a clerk's desk to a grant, by two persons."""
        for event in ("draft_acceptance", "sign_acceptance", "start_examination", "propose_grant"):
            case = self.act(case, event, CLERK)
        return self.act(case, "grant", SENIOR)


def own_finding(title: str = "缺签字", rule: str = "added", slot: str | None = "application-form") -> Added:
    return Added(
        id="new", title=title, citizen_text="请在末页签字。", action="签字", by="x", at=MONDAY, rule=rule, slot=slot
    )  # fmt: skip


def another(hall: Hall) -> Hall:
    """A second server on the same database."""
    return replace(hall)
