"""When a visitor is taken to have begun, paused and ended, by profile."""

from collections.abc import Iterable

import pytest

from speech.endpoint import FRAME_MS, PROFILES, Endpointer


def spoken(endpointer: Endpointer, *stretches: tuple[float, int]) -> list[tuple[str, int]]:
    """Signs with the time in ms at which they came, for stretches of (probability, ms)."""
    signs, at = [], 0
    for probability, ms in stretches:
        for _ in range(ms // FRAME_MS):
            at += FRAME_MS
            sign = endpointer.frame(probability)
            if sign:
                signs.append((sign, at))
            if sign == "pause":
                endpointer.tell(still_open=False)
            if sign == "end":
                endpointer.reset()
    return signs


def names(signs: Iterable[tuple[str, int]]) -> list[str]:
    return [sign for sign, _ in signs]


def test_a_sentence_begins_pauses_and_ends() -> None:
    signs = spoken(Endpointer(PROFILES["standard"]), (0.02, 960), (0.9, 1600), (0.02, 960))
    assert names(signs) == ["begin", "pause", "end"]
    begin, pause, end = (at for _, at in signs)
    assert 960 < begin <= 960 + 160
    assert pause == 2560 + 160
    assert end == 2560 + 480


def test_a_click_is_not_a_sentence() -> None:
    assert spoken(Endpointer(PROFILES["standard"]), (0.02, 320), (0.95, 64), (0.02, 640), (0.95, 64), (0.02, 640)) == []


def test_a_short_stop_between_words_does_not_end_the_sentence() -> None:
    signs = spoken(Endpointer(PROFILES["standard"]), (0.9, 800), (0.1, 320), (0.9, 800), (0.1, 960))
    assert names(signs) == ["begin", "pause", "resume", "pause", "end"]


def test_nothing_ends_before_it_is_known_what_was_said() -> None:
    endpointer = Endpointer(PROFILES["standard"])
    for _ in range(30):
        endpointer.frame(0.9)
    assert "end" not in [endpointer.frame(0.02) for _ in range(60)]
    endpointer.tell(still_open=False)
    assert endpointer.frame(0.02) == "end"


@pytest.mark.parametrize(("profile", "cut_at"), [("standard", 1600), ("elder", 9000)])
def test_an_open_sentence_gets_more_time(profile: str, cut_at: int) -> None:
    endpointer = Endpointer(PROFILES[profile])
    for _ in range(30):
        endpointer.frame(0.9)
    signs = []
    for frame in range(1, 400):
        sign = endpointer.frame(0.02)
        if sign == "pause":
            endpointer.tell(still_open=True)
        if sign == "end":
            signs.append(frame * FRAME_MS)
            break
    assert signs == [pytest.approx(cut_at, abs=FRAME_MS)]


def test_an_open_sentence_that_goes_on_is_judged_anew_at_its_next_pause() -> None:
    endpointer = Endpointer(PROFILES["elder"])
    for _ in range(30):
        endpointer.frame(0.9)
    for _ in range(60):
        if endpointer.frame(0.02) == "pause":
            endpointer.tell(still_open=True)
    assert endpointer.frame(0.9) == "resume"
    assert not endpointer.open
    assert not endpointer.decided


def test_an_elder_may_be_silent_for_a_second_within_a_sentence() -> None:
    signs = spoken(Endpointer(PROFILES["elder"]), (0.9, 800), (0.02, 1056), (0.9, 800), (0.02, 1600))
    assert names(signs) == ["begin", "pause", "resume", "pause", "end"]


def test_in_a_crowd_silence_ends_nothing() -> None:
    signs = spoken(Endpointer(PROFILES["crowd"]), (0.9, 800), (0.02, 6400), (0.9, 320), (0.02, 640))
    assert "end" not in names(signs)


def test_one_who_never_stops_is_answered_all_the_same() -> None:
    signs = spoken(Endpointer(PROFILES["standard"]), (0.9, 40_000))
    assert names(signs)[:3] == ["begin", "pause", "end"]
    assert signs[2][1] == pytest.approx(30_000, abs=400)
