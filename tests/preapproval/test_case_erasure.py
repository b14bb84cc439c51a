"""Papers are numbered without gaps, and what is personal goes when its time is over."""

from typing import Any

import pytest
from kept_cases import APPLICANT, CLERK, FORM, MONDAY, NAME, NUMBER, SENIOR, Hall, found, verdict

from preapproval.audit_chain import verify_chain
from preapproval.case_erasure import KeptByOrder
from preapproval.case_notices import Drawn
from preapproval.case_rows import CaseRow, NoSuchCase
from preapproval.case_store import Form, NewCase
from preapproval.rule_figures import rule_figures

TENANT = found("tenant", "lease")


# papers --------------------------------------------------------------------------------------------------------


def test_a_paper_gets_the_next_number_once(hall: Hall):
    case = hall.act(hall.decide(hall.on_the_desk(verdict(TENANT)), "tenant:lease"), "request_correction", CLERK)

    def draw(year: int, number: int, _at: Any) -> Drawn:
        return Drawn(f"样政补〔{year}〕{number}号", "a" * 64, {"pdf": "b" * 32})

    first = hall.notices.issue(CLERK, case.id, "correction", draw)
    assert first.number == "样政补〔2026〕1号"
    assert hall.notices.issue(CLERK, case.id, "correction", draw) == first

    def jam(_year: int, _number: int, _at: Any) -> Drawn:
        raise OSError("no space left")

    with pytest.raises(OSError, match="space"):
        hall.notices.issue(CLERK, case.id, "receipt", jam)
    assert hall.notices.issue(CLERK, case.id, "receipt", draw).number == "样政补〔2026〕2号"  # no number was lost
    hall.notices.read(APPLICANT, case.id, first.id)
    read = {one.id: one.read_at for one in hall.notices.of(case.id)}[first.id]
    hall.later(days=1)
    hall.notices.read(APPLICANT, case.id, first.id)
    assert read == MONDAY
    assert {one.id: one.read_at for one in hall.notices.of(case.id)}[first.id] == read


# erasure -------------------------------------------------------------------------------------------------------


def closed(hall: Hall) -> CaseRow:
    case = hall.decide(
        hall.on_the_desk(verdict(TENANT)), "tenant:lease", "dismiss", reason="other", text=f"{NAME}已到窗口核对原件"
    )
    hall.bytes.put(case.id, b"bytes")
    return hall.act(hall.granted(case), "close", CLERK)


def test_after_its_time_a_case_loses_what_is_personal_and_keeps_what_is_counted(hall: Hall):
    case, going = closed(hall), hall.on_the_desk()
    figures, entries = rule_figures(hall.ledger), len(hall.ledger.entries(case.id))
    hall.later(days=364)
    assert hall.erasure.erase_due() == ()
    hall.later(days=2)
    assert hall.erasure.erase_due() == (case.id,)
    assert hall.erasure.erase_due() == ()
    gone = hall.store.get(case.id)
    assert (hall.store.form(gone), hall.files.of(gone), gone.blind) == (Form(), (), None)
    assert hall.runs.verdict(gone) is None
    assert list(hall.bytes.files()) == []
    assert rule_figures(hall.ledger) == figures
    assert len(hall.ledger.entries(case.id)) == entries + 1
    assert verify_chain(hall.ledger).ok
    assert hall.store.form(going) == FORM
    assert [one["number"] for one in hall.erasure.export_person(SENIOR, NUMBER)] == [going.number]


def test_what_a_court_wants_is_kept(hall: Hall):
    case = hall.erasure.hold(SENIOR, closed(hall).id, True)
    hall.later(days=400)
    assert hall.erasure.erase_due() == ()
    with pytest.raises(KeptByOrder, match="legal_hold"):
        hall.erasure.erase(CLERK, case.id)
    hall.erasure.hold(SENIOR, case.id, False)
    assert hall.erasure.erase_due() == (case.id,)


def test_a_draft_that_nobody_touched_is_erased_and_then_gone(hall: Hall):
    case = hall.begin("lease")
    hall.later(days=29)
    case = hall.store.fill_in(APPLICANT, case.id, case.version, FORM)
    hall.later(days=29)
    assert hall.erasure.erase_due() == ()
    hall.later(days=1)
    assert hall.erasure.erase_due() == (case.id,)
    assert hall.store.queue({"draft"}) == ()
    with pytest.raises(NoSuchCase):
        hall.hand_in(hall.store.get(case.id), "card")


def test_a_person_gets_a_copy_and_what_may_go_is_erased(hall: Hall):
    case = closed(hall)
    hall.begin("card")
    told, draft = sorted(hall.erasure.export_person(CLERK, NUMBER), key=lambda one: one["state"])
    assert (told["applicant"]["name"], told["state"], draft["state"]) == (NAME, "closed", "draft")
    assert [one["name"] for one in told["files"]] == ["lease.jpg", "card.jpg"]
    assert set(hall.erasure.erase_person(CLERK, NUMBER).values()) == {"too_early"}
    hall.later(days=366)
    assert hall.erasure.erase_person(CLERK, NUMBER)[case.id] == "erased"
    assert hall.erasure.export_person(CLERK, NUMBER) == []
    assert hall.store.begin(APPLICANT, NewCase("x", "y")).id
