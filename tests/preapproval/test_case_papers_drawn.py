"""A paper is drawn while others may write; its number has no gap, and what was drawn for nothing goes."""

from datetime import datetime
from hashlib import sha256

import pytest
from kept_cases import CLERK, SENIOR, Hall
from sqlalchemy.exc import OperationalError

from preapproval.case_notices import DRAWN_AHEAD, Drawn
from preapproval.sign_off_guards import SYSTEM


class Drawer:
    """Draws papers of which every one has bytes of its own, and remembers which were thrown away."""

    def __init__(self) -> None:
        self.drawn: list[Drawn] = []
        self.discarded: list[Drawn] = []

    def draw(self, year: int, number: int, _at: datetime) -> Drawn:
        content = f"{year}-{number}-{len(self.drawn)}".encode()
        ref = f"{len(self.drawn):032x}"
        files = {"pdf": sha256(content).hexdigest()}
        self.drawn.append(Drawn(f"样〔{year}〕{number}号", "a" * 64, {"pdf": ref}, files))
        return self.drawn[-1]


def test_others_may_write_while_a_paper_is_drawn(hall: Hall):
    case, own = hall.on_the_desk(), Drawer()

    def slow(year: int, number: int, at: datetime) -> Drawn:
        hall.ledger.record(SYSTEM, "somebody_else", case.id)
        return own.draw(year, number, at)

    issued = hall.notices.issue(CLERK, case.id, "receipt", slow, own.discarded.append)
    assert (issued.number, own.discarded) == ("样〔2026〕1号", [])
    assert [one["action"] for one in hall.ledger.entries(case.id)][:2] == ["issue", "somebody_else"]


def test_the_audit_keeps_the_hash_of_the_bytes_that_were_issued(hall: Hall):
    case, own = hall.on_the_desk(), Drawer()
    hall.notices.issue(CLERK, case.id, "receipt", own.draw, own.discarded.append)
    assert own.drawn[0].files["pdf"] in hall.ledger.entries(case.id)[0]["details"]


def test_a_paper_whose_number_another_took_is_drawn_again_for_the_next(hall: Hall):
    first, second, own = hall.on_the_desk(), hall.on_the_desk(), Drawer()

    def overtaken(year: int, number: int, at: datetime) -> Drawn:
        if not own.drawn:
            hall.notices.issue(SENIOR, second.id, "receipt", lambda *_: Drawn("样〔2026〕1号", "b" * 64, {}))
        return own.draw(year, number, at)

    issued = hall.notices.issue(CLERK, first.id, "receipt", overtaken, own.discarded.append)
    assert issued.number == "样〔2026〕2号"
    assert own.discarded == own.drawn[:1]
    assert dict(issued.refs) == dict(own.drawn[1].refs)


def test_where_others_are_always_faster_they_wait_in_the_end(hall: Hall):
    case, own = hall.on_the_desk(), Drawer()
    others = [hall.on_the_desk() for _ in range(DRAWN_AHEAD)]

    def unlucky(year: int, number: int, at: datetime) -> Drawn:
        if others:
            hall.notices.issue(SENIOR, others.pop().id, "receipt", lambda _, taken, __: Drawn(f"{taken}", "b" * 64, {}))
        return own.draw(year, number, at)

    issued = hall.notices.issue(CLERK, case.id, "receipt", unlucky, own.discarded.append)
    assert issued.number == f"样〔2026〕{DRAWN_AHEAD + 1}号"
    assert own.discarded == own.drawn[:-1]


def test_a_paper_that_another_issued_meanwhile_is_not_issued_twice(hall: Hall):
    case, own, other = hall.on_the_desk(), Drawer(), Drawer()

    def beaten(year: int, number: int, at: datetime) -> Drawn:
        hall.notices.issue(SENIOR, case.id, "receipt", other.draw, other.discarded.append)
        return own.draw(year, number, at)

    Drawer.draw(own, 2026, 0, hall.at)  # refs of its own
    issued = hall.notices.issue(CLERK, case.id, "receipt", beaten, own.discarded.append)
    assert [one.id for one in hall.notices.of(case.id)] == [issued.id]
    assert (own.discarded, other.discarded) == (own.drawn[1:], [])


def test_what_was_drawn_goes_where_the_database_fails(hall: Hall):
    case, own = hall.on_the_desk(), Drawer()

    def cut(year: int, number: int, at: datetime) -> Drawn:
        hall.engine.dispose()
        with hall.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE review_notice RENAME TO review_notice_gone")
        return own.draw(year, number, at)

    with pytest.raises(Exception, match="review_notice") as raised:
        hall.notices.issue(CLERK, case.id, "receipt", cut, own.discarded.append)
    assert raised.type.__module__.startswith(OperationalError.__module__.partition(".")[0])
    assert own.discarded == own.drawn
