"""What the queue tells of each case: how many findings, of which kind, and how many are decided."""

from kept_cases import CLERK, Hall, found, verdict
from sqlalchemy import event

from preapproval.case_tables import outcomes
from preapproval.case_tallies import Tally, tallies

FOUND = (
    found("tenant", "lease"),
    found("end", "lease"),
    found("address", "lease").model_copy(update={"severity": "should"}),
    found("seal", "lease", status="undetermined"),
    found("note", "lease", status="hint").model_copy(update={"severity": "hint"}),
)


def test_findings_are_counted_by_what_they_ask_of_the_officer(hall: Hall):
    case = hall.on_the_desk(verdict(*FOUND))
    assert tallies(hall.keeping, [case])[case.id] == Tally("correct_first", 2, 1, 1, 0)
    hall.desk.open_finding(CLERK, case.id, "seal:lease")
    case = hall.decide(case, "tenant:lease")
    case = hall.decide(case, "tenant:lease", "dismiss", reason="ocr_misread")
    case = hall.decide(case, "seal:lease", "dismiss", reason="ocr_misread")
    after = tallies(hall.keeping, [case])[case.id]
    assert (after.decided, after.findings) == (2, 4), "decided twice counts once"


def test_a_case_that_was_not_reviewed_has_no_counts(hall: Hall):
    assert tallies(hall.keeping, [hall.submit(hall.begin())]) == {}
    assert tallies(hall.keeping, []) == {}


def test_of_a_new_round_only_its_own_findings_and_decisions_count(hall: Hall):
    case = hall.decide(hall.on_the_desk(verdict(FOUND[0])), "tenant:lease")
    case = hall.act(case, "request_correction", CLERK)
    case = hall.hand_in(case, "lease-2")
    case = hall.reviewed(hall.submit(case, "again"), verdict(FOUND[1], FOUND[3]))
    assert tallies(hall.keeping, [case])[case.id] == Tally("correct_first", 1, 0, 1, 0)


def test_results_from_before_severities_were_kept_still_count(hall: Hall):
    case = hall.on_the_desk(verdict(*FOUND))
    with hall.engine.begin() as connection:
        connection.execute(outcomes.update().values(severity=None))
    assert tallies(hall.keeping, [case])[case.id] == Tally("correct_first", 3, 0, 1, 0)


def test_a_long_queue_asks_the_database_no_oftener_than_a_short_one(hall: Hall):
    rows = [hall.on_the_desk(verdict(*FOUND)) for _ in range(5)]
    assert asked(hall, rows[:1]) == asked(hall, rows) <= 6
    assert len(tallies(hall.keeping, rows)) == 5


def asked(hall: Hall, rows: list) -> int:
    statements: list[str] = []

    def seen(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(hall.engine, "before_cursor_execute", seen)
    try:
        tallies(hall.keeping, rows)
    finally:
        event.remove(hall.engine, "before_cursor_execute", seen)
    return sum(one.startswith("SELECT") for one in statements)
