"""Builds everything around cases, by hand, in order: keys, files, tables, reader, rules, and the work behind."""

from __future__ import annotations

from dataclasses import dataclass, replace

from channels.case_jobs import CaseJobs
from channels.case_reviews import CaseReviews
from channels.keeping import open_files, open_keeping, open_vault
from channels.reading_parts import open_reader, open_reviewer
from channels.wiring import Product
from knowledge.catalogue import CatalogueMaterial
from knowledge.item import ServiceItem, TimeLimit
from preapproval.case_claims import CaseClaims
from preapproval.case_desk import CaseDesk
from preapproval.case_erasure import CaseErasure
from preapproval.case_files import CaseFiles
from preapproval.case_moves import CaseMoves
from preapproval.case_notices import CaseNotices
from preapproval.case_rows import Keeping
from preapproval.case_runs import CaseRuns
from preapproval.case_store import CaseStore
from preapproval.case_turns import CaseTurns
from preapproval.deadlines import DECIDE_DAYS, ItemTerms
from preapproval.file_vault import FileVault
from preapproval.ledger import Ledger
from preapproval.reading.reader import FileReader
from preapproval.review import Reviewer
from preapproval.rule_figures import demoted_in
from preapproval.ruleset_store import RulesetVersions
from preapproval.vault import Vault


@dataclass(frozen=True)
class CaseParts:
    """What the edge needs of cases."""

    product: Product
    vault: Vault
    file_vault: FileVault
    keeping: Keeping
    store: CaseStore
    files: CaseFiles
    moves: CaseMoves
    runs: CaseRuns
    desk: CaseDesk
    claims: CaseClaims
    notices: CaseNotices
    erasure: CaseErasure
    versions: RulesetVersions
    reader: FileReader
    reviewer: Reviewer
    reviews: CaseReviews
    jobs: CaseJobs

    def item(self, item_id: str) -> ServiceItem | None:
        return self.product.live.current().library.items.get(item_id)

    def close(self) -> None:
        self.jobs.close()
        self.reader.close()


def open_cases(product: Product) -> CaseParts:
    """Raises KeyMissing where the keys of a data folder are gone."""
    settings = product.settings
    vault = open_vault(settings)
    file_vault = open_files(settings, vault)
    ledger = Ledger(product.knowledge.engine)
    versions = RulesetVersions(product.knowledge.engine)
    reviewer = open_reviewer(
        settings,
        lambda: _materials(product),
        versions.in_force,
        demoted=lambda version: demoted_in(ledger, version),
    )
    terms = _Terms(product, reviewer)
    keeping = replace(open_keeping(settings, product.knowledge.engine, vault), terms=terms)
    files, moves, runs = CaseFiles(keeping), CaseMoves(keeping), CaseRuns(keeping)
    store, erasure = CaseStore(keeping), CaseErasure(keeping, file_vault, settings.draft_days)
    reader = open_reader(settings)
    reviews = CaseReviews(product, files, runs, file_vault, reader, reviewer)
    jobs = CaseJobs(store, moves, CaseTurns(keeping), reviews, erasure, file_vault, settings.data_dir)
    return CaseParts(
        product, vault, file_vault, keeping, store, files, moves, runs, CaseDesk(keeping), CaseClaims(keeping),
        CaseNotices(keeping), erasure, versions, reader, reviewer, reviews, jobs,
    )  # fmt: skip


def _materials(product: Product) -> dict[str, CatalogueMaterial]:
    return {material.id: material for material in product.live.current().library.hall.materials}


@dataclass(frozen=True)
class _Terms:
    """What an item promises: its time limit, and what may follow after acceptance."""

    product: Product
    reviewer: Reviewer

    def __call__(self, item_id: str) -> ItemTerms:
        keep_days = self.product.settings.case_days
        item = self.product.live.current().library.items.get(item_id)
        if item is None:
            return ItemTerms(keep_days=keep_days)
        slots = self.reviewer.rulesets(item, self.reviewer.today()).slots
        return ItemTerms(
            decide_days=min(_working_days(item.time_limit.promised), _working_days(item.time_limit.statutory)),
            may_follow=frozenset(key for key, terms in slots.items() if terms.may_follow),
            keep_days=keep_days,
        )


def _working_days(limit: TimeLimit | None) -> int:
    """Of a limit that is told in working days; any other leaves what the law gives."""
    if limit is not None and limit.unit == "on_the_spot":
        return 1
    known = limit is not None and limit.unit == "working_day" and limit.amount
    return limit.amount if limit and known and limit.amount else DECIDE_DAYS
