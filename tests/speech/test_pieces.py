"""What an engine of whole pieces is asked to decode, while somebody speaks and afterwards."""

from collections.abc import Callable

import numpy as np
import pytest

from speech.audio import Samples
from speech.engines.pieces import GrowingStream, hear_all, joined
from speech.recognizer import Heard
from speech.vad import VoiceActivity

Recorded = Callable[[str], Samples]


class Counting:
    """Hears the seconds it was given, and keeps count."""

    def __init__(self, voice: VoiceActivity) -> None:
        self.voice = voice
        self.heard: list[float] = []
        self.guessed: list[float] = []

    def hear(self, sound: Samples, voiced_s: float, /) -> Heard:
        self.heard.append(len(sound) / 16_000)
        return Heard(f"听{len(self.heard)}", None, -voiced_s)

    def guess(self, sound: Samples, voiced_s: float, /) -> Heard:
        self.guessed.append(len(sound) / 16_000)
        return Heard(f"猜{len(self.guessed)}")


@pytest.fixture
def engine(silero: VoiceActivity) -> Counting:
    return Counting(silero)


def quiet(seconds: float) -> Samples:
    return np.zeros(int(seconds * 16_000), np.float32)


def test_nothing_is_decoded_where_nobody_spoke(engine: Counting):
    stream = GrowingStream(engine)
    stream.accept(quiet(5))
    assert (stream.partial(), stream.finish()) == ("", Heard("", "no_speech"))
    assert hear_all(engine, quiet(100)) == Heard("", "no_speech")
    assert hear_all(engine, quiet(0)) == Heard("", "no_speech")
    assert engine.heard == engine.guessed == []


def test_a_stream_that_heard_nothing_yet_says_nothing(engine: Counting):
    assert GrowingStream(engine).partial() == ""
    assert GrowingStream(engine).finish() == Heard("", "no_speech")


def test_a_pause_costs_no_second_decoding(engine: Counting, recorded: Recorded):
    stream = GrowingStream(engine)
    stream.accept(recorded("question"))
    assert [stream.partial(), stream.partial()] == ["猜1", "猜1"]
    first = stream.finish()
    stream.accept(quiet(1))
    assert (stream.finish(), stream.partial()) == (first, "听1")
    assert (len(engine.guessed), len(engine.heard)) == (1, 1)


def test_more_speech_after_a_pause_is_heard_with_what_came_before(engine: Counting, recorded: Recorded):
    stream = GrowingStream(engine)
    stream.accept(recorded("open"))
    stream.finish()
    stream.accept(np.concatenate([quiet(0.5), recorded("rest")]))
    assert stream.finish().text == "听2"
    assert engine.heard[1] - engine.heard[0] > 1.5


def test_silence_before_and_after_is_left_out_but_for_a_second(engine: Counting, recorded: Recorded):
    question = recorded("question")
    hear_all(engine, np.concatenate([quiet(6), question, quiet(6)]))
    assert engine.heard == [pytest.approx(len(question) / 16_000 + 2, abs=0.4)]


def test_a_long_recording_is_decoded_in_pieces(engine: Counting, recorded: Recorded):
    speech = np.tile(np.concatenate([recorded("question"), quiet(0.6)]), 40)
    heard = hear_all(engine, speech)
    assert heard.text == "".join(f"听{number}" for number in range(1, len(engine.heard) + 1))
    assert max(engine.heard) <= 25.1
    assert sum(engine.heard) == pytest.approx(len(speech) / 16_000, rel=0.05)


def test_a_speech_of_minutes_is_kept_as_words_not_as_sound(engine: Counting, recorded: Recorded):
    speech = np.concatenate([recorded("question"), quiet(0.6)])
    stream = GrowingStream(engine)
    for _ in range(60):
        stream.accept(speech)
    settled = sum(engine.heard)
    assert settled > 60 * len(speech) / 16_000 - 63
    text = stream.finish().text
    assert text == "".join(f"听{number}" for number in range(1, len(engine.heard) + 1))
    assert sum(engine.heard) == pytest.approx(60 * len(speech) / 16_000, rel=0.05)


def test_words_so_far_begin_with_what_was_settled(engine: Counting, recorded: Recorded):
    stream = GrowingStream(engine)
    for _ in range(15):
        stream.accept(np.concatenate([recorded("question"), quiet(0.6)]))
    assert stream.partial() == "听1猜1"


def test_parts_in_latin_letters_stay_apart():
    assert joined([Heard("我叫"), Heard("Li"), Heard("Ming"), Heard("你好")]).text == "我叫Li Ming你好"


def test_one_understood_part_outweighs_the_others():
    assert joined([Heard("", "noise", -2.0), Heard("你好", None, -1.0)]) == Heard("你好", None, -1.5)
    assert joined([Heard("", "no_speech"), Heard("", "loop", -3.0)]) == Heard("", "loop", -3.0)
    assert joined([]) == Heard("", "no_speech")
