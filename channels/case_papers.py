"""Papers that fall due with what happened to a case: drawn, kept and issued; or shown as a draft."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime

from channels.case_parts import CaseParts
from channels.errors import Problem
from channels.paper_values import About, paper_values
from channels.staff import AccountRefused, Accounts
from preapproval.case_due import DECIDED, papers_due
from preapproval.case_notices import Drawn, Issued
from preapproval.case_rows import CaseRow
from preapproval.decisions import DecisionRefused
from preapproval.notice import Notice, NoticeRefused, is_sample, make_notice
from preapproval.notice_docx import as_docx
from preapproval.notice_html import as_html
from preapproval.notice_pdf import as_pdf
from preapproval.notice_words import notice_words, paper_number
from preapproval.sign_off import Row
from preapproval.sign_off_guards import SYSTEM, Actor

logger = logging.getLogger(__name__)


def issue_papers(
    parts: CaseParts, row: CaseRow, moved_row: Row, actor: Actor, officer_name: str, reason: str = ""
) -> tuple[Issued, ...]:
    """Every paper that an event asks for, `row` being the case after it. Never undoes the event: a paper that cannot
    be drawn is logged, and left to `issue_missing`.
    """
    kinds = (kind for kind in moved_row.effects if kind != "new_round")
    decision = DECIDED.get(moved_row.event)
    return _all(parts, row, [(actor, About(kind, officer_name, reason, decision)) for kind in kinds])


def issue_missing(parts: CaseParts, row: CaseRow) -> tuple[Issued, ...]:
    """What the events of the present round ask for and nobody has issued yet, in the name of whose event it was."""
    if row.erased_at is not None:
        return ()
    there = {one.kind for one in parts.notices.of(row.id) if one.round == row.round}
    due = [one for one in papers_due(parts.keeping, row) if one.kind not in there]
    named = {one.actor: _name(parts, one.actor) for one in due}
    return _all(
        parts, row, [(SYSTEM, About(one.kind, named[one.actor], one.reason, DECIDED.get(one.event))) for one in due]
    )


def preview(parts: CaseParts, row: CaseRow, kind: str, officer: str) -> str:
    """A paper as it would be issued now, marked 草稿, as HTML. Raises Problem(404), DecisionRefused."""
    reason = notice_words()["draft_reason"]
    proposed = "not_granted" if row.proposed == "refuse" else "granted"
    decision = "ended" if row.state in ("gap_passed", "correction_requested") else proposed
    today = parts.keeping.clock.day(parts.keeping.ledger.now())
    values = paper_values(parts, row, About(kind, officer, reason, decision))
    if kind == "decision_notice" and decision == "granted":
        values = values.model_copy(update={"reason": ""})
    number = (
        paper_number(kind, today.year, None, parts.product.settings.authority_code)
        if kind in notice_words()["titles"]
        else ""
    )
    try:
        return as_html(make_notice(kind, values, number, today, "draft"))
    except NoticeRefused as refused:
        if refused.code == "unknown_notice":
            raise Problem(404, "no_notice") from refused
        raise DecisionRefused(refused.code) from refused


def _all(parts: CaseParts, row: CaseRow, wanted: list[tuple[Actor, About]]) -> tuple[Issued, ...]:
    issued: list[Issued] = []
    for actor, about in wanted:
        try:
            issued.append(_issue(parts, row, actor, about))
        except Exception:
            logger.exception("the paper %s of case %s could not be issued; it is tried again", about.kind, row.id)
    return tuple(issued)


def _issue(parts: CaseParts, row: CaseRow, actor: Actor, about: About) -> Issued:
    """All or nothing: what was put into the vault goes again where the paper was not entered."""
    values = paper_values(parts, row, about)

    def discard(drawn: Drawn) -> None:
        for ref in drawn.refs.values():
            parts.file_vault.delete(row.id, ref)

    def draw(year: int, running: int, at: datetime) -> Drawn:
        number = paper_number(about.kind, year, running, parts.product.settings.authority_code)
        notice = make_notice(
            about.kind, values, number, parts.keeping.clock.day(at), "sample" if is_sample(values) else ""
        )
        drawn = Drawn(number, notice.sha256, refs := {}, files := {})
        try:
            for suffix, data in drawn_files(notice).items():
                refs[suffix] = parts.file_vault.put(row.id, data)
                files[suffix] = hashlib.sha256(data).hexdigest()
        except Exception:
            discard(drawn)
            raise
        return drawn

    return parts.notices.issue(actor, row.id, about.kind, draw, discard)


def drawn_files(notice: Notice) -> dict[str, bytes]:
    """Suffix -> file: the same bytes for the same paper."""
    return {"html": as_html(notice).encode(), "docx": as_docx(notice), "pdf": as_pdf(notice)}


def _name(parts: CaseParts, actor: str) -> str:
    """Of an officer; empty for applicants, the machine, and accounts that are gone."""
    try:
        return Accounts(parts.keeping.ledger.engine).find(actor).name
    except AccountRefused:
        return ""
