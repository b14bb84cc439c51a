"""Scoring of turns: what a terminal was told, written by hand, gets the marks that it deserves; and the real socket."""

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI, WebSocket

from channels.speech_parts import Words
from channels.wiring import Product
from evals.body_sounds import BODY_SOUNDS, body_sound
from evals.sample import DEVELOPMENT, PARTS, TEST, load
from evals.spoken_rows import TurnRow
from evals.tasks import turn_taking
from evals.tasks.turn_taking import Heard, case_of, figures
from evals.voice_line import Told, line, open_hall
from speech.audio import HEARING_RATE, decode
from speech.engines.scripted import Scripted

SAMPLES = Path(__file__).parents[1] / "speech" / "samples"
QUESTION = "养犬登记要带什么材料"


def row(category: str, **given: Any) -> TurnRow:
    return TurnRow(id="t-1", category=category, note="样本", **given)  # pyright: ignore[reportArgumentType]


def told(at_ms: int, kind: str, **event: Any) -> Told:
    return Told(at_ms, {"type": kind, **event})


def heard(at_ms: int, text: str = "居住证") -> Told:
    return told(at_ms, "heard", text=text, reason=None if text else "noise")


def cancelled(epoch: int) -> Told:
    return told(0, "speech_end", epoch=epoch, reason="cancelled")


# sentences -----------------------------------------------------------------------------------------------------


def test_a_sentence_heard_before_its_last_word_is_cut_off() -> None:
    paused = row("closed_pause", says=("我想办居住证", "要带什么"), pause_ms=900)
    cut = case_of(paused, Heard((heard(1800),), 3000))
    assert cut.marks == {"not_cut_off": False, "ended": False}
    assert (cut.kind, cut.counts) == ("standard 900", {})
    whole = case_of(paused, Heard((heard(3520),), 3000))
    assert whole.marks == {"not_cut_off": True, "ended": True}
    assert whole.counts == {"late_ms": 520}


def test_a_sentence_that_never_ends_is_not_cut_off_and_not_ended() -> None:
    assert case_of(row("open_pause", says=("那个",)), Heard((), 900)).marks == {"not_cut_off": True, "ended": False}


@pytest.mark.parametrize(
    ("profile", "late", "in_time"), [("standard", 520, True), ("standard", 900, False), ("elder", 1300, True)]
)
def test_an_end_is_in_time_by_its_profile(profile: str, late: int, in_time: bool) -> None:
    case = case_of(row("ending", says=("老年卡",), profile=profile), Heard((heard(1000 + late),), 1000))
    assert case.marks["in_time"] is in_time


def test_in_a_crowd_the_button_ends_a_sentence_and_its_delay_is_not_counted() -> None:
    case = case_of(row("ending", says=("老年卡",), profile="crowd"), Heard((heard(3000),), 1000))
    assert case.marks == {"not_cut_off": True, "ended": True}
    assert case.counts == {}


def test_delays_are_told_by_profile() -> None:
    cases = [
        case_of(row("ending", says=("好",), profile=profile), Heard((heard(1000 + late),), 1000))
        for profile, late in (("standard", 500), ("standard", 540), ("elder", 1220), ("standard", 660))
    ]
    assert figures(cases)["delays"] == {
        "elder": {"rows": 1, "least": 1220, "median": 1220, "most": 1220},
        "standard": {"rows": 3, "least": 500, "median": 540, "most": 660},
    }


# her own words -------------------------------------------------------------------------------------------------


def test_nothing_of_an_older_epoch_may_follow_a_cancel() -> None:
    stopped = row("cancel", question=QUESTION)
    before = (told(0, "speech_start", epoch=1), Told(0, {}, 4800))
    after = (told(0, "speech_start", epoch=3), told(0, "caption", epoch=3), Told(0, {}, 4800))
    clean = case_of(stopped, Heard((*before, cancelled(1), *after), 0))
    assert clean.marks == {"silenced": True, "nothing_stale": True}
    for stale in (Told(0, {}, 4800), told(0, "caption", epoch=1), told(0, "visemes", epoch=1)):
        found = Heard((*before, cancelled(1), stale, *after), 0)
        assert case_of(stopped, found).marks == {"silenced": True, "nothing_stale": False}
    late = Heard((*before, cancelled(1), *after, told(0, "visemes", epoch=1)), 0)
    assert case_of(stopped, late).marks["nothing_stale"] is False


def test_who_is_not_silenced_loses_that_mark_alone() -> None:
    spoke_on = Heard((told(0, "speech_start", epoch=1), Told(0, {}, 4800)), 900)
    assert case_of(row("barge_in", says=("停",), question=QUESTION), spoke_on).marks == {"silenced": False}
    assert case_of(row("nod", says=("嗯",), question=QUESTION), spoke_on).marks == {"goes_on": True}
    assert case_of(row("no_speech", sound="cough", question=QUESTION), spoke_on).marks == {"goes_on": True}
    silenced = Heard((told(0, "speech_start", epoch=1), cancelled(1)), 900)
    assert case_of(row("nod", says=("嗯",), question=QUESTION), silenced).marks == {"goes_on": False}


def test_noise_that_is_heard_as_words_is_a_turn_and_a_lit_ear_is_told_apart() -> None:
    cough = row("no_speech", sound="cough")
    hearing = told(200, "hearing")
    assert case_of(cough, Heard((), 0)).marks == {"no_turn": True, "not_taken_for_speech": True}
    assert case_of(cough, Heard((hearing, heard(900, "")), 0)).marks == {"no_turn": True, "not_taken_for_speech": False}
    assert case_of(cough, Heard((hearing, heard(900, "好")), 0)).marks == {
        "no_turn": False,
        "not_taken_for_speech": False,
    }


# rows and sounds -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", PARTS)
def test_every_pause_is_tried_in_every_profile(part: str) -> None:
    rows = load("turn_taking", PARTS[part])
    for category in ("open_pause", "closed_pause"):
        tried = {(one.profile, one.pause_ms) for one in rows if one.category == category}
        assert {profile for profile, _ in tried} == {"standard", "elder", "crowd"}
        assert {200, 400, 900, 2500} <= {pause for _, pause in tried}
    assert {one.sound for one in rows if one.sound} >= set(BODY_SOUNDS)
    assert all(one.question for one in rows if one.category in ("barge_in", "nod", "cancel"))


def test_the_two_parts_have_no_sentence_with_a_pause_in_common() -> None:
    said = [{one.says for one in load("turn_taking", folder) if len(one.says) > 1} for folder in (DEVELOPMENT, TEST)]
    assert not said[0] & said[1]


@pytest.mark.parametrize("name", BODY_SOUNDS)
def test_a_sound_of_the_hall_is_the_same_twice_and_never_too_loud(name: str) -> None:
    sound = body_sound(name, 1)
    assert np.array_equal(sound, body_sound(name, 1))
    assert np.max(np.abs(sound)) == pytest.approx(0.3)
    assert 0.1 < len(sound) / HEARING_RATE < 4


# the real socket -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def words(hall: Product, tmp_path_factory: pytest.TempPathFactory) -> Words:
    return Words(hall.live, tmp_path_factory.mktemp("words"))


def heard_over_the_socket(hall: Product, words: Words, profile: str) -> Heard:
    """A recorded question, a pause of 800 ms and another one, on the product's own socket with scripted words."""
    parts = [decode((SAMPLES / f"{name}.ogg").read_bytes()) for name in ("open", "rest")]
    sound = np.concatenate([parts[0], np.zeros(800 * HEARING_RATE // 1000, np.float32), parts[1]])
    silence = np.zeros(HEARING_RATE * 3, np.float32)
    app = open_hall(hall, hall.settings, Scripted(("养犬登记多少钱", "养犬登记在哪里")), words)
    given = (np.concatenate([sound, silence]), len(sound))
    return asyncio.run(turn_taking.listened(app, row("closed_pause", profile=profile), given))


@pytest.mark.parametrize(("profile", "cut"), [("standard", True), ("elder", False)])
def test_a_pause_that_cuts_a_sentence_in_a_hurried_hall_is_given_to_an_elder(
    hall: Product, words: Words, profile: str, cut: bool
) -> None:
    paused = row("closed_pause", profile=profile, says=("甲", "乙"), pause_ms=800)
    case = case_of(paused, heard_over_the_socket(hall, words, profile))
    assert case.marks == {"not_cut_off": not cut, "ended": not cut}
    assert case == case_of(paused, heard_over_the_socket(hall, words, profile))


def test_a_cancel_over_the_socket_is_followed_by_nothing_stale(hall: Product, words: Words) -> None:
    stopped = row("cancel", question="养犬登记多少钱")
    app = open_hall(hall, hall.settings, Scripted(()), words)
    found = asyncio.run(turn_taking.into_an_answer(app, stopped, (np.zeros(0, np.float32), 0)))
    assert case_of(stopped, found).marks == {"silenced": True, "nothing_stale": True}


def test_a_line_tells_when_in_the_sound_something_came(hall: Product, words: Words) -> None:
    async def call() -> list[tuple[str, int]]:
        async with line(open_hall(hall, hall.settings, Scripted(()), words), profile="standard") as one:
            await one.hear(np.zeros(HEARING_RATE, np.float32))
            await one.send(type="text", text="你好", speak=False)
            answer = await one.wait("answer")
            return [("ready", one.came("ready")[0].at_ms), ("answer", answer.at_ms)]

    assert asyncio.run(call()) == [("ready", 0), ("answer", 1000)]


@pytest.mark.parametrize(("breaks", "raised"), [(True, RuntimeError), (False, ConnectionError)])
def test_a_server_that_ends_a_call_ends_the_run_and_does_not_hold_it(breaks: bool, raised: type[Exception]) -> None:
    app = FastAPI()

    @app.websocket("/v1/voice")
    async def voice(socket: WebSocket) -> None:
        await socket.accept()
        await socket.receive_text()
        if breaks:
            raise RuntimeError
        await socket.close()

    async def call() -> None:
        async with asyncio.timeout(10), line(app) as one:
            await one.hear(np.zeros(HEARING_RATE, np.float32))

    with pytest.raises(raised):
        asyncio.run(call())
