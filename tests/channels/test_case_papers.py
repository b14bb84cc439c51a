"""Papers of real cases: drawn with each event, once, also where drawing failed before; shown as drafts at the desk."""

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from case_pages import NAME, NUMBER, id_front
from fastapi.testclient import TestClient
from hall_settings import door_settings
from test_cases import HALL, Visitor

from channels.app import create_app
from channels.case_papers import issue_missing, issue_papers, preview
from channels.case_parts import CaseParts
from channels.errors import Problem
from preapproval.case_notices import Issued
from preapproval.case_rows import CaseRow
from preapproval.decisions import Decision, DecisionRefused
from preapproval.sign_off import TRANSITIONS, Event
from preapproval.sign_off_guards import Act, Actor

CLERK = Actor("clerk-1", frozenset({"clerk"}))
SENIOR = Actor("senior-1", frozenset({"senior"}))
OFFICER = "李样本"


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory, ingest: Any) -> Iterator[TestClient]:
    given = door_settings(tmp_path_factory.mktemp("papers"))
    ingest(given, HALL)
    with TestClient(create_app(given), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def parts(door: TestClient) -> CaseParts:
    return door.app.state.cases  # type: ignore[attr-defined]


@pytest.fixture
def visitor(door: TestClient) -> Visitor:
    """Whose case is on the desk, with the identity card alone."""
    found = Visitor(door)
    found.hand_in(id_front(), slot="id-card")
    found.submit()
    return found


def row_of(parts: CaseParts, visitor: Visitor) -> CaseRow:
    return parts.store.get(visitor.id)


def decided(parts: CaseParts, visitor: Visitor, kind: Any = "accept", **more: Any) -> CaseRow:
    """Every finding decided alike."""
    row = row_of(parts, visitor)
    for key, finding in parts.desk.look(row).findings.items():
        if finding.status == "undetermined":
            parts.desk.open_finding(CLERK, row.id, key)
        said = Decision(finding=key, kind=kind, by=CLERK.id, at=row.created_at, **more)
        row = parts.desk.decide(CLERK, row.id, row.version, said)
    return row


def act(
    parts: CaseParts, row: CaseRow, event: Event, actor: Actor = CLERK, *, issue: bool = True, **more: Any
) -> tuple[CaseRow, tuple[Issued, ...]]:
    moved = parts.moves.act(row.id, row.version, event, Act(actor, **more))
    assert moved.row is not None
    issued = issue_papers(parts, moved.case, moved.row, actor, OFFICER, more.get("reason", "")) if issue else ()
    return moved.case, issued


def text_of(visitor: Visitor, one: Issued) -> str:
    shown = visitor.ask("GET", f"/notices/{one.id}.html")
    assert shown.status_code == 200
    return re.sub(r"<[^>]*>|\s", "", shown.text.partition("</head>")[2])


def kinds(parts: CaseParts, visitor: Visitor) -> list[str]:
    return [one.kind for one in parts.notices.of(visitor.id)]


def test_whoever_hands_in_gets_a_receipt(parts: CaseParts, visitor: Visitor):
    row = row_of(parts, visitor)
    (receipt,) = [*parts.notices.of(row.id)] or issue_missing(parts, row)
    said = text_of(visitor, receipt)
    for needed in ("收件凭证", NAME, row.number or "-", "前告知您是否受理", "系统自动登记"):
        assert needed in said, needed
    assert NUMBER not in said
    assert "320411********7537" in said


def test_a_correction_asks_for_everything_that_stands_and_opens_in_three_formats(parts: CaseParts, visitor: Visitor):
    row = decided(parts, visitor)
    standing = parts.desk.look(row).standing
    row, (paper,) = act(parts, row, "request_correction")
    said = text_of(visitor, paper)
    assert paper.kind == "correction_notice"
    assert f"（共{len([one for one in standing if one.severity != 'hint'])}项）" in said
    assert len(standing) > 2
    for one in standing:
        assert re.sub(r"\s", "", one.action) in said
    due = next(one.due for one in parts.moves.deadlines(row.id) if one.kind == "correct")
    assert f"请在{due.year}年{due.month}月{due.day}日前补正" in said
    assert OFFICER in said
    assert visitor.ask("GET", f"/notices/{paper.id}.pdf").content.startswith(b"%PDF")
    assert visitor.ask("GET", f"/notices/{paper.id}.docx").content.startswith(b"PK")


def test_what_is_asked_for_twice_is_issued_once(parts: CaseParts, visitor: Visitor):
    row, (first,) = act(parts, decided(parts, visitor), "request_correction")
    issue_missing(parts, row)
    assert issue_missing(parts, row) == ()
    assert [one for one in parts.notices.of(row.id) if one.kind == "correction_notice"] == [first]


def test_a_paper_that_could_not_be_drawn_is_drawn_later_and_leaves_no_files(
    parts: CaseParts, visitor: Visitor, caplog: pytest.LogCaptureFixture
):
    row = decided(parts, visitor)
    issue_missing(parts, row)
    folder = parts.file_vault.folder / row.id
    before = set(folder.iterdir())
    mode = folder.stat().st_mode
    folder.rename(folder.with_name("aside"))
    folder.write_text("nothing can be stored here")
    try:
        with caplog.at_level(logging.CRITICAL):
            moved, issued = act(parts, row, "request_correction")
    finally:
        folder.unlink()
        folder.with_name("aside").rename(folder)
    assert issued == ()
    assert (moved.state, folder.stat().st_mode) == ("correction_requested", mode)
    assert set(folder.iterdir()) == before
    assert "correction_notice" not in kinds(parts, visitor)
    (paper,) = issue_missing(parts, moved)
    assert paper.kind == "correction_notice"
    assert "需要补正的内容" in text_of(visitor, paper)


def test_numbers_of_papers_have_no_gap_where_drawing_failed(parts: CaseParts, visitor: Visitor):
    def running(one: Issued) -> int:
        return int(re.findall(r"\d+", one.number)[-1])

    row = decided(parts, visitor)
    issue_missing(parts, row)
    moved = parts.moves.act(row.id, row.version, "draft_refusal", Act(CLERK, reason="不属于本机关职权范围")).case
    last = max(running(one) for one in parts.notices.of(row.id))
    moved, _ = act(parts, moved, "sign_refusal", SENIOR, issue=False, reason="不属于本机关职权范围")
    signed = next(row for row in TRANSITIONS if row.event == "sign_refusal")
    assert issue_papers(parts, moved, signed, SENIOR, OFFICER, "") == (), "a refusal without a reason is not drawn"
    (paper,) = issue_missing(parts, moved)
    assert running(paper) == last + 1
    said = text_of(visitor, paper)
    for needed in ("不予受理通知书", "不属于本机关职权范围", "六十日内", "六个月内"):
        assert needed in said, needed


def test_from_acceptance_to_delivery_every_paper_is_there(parts: CaseParts, visitor: Visitor):
    row = decided(parts, visitor, "dismiss", reason="material_is_right")
    issue_missing(parts, row)
    for event in ("draft_acceptance", "sign_acceptance", "start_examination"):
        row, _ = act(parts, row, event)
    row, (longer,) = act(parts, row, "extend", SENIOR, reason="需要核实住址")
    row, _ = act(parts, row, "propose_grant")
    row, (granted,) = act(parts, row, "grant", SENIOR)
    row, _ = act(parts, row, "close")
    row, (delivered,) = act(parts, row, "deliver")
    assert kinds(parts, visitor) == [
        "receipt", "acceptance_notice", "extension_notice", "decision_notice", "delivery_receipt",
    ]  # fmt: skip
    assert "需要核实住址" in text_of(visitor, longer)
    assert "准予" in text_of(visitor, granted)
    listed = text_of(visitor, delivered)
    for one in parts.notices.of(row.id)[:-1]:
        assert one.number in listed


def test_a_draft_is_marked_and_leaves_nothing_behind(parts: CaseParts, visitor: Visitor):
    row = decided(parts, visitor)
    issue_missing(parts, row)
    before = (kinds(parts, visitor), set((parts.file_vault.folder / row.id).iterdir()))
    for kind in ("correction_notice", "acceptance_notice", "refusal_notice", "decision_notice", "extension_notice"):
        said = preview(parts, row, kind, OFFICER)
        assert "草稿" in said
        assert "〕　号" in said
    assert (kinds(parts, visitor), set((parts.file_vault.folder / row.id).iterdir())) == before


def test_a_draft_of_nothing_is_refused(parts: CaseParts, visitor: Visitor):
    row = decided(parts, visitor, "dismiss", reason="material_is_right")
    with pytest.raises(DecisionRefused) as refused:
        preview(parts, row, "correction_notice", OFFICER)
    assert refused.value.code == "something_to_correct"
    with pytest.raises(Problem):
        preview(parts, row, "letter", OFFICER)


def test_a_correction_of_the_next_round_is_a_paper_of_its_own(parts: CaseParts, visitor: Visitor):
    row, (first,) = act(parts, decided(parts, visitor), "request_correction")
    visitor.hand_in(id_front() + b" ", "身份证2.png", "id-card")
    visitor.submit()
    issue_missing(parts, row_of(parts, visitor))
    row, (second,) = act(parts, decided(parts, visitor), "request_correction")
    assert row.round == 2
    assert first.number != second.number
    assert "第2次提交" in text_of(visitor, next(one for one in parts.notices.of(row.id)[::-1] if one.kind == "receipt"))
