"""Which process reviews a case: never two, never a dead one for long, and not again at once after a failure."""

import threading
from typing import Any

from kept_cases import Hall

from preapproval.case_rows import CaseRow
from preapproval.case_turns import BEAT_S, LEASE_S, PAUSES_S, CaseTurns
from preapproval.sign_off_guards import SYSTEM


def two(hall: Hall) -> tuple[CaseTurns, CaseTurns]:
    """Two processes on one database."""
    return CaseTurns(hall.keeping), CaseTurns(hall.keeping)


def begun(hall: Hall, turns: CaseTurns) -> CaseRow:
    case = hall.submit(hall.begin())
    assert turns.take(case.id)
    return hall.act(case, "start_review", SYSTEM)


def ids(cases: Any) -> list[str]:
    return [one.id for one in cases]


def test_a_case_that_one_process_reviews_no_other_takes(hall: Hall):
    one, other = two(hall)
    case = begun(hall, one)
    assert not other.take(case.id)
    assert other.abandoned() == ()
    assert one.take(case.id), "its own lease may be renewed"


def test_a_process_that_shows_signs_of_life_keeps_its_case_however_long(hall: Hall):
    one, other = two(hall)
    case = begun(hall, one)
    for _ in range(20):
        hall.later(seconds=BEAT_S)
        one.renew([case.id])
        assert not other.take(case.id)
        assert other.abandoned() == ()


def test_the_case_of_a_killed_process_is_anybodys_after_the_lease_and_not_before(hall: Hall):
    one, other = two(hall)
    case = begun(hall, one)
    hall.later(seconds=LEASE_S - 1)
    assert other.abandoned() == ()
    hall.later(seconds=1)
    assert ids(other.abandoned()) == [case.id]
    assert other.take(case.id)
    one.renew([case.id])
    assert (one.holds(case.id), other.holds(case.id)) == (False, True), "the dead one came back too late"
    one.finish(case.id)
    assert other.holds(case.id)


def test_a_case_left_by_a_version_that_knew_no_leases_is_taken_over(hall: Hall):
    case = hall.act(hall.submit(hall.begin()), "start_review", SYSTEM)
    assert ids(CaseTurns(hall.keeping).abandoned()) == [case.id]


def test_of_many_processes_that_want_one_case_at_once_one_gets_it(hall: Hall):
    for _ in range(3):
        case = hall.submit(hall.begin())
        every = [CaseTurns(hall.keeping) for _ in range(6)]
        got: list[bool] = []
        start = threading.Barrier(len(every))

        def want(turns: CaseTurns, case_id: str = case.id, got: list[bool] = got, start: Any = start) -> None:
            start.wait(20)
            got.append(turns.take(case_id))

        threads = [threading.Thread(target=want, args=(one,)) for one in every]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert sorted(got) == [False] * 5 + [True]


def test_after_a_failure_a_case_waits_for_its_pause_and_each_pause_is_longer(hall: Hall):
    one, other = two(hall)
    case = hall.submit(hall.begin())
    for count, pause in enumerate(PAUSES_S, 1):
        assert one.take(case.id)
        case = hall.act(case, "start_review", SYSTEM)
        case = hall.act(case, "fail_review", SYSTEM)
        one.fail(case.id)
        assert one.tries(case.id) == count
        hall.later(seconds=pause - 1)
        assert (one.waiting(), other.waiting()) == ((), ())
        hall.later(seconds=1)
        assert ids(other.waiting()) == [case.id]
    assert list(PAUSES_S) == sorted(PAUSES_S)


def test_nothing_is_left_of_a_turn_that_ended_well(hall: Hall):
    one, other = two(hall)
    case = hall.submit(hall.begin())
    assert one.take(case.id)
    one.fail(case.id)
    hall.later(seconds=PAUSES_S[0])
    assert one.take(case.id)
    one.finish(case.id)
    assert (one.tries(case.id), ids(other.waiting())) == (0, [case.id])


def test_a_case_that_was_let_go_of_can_be_taken_at_once(hall: Hall):
    one, other = two(hall)
    case = begun(hall, one)
    one.release(case.id)
    assert ids(other.abandoned()) == [case.id]
    assert other.take(case.id)
