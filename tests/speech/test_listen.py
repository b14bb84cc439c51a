"""From pieces of sound to one utterance: with real speech, real voice activity and a script for the words."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge.misheard import Mended
from speech.audio import Samples, decode
from speech.endpoint import PROFILES
from speech.engines.scripted import Scripted
from speech.listen import Began, Listener, ListenEvent, Partial, Utterance
from speech.recognizer import Heard
from speech.vad import VoiceActivity

SAMPLES = Path(__file__).parent / "samples"
PIECE = 640


class Here(ThreadPoolExecutor):
    """Runs a job where it is submitted, so that a test does not depend on time."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - whatever a job raises is its result
            done.set_exception(error)
        return done


@pytest.fixture(scope="module")
def activity() -> VoiceActivity:
    return VoiceActivity()


Listening = Callable[..., Listener]


@pytest.fixture
def listening(activity: VoiceActivity) -> Listening:
    def make(*texts: str, profile: str = "standard", mend: Callable[[str], Mended] = Mended) -> Listener:
        return Listener(Scripted(texts), activity, PROFILES[profile], mend, Here())

    return make


def voice(name: str) -> Samples:
    return decode((SAMPLES / f"{name}.ogg").read_bytes())


def quiet(seconds: float) -> Samples:
    return np.zeros(int(seconds * 16_000), np.float32)


def heard(listener: Listener, *sounds: Samples) -> list[ListenEvent]:
    sound = np.concatenate(sounds)
    return [event for at in range(0, len(sound), PIECE) for event in listener.accept(sound[at : at + PIECE])]


def utterances(events: list[ListenEvent]) -> list[str]:
    return [event.text for event in events if isinstance(event, Utterance)]


def test_a_question_is_heard_once_it_is_over(listening: Listening) -> None:
    events = heard(listening("居住证要带什么材料"), quiet(0.5), voice("question"), quiet(1.0))
    assert isinstance(events[0], Began)
    assert utterances(events) == ["居住证要带什么材料"]
    last = events[-1]
    assert isinstance(last, Utterance)
    assert last.speech_ms == pytest.approx(1800, abs=300)


def test_two_questions_in_a_row_are_two(listening: Listening) -> None:
    listener = listening("居住证要带什么材料", "居住证怎么办")
    events = heard(listener, voice("question"), quiet(0.8), voice("rest"), quiet(0.8))
    assert utterances(events) == ["居住证要带什么材料", "居住证怎么办"]


@pytest.mark.parametrize(("profile", "pause_s"), [("standard", 1.2), ("elder", 5.0)])
def test_one_who_has_not_finished_is_not_cut_off(listening: Listening, profile: str, pause_s: float) -> None:
    events = heard(listening("我想问一下那个", profile=profile), voice("open"), quiet(pause_s), voice("rest"))
    assert utterances(events) == []


def test_one_who_stops_in_the_middle_is_answered_in_the_end(listening: Listening) -> None:
    assert utterances(heard(listening("我想问一下那个"), voice("open"), quiet(2.5))) == ["我想问一下那个"]


def test_silence_and_noise_are_no_question(listening: Listening) -> None:
    noise = np.random.default_rng(7).normal(0, 0.03, 16_000 * 4).astype(np.float32)
    assert heard(listening("居住证"), quiet(3), noise, quiet(1)) == []


def test_in_a_crowd_the_button_ends_the_sentence(listening: Listening) -> None:
    listener = listening("居住证怎么办", profile="crowd")
    assert utterances(heard(listener, voice("rest"), quiet(3))) == []
    ended = asyncio.run(listener.finish())
    assert ended is not None
    assert ended.text == "居住证怎么办"
    assert asyncio.run(listener.finish()) is None


def test_the_button_ends_a_sentence_in_the_middle_of_a_word(listening: Listening) -> None:
    listener = listening("居住证怎么办", profile="crowd")
    heard(listener, voice("question")[:16_000])
    ended = asyncio.run(listener.finish())
    assert ended is not None
    assert ended.text == "居住证怎么办"


def test_misheard_words_are_mended_and_the_raw_ones_kept(listening: Listening) -> None:
    def mend(raw: str) -> Mended:
        return Mended(raw.replace("局住证", "居住证"), (("局住证", "居住证"),))

    events = heard(listening("局住证怎么办", mend=mend), voice("rest"), quiet(0.8))
    last = events[-1]
    assert isinstance(last, Utterance)
    assert (last.text, last.raw, last.corrections) == ("居住证怎么办", "局住证怎么办", (("局住证", "居住证"),))


def test_what_was_said_is_forgotten_on_reset(listening: Listening) -> None:
    listener = listening("居住证要带什么材料", "居住证怎么办")
    heard(listener, voice("question")[:20_000])
    listener.reset()
    assert not listener.speaking
    assert utterances(heard(listener, quiet(1))) == []


class Failing(Scripted):
    """A damaged engine."""

    def stream(self) -> Any:
        return self

    def accept(self, samples: Samples) -> None:
        raise RuntimeError("the engine broke")

    def partial(self) -> str:
        return ""

    def finish(self) -> Heard:
        return Heard("")


def test_an_engine_that_breaks_is_told_to_the_caller(activity: VoiceActivity) -> None:
    listener = Listener(Failing(["x"]), activity, PROFILES["standard"], Mended, Here())
    with pytest.raises(RuntimeError, match="the engine broke"):
        heard(listener, voice("rest"), quiet(1))


def test_words_so_far_come_while_somebody_speaks(activity: VoiceActivity) -> None:
    listener = Listener(Scripted(["居住证要带什么材料"]), activity, PROFILES["standard"], Mended, Here(), partial_s=0)
    events = heard(listener, voice("question")[:16_000])
    assert {event.text for event in events if isinstance(event, Partial)} == {"居住证要带"}
