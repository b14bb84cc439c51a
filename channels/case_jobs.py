"""The work behind cases: pre-reviews one after the other, timers that the law sets, and what may no longer be kept."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from channels.case_reviews import CaseReviews
from preapproval.audit_chain import export_anchors, set_anchor
from preapproval.case_erasure import CaseErasure
from preapproval.case_moves import CaseMoves
from preapproval.case_rows import CaseRow, NoSuchCase, StaleVersion
from preapproval.case_sealed import CaseSeals
from preapproval.case_store import CaseStore
from preapproval.case_turns import BEAT_S, TRIES, CaseTurns
from preapproval.file_vault import FileVault
from preapproval.sign_off import BEFORE_ACCEPTANCE, STATES, Event, NotAllowed
from preapproval.sign_off_guards import SYSTEM, Act, State

LOOK_EVERY_S = 5.0
"""How long a case that another process took in may wait to be noticed here."""
ROUND_EVERY_S = 600.0
"""Timers and erasure."""
MOST = 100_000
"""Open cases of a hall, far above what there are."""
PAPERS_MAY_BE_DUE: frozenset[State] = frozenset(STATES) - {"draft", "withdrawn", "archived", "delivered"}
ANCHORS = "audit-anchors.jsonl"
"""In the data folder, to be copied elsewhere: against it a cut audit shows."""

logger = logging.getLogger(__name__)


class CaseJobs:
    """Any number of processes may run these: what one has done another finds done."""

    def __init__(
        self,
        store: CaseStore,
        moves: CaseMoves,
        turns: CaseTurns,
        reviews: CaseReviews,
        erasure: CaseErasure,
        vault: FileVault,
        data_dir: Path,
        issue_missing: Callable[[CaseRow], object] = lambda _row: None,
    ) -> None:
        """`issue_missing` draws papers that fell due and are not there: time passed, or drawing failed."""
        self.store, self.moves, self.turns, self.reviews = store, moves, turns, reviews
        self.erasure, self.vault = erasure, vault
        self.issue_missing = issue_missing
        self.ledger, self.anchors = store.keeping.ledger, data_dir / ANCHORS
        self._wake, self._closed = threading.Event(), threading.Event()
        self._working: set[str] = set()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Takes up again what a process that ended left behind."""
        for work in (self._review_loop, self._beat_loop, self._round_loop):
            thread = threading.Thread(target=work, daemon=True, name=work.__name__.strip("_"))
            thread.start()
            self._threads.append(thread)

    def wake(self) -> None:
        """A case was handed in."""
        self._wake.set()

    def close(self) -> None:
        """The review in hand is taken up again at the next start, or by another process."""
        self._closed.set()
        self._wake.set()
        for case_id in tuple(self._working):
            try:
                self.turns.release(case_id)
            except SQLAlchemyError:
                logger.warning("case %s could not be let go of; it is taken up when its lease is over", case_id)

    def _review_loop(self) -> None:
        while not self._closed.is_set():
            self._wake.clear()
            self._take_over()
            try:
                waiting = self.turns.waiting()
                done = [self._review(case) for case in waiting if not self._closed.is_set()]
            except SQLAlchemyError:
                logger.exception("cases that wait for their pre-review could not be listed")
                done = []
            if not any(done):
                self._wake.wait(LOOK_EVERY_S)

    def _review(self, case: CaseRow) -> bool:
        """Whether anything was done. A case that cannot be reviewed goes to a person after some tries."""
        if not self.turns.take(case.id):
            return False  # another process has it
        self._working.add(case.id)
        try:
            return self._taken(case)
        except Exception:
            logger.exception("case %s could not be taken up; tried again later", case.id)
            return False
        finally:
            self._working.discard(case.id)

    def _taken(self, case: CaseRow) -> bool:
        try:
            if self.turns.tries(case.id) >= TRIES:
                self._move(case, "hand_to_clerk")
                self.turns.finish(case.id)
                return True
            self._move(case, "start_review")
        except (StaleVersion, NotAllowed, NoSuchCase):
            self.turns.release(case.id)
            return False  # another process was faster
        try:
            self.reviews.review(case.id)
            self.turns.finish(case.id)
        except Exception:
            if not self._closed.is_set():
                logger.exception("the pre-review of case %s failed", case.id)
                self._fail(case.id)
        return True

    def _fail(self, case_id: str) -> None:
        """The next try waits for its time; nobody sleeps for it."""
        try:
            if self.turns.holds(case_id):
                self._move(self.store.get(case_id), "fail_review")
                self.turns.fail(case_id)
        except (StaleVersion, NotAllowed, NoSuchCase, SQLAlchemyError):
            logger.warning("case %s could not be marked as failed; it is taken up again later", case_id)

    def _move(self, case: CaseRow, event: Event) -> CaseRow:
        return self.moves.act(case.id, case.version, event, Act(SYSTEM)).case

    def _take_over(self) -> None:
        """Cases whose process is gone: killed, or away for longer than its lease."""
        try:
            left = [case for case in self.turns.abandoned() if case.id not in self._working]
        except SQLAlchemyError:
            logger.exception("cases that were left behind could not be listed; tried again later")
            return
        for case in left:
            try:
                self._move(case, "requeue")
            except Exception:
                logger.warning("case %s could not be taken up again", case.id, exc_info=True)

    def _beat_loop(self) -> None:
        """Signs of life for what is in hand, so that no other process takes it over."""
        while not self._closed.wait(BEAT_S):
            try:
                if in_hand := tuple(self._working):
                    self.turns.renew(in_hand)
            except SQLAlchemyError:
                logger.warning("the lease of cases in hand could not be renewed; tried again", exc_info=True)

    def _listed(self, states: Collection[State]) -> tuple[CaseRow, ...]:
        """All of them: a timer that looks at some only would let the law's days pass for the others."""
        try:
            return self.store.queue(states, limit=MOST)
        except SQLAlchemyError:
            logger.exception("cases could not be listed; tried again later")
            return ()

    def _round_loop(self) -> None:
        while not self._closed.is_set():
            self._each({*BEFORE_ACCEPTANCE, "accepted_with_gap"}, lambda case: self.moves.let_time_pass((case,)))
            self._each(PAPERS_MAY_BE_DUE, self.issue_missing)
            try:
                self._tidy()
            except Exception:
                logger.exception("erasure of cases failed; tried again later")
            self._closed.wait(ROUND_EVERY_S)

    def _each(self, states: Collection[State], act: Callable[[CaseRow], object]) -> None:
        """A case that fails, of an item whose rules cannot be read, keeps no other one from its turn."""
        for case in self._listed(states):
            try:
                act(case)
            except Exception:
                logger.exception("timers or papers of case %s failed; tried again later", case.id)

    def _tidy(self) -> None:
        """What may no longer be kept goes; the day's end of the audit is written down beside the database."""
        self.erasure.erase_due()
        self.erasure.forget_taken_back()
        self.vault.drop_drafts()
        for case_id, ref in self.vault.orphans(CaseSeals(self.ledger, self.vault).named_files()):
            self.vault.delete(case_id, ref)
        set_anchor(self.ledger)
        export_anchors(self.ledger, self.anchors)
