"""When a chat model that fails is left alone."""

from knowledge.breaker import Breaker


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def opened() -> tuple[Breaker, Clock]:
    clock = Clock()
    breaker = Breaker(limit=3, rest_s=30, clock=clock)
    for _ in range(3):
        breaker.failed()
    return breaker, clock


def test_failures_with_a_success_between_leave_it_closed() -> None:
    breaker = Breaker(limit=2)
    for _ in range(5):
        breaker.failed()
        breaker.succeeded()
    assert not breaker.open
    assert breaker.allows()


def test_it_opens_after_so_many_failures_in_a_row() -> None:
    breaker, _ = opened()
    assert breaker.open
    assert not breaker.allows()


def test_after_the_rest_one_call_is_let_through_and_no_second() -> None:
    breaker, clock = opened()
    clock.now += 30
    assert breaker.allows()
    assert not breaker.allows()


def test_a_trial_that_succeeds_closes_it() -> None:
    breaker, clock = opened()
    clock.now += 30
    assert breaker.allows()
    breaker.succeeded()
    assert breaker.allows()
    assert breaker.allows()


def test_a_trial_that_fails_or_never_ends_makes_it_rest_again() -> None:
    breaker, clock = opened()
    clock.now += 30
    assert breaker.allows()
    breaker.failed()
    clock.now += 29
    assert not breaker.allows()
    clock.now += 1
    assert breaker.allows()
    clock.now += 30
    assert breaker.allows(), "the trial before was given up without a word"
