"""What an applicant takes back: the bytes, what was read on them, and the pictures of their pages."""

from kept_cases import APPLICANT, CLERK, MONDAY, Hall, found, handed_in, verdict

from preapproval.audit_chain import verify_chain
from preapproval.case import ReadFile
from preapproval.case_erasure import TAKEN_BACK_DAYS
from preapproval.case_rows import CaseRow

ENGINE = "e" * 64
LEASE, CARD = handed_in("lease").file, handed_in("card").file


def read(hall: Hall, case: CaseRow, name: str) -> str:
    """Keep a reading with one picture; returns the ref of the picture."""
    ref = hall.bytes.put(case.id, b"picture of a page")
    hall.files.save_reading(case.id, ReadFile(file=handed_in(name).file, pages=()), ENGINE, {"1.0": ref})
    return ref


def there(hall: Hall, case: CaseRow) -> set[str]:
    return {ref for case_id, ref in hall.bytes.files() if case_id == case.id}


def test_a_file_that_no_round_was_judged_by_goes_with_all_that_was_read_on_it(hall: Hall):
    case = hall.begin()
    picture = read(hall, case, "lease")
    _, refs = hall.files.remove(APPLICANT, case.id, case.version, LEASE.sha256)
    assert refs == (handed_in("lease").ref, picture)
    assert hall.files.reading(case.id, LEASE.sha256, ENGINE) is None
    entry = hall.ledger.entries(case.id)[0]
    assert (entry["action"], '"pictures_deleted":1' in entry["details"]) == ("remove_file", True)


def replaced(hall: Hall) -> tuple[CaseRow, str, str]:
    """A case in its second round, without the lease of the first; pictures of the lease and of the card."""
    case = hall.submit(hall.begin())
    old, kept = read(hall, case, "lease"), read(hall, case, "card")
    case = hall.decide(hall.reviewed(case, verdict(found("tenant", "lease"))), "tenant:lease")
    case = hall.act(case, "request_correction", CLERK)
    case, refs = hall.files.remove(APPLICANT, case.id, case.version, LEASE.sha256)
    assert refs == (), "the first round was judged by it"
    return hall.hand_in(case, "lease-2"), old, kept


def test_pictures_of_a_replaced_file_go_after_their_time_and_the_ledger_says_so(hall: Hall):
    case, _, kept = replaced(hall)
    hall.later(days=TAKEN_BACK_DAYS + 1)
    assert hall.erasure.forget_taken_back() == 0, "the present round still is the first"
    hall.submit(case)
    assert hall.erasure.forget_taken_back() == 1
    assert there(hall, case) == {kept}
    assert hall.files.reading(case.id, CARD.sha256, ENGINE) is not None
    assert [one["action"] for one in hall.ledger.entries(case.id)].count("forget_pictures") == 1
    assert hall.erasure.forget_taken_back() == 0
    assert verify_chain(hall.ledger).ok


def test_before_their_time_and_while_a_case_must_be_kept_pictures_stay(hall: Hall):
    case, old, kept = replaced(hall)
    hall.submit(case)
    assert hall.erasure.forget_taken_back() == 0
    hall.at = MONDAY
    hall.erasure.hold(CLERK, case.id, on=True)
    hall.later(days=TAKEN_BACK_DAYS + 1)
    assert hall.erasure.forget_taken_back() == 0
    assert there(hall, case) == {old, kept}
